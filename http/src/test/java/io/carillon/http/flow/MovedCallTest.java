package io.carillon.http.flow;

import static io.carillon.http.flow.Dialling.done;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.Config;
import io.carillon.http.testnode.NodeProcess;
import io.carillon.http.testnode.TestDevice;
import io.carillon.http.testnode.Tokens;
import io.carillon.persistence.testdatabase.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node joins: calls that ring move to it, and go on by themselves. */
class MovedCallTest {
  /** So many that some move whose callee's session stays: nobody else wakes those. */
  private static final int CALLS = 24;

  /** How long after the advertised deadline an accept still wins. */
  private static final Duration GRACE = Duration.ofSeconds(2);

  private static final String[] SETTINGS = {
    // Who looks for calls that sleep past their time does not find these.
    "carillon.engine.sweep-interval=1 h",
    "carillon.calls.ring-timeout=40 s",
    "pekko.cluster.sharding.rebalance-interval=1s",
  };

  private record Ring(String call, TestDevice callee, Instant due) {}

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  @Test
  void ringsThatMovedEndInTimeAlthoughNobodySpeaksToThem() {
    Config database = TestDatabase.fresh().location();
    try (NodeProcess first = launch(1, database)) {
      first.awaitReady();
      try (NodeProcess joining = launch(2, database)) {
        List<Ring> ringing = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
          ringing.add(ring(first, "callee-" + i));
        }
        joining.awaitReady();
        Awaitility.await("half the calls to move")
            .atMost(Duration.ofSeconds(30))
            .until(() -> joining.metric("carillon_shards") >= first.metric("carillon_shards"));
        assertThat(Instant.now()).as("they moved while they rang").isBefore(ringing.getFirst().due);
        for (Ring ring : ringing) {
          JsonNode ended = ring.callee.event("call_ended", ring.call, Duration.ofSeconds(60));
          assertThat(ended.path("state").asText()).isEqualTo("missed");
          Instant end = Instant.parse(ended.path("call").path("ended_at").asText());
          assertThat(end).isBetween(ring.due, ring.due.plusSeconds(1));
        }
      }
    }
  }

  private NodeProcess launch(int number, Config database) {
    return NodeProcess.launch(
        directory.resolve("node-" + number), NodeProcess.member(number, database, SETTINGS));
  }

  private static Ring ring(NodeProcess node, String name) {
    TestDevice callee = TestDevice.connect(node.url(), Tokens.of(name), name + "-phone", "");
    String call = Dialling.ringAt(node, callee, name);
    String until = done(callee.order("call.acknowledge", call, "")).path("ring_deadline").asText();
    return new Ring(call, callee, Instant.parse(until).plus(GRACE));
  }
}
