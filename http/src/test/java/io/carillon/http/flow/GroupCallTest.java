package io.carillon.http.flow;

import static io.carillon.http.flow.Dialling.about;
import static io.carillon.http.flow.Dialling.accept;
import static io.carillon.http.flow.Dialling.callees;
import static io.carillon.http.flow.Dialling.direct;
import static io.carillon.http.flow.Dialling.done;
import static io.carillon.http.flow.Dialling.group;
import static io.carillon.http.flow.Dialling.participant;
import static io.carillon.http.flow.Dialling.placed;
import static io.carillon.http.flow.Dialling.refused;
import static io.carillon.http.flow.Dialling.user;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.carillon.http.testnode.TestClient;
import io.carillon.http.testnode.TestDevice;
import io.carillon.http.testnode.TestNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Hunts and conferences on the wire (R31 to R39). */
class GroupCallTest {
  private static final TestNode node = TestNode.start();

  @AfterAll
  static void stop() {
    node.close();
  }

  /** Three users with a device each. */
  private record Three(
      String alice, String bob, String carol, TestDevice a, TestDevice b, TestDevice c)
      implements AutoCloseable {
    static Three connect() {
      String alice = user("alice");
      String bob = user("bob");
      String carol = user("carol");
      return new Three(
          alice,
          bob,
          carol,
          node.device(alice, "laptop"),
          node.device(bob, "phone"),
          node.device(carol, "tablet"));
    }

    /** A conference Alice placed and all three are in. */
    String conference() {
      String call = group(a, "conference", bob, carol);
      accept(b, call, a);
      c.event("call_started", call);
      done(c.order("call.join", call, ""));
      a.event("participant_joined", call);
      b.event("participant_joined", call);
      c.event("call_accepted", call);
      return call;
    }

    @Override
    public void close() {
      a.close();
      b.close();
      c.close();
    }
  }

  @Test
  void theFirstToAcceptHasTheHuntAndTheOthersHearThatItWasPickedUp() {
    try (Three three = Three.connect()) {
      String call = group(three.a, "hunt", three.bob, three.carol);
      three.c.event("call_started", call);
      three.c.order("call.acknowledge", call, "");
      accept(three.b, call, three.a);
      assertThat(three.c.event("ring_stopped", call).path("reason").asText())
          .isEqualTo("picked_up");
      refused(three.c.order("call.accept", call, ""), "answered_elsewhere");
      done(three.a.order("call.end", call, ""));
      three.b.event("call_ended", call);
      three.c.settle();
      assertThat(three.c.events(call)).containsExactly("call_started", "ring_stopped");
    }
  }

  @Test
  void aHuntEverybodyDeclinesEndsDeclined() {
    try (Three three = Three.connect()) {
      String call = group(three.a, "hunt", three.bob, three.carol);
      three.b.event("call_started", call);
      three.c.event("call_started", call);
      done(three.b.order("call.reject", call, ""));
      JsonNode declined = three.a.event("participant_declined", call);
      assertThat(declined.path("user_id").asText()).isEqualTo(three.bob);
      assertThat(declined.path("state").asText()).isEqualTo("calling");
      done(three.c.order("call.reject", call, ""));
      JsonNode end = three.a.event("call_ended", call);
      assertThat(end.path("state").asText()).isEqualTo("rejected");
      assertThat(end.path("reason").asText()).isEqualTo("declined");
    }
  }

  @Test
  void whoAcceptsAConferenceLateJoinsItAndTheOthersHearOfIt() {
    try (Three three = Three.connect()) {
      String call = group(three.a, "conference", three.bob, three.carol);
      accept(three.b, call, three.a);
      three.c.event("call_started", call);
      JsonNode joined = done(three.c.order("call.accept", call, ""));
      assertThat(joined.path("mode").asText()).isEqualTo("conference");
      assertThat(participant(joined, three.alice).path("role").asText()).isEqualTo("host");
      JsonNode told = three.b.event("participant_joined", call);
      assertThat(told.path("actor").path("user_id").asText()).isEqualTo(three.carol);
      three.a.event("participant_joined", call);
      three.c.event("call_accepted", call);
    }
  }

  @Test
  void oneDeclineLeavesTheConferenceToTheOthersAndItsUserMayStillComeIn() {
    try (Three three = Three.connect()) {
      String call = group(three.a, "conference", three.bob, three.carol);
      three.c.event("call_started", call);
      done(three.c.order("call.reject", call, ""));
      three.a.event("participant_declined", call);
      accept(three.b, call, three.a);
      done(three.c.order("call.join", call, ""));
      three.a.event("participant_joined", call);
    }
  }

