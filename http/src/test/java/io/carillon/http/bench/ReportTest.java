package io.carillon.http.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ReportTest {
  @TempDir private Path directory;

  @Test
  void runInWhichAllWentWellIsClean() {
    Report report = report(tally -> tally.completed(Outcome.ANSWERED), 100);
    assertThat(report.totals().isClean()).isTrue();
    assertThat(report.exitCode()).isEqualTo(Report.EXIT_CLEAN);
    assertThat(TableReport.of(report)).doesNotContain("NOT CLEAN");
  }

  @Test
  void anyLostEventSpoilsTheRun() {
    assertSpoilt(
        tally ->
            tally.lost(
                "c1", List.of(new CallLedger.Missing(Seat.CALLEE, EventType.CALL_ENDED)), 0));
  }

  @Test
  void anyLostSignalSpoilsTheRun() {
    assertSpoilt(tally -> tally.lost("c1", List.of(), 1));
  }

  @Test
  void anyFailedRequestSpoilsTheRun() {
    assertSpoilt(tally -> tally.failed("accept: status 503 unavailable"));
  }

  @Test
  void rateThatWasNotReachedHasItsOwnExitCode() {
    Report report = report(tally -> {}, 50);
    assertThat(report.isSustained()).isFalse();
    assertThat(report.exitCode()).isEqualTo(Report.EXIT_NOT_SUSTAINED);
    assertThat(TableReport.of(report)).contains("NOT SUSTAINED");
  }

  @Test
  void jsonSaysWhatTheTableSays() throws IOException {
    Path file = directory.resolve("report.json");
    JsonReport.write(report(tally -> tally.failed("end: no answer"), 100), file);
    JsonNode json = new ObjectMapper().readTree(file.toFile());
    assertThat(json.path("calls_per_second").asDouble()).isEqualTo(100);
    assertThat(json.path("clean").asBoolean()).isFalse();
    assertThat(json.path("totals").path("failures").path("end: no answer").asInt()).isEqualTo(1);
    assertThat(json.path("hops").path("initiate_told").path("p50").asDouble()).isBetween(1.9, 2.1);
    assertThat(json.path("timeline")).hasSize(2);
  }

  @Test
  void pageNeedsNothingFromElsewhere() throws IOException {
    Path file = directory.resolve("report.html");
    HtmlReport.write(report(tally -> tally.failed("<script>alert(1)</script>"), 100), file);
    String page = Files.readString(file);
    assertThat(page)
        .contains("<svg")
        .contains("initiate → callee told")
        .doesNotContain("<script")
        .doesNotContain("src=")
        .doesNotContain("href=")
        .doesNotContain("NaN");
  }

  private static void assertSpoilt(Consumer<Tally> what) {
    Report report = report(what, 100);
    assertThat(report.totals().isClean()).isFalse();
    assertThat(report.exitCode()).isEqualTo(Report.EXIT_WRONG);
    assertThat(TableReport.of(report)).contains("NOT CLEAN");
  }

  private static Report report(Consumer<Tally> what, int callsPerSecond) {
    Tally tally = new Tally();
    what.accept(tally);
    BenchCommand command = new BenchCommand();
    new CommandLine(command).parseArgs("--rate", "100");
    Histogram times = Meter.histogram();
    times.recordValue(2_000_000);
    return new Report(
        Instant.EPOCH,
        "carillon bench --rate 100",
        command.plan(URI.create("http://127.0.0.1:1")),
        new Machine("a processor", 2, 4096, "a system", "a JVM", "a commit"),
        2,
        2L * callsPerSecond,
        0,
        tally.totals(),
        Map.of(Hop.INITIATE_TOLD, times),
        List.of(new Report.Cost(Report.Who.SERVER, 1, 10, 1024)),
        Optional.of(new Report.Overhead(0.5, 0.1)),
        Optional.of(1.5),
        Optional.of(new Report.Idle(100, 30)),
        Optional.of(new DatabaseMeter.Work(1, 2, 3)),
        List.of(moment(0, callsPerSecond), moment(1, callsPerSecond)));
  }

  private static Report.Moment moment(int second, long completed) {
    return new Report.Moment(
        new Meter.Second(second, completed, 0, 2_000_000, 3_000_000, 500_000, 900_000),
        List.of(1.0));
  }
}
