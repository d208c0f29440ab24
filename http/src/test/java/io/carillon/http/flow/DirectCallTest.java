package io.carillon.http.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.carillon.http.auth.Role;
import io.carillon.http.testnode.TestClient;
import io.carillon.http.testnode.TestDevice;
import io.carillon.http.testnode.TestNode;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Every flow of the seeds' sequence diagram, and what can go wrong on the way. */
class DirectCallTest {
  private static final TestNode node = TestNode.start();

  @AfterAll
  static void stop() {
    node.close();
  }

  /** Two users nobody else in this class knows, so that tests do not hear each other. */
  private static String user(String name) {
    return name + "-" + UUID.randomUUID().toString().substring(0, 8);
  }

  private static String ring(TestDevice caller, String callee) {
    JsonNode reply = caller.order("call.initiate", "\"receiver_id\":\"" + callee + "\"");
    assertThat(reply.path("ok").asBoolean()).as(reply.toString()).isTrue();
    return reply.path("call").path("call_id").asText();
  }

  @Test
  void aCallRingsIsAcceptedCarriesMediaAndEnds() {
    String alice = user("alice");
    String bob = user("bob");
    try (var a = node.device(alice, "laptop");
        var b = node.device(bob, "phone")) {
      String call = ring(a, bob);
      JsonNode started = b.event("call_started", call);
      assertThat(started.path("sender_id").asText()).isEqualTo(alice);
      assertThat(started.path("sender_name").asText()).startsWith("Alice");
      assertThat(started.path("state").asText()).isEqualTo("calling");
      assertThat(started.path("event_id").asText()).isEqualTo(call + ":1");
      assertThat(started.path("remaining_ms").asLong()).isPositive();

      assertThat(b.order("call.acknowledge", call, "\"status\":\"ringing\"").path("ok").asBoolean())
          .isTrue();
      assertThat(a.event("participant_ringing", call).path("state").asText()).isEqualTo("ringing");

      JsonNode accepted = b.order("call.accept", call, "");
      assertThat(accepted.path("call").path("state").asText()).isEqualTo("accepted");
      JsonNode told = a.event("call_accepted", call);
      assertThat(told.path("actor").path("user_id").asText()).isEqualTo(bob);
      assertThat(told.path("actor").path("device_id").asText()).isEqualTo("phone");

      a.say(
          "{\"type\":\"call.offer\",\"call_id\":\""
              + call
              + "\",\"offer\":{\"type\":\"offer\",\"sdp\":\"v=0\"}}");
      JsonNode offer = b.await("call.offer");
      assertThat(offer.path("offer").path("sdp").asText()).isEqualTo("v=0");
      assertThat(offer.path("from_user").asText()).isEqualTo(alice);
      assertThat(
              b.order("call.answer", call, "\"answer\":{\"type\":\"answer\",\"sdp\":\"v=0\"}")
                  .path("ok")
                  .asBoolean())
          .isTrue();
      a.await("call.answer");
      for (int i = 0; i < 20; i++) {
        a.say(
            "{\"type\":\"call.candidate\",\"call_id\":\""
                + call
                + "\",\"candidates\":[{\"candidate\":\"c"
                + i
                + "\"}]}");
      }
      for (int i = 0; i < 20; i++) {
        assertThat(b.await("call.candidate").path("candidates").get(0).path("candidate").asText())
            .isEqualTo("c" + i);
      }

      a.order("call.status", call, "\"status\":\"connected\"");
      JsonNode status = b.event("call_status_update", call);
      assertThat(status.path("status").asText()).isEqualTo("connected");
      assertThat(status.path("active").asBoolean()).isTrue();

      JsonNode ended = a.order("call.end", call, "");
      assertThat(ended.path("call").path("state").asText()).isEqualTo("ended");
      JsonNode end = b.event("call_ended", call);
      assertThat(end.path("reason").asText()).isEqualTo("hangup");
      assertThat(end.path("call").path("ended_by").path("user_id").asText()).isEqualTo(alice);
      assertThat(b.events(call))
          .containsExactly("call_started", "call_accepted", "call_status_update", "call_ended");
    }
  }

