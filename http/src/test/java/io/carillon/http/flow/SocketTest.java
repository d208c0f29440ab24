package io.carillon.http.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.carillon.http.testnode.TestDevice;
import io.carillon.http.testnode.TestNode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a socket admits, bounds and survives. */
class SocketTest {
  private static final TestNode node =
      TestNode.start(
          """
          carillon.http.socket { hello-timeout = 500 ms, messages-per-second = 1000, burst = 1000 }
          carillon.http.allowed-origins = ["https://app.example.org", "http://localhost:*"]
          """);

  private static final Duration HOUR = Duration.ofHours(1);

  @AfterAll
  static void stop() {
    node.close();
  }

  private static String token(String user) {
    return node.token(TestNode.REALM, user, HOUR);
  }

  @Test
  void helloOpensASocketThatCameWithoutACredential() {
    try (var device = TestDevice.open(node, "", "", "x")) {
      device.say(
          "{\"type\":\"hello\",\"token\":\""
              + token("helen")
              + "\",\"device_id\":\"h-1\",\"platform\":\"web\"}");
      JsonNode ack = device.await("connection.ack");
      assertThat(ack.path("user_id").asText()).isEqualTo("helen");
      assertThat(ack.path("device_id").asText()).isEqualTo("h-1");
      assertThat(ack.path("heartbeat_ms").asLong()).isEqualTo(10_000);
      assertThat(ack.path("recovered").asBoolean()).isFalse();
    }
  }

  @Test
  void aSilentSocketIsClosed() {
    try (var device = TestDevice.open(node, "", "", "x")) {
      assertThat(device.await("disconnect").path("code").asInt()).isEqualTo(4001);
      assertThat(device.closeCode()).isEqualTo(4001);
    }
  }

  @Test
  void aBadTokenInHelloIsNotExplained() {
    try (var device = TestDevice.open(node, "", "", "x")) {
      device.say("{\"type\":\"hello\",\"token\":\"a.b.c\"}");
      JsonNode error = device.await("error").path("error");
      assertThat(error.path("code").asText()).isEqualTo("unauthenticated");
      assertThat(error.path("detail").asText()).isEqualTo("No valid credential.");
      assertThat(device.closeCode()).isEqualTo(4001);
    }
  }

  @Test
  void ordersBeforeTheHelloAreRefused() {
    try (var device = TestDevice.open(node, "", "", "x")) {
      JsonNode reply = device.order("call.initiate", "\"receiver_id\":\"bob\"");
      assertThat(reply.path("error").path("code").asText()).isEqualTo("unauthenticated");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"token", "access_token", "jwt"})
  void aTokenInTheUrlIsRefused(String name) {
    assertThat(TestDevice.refusal(node, "?" + name + "=" + token("alice"))).isEqualTo(400);
  }

  @Test
  void foreignPagesMayNotOpenSockets() {
    String authorization = "Bearer " + token("alice");
    for (String origin :
        List.of("https://evil.example", "null", "https://app.example.org.evil.example")) {
      assertThat(TestDevice.refusal(node, "", "Authorization", authorization, "Origin", origin))
          .as(origin)
          .isEqualTo(403);
    }
    for (String origin : List.of("https://app.example.org", "http://localhost:5173", node.url())) {
      assertThat(TestDevice.refusal(node, "", "Authorization", authorization, "Origin", origin))
          .as(origin)
          .isEqualTo(101);
    }
    assertThat(TestDevice.refusal(node, "", "Authorization", "Bearer x.y.z")).isEqualTo(401);
  }

