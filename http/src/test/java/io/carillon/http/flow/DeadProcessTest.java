package io.carillon.http.flow;

import static io.carillon.http.flow.Dialling.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.http.testnode.NodeProcess;
import io.carillon.http.testnode.TestDevice;
import io.carillon.http.testnode.Tokens;
import io.carillon.persistence.testdatabase.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nodes that die are given up for their ports refusing connections, in clusters that notice them by
 * nothing else.
 */
class DeadProcessTest {
  private static final String[] SETTINGS = {
    "pekko.cluster.failure-detector.acceptable-heartbeat-pause=10 minutes",
    "pekko.cluster.split-brain-resolver.stable-after=10 minutes",
    "pekko.cluster.split-brain-resolver.down-all-when-unstable=off",
    "carillon.calls.ring-timeout=2 minutes",
  };

  private record Ring(String call, TestDevice callee) {
    void accept() {
      done(callee.order("call.accept", call, ""));
    }
  }

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  @Test
  void oneAfterTheOtherUntilOneIsLeft() {
    List<NodeProcess> nodes = cluster();
    try {
      NodeProcess left = nodes.getFirst();
      List<Ring> rings = new ArrayList<>();
      nodes.forEach(node -> rings.add(ring(node, left, "callee-" + rings.size())));
      nodes.get(2).kill();
      rings.get(2).accept();
      // A majority of two is both; it may go on alone all the same.
      nodes.get(1).kill();
      rings.get(1).accept();
      rings.get(0).accept();
    } finally {
      nodes.forEach(NodeProcess::close);
    }
  }

  @Test
  void notOneThatStandsStillAtTheSameTime() {
    List<NodeProcess> nodes = cluster();
    try {
      NodeProcess left = nodes.getFirst();
      NodeProcess still = nodes.get(1);
      Ring ofStill = ring(still, left, "callee-1");
      Ring ofDead = ring(nodes.get(2), left, "callee-2");
      still.signal("STOP");
      nodes.get(2).kill();
      Awaitility.await("the dead one to be noticed")
          .atMost(Duration.ofSeconds(30))
          .until(() -> left.logged().contains("is silent and refuses connections"));
      still.signal("CONT");
      ofDead.accept();
      ofStill.accept();
      assertThat(still.isReady()).isTrue();
    } finally {
      nodes.forEach(NodeProcess::close);
    }
  }

  private List<NodeProcess> cluster() {
    return NodeProcess.cluster(directory, TestDatabase.fresh().location(), 3, SETTINGS);
  }

  /** A call that lives on a node and rings somebody at another. */
  private static Ring ring(NodeProcess home, NodeProcess callees, String callee) {
    TestDevice phone = TestDevice.connect(callees.url(), Tokens.of(callee), callee + "-phone", "");
    return new Ring(Dialling.ringAt(home, phone, callee), phone);
  }
}