  @Test
  void theSeedsDiagramRunsOverRestAlone() {
    String alice = user("alice");
    String bob = user("bob");
    TestClient a = node.client(alice);
    TestClient b = node.client(bob);
    var placed = a.form("/api/v1/calls/initiate", "user_id=" + bob + "&is_video_call=true");
    assertThat(placed.status()).isEqualTo(201);
    assertThat(placed.json().path("result").asText()).isEqualTo("success");
    assertThat(placed.json().path("timeout_seconds").asInt()).isEqualTo(120);
    assertThat(placed.json().path("receiver_online").asBoolean()).isFalse();
    String call = placed.json().path("call_id").asText();
    assertThat(placed.header("Location")).contains("/api/v1/calls/" + call);

    var rings = b.form("/api/v1/calls/acknowledge/", "call_id=" + call + "&status=ringing");
    assertThat(rings.json().path("call").path("state").asText()).isEqualTo("ringing");
    assertThat(b.get("/api/v1/calls/" + call + "/ring-state").json().path("remaining_ms").asLong())
        .isPositive();
    var accepted = b.form("/api/v1/calls/respond", "call_id=" + call + "&response=accept");
    assertThat(accepted.json().path("status").asText()).isEqualTo("ok");
    assertThat(accepted.json().path("call_status").asText()).isEqualTo("accepted");
    assertThat(a.get("/api/v1/calls/active").json().path("calls").get(0).path("call_id").asText())
        .isEqualTo(call);
    assertThat(
            b.post("/api/v1/calls/status", "{\"call_id\":\"" + call + "\",\"status\":\"muted\"}")
                .status())
        .isEqualTo(200);
    assertThat(
            a.post("/api/v1/calls/heartbeat", "{\"call_id\":\"" + call + "\"}")
                .json()
                .path("call_state")
                .asText())
        .isEqualTo("accepted");
    assertThat(
            b.post("/api/v1/calls/end", "{\"call_id\":\"" + call + "\"}")
                .json()
                .path("status")
                .asText())
        .isEqualTo("ok");

    var read = a.get("/api/v1/calls/" + call);
    assertThat(read.json().path("call").path("state").asText()).isEqualTo("ended");
    var history = b.get("/api/v1/calls/history?limit=1");
    JsonNode item = history.json().path("calls").get(0);
    assertThat(item.path("user_id").asText()).isEqualTo(alice);
    assertThat(item.path("user_name").asText()).startsWith("Alice");
    assertThat(item.path("is_outgoing").asBoolean()).isFalse();
    var events = a.get("/api/v1/calls/" + call + "/events?after_seq=1");
    assertThat(events.json().path("events").get(0).path("call_seq").asInt()).isEqualTo(2);
  }

  @Test
  void anAcceptOnOneDeviceStopsTheOther() {
    String bob = user("bob");
    try (var a = node.device(user("alice"), "laptop");
        var phone = node.device(bob, "phone");
        var tablet = node.device(bob, "tablet")) {
      String call = ring(a, bob);
      phone.event("call_started", call);
      tablet.event("call_started", call);
      phone.order("call.acknowledge", call, "");
      tablet.order("call.acknowledge", call, "");
      phone.order("call.accept", call, "");
      assertThat(tablet.event("ring_stopped", call).path("reason").asText())
          .isEqualTo("answered_elsewhere");
      JsonNode late = tablet.order("call.accept", call, "");
      assertThat(late.path("ok").asBoolean()).isFalse();
      assertThat(late.path("error").path("code").asText()).isEqualTo("answered_elsewhere");
      assertThat(late.path("error").path("call").path("state").asText()).isEqualTo("accepted");
      // The same device may ask again, and hears the same.
      assertThat(phone.order("call.accept", call, "").path("ok").asBoolean()).isTrue();
      a.order("call.end", call, "");
      phone.event("call_ended", call);
      tablet.settle();
      assertThat(tablet.events(call)).containsExactly("call_started", "ring_stopped");
    }
  }

