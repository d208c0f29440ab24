package io.carillon.http.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.carillon.http.testnode.TestNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** A small load on a real node, and on one that tells its devices wrongly. */
class BenchRunTest {
  private static final TestNode node =
      TestNode.start(
          """
          carillon.engine.limits { initiates-per-minute = 0, redials = 0 }
          carillon.http.socket { messages-per-second = 100000, burst = 100000 }
          """);

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  @AfterAll
  static void stop() {
    node.close();
  }

  private record Run(int code, JsonNode totals) {}

  private Run run(String url, String... options) throws IOException {
    Path file = directory.resolve("report.json");
    List<String> line =
        new ArrayList<>(
            List.of("--url", url, "--auth-secret", TestNode.SECRET, "--realm", TestNode.REALM));
    line.addAll(List.of("--warmup", "100ms", "--patience", "5s", "--json", file.toString()));
    line.addAll(List.of(options));
    int code = new CommandLine(new BenchCommand()).execute(line.toArray(String[]::new));
    JsonNode report = new ObjectMapper().readTree(file.toFile());
    assertThat(report.path("clean").asBoolean()).isEqualTo(code == Report.EXIT_CLEAN);
    return new Run(code, report.path("totals"));
  }

  @Test
  void aNodeThatTellsEverythingOnceAndInOrderPasses() throws IOException {
    Run outcome =
        run(
            node.url(),
            "--pairs=3",
            "--duration=2s",
            "--mix=answered=4,declined=1,cancelled=1",
            "--steps=socket");
    assertThat(outcome.totals().path("examples")).isEmpty();
    assertThat(outcome.code()).isEqualTo(Report.EXIT_CLEAN);
    assertThat(outcome.totals().path("events").asLong()).isPositive();
    assertThat(outcome.totals().path("relays").asLong()).isPositive();
  }

  @Test
  void socketsThatAreCutOffResumeAndNothingIsMissingOnAnyOfAUsersDevices() throws IOException {
    Run outcome =
        run(
            node.url(),
            "--pairs=4",
            "--devices-per-user=2",
            "--churn=20",
            "--duration=5s",
            "--talk=100ms");
    assertThat(outcome.totals().path("failures")).as(outcome.totals().toString()).isEmpty();
    assertThat(outcome.totals().path("examples")).isEmpty();
    assertThat(outcome.code()).isEqualTo(Report.EXIT_CLEAN);
    assertThat(outcome.totals().path("sockets_cut_off").asLong()).isGreaterThan(20);
  }

  @ParameterizedTest
  @CsvSource({
    "LOSE_AN_END, lost_events",
    "DOUBLE_AN_ACCEPT, duplicated",
    "DELAY_A_RING, out_of_order"
  })
  void aNodeThatTellsOneEventWronglyFails(ForgedNode.Forgery forgery, String counted)
      throws IOException {
    try (ForgedNode forged = new ForgedNode(node.port(), forgery)) {
      Run outcome = run(forged.url().toString(), "--pairs=1", "--duration=1s", "--relays=2");
      assertThat(outcome.totals().path(counted).asLong())
          .as(outcome.totals().toString())
          .isEqualTo(1);
      assertThat(outcome.code()).isEqualTo(Report.EXIT_WRONG);
    }
  }

  @Test
  void aForgerThatForgesNothingIsNotNoticed() throws IOException {
    try (ForgedNode forged = new ForgedNode(node.port(), ForgedNode.Forgery.NONE)) {
      Run outcome = run(forged.url().toString(), "--pairs=1", "--duration=1s", "--relays=2");
      assertThat(outcome.code()).isEqualTo(Report.EXIT_CLEAN);
    }
  }
}