  @Test
  void aTicketOpensOneSocket() {
    var bought = node.client("tina").post("/api/v1/tickets", "{\"device_id\":\"browser\"}");
    assertThat(bought.json().path("expires_in_ms").asLong()).isEqualTo(30_000);
    String query = "?ticket=" + bought.json().path("ticket").asText();
    try (var device = TestDevice.open(node, "", query, "browser")) {
      JsonNode ack = device.await("connection.ack");
      assertThat(ack.path("user_id").asText()).isEqualTo("tina");
      assertThat(ack.path("device_id").asText()).isEqualTo("browser");
    }
    assertThat(TestDevice.refusal(node, query)).isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "garbage",
        "[]",
        "{}",
        "{\"type\":\"call.explode\"}",
        "{\"type\":\"ping\",\"type\":\"ping\"}",
        "{\"type\":\"call.accept\"}"
      })
  void garbageIsAnsweredAndTheSocketStaysOpen(String garbage) {
    try (var device = node.device("gary", "g-1")) {
      device.say(garbage);
      JsonNode error = device.await("error").path("error");
      assertThat(error.path("code").asText()).isIn("malformed", "validation");
      assertThat(error.path("type").asText()).startsWith("/errors/");
      device.settle();
    }
  }

  @Test
  void aRefusedCommandIsAnsweredUnderItsId() {
    try (var device = node.device("gary", "g-2")) {
      JsonNode reply = device.order("call.status", "\"call_id\":\"x\",\"status\":\"asleep\"");
      assertThat(reply.path("ok").asBoolean()).isFalse();
      assertThat(reply.path("error").path("errors").get(0).path("pointer").asText())
          .isEqualTo("/status");
    }
  }

  private static String padded(int bytes) {
    String frame = "{\"type\":\"ping\",\"pad\":\"\"}";
    return frame.replace("\"\"", "\"" + "x".repeat(bytes - frame.length()) + "\"");
  }

  @Test
  void aMessageOf64KiBIsReadAndOneByteMoreIsNot() {
    try (var device = node.device("lars", "l-1")) {
      device.say(padded(64 * 1024));
      device.await("pong");
      device.say(padded(64 * 1024 + 1));
      assertThat(device.await("error").path("error").path("code").asText())
          .isEqualTo("payload_too_large");
      assertThat(device.closeCode()).isEqualTo(1009);
    }
  }

  @Test
  void fragmentsAreCountedTogether() {
    try (var device = node.device("lars", "l-2")) {
      String whole = padded(64 * 1024);
      device.sayInFragments(
          whole.substring(0, 1), whole.substring(1, 40_000), whole.substring(40_000));
      device.await("pong");
      device.sayInFragments("{\"pad\":\"" + "x".repeat(40_000), "x".repeat(40_000));
      assertThat(device.closeCode()).isEqualTo(1009);
    }
  }

  @Test
  void aMessageOfManyFragmentsIsRefused() {
    try (var device = node.device("lars", "l-3")) {
      String[] parts = new String[65];
      java.util.Arrays.fill(parts, " ");
      device.sayInFragments(parts);
      assertThat(device.closeCode()).isEqualTo(1009);
    }
  }

  @Test
  void binaryMessagesAreRefused() {
    try (var device = node.device("lars", "l-4")) {
      device.sayBinary(new byte[] {1, 2, 3});
      assertThat(device.closeCode()).isEqualTo(1003);
    }
  }

  @Test
  void aSecondSocketOfADeviceReplacesTheFirst() {
    try (var first = node.device("rita", "phone");
        var second = node.device("rita", "phone")) {
      JsonNode bye = first.await("disconnect");
      assertThat(bye.path("code").asInt()).isEqualTo(4005);
      assertThat(bye.path("reason").asText()).isEqualTo("replaced");
      assertThat(bye.path("reconnect").asBoolean()).isFalse();
      assertThat(first.closeCode()).isEqualTo(4005);
      second.settle();
    }
  }

  @Test
  void anExpiringTokenIsToldAndThenEndsTheSocket() {
    String token = node.token(TestNode.REALM, "erin", Duration.ofSeconds(3));
    try (var device = TestDevice.connect(node, token, "e-1", "")) {
      assertThat(device.await("auth.expiring").path("expires_in_ms").asLong()).isBetween(0L, 3000L);
      assertThat(device.closeCode()).isEqualTo(4202);
    }
  }

  @Test
  void aRefreshedTokenKeepsTheSocketOpen() {
    String token = node.token(TestNode.REALM, "erin", Duration.ofSeconds(2));
    try (var device = TestDevice.connect(node, token, "e-2", "")) {
      device.say("{\"type\":\"auth.refresh\",\"token\":\"" + token("mallory") + "\"}");
      assertThat(device.await("error").path("error").path("code").asText())
          .isEqualTo("unauthenticated");
      device.say("{\"type\":\"auth.refresh\",\"token\":\"" + token("erin") + "\"}");
      try (var other =
          TestDevice.connect(
              node, node.token(TestNode.REALM, "erin", Duration.ofSeconds(2)), "e-3", "")) {
        // The socket with the same end, not refreshed, is gone; this one is not.
        assertThat(other.closeCode()).isEqualTo(4202);
      }
      device.settle();
    }
  }

  @Test
  void whatWasMissedIsToldOnReturn() {
    try (var a = node.device("ann", "laptop")) {
      String cursor;
      String missed;
      try (var b = node.device("ben", "phone")) {
        b.settle();
        cursor = b.cursor();
      }
      missed =
          a.order("call.initiate", "\"receiver_id\":\"ben\"").path("call").path("call_id").asText();
      a.order("call.cancel", missed, "");
      try (var b = TestDevice.connect(node, token("ben"), "phone", cursor)) {
        JsonNode ended = b.event("call_ended", missed);
        assertThat(ended.path("catchup").asBoolean()).isTrue();
        assertThat(ended.path("state").asText()).isEqualTo("cancelled");
        b.await("catchup.done");
      }
    }
  }
}