  @Test
  void aRejectionEndsTheCallForAllOfTheUsersDevices() {
    String bob = user("bob");
    try (var a = node.device(user("alice"), "laptop");
        var phone = node.device(bob, "phone");
        var tablet = node.device(bob, "tablet")) {
      String call = ring(a, bob);
      phone.event("call_started", call);
      tablet.event("call_started", call);
      JsonNode reply = phone.order("call.reject", call, "\"reason\":\"busy\"");
      assertThat(reply.path("call").path("state").asText()).isEqualTo("rejected");
      JsonNode told = a.event("call_rejected", call);
      assertThat(told.path("reason").asText()).isEqualTo("busy");
      tablet.await(
          f ->
              f.path("call_id").asText().equals(call)
                  && (f.path("event_type").asText().equals("ring_stopped")
                      || f.path("event_type").asText().equals("call_rejected")),
          "the end of the ring");
    }
  }

  @Test
  void aCancelStopsTheRing() {
    String bob = user("bob");
    try (var a = node.device(user("alice"), "laptop");
        var b = node.device(bob, "phone")) {
      String call = ring(a, bob);
      b.event("call_started", call);
      b.order("call.acknowledge", call, "");
      assertThat(a.order("call.cancel", call, "").path("call").path("state").asText())
          .isEqualTo("cancelled");
      JsonNode end = b.event("call_ended", call);
      assertThat(end.path("state").asText()).isEqualTo("cancelled");
      JsonNode late = b.order("call.accept", call, "");
      assertThat(late.path("error").path("code").asText()).isEqualTo("call_ended");
      assertThat(late.path("error").path("call").path("reason").asText()).isEqualTo("cancelled");
    }
  }

  @Test
  void aRingNobodyAnswersIsMissed() {
    String bob = user("bob");
    try (var a = node.device(user("alice"), "laptop");
        var b = node.device(bob, "phone")) {
      JsonNode reply =
          a.order(
              "call.initiate",
              "\"receiver_id\":\"" + bob + "\",\"timeouts\":{\"ring_timeout_ms\":1000}");
      String call = reply.path("call").path("call_id").asText();
      b.event("call_started", call);
      b.order("call.acknowledge", call, "");
      JsonNode end = a.event("call_ended", call);
      assertThat(end.path("state").asText()).isEqualTo("missed");
      assertThat(end.path("reason").asText()).isEqualTo("no_answer");
      assertThat(b.event("call_ended", call).path("state").asText()).isEqualTo("missed");
    }
  }

  @Test
  void aCallThatReachesNobodyTimesOut() {
    try (var a = node.device(user("alice"), "laptop")) {
      JsonNode reply =
          a.order(
              "call.initiate",
              "\"receiver_id\":\""
                  + user("nobody")
                  + "\",\"timeouts\":{\"setup_timeout_ms\":1000}");
      JsonNode end = a.event("call_ended", reply.path("call").path("call_id").asText());
      assertThat(end.path("state").asText()).isEqualTo("timeout");
      assertThat(end.path("reason").asText()).isEqualTo("unreachable");
    }
  }

  @Test
  void aCalleeWhoConnectsMidRingHearsOfTheCall() {
    String bob = user("bob");
    try (var a = node.device(user("alice"), "laptop")) {
      String call = ring(a, bob);
      try (var b = node.device(bob, "phone")) {
        JsonNode ack =
            b.frames().stream()
                .filter(f -> f.path("type").asText().equals("connection.ack"))
                .findFirst()
                .orElseThrow();
        assertThat(ack.path("calls").get(0).path("call_id").asText()).isEqualTo(call);
        assertThat(ack.path("calls").get(0).path("remaining_ms").asLong()).isPositive();
        assertThat(b.order("call.accept", call, "").path("ok").asBoolean()).isTrue();
        a.event("call_accepted", call);
      }
    }
  }

