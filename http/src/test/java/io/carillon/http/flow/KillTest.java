package io.carillon.http.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.carillon.http.testnode.NodeProcess;
import io.carillon.http.testnode.TestClient;
import io.carillon.http.testnode.TestDevice;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that dies without a word loses nothing that it had acknowledged. */
class KillTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  /** A user with one device that comes back with its cursor. */
  private static final class User {
    final String name;
    final String token;
    final List<String> heard = new ArrayList<>();
    TestDevice device;

    User(NodeProcess node, String name) {
      this.name = name;
      this.token = node.token(name);
      this.device = TestDevice.connect(node.url(), token, name + "-phone", "");
    }

    void comeBack(NodeProcess node, String call) {
      heard.addAll(device.events(call));
      device = TestDevice.connect(node.url(), token, name + "-phone", device.cursor());
      device.await("catchup.done");
    }

    List<String> everything(String call) {
      List<String> all = new ArrayList<>(heard);
      all.addAll(device.events(call));
      return all;
    }

    TestClient rest(NodeProcess node) {
      return new TestClient(node.url(), "Bearer " + token);
    }
  }

  @Test
  void aKilledNodeComesBackWithBothCallsRightAndEveryEventToldOnce() {
    try (NodeProcess node =
        NodeProcess.start(directory.resolve("data"), "carillon.calls.ring-timeout=20s")) {
      User alice = new User(node, "alice");
      User bob = new User(node, "bob");
      User carol = new User(node, "carol");
      User dave = new User(node, "dave");
      String talking = place(carol, dave);
      dave.device.order("call.accept", talking, "");
      carol.device.event("call_accepted", talking);
      String ringing = place(alice, bob);
      JsonNode ring = bob.device.order("call.acknowledge", ringing, "\"status\":\"ringing\"");
      alice.device.event("participant_ringing", ringing);
      Instant deadline = Instant.parse(ring.path("call").path("ring_deadline").asText());

      node.kill();
      node.startAgain();
      Instant ready = Instant.now();
      for (User user : List.of(alice, bob)) {
        user.comeBack(node, ringing);
      }
      for (User user : List.of(carol, dave)) {
        user.comeBack(node, talking);
      }

      assertThat(state(carol, node, talking)).isEqualTo("accepted");
      JsonNode missed = bob.device.event("call_ended", ringing, Duration.ofSeconds(40));
      assertThat(missed.path("state").asText()).isEqualTo("missed");
      assertThat(missed.path("reason").asText()).isEqualTo("no_answer");
      Instant ended = Instant.parse(missed.path("call").path("ended_at").asText());
      // The enforced end is the advertised one and two seconds of grace; looked for every second.
      Instant enforced = deadline.plusSeconds(2);
      Instant latest = (ready.isAfter(enforced) ? ready : enforced).plus(Duration.ofSeconds(4));
      assertThat(ended).isAfterOrEqualTo(enforced).isBefore(latest);
      alice.device.event("call_ended", ringing);

      carol.device.order("call.end", talking, "");
      dave.device.event("call_ended", talking);
      carol.device.event("call_ended", talking);

      assertThat(alice.everything(ringing)).containsExactly("participant_ringing", "call_ended");
      assertThat(bob.everything(ringing)).containsExactly("call_started", "call_ended");
      assertThat(carol.everything(talking)).containsExactly("call_accepted", "call_ended");
      assertThat(dave.everything(talking))
          .containsExactly("call_started", "call_accepted", "call_ended");
      assertThat(journal(carol, node, talking)).containsExactly(1L, 2L, 3L);
    }
  }

  private static String place(User from, User to) {
    JsonNode reply = from.device.order("call.initiate", "\"receiver_id\":\"" + to.name + "\"");
    String call = reply.path("call").path("call_id").asText();
    to.device.event("call_started", call);
    return call;
  }

  private static String state(User user, NodeProcess node, String call) {
    return user.rest(node).get("/api/v1/calls/" + call).json().path("call").path("state").asText();
  }

  private static List<Long> journal(User user, NodeProcess node, String call) {
    List<Long> numbers = new ArrayList<>();
    user.rest(node)
        .get("/api/v1/calls/" + call + "/events")
        .json()
        .path("events")
        .forEach(event -> numbers.add(event.path("call_seq").asLong()));
    return numbers;
  }
}
