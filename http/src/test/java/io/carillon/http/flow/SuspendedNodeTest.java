package io.carillon.http.flow;

import static io.carillon.http.flow.Dialling.direct;
import static io.carillon.http.flow.Dialling.done;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.carillon.http.testnode.NodeProcess;
import io.carillon.http.testnode.RoamingDevice;
import io.carillon.http.testnode.TestDevice;
import io.carillon.http.testnode.Tokens;
import io.carillon.persistence.testdatabase.TestDatabase;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that was stopped for longer than the others wait says nothing old when it goes on. */
class SuspendedNodeTest {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private static final int TRIES = 5;

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  @Test
  void aNodeThatWasStoppedAnswersNothingWhenItGoesOnAndLeaves() {
    List<NodeProcess> nodes =
        NodeProcess.cluster(
            directory,
            TestDatabase.fresh().location(),
            2,
            // Long enough for a busy machine, short enough to wait for.
            "pekko.cluster.failure-detector.acceptable-heartbeat-pause=4s");
    NodeProcess stopped = nodes.getFirst();
    NodeProcess other = nodes.getLast();
    try {
      List<String> calls = new ArrayList<>();
      List<RoamingDevice> callees = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        TestDevice a = TestDevice.connect(other.url(), Tokens.of("al-" + i), "al-" + i, "");
        callees.add(
            new RoamingDevice(List.of(other.url()), Tokens.of("bo-" + i), "bo-" + i, PATIENCE));
        calls.add(direct(a, "bo-" + i));
        callees.getLast().event("call_started", calls.getLast());
      }
      TestDevice left = TestDevice.connect(stopped.url(), Tokens.of("cy"), "cy-phone", "");
      stopped.signal("STOP");
      for (int i = 0; i < calls.size(); i++) {
        // Some of these calls may have lived on the stopped node.
        done(accepted(callees.get(i), calls.get(i)));
      }
      Awaitility.await("the end of the others' patience")
          .atMost(PATIENCE)
          .until(() -> other.logged().contains("is downing"));
      List<CompletableFuture<Integer>> asked = new ArrayList<>();
      for (int i = 0; i < calls.size(); i++) {
        asked.add(status(stopped, "al-" + i, "GET", "/api/v1/calls/" + calls.get(i)));
        asked.add(status(stopped, "al-" + i, "POST", "/api/v1/calls/" + calls.get(i) + "/end"));
      }
      stopped.signal("CONT");
      long since = System.nanoTime();
      assertThat(asked).allSatisfy(status -> assertThat(status.join()).isIn(503, -1));
      System.out.printf(
          "stopped node: last answer %d ms after it went on%n",
          (System.nanoTime() - since) / 1_000_000);
      assertThat(left.closeCode()).isIn(4200, 4201, -1);
      assertThat(stopped.exitCode(PATIENCE)).isEqualTo(1);
      assertThat(stopped.logged()).contains("stood still");
      for (String call : calls) {
        assertThat(
                status(other, "al-" + calls.indexOf(call), "GET", "/api/v1/calls/" + call).join())
            .isEqualTo(200);
      }
    } finally {
      stopped.signal("CONT");
      nodes.forEach(NodeProcess::close);
    }
  }

  /** Asks again, as every client does, while nobody can say what became of the order. */
  private static JsonNode accepted(RoamingDevice device, String call) {
    String order = "\"call_id\":\"" + call + "\"";
    JsonNode reply = device.order("call.accept", order);
    for (int i = 0; i < TRIES && reply.path("error").path("retryable").asBoolean(); i++) {
      reply = device.order("call.accept", order);
    }
    return reply;
  }

  /** The status of the answer; -1 if there was none. */
  private static CompletableFuture<Integer> status(
      NodeProcess node, String user, String method, String path) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(node.url() + path))
            .timeout(PATIENCE)
            .header("Authorization", "Bearer " + Tokens.of(user))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build();
    return HTTP.sendAsync(request, HttpResponse.BodyHandlers.discarding())
        .handle((response, failure) -> failure == null ? response.statusCode() : -1);
  }
}