  @Test
  void whoIsNotConcernedCannotTellACallFromNone() {
    String bob = user("bob");
    try (var a = node.device(user("alice"), "laptop")) {
      String call = ring(a, bob);
      TestClient mallory = node.client(user("mallory"));
      for (String path : java.util.List.of("", "/events", "/ring-state", "/jitsi")) {
        var foreign = mallory.get("/api/v1/calls/" + call + path);
        var unknown = mallory.get("/api/v1/calls/" + UUID.randomUUID() + path);
        assertThat(foreign.status()).isEqualTo(404);
        assertThat(withoutRequestId(foreign)).isEqualTo(withoutRequestId(unknown));
      }
      for (String word :
          java.util.List.of("acknowledge", "accept", "reject", "cancel", "end", "status")) {
        String body = word.equals("status") ? "{\"status\":\"muted\"}" : "{}";
        var foreign = mallory.post("/api/v1/calls/" + call + "/" + word, body);
        var unknown = mallory.post("/api/v1/calls/" + UUID.randomUUID() + "/" + word, body);
        assertThat(foreign.status()).as(word).isEqualTo(404);
        assertThat(withoutRequestId(foreign)).isEqualTo(withoutRequestId(unknown));
      }
      // The same user id in another realm is a stranger.
      var twin = node.client("other-realm", bob).get("/api/v1/calls/" + call);
      assertThat(twin.status()).isEqualTo(404);
      assertThat(
              node.client(TestNode.REALM, user("boss"), Role.ADMIN)
                  .get("/api/v1/calls/" + call)
                  .status())
          .isEqualTo(200);
      assertThat(a.order("call.accept", call, "").path("error").path("code").asText())
          .isEqualTo("own_call");
    }
  }

  private static String withoutRequestId(TestClient.Answer answer) {
    return answer.status()
        + answer.body().replaceAll("\"request_id\":\"[^\"]*\"", "")
        + answer.response().headers().map().keySet();
  }

  @Test
  void aRetriedInitiateIsOneCall() {
    String alice = user("alice");
    String bob = user("bob");
    TestClient a = node.client(alice);
    String body = "{\"receiver_id\":\"" + bob + "\",\"call_type\":\"audio\"}";
    var first = a.post("/api/v1/calls", body, "Idempotency-Key", "once");
    var again = a.post("/api/v1/calls/start", body, "Idempotency-Key", "once");
    assertThat(first.header("Idempotent-Replayed")).isEmpty();
    assertThat(again.header("Idempotent-Replayed")).contains("true");
    assertThat(again.status()).isEqualTo(201);
    assertThat(again.json().path("call_id")).isEqualTo(first.json().path("call_id"));
    var other = a.post("/api/v1/calls", body.replace("audio", "video"), "Idempotency-Key", "once");
    assertThat(other.status()).isEqualTo(409);
    assertThat(other.code()).isEqualTo("idempotency_key_reused");
    assertThat(a.get("/api/v1/calls/active").json().path("calls")).hasSize(1);
    assertThat(
            a.post("/api/v1/calls/end-all", "")
                .json()
                .path("calls")
                .get(0)
                .path("outcome")
                .asText())
        .isEqualTo("cancelled");
  }

  @Test
  void aZulipRealmHasNumbersAndRooms() {
    String mine =
        Integer.toString(java.util.concurrent.ThreadLocalRandom.current().nextInt(1 << 30));
    TestClient a = node.client("zulip", mine);
    var placed = a.post("/api/v1/calls/start", "{\"user_id\":77,\"call_type\":\"video\"}");
    assertThat(placed.json().path("call").path("receiver_id").isIntegralNumber()).isTrue();
    assertThat(placed.json().path("jitsi_url").asText())
        .startsWith("https://meet.jit.si/zulip-call-");
    a.post("/api/v1/calls/end-all", "");
  }

  @Test
  void theHistoryGoesByPages() {
    String alice = user("alice");
    TestClient a = node.client(alice);
    for (int i = 0; i < 3; i++) {
      String call =
          a.post("/api/v1/calls", "{\"receiver_id\":\"" + user("bob") + "\"}")
              .json()
              .path("call_id")
              .asText();
      a.post("/api/v1/calls/" + call + "/cancel", "");
    }
    var first = a.get("/api/v1/calls?limit=2&state=cancelled");
    assertThat(first.json().path("calls")).hasSize(2);
    String cursor = first.json().path("next_cursor").asText();
    var second = a.get("/api/v1/calls?limit=2&cursor=" + cursor);
    assertThat(second.json().path("calls")).hasSize(1);
    assertThat(second.json().has("next_cursor")).isFalse();
    assertThat(a.get("/api/v1/calls?limit=201").status()).isEqualTo(422);
    assertThat(a.get("/api/v1/calls?cursor=nonsense").status()).isEqualTo(422);
  }
}
