package io.carillon.http.flow;

import static io.carillon.http.flow.Dialling.accept;
import static io.carillon.http.flow.Dialling.direct;
import static io.carillon.http.flow.Dialling.done;
import static io.carillon.http.flow.Dialling.participant;
import static io.carillon.http.flow.Dialling.placed;
import static io.carillon.http.flow.Dialling.refused;
import static io.carillon.http.flow.Dialling.user;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.carillon.http.testnode.TestNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Going on with another device, and the end that comes nearer (R19, R30). */
class DevicesAndTimeTest {
  private static final TestNode node = TestNode.start();

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void aCallGoesOnWithTheDeviceItIsHandedTo() {
    String alice = user("alice");
    String bob = user("bob");
    try (var a = node.device(alice, "laptop");
        var phone = node.device(bob, "phone");
        var tablet = node.device(bob, "tablet")) {
      String call = direct(a, bob);
      accept(phone, call, a);
      assertThat(tablet.event("ring_stopped", call).path("reason").asText())
          .isEqualTo("answered_elsewhere");
      done(phone.order("call.handoff", call, "\"to_device\":\"tablet\""));
      assertThat(phone.event("ring_stopped", call).path("reason").asText()).isEqualTo("handoff");
      tablet.event("call_accepted", call);
      a.event("participant_joined", call);
      refused(phone.order("call.end", call, ""), "forbidden");

      JsonNode taken = done(phone.order("call.accept", call, "\"takeover\":true"));
      assertThat(participant(taken, bob).path("device_id").asText()).isEqualTo("phone");
      tablet.event("ring_stopped", call);
      done(phone.order("call.end", call, ""));
      a.event("call_ended", call);
    }
  }

  @Test
  void participantsAreWarnedOfTheEndAndMayPutItOff() {
    String bob = user("bob");
    try (var a = node.device(user("alice"), "laptop");
        var b = node.device(bob, "phone")) {
      String call =
          placed(
              a.order(
                  "call.initiate",
                  "\"receiver_id\":\"" + bob + "\",\"timeouts\":{\"max_duration_ms\":11000}"));
      accept(b, call, a);
      JsonNode warning = b.event("call_expiring", call);
      assertThat(warning.path("remaining_ms").asLong()).isEqualTo(10_000);
      JsonNode extended = done(b.order("call.extend", call, "\"extra_ms\":11000"));
      assertThat(extended.path("ends_by").asText())
          .isGreaterThan(warning.path("call").path("ends_by").asText());
      a.event("call_extended", call);
      JsonNode tooLong = b.order("call.extend", call, "\"extra_ms\":11001");
      assertThat(refused(tooLong, "validation").path("errors").get(0).path("pointer").asText())
          .isEqualTo("/extra_ms");
      done(a.order("call.end", call, ""));
    }
  }

  @Test
  void aCallEndsWhenItsLongestDurationIsOver() {
    String bob = user("bob");
    try (var a = node.device(user("alice"), "laptop");
        var b = node.device(bob, "phone")) {
      String call =
          placed(
              a.order(
                  "call.initiate",
                  "\"receiver_id\":\"" + bob + "\",\"timeouts\":{\"max_duration_ms\":1000}"));
      accept(b, call, a);
      assertThat(a.event("call_ended", call).path("reason").asText()).isEqualTo("max_duration");
      assertThat(b.event("call_ended", call).path("state").asText()).isEqualTo("ended");
    }
  }
}
