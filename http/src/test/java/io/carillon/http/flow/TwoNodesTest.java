package io.carillon.http.flow;

import static io.carillon.http.flow.Dialling.direct;
import static io.carillon.http.flow.Dialling.done;
import static io.carillon.http.flow.Dialling.user;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.carillon.http.testnode.TestClient;
import io.carillon.http.testnode.TestDevice;
import io.carillon.http.testnode.TestNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Two nodes on one database that started at the same instant, and calls between them. */
class TwoNodesTest {
  private static final List<TestNode> nodes =
      TestNode.startTwo("carillon.engine.limits.initiates-per-minute = 0");
  private static final TestNode one = nodes.getFirst();
  private static final TestNode two = nodes.getLast();

  /** Pairs of users who call each other at the same time as other pairs do. */
  private static final int PAIRS = 6;

  /** How often two call each other; more by {@code -Dglare.trials}. */
  private static final int TRIALS = Integer.getInteger("glare.trials", 300);

  /** How often a request that got no answer in time is sent again. */
  private static final int TRIES = 5;

  /**
   * The common pool has one thread on a small machine: who waits there keeps the others waiting.
   */
  private static final Executor THREADS = Executors.newVirtualThreadPerTaskExecutor();

  @AfterAll
  static void stop() {
    nodes.forEach(TestNode::close);
  }

  @Test
  void aCallBetweenDevicesOnDifferentNodesRingsCarriesMediaAndEnds() {
    String bob = user("bob");
    try (TestDevice a = one.device(user("alice"), "laptop");
        TestDevice b = two.device(bob, "phone")) {
      String call = direct(a, bob);
      b.event("call_started", call);
      done(b.order("call.acknowledge", call, ""));
      a.event("participant_ringing", call);
      done(b.order("call.accept", call, ""));
      a.event("call_accepted", call);
      JsonNode offered =
          a.order("call.offer", call, "\"offer\":{\"type\":\"offer\",\"sdp\":\"v=0\"}");
      assertThat(offered.path("ok").asBoolean()).isTrue();
      b.await("call.offer");
      assertThat(
              two.client(bob)
                  .get("/api/v1/calls/" + call)
                  .json()
                  .path("call")
                  .path("state")
                  .asText())
          .isEqualTo("accepted");
      done(b.order("call.end", call, ""));
      a.event("call_ended", call);
    }
  }

  @Test
  void twoWhoCallEachOtherThroughDifferentNodesAlwaysShareOneCall() {
    int before = storedCalls();
    List<CompletableFuture<Void>> pairs = new ArrayList<>();
    for (int i = 0; i < PAIRS; i++) {
      int trials = TRIALS / PAIRS;
      pairs.add(CompletableFuture.runAsync(() -> new Pair().cross(trials), THREADS));
    }
    pairs.forEach(CompletableFuture::join);
    assertThat(storedCalls() - before).isEqualTo(TRIALS / PAIRS * PAIRS);
  }

  private static int storedCalls() {
    return Integer.parseInt(
        one.database()
            .query("SELECT count(DISTINCT persistence_id) FROM event_journal")
            .getFirst());
  }

  /** Two users, one on each node. */
  private static final class Pair {
    private final String alice = user("alice");
    private final String bob = user("bob");
    private final TestDevice a = one.device(alice, "laptop");
    private final TestDevice b = two.device(bob, "phone");
    private final TestClient rest = two.client(bob);

    void cross(int trials) {
      Set<String> calls = new HashSet<>();
      for (int i = 0; i < trials; i++) {
        String key = "\"idempotency_key\":\"" + user("trial") + "\"";
        boolean overRest = i % 2 == 1;
        CompletableFuture<JsonNode> first =
            CompletableFuture.supplyAsync(() -> bySocket(a, bob, key), THREADS);
        JsonNode second = overRest ? byRest(key) : bySocket(b, alice, key);
        String call = done(first.join()).path("call_id").asText();
        assertThat(second.path("call").path("call_id").asText()).isEqualTo(call);
        // Exactly one of the two was told that theirs became the other's.
        assertThat(first.join().path("glare").asBoolean())
            .isNotEqualTo(second.path("glare").asBoolean());
        calls.add(call);
        done(a.order("call.end", call, ""));
        b.event("call_ended", call);
        a.event("call_ended", call);
      }
      assertThat(calls).hasSize(trials);
      Set<String> heardOf = new HashSet<>();
      List<String> rings = new ArrayList<>();
      for (TestDevice device : List.of(a, b)) {
        for (JsonNode frame : device.frames()) {
          if (frame.path("type").asText().equals("call_event")) {
            heardOf.add(frame.path("call_id").asText());
          }
          if (frame.path("event_type").asText().equals("call_started")) {
            rings.add(frame.path("call_id").asText());
          }
        }
      }
      assertThat(heardOf).isEqualTo(calls);
      assertThat(rings).doesNotHaveDuplicates();
      a.close();
      b.close();
    }

    /** Asks again, as every client does, while nobody can say what became of the request. */
    private static JsonNode bySocket(TestDevice from, String to, String key) {
      JsonNode reply = from.order("call.initiate", "\"receiver_id\":\"" + to + "\"," + key);
      for (int i = 0; i < TRIES && reply.path("error").path("retryable").asBoolean(); i++) {
        reply = from.order("call.initiate", "\"receiver_id\":\"" + to + "\"," + key);
      }
      done(reply);
      return reply;
    }

    private JsonNode byRest(String key) {
      String body = "{\"receiver_id\":\"" + alice + "\",\"device_id\":\"phone\"," + key + "}";
      TestClient.Answer answer = rest.post("/api/v1/calls", body);
      for (int i = 0; i < TRIES && answer.status() == 503; i++) {
        answer = rest.post("/api/v1/calls", body);
      }
      assertThat(answer.status()).as(answer.body()).isIn(200, 201);
      return answer.json();
    }
  }
}
