package io.carillon.http.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.carillon.http.auth.Role;
import io.carillon.http.testnode.NodeProcess;
import io.carillon.http.testnode.RoamingDevice;
import io.carillon.http.testnode.TestClient;
import io.carillon.http.testnode.Tokens;
import io.carillon.persistence.testdatabase.TestDatabase;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every node of a cluster is sent away and started again while people call each other: nobody gets
 * an error, and every ring is heard, answered and ended.
 *
 * <p>Clients do what a load balancer and our own client do: where no node takes a connection they
 * try another, and what was not answered when a connection closed they send again under its key.
 */
class RollingRestartTest {
  private static final int NODES = 3;
  private static final int PAIRS = 8;

  /** Long enough for a slow machine; what it took is printed. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final Executor THREADS = Executors.newVirtualThreadPerTaskExecutor();

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  private final AtomicBoolean enough = new AtomicBoolean();
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicLong slowest = new AtomicLong();

  @Test
  void everyNodeIsRestartedUnderLoadWithNoFailedRequestAndNoLostRing() {
    List<NodeProcess> nodes =
        NodeProcess.cluster(
            directory,
            TestDatabase.fresh().location(),
            NODES,
            "carillon.engine.limits.initiates-per-minute=0",
            // A busy machine must not take a node for dead: this test is not about that.
            "pekko.cluster.failure-detector.acceptable-heartbeat-pause=15s");
    List<String> urls = nodes.stream().map(NodeProcess::url).toList();
    try {
      List<Pair> pairs = new ArrayList<>();
      for (int i = 0; i < PAIRS; i++) {
        pairs.add(new Pair(urls, i));
      }
      List<CompletableFuture<Void>> talking =
          pairs.stream()
              .map(pair -> CompletableFuture.runAsync(pair::callUntilEnough, THREADS))
              .toList();
      for (NodeProcess node : nodes) {
        int before = calls.get();
        if (node == nodes.getFirst()) {
          drain(node);
        } else {
          node.terminate();
        }
        assertThat(node.exitCode(Duration.ofSeconds(40))).isIn(0, 143);
        node.startAgain();
        assertThat(calls.get()).as("calls while one node was away").isGreaterThan(before);
      }
      enough.set(true);
      talking.forEach(CompletableFuture::join);
      int returns = pairs.stream().mapToInt(Pair::returns).sum();
      assertThat(returns).as("devices that were sent elsewhere").isGreaterThan(PAIRS);
      System.out.printf(
          "rolling restart: %d calls, %d returns, %d orders sent again, slowest step %d ms%n",
          calls.get(),
          returns,
          pairs.stream().mapToInt(Pair::resent).sum(),
          slowest.get() / 1_000_000);
    } finally {
      enough.set(true);
      nodes.forEach(NodeProcess::close);
    }
  }

  private static void drain(NodeProcess node) {
    String operator = Tokens.of("operator", Role.OPERATOR);
    TestClient.Answer answer =
        new TestClient(node.url(), "Bearer " + operator).post("/api/v1/admin/node/drain", "");
    assertThat(answer.status()).isEqualTo(202);
  }

  /** Two users who call each other again and again. */
  private final class Pair {
    private final List<String> urls;
    private final String caller;
    private final String callee;
    private final RoamingDevice a;
    private final RoamingDevice b;

    Pair(List<String> urls, int number) {
      this.urls = urls;
      this.caller = "caller-" + number;
      this.callee = "callee-" + number;
      this.a = new RoamingDevice(urls, Tokens.of(caller), "laptop", PATIENCE);
      this.b = new RoamingDevice(urls, Tokens.of(callee), "phone", PATIENCE);
    }

    int returns() {
      return a.returns() + b.returns();
    }

    int resent() {
      return a.resent() + b.resent();
    }

    void callUntilEnough() {
      while (!enough.get()) {
        callOnce();
        calls.incrementAndGet();
      }
      a.close();
      b.close();
    }

    private void callOnce() {
      String call =
          timed(() -> a.order("call.initiate", "\"receiver_id\":\"" + callee + "\""))
              .path("call")
              .path("call_id")
              .asText();
      String about = "\"call_id\":\"" + call + "\"";
      b.event("call_started", call);
      timed(() -> b.order("call.acknowledge", about));
      a.event("participant_ringing", call);
      timed(() -> b.order("call.accept", about));
      a.event("call_accepted", call);
      assertThat(state(call)).isEqualTo("accepted");
      timed(() -> a.order("call.end", about));
      b.event("call_ended", call);
      a.event("call_ended", call);
    }

    private JsonNode timed(Supplier<JsonNode> step) {
      long since = System.nanoTime();
      JsonNode reply = step.get();
      slowest.accumulateAndGet(System.nanoTime() - since, Math::max);
      assertThat(reply.path("ok").asBoolean()).as(reply.toString()).isTrue();
      return reply;
    }

    /** Over REST, on any node that takes the connection. */
    private String state(String call) {
      for (int tries = 0; ; tries++) {
        String url = urls.get(ThreadLocalRandom.current().nextInt(urls.size()));
        try {
          TestClient.Answer answer =
              new TestClient(url, "Bearer " + Tokens.of(caller)).get("/api/v1/calls/" + call);
          assertThat(answer.status()).as(answer.body()).isEqualTo(200);
          return answer.json().path("call").path("state").asText();
        } catch (UncheckedIOException noConnection) {
          assertThat(tries).isLessThan(1000);
        }
      }
    }
  }
}
