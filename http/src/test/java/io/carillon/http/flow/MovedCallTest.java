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
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of two nodes one is sent away: calls that ring move to the other, and go on by themselves. */
class MovedCallTest {
  /** So many that of some both sessions live on the node that stays, and wake nothing. */
  private static final int CALLS = 24;

  /** How long after the advertised deadline an accept still wins. */
  private static final Duration GRACE = Duration.ofSeconds(2);

  private record Ring(String call, TestDevice callee, Instant due) {}

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
      NodeProcess leaving = nodes.getLast();
      List<Ring> ringing = new ArrayList<>();
      for (int i = 0; i < CALLS; i++) {
        ringing.add(ring(leaving, left, "callee-" + i));
      }
      leaving.terminate();
      assertThat(leaving.exitCode(Duration.ofSeconds(40))).isIn(0, 143);
      for (Ring ring : ringing) {
        JsonNode ended = ring.callee.event("call_ended", ring.call, Duration.ofSeconds(20));
        assertThat(ended.path("state").asText()).isEqualTo("missed");
        Instant end = Instant.parse(ended.path("call").path("ended_at").asText());
        assertThat(end).isBetween(ring.due, ring.due.plusSeconds(1));
      }
    } finally {
      nodes.forEach(NodeProcess::close);
    }
  }

  private static Ring ring(NodeProcess callers, NodeProcess callees, String name) {
    TestDevice callee = TestDevice.connect(callees.url(), Tokens.of(name), name + "-phone", "");
    TestClient.Answer placed = Dialling.ring(callers, name);
    assertThat(placed.status()).as(placed.body()).isEqualTo(201);
    String call = placed.json().path("call_id").asText();
    callee.event("call_started", call);
    String until = done(callee.order("call.acknowledge", call, "")).path("ring_deadline").asText();
    return new Ring(call, callee, Instant.parse(until).plus(GRACE));
  }
}
