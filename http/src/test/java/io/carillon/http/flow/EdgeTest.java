package io.carillon.http.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.http.auth.Role;
import io.carillon.http.testnode.TestClient;
import io.carillon.http.testnode.TestNode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The REST edge: what it refuses, and that every refusal is one kind of object. */
class EdgeTest {
  private static final TestNode node = TestNode.start();

  @AfterAll
  static void stop() {
    node.close();
  }

  @ParameterizedTest
  @CsvSource({
    "GET,    /api/v1/nothing,           '',                 '',   404, not_found",
    "GET,    /nothing/at/all,           '',                 '',   404, not_found",
    "GET,    /../../etc/passwd,         '',                 '',   404, not_found",
    "PATCH,  /api/v1/calls,             application/json,   '{}', 405, method_not_allowed",
    "DELETE, /api/v1/calls/x,           '',                 '',   405, method_not_allowed",
    "POST,   /api/v1/calls,             text/plain,         'hi', 415, unsupported_media_type",
    "POST,   /api/v1/calls,             application/xml,    '<a/>', 415, unsupported_media_type",
    "POST,   /api/v1/calls,             application/json,   '{',  400, malformed",
    "POST,   /api/v1/calls,             application/json,   '[]', 400, malformed",
    "POST,   /api/v1/calls,             application/json,   '{}', 422, validation",
    "POST,   /api/v1/calls/respond,     application/x-www-form-urlencoded, 'call_id=%zz', 400, malformed",
    "POST,   /api/v1/calls,             application/json,   '{\"receiver_id\":\"eve\"}', 422, self_call",
    "POST,   /api/v1/calls,             application/json,   '{\"receiver_id\":\"b\",\"media_plane\":\"jitsi\"}', 422, unsupported_media",
    "POST,   /api/v1/calls,             application/json,   '{\"receiver_id\":\"b\",\"timeouts\":{\"ring_timeout_ms\":1}}', 422, validation",
    "GET,    /api/v1/socket,            '',                 '',   400, malformed",
    "PUT,    /api/v1/users/bob,         application/json,   '{\"name\":\"Bob\"}', 403, forbidden",
    "POST,   /api/v1/dev/tokens,        application/json,   '{\"user_id\":\"x\"}', 404, not_found",
    "GET,    /api/v1/dev/users,         '',                 '',   404, not_found",
  })
  void isRefused(String method, String path, String type, String body, int status, String code) {
    var answer = node.client("eve").send(method, path, type, body);
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.code()).isEqualTo(code);
    assertThat(answer.header("Content-Type")).contains("application/problem+json");
    assertThat(answer.json().path("type").asText()).isEqualTo("/errors/" + code);
    assertThat(answer.json().path("request_id").asText()).isNotEmpty();
    assertThat(answer.header("X-Request-Id")).contains(answer.json().path("request_id").asText());
    assertThat(answer.body()).doesNotContain("io.carillon", "Exception");
  }

  @Test
  void aBodyOf64KiBIsReadAndOneByteMoreIsNot() {
    TestClient eve = node.client("eve");
    String json = "{\"x\":\"\"}";
    String fits = json.replace("\"\"", "\"" + "x".repeat(64 * 1024 - json.length()) + "\"");
    assertThat(eve.post("/api/v1/calls", fits).status()).isEqualTo(422);
    assertThat(eve.post("/api/v1/calls", fits + " ").status()).isEqualTo(413);
    assertThat(eve.get("/api/v1/calls/active").status()).isEqualTo(200);
  }

  @Test
  void anAllowHeaderNamesTheMethods() {
    assertThat(node.client("eve").send("DELETE", "/api/v1/calls", "", "").header("Allow"))
        .contains("GET, POST");
  }

  @Test
  void withoutAGoodCredentialNothingIsServed() {
    for (String authorization :
        List.of(
            "",
            "Bearer",
            "Bearer ",
            "Bearer a.b.c",
            "bearer " + node.token(TestNode.REALM, "eve", Duration.ofHours(1)) + "x",
            "Basic !!!",
            "Basic ZXZl",
            "Basic ZXZlOmtleQ==",
            "Negotiate abc",
            "Bearer " + "x".repeat(4000))) {
      var answer = new TestClient(node.url(), authorization).get("/api/v1/calls/active");
      assertThat(answer.status()).as(authorization).isEqualTo(401);
      assertThat(answer.code()).isEqualTo("unauthenticated");
      assertThat(answer.json().path("detail").asText()).isEqualTo("No valid credential.");
      assertThat(answer.header("WWW-Authenticate")).isPresent();
    }
    String old = node.token(TestNode.REALM, "eve", Duration.ofSeconds(-10));
    assertThat(new TestClient(node.url(), "Bearer " + old).get("/api/v1/calls/active").code())
        .isEqualTo("token_expired");
  }

  @Test
  void anApiKeyIsACredential() throws Exception {
    try (var database = node.database().open()) {
      var keys = new io.carillon.persistence.directory.ApiKeys(database);
      var user =
          new io.carillon.engine.identity.UserKey(
              new io.carillon.engine.identity.RealmId(TestNode.REALM),
              new io.carillon.engine.identity.UserId("kim"));
      assertThat(node.client("kim").get("/api/v1/calls/active").status()).isEqualTo(200);
      String key = keys.create(user, false, "test").toCompletableFuture().get().text();
      String basic =
          java.util.Base64.getEncoder()
              .encodeToString(("kim:" + key).getBytes(java.nio.charset.StandardCharsets.UTF_8));
      assertThat(new TestClient(node.url(), "Basic " + basic).get("/api/v1/config").status())
          .isEqualTo(200);
    }
  }

  @Test
  void aServicePutsUsersIntoTheDirectory() {
    var service = node.client(TestNode.REALM, "crm", Role.SERVICE);
    assertThat(
            service
                .send("PUT", "/api/v1/users/dana", "application/json", "{\"name\":\"Dana Scully\"}")
                .status())
        .isEqualTo(200);
    var placed = node.client("eve").post("/api/v1/calls", "{\"receiver_id\":\"dana\"}");
    assertThat(placed.json().path("call").path("receiver_name").asText()).isEqualTo("Dana Scully");
    node.client("eve").post("/api/v1/calls/end-all", "");
  }

  @Test
  void usersSetTheirLines() {
    TestClient dora = node.client("dora");
    var set =
        dora.send("PUT", "/api/v1/me/settings", "application/json", "{\"call_waiting\":\"busy\"}");
    assertThat(set.status()).isEqualTo(200);
    assertThat(dora.get("/api/v1/me/settings").json().path("call_waiting").asText())
        .isEqualTo("busy");
    assertThat(
            dora.send("PUT", "/api/v1/me/settings", "application/json", "{\"call_waiting\":\"x\"}")
                .json()
                .path("errors")
                .get(0)
                .path("pointer")
                .asText())
        .isEqualTo("/call_waiting");
    assertThat(
            dora.send("PUT", "/api/v1/me/blocks/mallory", "", "")
                .json()
                .path("blocks")
                .get(0)
                .asText())
        .isEqualTo("mallory");
    assertThat(dora.send("DELETE", "/api/v1/me/blocks/mallory", "", "").json().path("blocks"))
        .isEmpty();
  }

  @Test
  void everyErrorHasItsPage() {
    TestClient anyone = new TestClient(node.url(), "");
    for (var code : io.carillon.http.protocol.ErrorCode.values()) {
      assertThat(anyone.get("/errors/" + code.code()).body()).contains(code.advice());
    }
    assertThat(anyone.get("/errors/made_up").status()).isEqualTo(404);
  }

  @Test
  void theNodeTellsHowItIs() {
    TestClient anyone = new TestClient(node.url(), "");
    assertThat(anyone.get("/health/live").status()).isEqualTo(200);
    assertThat(anyone.get("/health/ready").json().path("status").asText()).isEqualTo("up");
    assertThat(anyone.get("/metrics").body()).contains("carillon_sockets_open", "carillon_shards");
  }

  @Test
  void pagesOfOthersGetNoAnswerTheyCouldRead() {
    TestClient eve = node.client("eve");
    var foreign = eve.send("OPTIONS", "/api/v1/calls", "", "", "Origin", "https://evil.example");
    assertThat(foreign.status()).isEqualTo(403);
    assertThat(foreign.header("Access-Control-Allow-Origin")).isEmpty();
    var own = eve.send("OPTIONS", "/api/v1/calls", "", "", "Origin", node.url());
    assertThat(own.status()).isEqualTo(204);
    assertThat(own.header("Access-Control-Allow-Origin")).contains(node.url());
  }

  @Test
  void theConfigurationTellsAClientWhatItNeeds() {
    var config = node.client("eve").get("/api/v1/config");
    assertThat(config.json().path("socket_url").asText())
        .isEqualTo(node.url().replace("http", "ws") + "/api/v1/socket");
    assertThat(config.json().path("heartbeat_ms").asLong()).isEqualTo(10_000);
  }
}
