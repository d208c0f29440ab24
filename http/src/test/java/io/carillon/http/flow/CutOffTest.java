package io.carillon.http.flow;

import static io.carillon.http.flow.Dialling.direct;
import static io.carillon.http.flow.Dialling.done;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import io.carillon.http.testnode.NodeProcess;
import io.carillon.http.testnode.RoamingDevice;
import io.carillon.http.testnode.TcpProxy;
import io.carillon.http.testnode.TestClient;
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

/** Nodes that no longer reach the database, one of them or all. */
class CutOffTest {
  /** A busy machine must not take a node for dead: these tests are not about that. */
  private static final String PATIENT =
      "pekko.cluster.failure-detector.acceptable-heartbeat-pause=15s";

  private static final Duration PATIENCE = Duration.ofSeconds(40);

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  private NodeProcess launch(int number, Config database) {
    return NodeProcess.launch(
        directory.resolve("node-" + number), NodeProcess.member(number, database, PATIENT));
  }

  @Test
  void aNodeCutOffFromTheDatabaseLeavesAndItsCallsGoOnElsewhere() {
    Config database = TestDatabase.fresh().location();
    try (TcpProxy proxy = new TcpProxy(TestDatabase.server().port());
        NodeProcess cutOff = launch(1, proxy.before(database));
        NodeProcess other = launch(2, database)) {
      cutOff.awaitReady();
      other.awaitReady();
      List<String> urls = List.of(cutOff.url(), other.url());
      List<RoamingDevice> callees = new ArrayList<>();
      List<String> calls = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        RoamingDevice b =
            new RoamingDevice(urls, Tokens.of("bob-" + i), "bob-phone-" + i, PATIENCE);
        TestDevice a = TestDevice.connect(other.url(), Tokens.of("al-" + i), "al-" + i, "");
        String call = direct(a, "bob-" + i);
        b.event("call_started", call);
        callees.add(b);
        calls.add(call);
      }
      long since = System.nanoTime();
      proxy.cut();
      for (int i = 0; i < calls.size(); i++) {
        done(callees.get(i).order("call.accept", "\"call_id\":\"" + calls.get(i) + "\""));
      }
      System.out.printf(
          "cut off from the database: every call accepted elsewhere after %d ms%n",
          (System.nanoTime() - since) / 1_000_000);
      assertThat(cutOff.exitCode(PATIENCE)).isEqualTo(1);
      System.out.printf("and the node gone after %d ms%n", (System.nanoTime() - since) / 1_000_000);
      assertThat(cutOff.logged()).contains("cut off from the database and leaves");
      assertThat(other.isReady()).isTrue();
      callees.forEach(RoamingDevice::close);
    }
  }

  @Test
  void whereTheDatabaseIsGoneForEverybodyNobodyLeavesAndCallsCanBePlacedSoonAfter() {
    Config database = TestDatabase.fresh().location();
    try (TcpProxy proxy = new TcpProxy(TestDatabase.server().port());
        NodeProcess one = launch(1, proxy.before(database));
        NodeProcess two = launch(2, proxy.before(database))) {
      one.awaitReady();
      two.awaitReady();
      TestClient rest = new TestClient(one.url(), "Bearer " + Tokens.of("ann"));
      String order = "{\"receiver_id\":\"ben\",\"call_type\":\"audio\"}";
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> rest.post("/api/v1/calls", order).status() == 201);
      proxy.cut();
      TestClient.Answer refused = rest.post("/api/v1/calls", order);
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.header("Retry-After")).isPresent();
      for (NodeProcess node : List.of(one, two)) {
        Awaitility.await()
            .atMost(PATIENCE)
            .until(() -> node.logged().contains("did not answer 6 times"));
        assertThat(node.isReady()).isFalse();
      }
      proxy.heal();
      long since = System.nanoTime();
      Awaitility.await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(20))
          .until(() -> rest.post("/api/v1/calls", order).status() == 201);
      System.out.printf(
          "database back: a call placed after %d ms%n", (System.nanoTime() - since) / 1_000_000);
      for (NodeProcess node : List.of(one, two)) {
        node.awaitReady();
        assertThat(node.logged()).doesNotContain("leaves the cluster");
      }
    }
  }
}
