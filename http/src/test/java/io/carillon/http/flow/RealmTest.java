package io.carillon.http.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.carillon.http.auth.Role;
import io.carillon.http.testnode.TestClient;
import io.carillon.http.testnode.TestDevice;
import io.carillon.http.testnode.TestNode;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What administrators and analysts of a realm see and do, and who else does not. */
class RealmTest {
  private static final TestNode node = TestNode.start();
  private static final String ADMIN = "/api/v1/admin/calls";

  @AfterAll
  static void stop() {
    node.close();
  }

  private final String realm = "realm-" + UUID.randomUUID().toString().substring(0, 8);
  private final TestClient admin = node.client(realm, "root", Role.ADMIN);
  private final TestClient analyst = node.client(realm, "ann", Role.ANALYST);
  private final TestClient bob = node.client(realm, "bob");

  @Test
  void administratorSeesTheHouseAndEndsACallWithAReason() {
    try (TestDevice a = node.device(realm, "alice", "laptop");
        TestDevice b = node.device(realm, "bob", "phone")) {
      String call = ring(a, b);

      assertThat(admin.get(ADMIN + "/active").json().path("calls").path(0).path("call_id").asText())
          .isEqualTo(call);
      TestClient.Answer ended =
          admin.post(ADMIN + "/" + call + "/end", "{\"reason\":\"house rules\"}");

      assertThat(ended.status()).as(ended.body()).isEqualTo(200);
      assertThat(b.event("call_ended", call).path("reason").asText()).isEqualTo("admin_ended");
      assertThat(admin.get(ADMIN + "/active").json().path("calls")).isEmpty();
      assertThat(admin.get(ADMIN + "/history?reason=admin_ended").json().path("calls")).hasSize(1);
      assertThat(admin.get(ADMIN + "/recent-activity").json().path("calls")).hasSize(1);
      assertThat(
              admin
                  .get(ADMIN + "/realtime-stats")
                  .json()
                  .path("statistics")
                  .path(0)
                  .path("attempts")
                  .asInt())
          .isEqualTo(1);
      assertThat(
              node.database()
                  .query(
                      "SELECT admin, action, detail FROM admin_action WHERE realm = '"
                          + realm
                          + "' AND call_id = '"
                          + call
                          + "'"))
          .containsExactly("root|end|house rules");
    }
  }

  @Test
  void nobodyElseMayAndNoOtherRealmIsSeen() {
    try (TestDevice a = node.device(realm, "alice", "laptop");
        TestDevice b = node.device(realm, "bob", "phone")) {
      String call = ring(a, b);
      TestClient stranger = node.client(realm + "x", "root", Role.ADMIN);

      for (TestClient other : List.of(bob, analyst)) {
        assertThat(other.get(ADMIN + "/active").status()).isEqualTo(403);
        assertThat(other.post(ADMIN + "/" + call + "/end", "{}").status()).isEqualTo(403);
      }
      assertThat(bob.get("/api/v1/calls/statistics").status()).isEqualTo(403);
      assertThat(stranger.get(ADMIN + "/active").json().path("calls")).isEmpty();
      assertThat(stranger.post(ADMIN + "/" + call + "/end", "{}").status()).isEqualTo(404);
    }
  }

  @Test
  void pagesOfARealmNeitherRepeatNorSkip() {
    try (TestDevice a = node.device(realm, "alice", "laptop");
        TestDevice b = node.device(realm, "bob", "phone")) {
      for (int i = 0; i < 3; i++) {
        String call = ring(a, b);
        b.order("call.reject", call, "");
        a.event("call_rejected", call);
      }
      JsonNode first = admin.get(ADMIN + "/history?limit=2").json();
      JsonNode second =
          admin.get(ADMIN + "/history?limit=2&cursor=" + first.path("next_cursor").asText()).json();

      assertThat(first.path("calls")).hasSize(2);
      assertThat(second.path("calls")).hasSize(1);
      assertThat(second.has("next_cursor")).isFalse();
      assertThat(first.findValuesAsText("call_id"))
          .doesNotContainAnyElementsOf(second.findValuesAsText("call_id"));
      assertThat(admin.get(ADMIN + "/history?cursor=nonsense").status()).isEqualTo(422);
    }
  }

  @Test
  void analystReadsFiguresAndWhyAPhoneRang() {
    try (TestDevice a = node.device(realm, "alice", "laptop");
        TestDevice b = node.device(realm, "bob", "phone")) {
      String call = ring(a, b);
      b.order("call.accept", call, "");
      a.event("call_accepted", call);

      JsonNode figures =
          analyst.get("/api/v1/calls/statistics?by=type").json().path("statistics").path(0);
      assertThat(figures.path("attempts").asInt()).isEqualTo(1);
      assertThat(figures.path("answered").asInt()).isEqualTo(1);
      String timeline = "/api/v1/calls/" + call + "/timeline";
      JsonNode story = bob.get(timeline).json().path("users").path(0);
      assertThat(story.path("verdict").asText()).isEqualTo("rang on 1 device");
      assertThat(story.path("devices").path(0).path("device_id").asText()).isEqualTo("phone");
      assertThat(node.client(realm, "alice").get(timeline).json().path("users")).isEmpty();
      assertThat(analyst.get(timeline).json().path("users")).hasSize(1);
    }
  }

  private static String ring(TestDevice caller, TestDevice callee) {
    JsonNode reply = caller.order("call.initiate", "\"receiver_id\":\"bob\"");
    String call = reply.path("call").path("call_id").asText();
    callee.event("call_started", call);
    callee.order("call.acknowledge", call, "\"status\":\"ringing\"");
    return call;
  }
}
