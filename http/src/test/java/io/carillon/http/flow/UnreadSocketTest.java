package io.carillon.http.flow;

import com.fasterxml.jackson.databind.JsonNode;
import io.carillon.http.testnode.SlowReader;
import io.carillon.http.testnode.TestDevice;
import io.carillon.http.testnode.TestNode;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * A device that says something now and then and reads nothing: it costs what is bounded, and goes.
 */
class UnreadSocketTest {
  private static final TestNode node = TestNode.start();

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void theConnectionOfWhoDoesNotReadIsCut() {
    String token = node.token(TestNode.REALM, "bob", Duration.ofHours(1));
    try (TestDevice alice = node.device("alice", "laptop");
        SlowReader bob = SlowReader.open(SlowReader.Kind.SOCKET, node, token, "phone", "")) {
      JsonNode placed = alice.order("call.initiate", "\"receiver_id\":\"bob\"");
      String call = placed.path("call").path("call_id").asText();
      node.client("bob").post("/api/v1/calls/" + call + "/accept", "{\"device_id\":\"phone\"}");
      alice.event("call_accepted", call);
      String offer =
          "{\"type\":\"call.offer\",\"call_id\":\""
              + call
              + "\",\"offer\":{\"type\":\"offer\",\"sdp\":\""
              + "a".repeat(48_000)
              + "\"}}";
      // What the machine buffers has to be full too, before the node notices.
      Awaitility.await("the end of the connection")
          .atMost(Duration.ofMinutes(1))
          .pollInterval(Duration.ofMillis(50))
          .until(
              () -> {
                alice.say(offer);
                return bob.isCut();
              });
    }
  }
}
