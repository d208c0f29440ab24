package io.carillon.http.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.http.testnode.TestNode;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/**
 * Short runs against a real node: clean when the node is left alone, red when somebody in between
 * does what a node must never do. How fast it is, is not asked.
 */
class BenchRunTest {
  private static TestNode node;

  @BeforeAll
  static void startNode() {
    node =
        TestNode.start(
            """
            carillon.engine.limits { initiates-per-minute = 0, redials = 0 }
            carillon.http.socket { messages-per-second = 100000, burst = 100000 }
            """);
  }

  @AfterAll
  static void stopNode() {
    node.close();
  }

  @Test
  void callsOfAllKindsByRestArriveWholeAlthoughSocketsAreCutOff() throws Exception {
    Report report =
        run(
            node.port(),
            "--pairs 6 --devices-per-user 2 --churn 10 --idle-sockets 3 --duration 3s",
            "--mix answered=4,declined=2,cancelled=2,missed=1");
    assertThat(report.totals().isClean()).as(TableReport.of(report)).isTrue();
    assertThat(report.totals().droppedSockets()).isPositive();
    assertThat(report.completed()).isPositive();
    assertThat(report.hops())
        .containsKeys(Hop.INITIATE_TOLD, Hop.ACCEPT_TOLD, Hop.RELAY, Hop.END_TOLD, Hop.CALL);
    assertThat(report.timeline()).hasSize(3);
  }

  @Test
  void callsOverSocketsAtAFixedRateArriveWhole() throws Exception {
    Report report = run(node.port(), "--steps socket --rate 10 --pairs 8 --duration 2s");
    assertThat(report.totals().isClean()).as(TableReport.of(report)).isTrue();
    assertThat(report.totals().completed()).containsOnlyKeys(Outcome.ANSWERED);
  }

  @Test
  void swallowedEventIsLost() throws Exception {
    Report report = runTamperedWith("\"event_type\":\"call_ended\"", frame -> List.of());
    assertThat(report.totals().lostEvents()).isEqualTo(1);
    assertThat(report.exitCode()).isEqualTo(Report.EXIT_WRONG);
  }

  @Test
  void swallowedSignalIsLost() throws Exception {
    Report report = runTamperedWith("\"type\":\"call.candidate\"", frame -> List.of());
    assertThat(report.totals().lostRelays()).isEqualTo(1);
    assertThat(report.exitCode()).isEqualTo(Report.EXIT_WRONG);
  }

  @Test
  void repeatedEventIsADuplicate() throws Exception {
    Report report =
        runTamperedWith("\"event_type\":\"call_ended\"", frame -> List.of(frame, frame));
    assertThat(report.totals().duplicated()).isEqualTo(1);
    assertThat(report.exitCode()).isEqualTo(Report.EXIT_WRONG);
  }

  @Test
  void eventsThatOvertakeEachOtherAreOutOfOrder() throws Exception {
    List<String> kept = new ArrayList<>();
    Report report =
        run(
            () ->
                frame -> {
                  synchronized (kept) {
                    // A device that is told nothing waits for ever, so the earlier event comes back
                    // once a later one has been: its number is what shows.
                    if (frame.contains("\"event_type\":\"participant_ringing\"")
                        && kept.isEmpty()) {
                      kept.add(frame.replace(":2\"", ":9\"").replace("_seq\":2", "_seq\":9"));
                      return List.of(kept.getFirst());
                    }
                    return List.of(frame);
                  }
                });
    assertThat(report.totals().outOfOrder()).isPositive();
    assertThat(report.exitCode()).isEqualTo(Report.EXIT_WRONG);
  }

  /** Does something to the first frame that contains a text. */
  private static Report runTamperedWith(String text, TamperingProxy.Tampering tampering)
      throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    return run(
        () ->
            frame ->
                frame.contains(text) && done.compareAndSet(false, true)
                    ? tampering.instead(frame)
                    : List.of(frame));
  }

  private static Report run(java.util.function.Supplier<TamperingProxy.Tampering> tampering)
      throws Exception {
    try (TamperingProxy proxy = new TamperingProxy(node.port(), tampering)) {
      return run(proxy.port(), "--pairs 1 --duration 1s");
    }
  }

  private static Report run(int port, String... options)
      throws IOException, BenchRun.FailedException {
    BenchCommand command = new BenchCommand();
    List<String> words =
        new ArrayList<>(
            List.of("--auth-secret=" + TestNode.SECRET, "--warmup=0s", "--patience=4s"));
    words.addAll(List.of(String.join(" ", options).split(" ", -1)));
    new CommandLine(command).parseArgs(words.toArray(String[]::new));
    return BenchRun.carryOut(
        command.plan(URI.create("http://127.0.0.1:" + port)),
        new BenchRun.Observed(
            OptionalLong.empty(), OptionalLong.empty(), Optional.empty(), "a test"),
        new PrintStream(OutputStream.nullOutputStream()));
  }
}
