package io.carillon.http.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.http.auth.Role;
import io.carillon.http.testnode.TestClient;
import io.carillon.http.testnode.TestDevice;
import io.carillon.http.testnode.TestNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Tokens that are taken back: on every node, on live sockets, and for good. */
class RevocationTest {
  private static final List<TestNode> nodes = TestNode.startTwo("");
  private static final TestNode one = nodes.getFirst();
  private static final TestNode two = nodes.getLast();
  private static final Duration HOUR = Duration.ofHours(1);

  @AfterAll
  static void stop() {
    nodes.forEach(TestNode::close);
  }

  private static String token(String user) {
    return one.token(TestNode.REALM, user, HOUR);
  }

  private static String id(String token) {
    String claims =
        new String(
            Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]), StandardCharsets.UTF_8);
    return claims.replaceAll(".*\"jti\":\"([^\"]+)\".*", "$1");
  }

  private static TestClient.Answer revoke(TestClient by, String body) {
    return by.post("/api/v1/admin/revocations", body);
  }

  private static TestClient admin() {
    return one.client(TestNode.REALM, "root", Role.ADMIN);
  }

  private static int status(TestNode node, String token) {
    return new TestClient(node.url(), "Bearer " + token).get("/api/v1/calls/active").status();
  }

  @Test
  void aRevokedTokenEndsItsSocketsOnEveryNodeAndOpensNothingMoreAlsoAfterARestart() {
    String taken = token("ruth");
    String other = token("ruth");
    try (TestDevice here = TestDevice.connect(one, taken, "r-1", "");
        TestDevice there = TestDevice.connect(two, taken, "r-2", "");
        TestDevice kept = TestDevice.connect(two, other, "r-3", "")) {
      String ticket =
          new TestClient(one.url(), "Bearer " + taken)
              .post("/api/v1/tickets", "{}")
              .json()
              .path("ticket")
              .asText();
      var answer = revoke(admin(), "{\"token_id\":\"" + id(taken) + "\"}");
      assertThat(answer.status()).as(answer.body()).isEqualTo(200);
      for (TestDevice device : List.of(here, there)) {
        var bye = device.await("disconnect");
        assertThat(bye.path("reason").asText()).isEqualTo("unauthenticated");
        assertThat(bye.path("reconnect").asBoolean()).isFalse();
        assertThat(device.closeCode()).isEqualTo(4001);
      }
      kept.settle();
      assertThat(status(one, taken)).isEqualTo(401);
      Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> status(two, taken) == 401);
      assertThat(status(one, other)).isEqualTo(200);
      assertThat(TestDevice.refusal(one, "", "Authorization", "Bearer " + taken)).isEqualTo(401);
      assertThat(TestDevice.refusal(one, "?ticket=" + ticket)).isEqualTo(401);
      kept.say("{\"type\":\"auth.refresh\",\"token\":\"" + taken + "\"}");
      assertThat(kept.await("error").path("error").path("code").asText())
          .isEqualTo("unauthenticated");
    }
    try (TestNode alone = TestNode.start()) {
      String gone = alone.token(TestNode.REALM, "ruth", HOUR);
      TestClient root = alone.client(TestNode.REALM, "root", Role.ADMIN);
      assertThat(revoke(root, "{\"token_id\":\"" + id(gone) + "\"}").status()).isEqualTo(200);
      alone.restart();
      assertThat(status(alone, gone)).isEqualTo(401);
      assertThat(status(alone, token("ruth"))).isEqualTo(200);
    }
  }

  @Test
  void aUsersTokensAreRevokedUntilNowAndThoseIssuedLaterAreGood() {
    String old = token("saul");
    String bystander = token("sara");
    try (TestDevice device = TestDevice.connect(two, old, "s-1", "")) {
      assertThat(revoke(admin(), "{\"user_id\":\"saul\"}").status()).isEqualTo(200);
      assertThat(device.closeCode()).isEqualTo(4001);
    }
    assertThat(status(one, old)).isEqualTo(401);
    assertThat(status(one, bystander)).isEqualTo(200);
    // Tokens tell their moment in whole seconds, so one of the next second is the first good one.
    Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> status(one, token("saul")) == 200);
    assertThat(status(one, old)).isEqualTo(401);
  }

  @Test
  void onlyAdministratorsAndApplicationsRevokeAndOnlyInTheirOwnRealm() {
    String victim = token("tess");
    String body = "{\"token_id\":\"" + id(victim) + "\"}";
    assertThat(revoke(one.client("tess"), body).status()).isEqualTo(403);
    assertThat(revoke(one.client(TestNode.REALM, "ana", Role.ANALYST), body).status())
        .isEqualTo(403);
    assertThat(revoke(one.client("rival", "root", Role.ADMIN), body).status()).isEqualTo(200);
    assertThat(status(one, victim)).isEqualTo(200);
    assertThat(revoke(admin(), "{}").status()).isEqualTo(422);
    assertThat(revoke(one.client(TestNode.REALM, "backend", Role.SERVICE), body).status())
        .isEqualTo(200);
    assertThat(status(one, victim)).isEqualTo(401);
    assertThat(
            one.database()
                .query(
                    "SELECT admin, detail FROM admin_action WHERE action = 'revoke' AND detail LIKE '%"
                        + id(victim)
                        + "' AND realm = '"
                        + TestNode.REALM
                        + "'"))
        .containsExactly("backend|token " + id(victim));
  }
}
