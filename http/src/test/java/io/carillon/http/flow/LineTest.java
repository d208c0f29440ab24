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
import io.carillon.http.testnode.TestDevice;
import io.carillon.http.testnode.TestNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * One user's line on the wire: busy, waiting, quiet, blocked, crossing, limited (R16 to R18, R26,
 * R72).
 */
class LineTest {
  private static final TestNode node =
      TestNode.start(
          """
          carillon.realms.refusing { busy = refuse }
          carillon.engine.limits { initiates-per-minute = 5, redials = 3, rings-per-callee = 2 }
          """);

  @AfterAll
  static void stop() {
    node.close();
  }

  private static void settings(String user, String json) {
    var stored = node.client(user).send("PUT", "/api/v1/me/settings", "application/json", json);
    assertThat(stored.status()).as(stored.body()).isEqualTo(200);
  }

  /** Two users in an accepted call. */
  private static String talking(TestDevice caller, TestDevice callee, String calleeId) {
    String call = direct(caller, calleeId);
    accept(callee, call, caller);
    callee.event("call_accepted", call);
    return call;
  }

  @Test
  void aBusyLineEndsTheCallAtOnceAndTheCalleeHasItInTheHistory() {
    String bob = user("bob");
    settings(bob, "{\"call_waiting\":\"busy\"}");
    try (var a = node.device(user("alice"), "laptop");
        var b = node.device(bob, "phone");
        var c = node.device(user("carol"), "tablet")) {
      String first = talking(a, b, bob);
      JsonNode rejected = done(c.order("call.initiate", "\"receiver_id\":\"" + bob + "\""));
      String second = rejected.path("call_id").asText();
      assertThat(rejected.path("state").asText()).isEqualTo("rejected");
      assertThat(rejected.path("reason").asText()).isEqualTo("busy");
      b.settle();
      assertThat(b.events(second)).isEmpty();
      JsonNode history = node.client(bob).get("/api/v1/calls?state=rejected").json().path("calls");
      assertThat(history.get(0).path("call_id").asText()).isEqualTo(second);
      // Who has hung up is not busy any more.
      done(a.order("call.end", first, ""));
      String third = placed(c.order("call.initiate", "\"receiver_id\":\"" + bob + "\""));
      b.event("call_started", third);
      done(c.order("call.cancel", third, ""));
    }
  }

  @Test
  void aRealmThatRefusesBusyCallsStoresNone() {
    String bob = user("bob");
    var client = node.client("refusing", bob);
    client.send("PUT", "/api/v1/me/settings", "application/json", "{\"call_waiting\":\"busy\"}");
    try (var a = node.device("refusing", user("alice"), "laptop");
        var b = node.device("refusing", bob, "phone")) {
      String first = talking(a, b, bob);
      var carol = node.client("refusing", user("carol"));
      var refused = carol.post("/api/v1/calls", "{\"receiver_id\":\"" + bob + "\"}");
      assertThat(refused.status()).isEqualTo(409);
      assertThat(refused.code()).isEqualTo("already_in_call");
      assertThat(refused.json().has("call_id")).isFalse();
      assertThat(carol.get("/api/v1/calls").json().path("calls")).isEmpty();
      a.order("call.end", first, "");
    }
  }

  @Test
  void whoKeepsTheFirstCallIsInBothAtOnce() {
    String bob = user("bob");
    try (var a = node.device(user("alice"), "laptop");
        var b = node.device(bob, "phone");
        var c = node.device(user("carol"), "tablet")) {
      String first = talking(a, b, bob);
      String waiting = direct(c, bob);
      b.event("call_started", waiting);
      done(b.order("call.accept", waiting, "\"existing_calls\":\"keep\""));
      c.event("call_accepted", waiting);

      // Both go on: a word in either reaches the other side, and the first was not put on hold.
      done(b.order("call.status", first, "\"status\":\"video_disabled\""));
      assertThat(a.event("call_status_update", first).path("status").asText())
          .isEqualTo("video_disabled");
      done(b.order("call.status", waiting, "\"status\":\"muted\""));
      assertThat(c.event("call_status_update", waiting).path("status").asText()).isEqualTo("muted");
      done(b.order("call.end", waiting, ""));
      done(a.order("call.end", first, ""));
      assertThat(b.event("call_ended", first).path("reason").asText()).isEqualTo("hangup");
    }
  }

