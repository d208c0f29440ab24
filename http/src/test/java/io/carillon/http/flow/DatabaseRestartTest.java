package io.carillon.http.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.carillon.http.testnode.NodeProcess;
import io.carillon.http.testnode.TcpProxy;
import io.carillon.http.testnode.TestClient;
import io.carillon.http.testnode.Tokens;
import io.carillon.persistence.embedded.EmbeddedDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The database stops for a while and comes back. */
class DatabaseRestartTest {
  /** Two seconds are promised; the rest is a busy machine's. The figure is printed. */
  private static final Duration SOON = Duration.ofSeconds(5);

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  @Test
  void writesAreRefusedHonestlyAndComeBackWithTheDatabase() {
    Path data = directory.resolve("data");
    EmbeddedDatabase first = EmbeddedDatabase.start(data);
    try (TcpProxy proxy = new TcpProxy(first.port())) {
      Config database =
          ConfigFactory.parseString(
                  "carillon.database.url = \"jdbc:postgresql://localhost:"
                      + proxy.port()
                      + "/carillon\"")
              .withFallback(first.config());
      try (NodeProcess node =
          NodeProcess.launch(directory.resolve("node"), NodeProcess.member(1, database))) {
        node.awaitReady();
        TestClient ann = new TestClient(node.url(), "Bearer " + Tokens.of("ann"));
        List<String> acknowledged = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
          acknowledged.add(placed(ann.post("/api/v1/calls", order(i))));
        }
        first.close();
        TestClient.Answer refused = ann.post("/api/v1/calls", order(6));
        assertThat(refused.status()).as(refused.body()).isEqualTo(503);
        assertThat(refused.code()).isEqualTo("unavailable");
        assertThat(refused.json().path("retryable").asBoolean()).isTrue();
        assertThat(refused.json().path("outcome").asText()).isIn(Set.of("none", "unknown"));
        assertThat(refused.header("Retry-After")).isPresent();
        assertThat(ann.get("/health/ready").status()).isEqualTo(503);
        assertThat(ann.get("/health/live").status()).isEqualTo(200);
        // Long enough for whatever waits longer after each failure to have got slow.
        Awaitility.await()
            .atMost(Duration.ofMinutes(1))
            .until(() -> node.logged().contains("did not answer 9 times"));

        EmbeddedDatabase second = EmbeddedDatabase.start(data);
        long since = System.nanoTime();
        proxy.target(second.port());
        try {
          Awaitility.await()
              .atMost(SOON)
              .pollInterval(Duration.ofMillis(20))
              .until(() -> ann.post("/api/v1/calls", order(7)).status() == 201);
          System.out.printf(
              "database started again: a call placed after %d ms%n",
              (System.nanoTime() - since) / 1_000_000);
          node.awaitReady();
          for (String call : acknowledged) {
            assertThat(ann.get("/api/v1/calls/" + call).status()).isEqualTo(200);
          }
        } finally {
          node.terminate();
          node.exitCode(Duration.ofMinutes(1));
          second.close();
        }
      }
    }
  }

  private static String order(int number) {
    return "{\"receiver_id\":\"ben-" + number + "\",\"call_type\":\"audio\"}";
  }

  private static String placed(TestClient.Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    return answer.json().path("call_id").asText();
  }
}