  @Test
  void whenTheHostLeavesTheEldestParticipantIsHost() {
    try (Three three = Three.connect()) {
      String call = three.conference();
      done(three.a.order("call.leave", call, ""));
      three.b.event("participant_left", call);
      JsonNode heir = three.c.event("participant_role_changed", call);
      assertThat(heir.path("user_id").asText()).isEqualTo(three.bob);
      assertThat(heir.path("role").asText()).isEqualTo("host");
      done(three.b.order("call.end_for_all", call, ""));
      JsonNode end = three.c.event("call_ended", call);
      assertThat(end.path("reason").asText()).isEqualTo("ended_by_host");
    }
  }

  @Test
  void whoLeftMayComeBackAndWhoWasRemovedToo() {
    try (Three three = Three.connect()) {
      String call = three.conference();
      done(three.b.order("call.leave", call, ""));
      three.a.event("participant_left", call);
      done(three.b.order("call.join", call, ""));
      three.a.event("participant_joined", call);

      done(three.a.order("call.remove", call, about(three.bob)));
      JsonNode out = three.b.event("participant_left", call);
      assertThat(out.path("reason").asText()).isEqualTo("hangup");
      assertThat(three.b.event("participant_left", call).path("reason").asText())
          .isEqualTo("removed");
      done(three.b.order("call.join", call, ""));
      three.c.event("participant_joined", call);
    }
  }

  @Test
  void whoWasBarredMayNotComeBack() {
    try (Three three = Three.connect()) {
      String call = three.conference();
      refused(three.b.order("call.remove", call, about(three.carol)), "forbidden");
      done(three.a.order("call.remove", call, about(three.bob) + ",\"barred\":true"));
      three.b.event("participant_left", call);
      refused(three.b.order("call.join", call, ""), "blocked");
      refused(three.a.order("call.invite", call, callees(three.bob)), "forbidden");
    }
  }

  @Test
  void aHostGivesRolesAndMutes() {
    try (Three three = Three.connect()) {
      String call = three.conference();
      TestClient rest = node.client(three.alice);
      String base = "/api/v1/calls/" + call;
      refused(three.c.order("call.mute", call, about(three.bob)), "forbidden");
      var role = rest.post(base + "/role", "{" + about(three.carol) + ",\"role\":\"cohost\"}");
      assertThat(role.status()).isEqualTo(200);
      three.c.event("participant_role_changed", call);
      done(three.c.order("call.mute", call, about(three.bob)));
      JsonNode muted = three.b.event("call_status_update", call);
      assertThat(muted.path("user_id").asText()).isEqualTo(three.bob);
      assertThat(muted.path("status").asText()).isEqualTo("muted");
      assertThat(rest.post(base + "/role", "{" + about(three.bob) + "}").json().path("errors"))
          .anyMatch(error -> error.path("pointer").asText().equals("/role"));
      assertThat(rest.post(base + "/end_for_all", "").json().path("call").path("state").asText())
          .isEqualTo("ended");
    }
  }

  @Test
  void aRoomThatRingsNobodyIsJoinedByItsId() {
    try (Three three = Three.connect()) {
      String call =
          placed(three.a.order("call.initiate", "\"mode\":\"conference\",\"ring\":\"silent\""));
      assertThat(
              node.client(three.bob)
                  .post("/api/v1/calls/" + call + "/join", "{\"device_id\":\"phone\"}")
                  .status())
          .isEqualTo(200);
      three.a.event("call_accepted", call);
      done(three.c.order("call.join", call, ""));
      three.b.event("participant_joined", call);
      three.b.settle();
      assertThat(three.b.events(call)).doesNotContain("call_started");
    }
  }

  @Test
  void aSilentCallIsToldToNobodyAndOneToNotifyIsToldWithoutRinging() {
    try (Three three = Three.connect()) {
      String silent =
          placed(
              three.a.order(
                  "call.initiate",
                  "\"mode\":\"conference\",\"ring\":\"silent\"," + callees(three.bob)));
      String notice =
          placed(
              three.a.order(
                  "call.initiate",
                  "\"mode\":\"conference\",\"ring\":\"notify\"," + callees(three.bob)));
      three.b.event("call_started", notice);
      three.b.settle();
      assertThat(three.b.events(silent)).isEmpty();
      done(three.b.order("call.join", notice, ""));
      three.a.event("call_accepted", notice);
    }
  }

  @Test
  void whoIsInvitedMidCallRingsAndTheRingCanBeTakenBack() {
    String dave = user("dave");
    try (Three three = Three.connect();
        TestDevice d = node.device(dave, "desk")) {
      String call = three.conference();
      done(three.b.order("call.invite", call, callees(dave, three.alice)));
      assertThat(d.event("call_started", call).path("remaining_ms").asLong()).isPositive();
      three.a.event("participant_invited", call);
      refused(three.c.order("call.uninvite", call, about(dave)), "forbidden");
      done(three.b.order("call.uninvite", call, about(dave)));
      assertThat(d.event("ring_stopped", call).path("reason").asText()).isEqualTo("cancelled");
      var again =
          node.client(three.bob)
              .post(
                  "/api/v1/calls/" + call + "/invite",
                  "{" + callees(dave) + ",\"device_id\":\"phone\"}",
                  "Idempotency-Key",
                  "once");
      assertThat(again.status()).isEqualTo(200);
      d.event("call_started", call);
      assertThat(
              node.client(three.bob)
                  .post(
                      "/api/v1/calls/" + call + "/invite",
                      "{" + callees(dave) + ",\"device_id\":\"phone\"}",
                      "Idempotency-Key",
                      "once")
                  .header("Idempotent-Replayed"))
          .contains("true");
      done(d.order("call.accept", call, ""));
      three.c.event("participant_joined", call);
      three.a.settle();
      assertThat(three.a.events(call)).doesNotContain("call_started");
    }
  }