  @Test
  void oneCallWaitsAndTheNextFindsTheLineBusy() {
    String bob = user("bob");
    try (var a = node.device(user("alice"), "laptop");
        var b = node.device(bob, "phone");
        var c = node.device(user("carol"), "tablet");
        var d = node.device(user("dave"), "desk")) {
      String first = talking(a, b, bob);
      String waiting = direct(c, bob);
      b.event("call_started", waiting);
      JsonNode third = done(d.order("call.initiate", "\"receiver_id\":\"" + bob + "\""));
      assertThat(third.path("reason").asText()).isEqualTo("busy");

      done(b.order("call.accept", waiting, "\"existing_calls\":\"hold\""));
      JsonNode held = a.event("call_status_update", first);
      assertThat(held.path("status").asText()).isEqualTo("on_hold");
      assertThat(held.path("user_id").asText()).isEqualTo(bob);
      done(c.order("call.end", waiting, ""));
      b.event("call_ended", waiting);

      String again = direct(c, bob);
      b.event("call_started", again);
      done(b.order("call.accept", again, "\"existing_calls\":\"end\""));
      assertThat(a.event("call_ended", first).path("reason").asText()).isEqualTo("hangup");
      refused(b.order("call.accept", again, "\"existing_calls\":\"both\""), "validation");
      done(b.order("call.end", again, ""));
    }
  }

  /** What the caller hears of a call that nobody answers, its setup being short. */
  private static List<String> unanswered(TestDevice caller, String callee) {
    JsonNode call =
        done(
            caller.order(
                "call.initiate",
                "\"receiver_id\":\"" + callee + "\",\"timeouts\":{\"setup_timeout_ms\":1000}"));
    String id = call.path("call_id").asText();
    JsonNode end = caller.event("call_ended", id);
    caller.settle();
    List<String> heard = new ArrayList<>(caller.events(id));
    heard.add(call.path("state").asText());
    heard.add(participant(call, callee).path("state").asText());
    heard.add(end.path("state").asText());
    heard.add(end.path("reason").asText());
    heard.add(participant(end.path("call"), callee).path("state").asText());
    return heard;
  }

  @Test
  void aBlockedCallerHearsWhatAnUnansweredOneHears() {
    String alice = user("alice");
    String bob = user("bob");
    try (var a = node.device(alice, "laptop");
        var b = node.device(bob, "phone")) {
      List<String> open = unanswered(a, user("nobody"));
      var blocks = node.client(bob).send("PUT", "/api/v1/me/blocks/" + alice, "", "");
      assertThat(blocks.json().path("blocks").get(0).asText()).isEqualTo(alice);
      assertThat(unanswered(a, bob)).isEqualTo(open);
      b.settle();
      assertThat(b.frames()).noneMatch(f -> f.path("type").asText().equals("call_event"));
      // The open session hears of the change.
      assertThat(
              node.client(bob)
                  .send("DELETE", "/api/v1/me/blocks/" + alice, "", "")
                  .json()
                  .path("blocks"))
          .isEmpty();
      String call = direct(a, bob);
      b.event("call_started", call);
      a.order("call.cancel", call, "");
    }
  }

