package io.carillon.http.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.carillon.http.testnode.TestNode;
import org.junit.jupiter.api.Test;

/** How sockets end when there is too much of a client, or no more of the node. */
class FloodAndDrainTest {

  @Test
  void aFloodIsWarnedAndThenClosed() {
    try (var node =
            TestNode.start(
                "carillon.http.socket { messages-per-second = 1, burst = 10, rate-grace = 5 }");
        var device = node.device("fred", "f-1")) {
      for (int i = 0; i < 20; i++) {
        device.say("{\"type\":\"ping\"}");
      }
      JsonNode error = device.await("error").path("error");
      assertThat(error.path("code").asText()).isEqualTo("rate_limited");
      assertThat(error.path("retry_after_ms").asLong()).isPositive();
      JsonNode bye = device.await("disconnect");
      assertThat(bye.path("reason").asText()).isEqualTo("rate_limited");
      assertThat(device.closeCode()).isEqualTo(4103);
    }
  }

  @Test
  void aStoppingNodeSendsItsSocketsElsewhereAndTheCallGoesOn() {
    try (var node = TestNode.start();
        var a = node.device("ann", "laptop");
        var b = node.device("ben", "phone")) {
      String call =
          a.order("call.initiate", "\"receiver_id\":\"ben\"").path("call").path("call_id").asText();
      b.event("call_started", call);
      b.order("call.acknowledge", call, "");
      String cursor = b.cursor();
      node.restart();
      JsonNode bye = b.await("disconnect");
      assertThat(bye.path("code").asInt()).isEqualTo(4200);
      assertThat(bye.path("reconnect").asBoolean()).isTrue();
      assertThat(b.closeCode()).isEqualTo(4200);
      try (var again =
          io.carillon.http.testnode.TestDevice.connect(
              node,
              node.token(TestNode.REALM, "ben", java.time.Duration.ofHours(1)),
              "phone",
              cursor)) {
        assertThat(again.order("call.accept", call, "").path("ok").asBoolean()).isTrue();
      }
    }
  }
}
