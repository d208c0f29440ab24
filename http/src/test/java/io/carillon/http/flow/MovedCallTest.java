package io.carillon.http.flow;

import static io.carillon.http.flow.Dialling.done;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.carillon.http.testnode.NodeProcess;
import io.carillon.http.testnode.TestClient;
import io.carillon.http.testnode.TestDevice;
import io.carillon.http.testnode.Tokens;
import io.carillon.persistence.testdatabase.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of two nodes one is sent away: calls that ring move to the other, and go on by themselves. */
class MovedCallTest {
  /** Some live on either node. */
  private static final int CALLS = 24;

  /** How long after the advertised deadline an accept still wins. */
  private static final Duration GRACE = Duration.ofSeconds(2);

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  @Test
  void ringsThatMovedEndInTimeAlthoughNobodySpeaksToThem() {
    List<NodeProcess> nodes =
        NodeProcess.cluster(
            directory,
            TestDatabase.fresh().location(),
            2,
            // Who looks for calls that sleep past their time does not find these.
            "carillon.engine.sweep-interval=1 h",
            "carillon.calls.ring-timeout=15 s");
    try {
      NodeProcess left = nodes.getFirst();
      Map<String, TestDevice> ringing = new LinkedHashMap<>();
      Map<String, Instant> deadlines = new HashMap<>();
      for (int i = 0; i < CALLS; i++) {
        TestDevice callee = device(left, "callee-" + i);
        String call = ring(nodes.getLast(), "callee-" + i);
        callee.event("call_started", call);
        String until =
            done(callee.order("call.acknowledge", call, "")).path("ring_deadline").asText();
        deadlines.put(call, Instant.parse(until));
        ringing.put(call, callee);
      }
      nodes.getLast().terminate();
      assertThat(nodes.getLast().exitCode(Duration.ofSeconds(40))).isIn(0, 143);
      ringing.forEach(
          (call, callee) -> {
            JsonNode ended = callee.event("call_ended", call, Duration.ofSeconds(20));
            assertThat(ended.path("state").asText()).isEqualTo("missed");
            Instant due = deadlines.getOrDefault(call, Instant.MIN).plus(GRACE);
            Instant end = Instant.parse(ended.path("call").path("ended_at").asText());
            assertThat(end).isBetween(due, due.plusSeconds(1));
          });
    } finally {
      nodes.forEach(NodeProcess::close);
    }
  }

  /** Without a socket of the caller's, whose loss would be another reason to end. */
  private static String ring(NodeProcess node, String callee) {
    TestClient caller = new TestClient(node.url(), "Bearer " + Tokens.of("caller-of-" + callee));
    TestClient.Answer placed = caller.post("/api/v1/calls", "{\"receiver_id\":\"" + callee + "\"}");
    assertThat(placed.status()).as(placed.body()).isEqualTo(201);
    return placed.json().path("call_id").asText();
  }

  private static TestDevice device(NodeProcess node, String user) {
    return TestDevice.connect(node.url(), Tokens.of(user), user + "-phone", "");
  }
}