  @Test
  void theLinesOfThoseInvitedMidCallAreAsked() {
    String dave = user("dave");
    String erin = user("erin");
    try (Three three = Three.connect();
        TestDevice d = node.device(dave, "desk");
        TestDevice e = node.device(erin, "phone")) {
      node.client(dave).send("PUT", "/api/v1/me/blocks/" + three.alice, "", "");
      node.client(erin)
          .send("PUT", "/api/v1/me/settings", "application/json", "{\"call_waiting\":\"busy\"}");
      String other = direct(e, user("frank"));
      String call = three.conference();
      JsonNode after = done(three.a.order("call.invite", call, callees(dave, erin)));
      assertThat(participant(after, dave).path("state").asText()).isEqualTo("invited");
      assertThat(participant(after, erin).path("state").asText()).isEqualTo("busy");
      three.b.event("participant_invited", call);
      d.settle();
      e.settle();
      assertThat(d.events(call)).isEmpty();
      assertThat(e.events(call)).isEmpty();
      e.order("call.cancel", other, "");
      refused(d.order("call.invite", call, callees(erin)), "call_not_found");
    }
  }

  @Test
  void aDirectCallBecomesAConferenceAndKeepsItsId() {
    try (Three three = Three.connect()) {
      String call = direct(three.a, three.bob);
      accept(three.b, call, three.a);
      refused(three.a.order("call.invite", call, callees(three.carol)), "invalid_state");
      assertThat(done(three.b.order("call.escalate", call, "")).path("mode").asText())
          .isEqualTo("conference");
      JsonNode changed = three.a.event("call_mode_changed", call);
      assertThat(changed.path("call").path("mode").asText()).isEqualTo("conference");
      done(three.a.order("call.invite", call, callees(three.carol)));
      three.c.event("call_started", call);
      done(three.c.order("call.accept", call, ""));
      three.b.event("participant_joined", call);
      done(three.a.order("call.leave", call, ""));
      three.c.event("participant_left", call);
      assertThat(
              node.client(three.bob)
                  .get("/api/v1/calls/" + call)
                  .json()
                  .path("call")
                  .path("state")
                  .asText())
          .isEqualTo("accepted");
    }
  }

  @Test
  void signalsOfAMeshGoToTheUserAndDeviceTheyName() {
    try (Three three = Three.connect()) {
      String call = three.conference();
      JsonNode nobody =
          three.a.order("call.offer", call, "\"offer\":{\"type\":\"offer\",\"sdp\":\"v=0\"}");
      assertThat(refused(nobody, "validation").path("errors").get(0).path("pointer").asText())
          .isEqualTo("/to_user");
      String offer = "\"offer\":{\"type\":\"offer\",\"sdp\":\"to carol\"},\"to_user\":\"";
      assertThat(
              three.a.order("call.offer", call, offer + three.carol + "\"").path("ok").asBoolean())
          .isTrue();
      JsonNode arrived = three.c.await("call.offer");
      assertThat(arrived.path("from_user").asText()).isEqualTo(three.alice);
      assertThat(arrived.path("from_device").asText()).isEqualTo("laptop");
      String toDevice = "\",\"to_device\":\"";
      refused(
          three.a.order("call.offer", call, offer + three.carol + toDevice + "other\""),
          "invalid_state");
      String candidates = "\"candidates\":[{\"candidate\":\"x\"}],\"to_user\":\"";
      assertThat(
              three
                  .b
                  .order("call.candidate", call, candidates + three.carol + toDevice + "tablet\"")
                  .path("ok")
                  .asBoolean())
          .isTrue();
      assertThat(three.c.await("call.candidate").path("from_user").asText()).isEqualTo(three.bob);
      var rest =
          node.client(three.bob)
              .post(
                  "/api/v1/calls/" + call + "/signals",
                  "{\"type\":\"negotiate\",\"device_id\":\"phone\","
                      + "\"description\":{\"type\":\"offer\"},\"to_user\":\""
                      + three.alice
                      + "\"}");
      assertThat(rest.status()).isEqualTo(202);
      assertThat(three.a.await("call.negotiate").path("from_user").asText()).isEqualTo(three.bob);
      three.b.settle();
      assertThat(three.b.frames()).noneMatch(f -> f.path("type").asText().equals("call.offer"));
    }
  }
}