  @Test
  void whoIsNotToBeDisturbedIsNotRungExceptByTheBreakthroughList() {
    String alice = user("alice");
    String bob = user("bob");
    String boss = user("boss");
    settings(bob, "{\"dnd\":{\"level\":\"ring\",\"breakthrough\":[\"" + boss + "\"]}}");
    try (var a = node.device(alice, "laptop");
        var b = node.device(bob, "phone");
        var c = node.device(boss, "desk")) {
      assertThat(unanswered(a, bob)).isEqualTo(unanswered(a, user("nobody")));
      String urgent = direct(c, bob);
      b.event("call_started", urgent);
      done(c.order("call.cancel", urgent, ""));
      settings(bob, "{\"dnd\":{\"level\":\"none\"}}");
      String call = direct(a, bob);
      b.event("call_started", call);
      done(a.order("call.cancel", call, ""));
    }
  }

  @Test
  void ofTwoWhoCallEachOtherBothGetTheSameCallOnSocketAndRest() {
    String alice = user("alice");
    String bob = user("bob");
    try (var a = node.device(alice, "laptop");
        var b = node.device(bob, "phone")) {
      String call = direct(a, bob);
      JsonNode reply = b.order("call.initiate", "\"receiver_id\":\"" + alice + "\"");
      assertThat(placed(reply)).isEqualTo(call);
      assertThat(reply.path("glare").asBoolean()).isTrue();
      assertThat(reply.path("requested").asText()).isNotEmpty().isNotEqualTo(call);
      a.event("call_accepted", call);
      done(a.order("call.end", call, ""));
      b.event("call_ended", call);

      String second = direct(b, alice);
      var rest =
          node.client(alice)
              .post("/api/v1/calls", "{\"receiver_id\":\"" + bob + "\",\"device_id\":\"laptop\"}");
      assertThat(rest.status()).isEqualTo(200);
      assertThat(rest.json().path("call_id").asText()).isEqualTo(second);
      assertThat(rest.json().path("glare").asBoolean()).isTrue();
      assertThat(rest.json().path("requested").asText()).isNotEqualTo(second);
      b.event("call_accepted", second);
      done(b.order("call.end", second, ""));
    }
  }

  @Test
  void callingAgainFromTheSameDeviceReplacesTheLostCallAndFromAnotherIsRefused() {
    String alice = user("alice");
    String bob = user("bob");
    try (var a = node.device(alice, "laptop");
        var a2 = node.device(alice, "phone");
        var b = node.device(bob, "phone")) {
      String lost = talking(a, b, bob);
      JsonNode other = a2.order("call.initiate", "\"receiver_id\":\"" + bob + "\"");
      assertThat(refused(other, "already_in_call").path("call_id").asText()).isEqualTo(lost);
      String fresh = direct(a, bob);
      assertThat(b.event("call_ended", lost).path("reason").asText()).isEqualTo("replaced");
      b.event("call_started", fresh);
      done(a.order("call.cancel", fresh, ""));
    }
  }

  @Test
  void eachLimitSaysHowLongToWait() {
    String alice = user("alice");
    String bob = user("bob");
    try (var a = node.device(alice, "laptop");
        var b = node.device(bob, "phone")) {
      for (int i = 0; i < 3; i++) {
        String call = direct(a, bob);
        b.event("call_started", call);
        done(b.order("call.reject", call, ""));
        a.event("call_rejected", call);
      }
      JsonNode redial = a.order("call.initiate", "\"receiver_id\":\"" + bob + "\"");
      assertThat(refused(redial, "rate_limited").path("retry_after_ms").asLong())
          .isBetween(1L, 600_000L);

      String carol = user("carol");
      for (int i = 0; i < 2; i++) {
        direct(a, carol);
      }
      // The sixth call of this minute.
      JsonNode fast = a.order("call.initiate", "\"receiver_id\":\"" + user("x") + "\"");
      assertThat(refused(fast, "rate_limited").path("retry_after_ms").asLong())
          .isBetween(1L, 60_000L);
      var third = node.client(bob).post("/api/v1/calls", "{\"receiver_id\":\"" + carol + "\"}");
      assertThat(third.status()).isEqualTo(429);
      assertThat(third.header("Retry-After")).isPresent();
      assertThat(third.json().path("retry_after_ms").asLong()).isPositive();
    }
  }
}
