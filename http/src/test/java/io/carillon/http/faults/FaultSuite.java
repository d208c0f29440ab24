package io.carillon.http.faults;

import io.carillon.http.faults.check.CallRow;
import io.carillon.http.faults.check.Checks;
import io.carillon.http.faults.check.Evidence;
import io.carillon.http.faults.check.Violation;
import io.carillon.http.faults.inject.FaultCluster;
import io.carillon.http.faults.load.Api;
import io.carillon.http.faults.load.Crowd;
import io.carillon.http.faults.load.Phone;
import io.carillon.http.faults.load.Reader;
import io.carillon.http.faults.record.Item;
import io.carillon.http.faults.record.Recorder;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * One run: a cluster under load, one episode after the other, then everybody hangs up, and the
 * record and the database are judged.
 */
public final class FaultSuite {
  /** Every episode there is, in the order in which they are played. */
  static final List<Episode> EPISODES =
      Stream.of(
              NodeEpisodes.all(),
              NetworkEpisodes.all(),
              DatabaseEpisodes.all(),
              DiskEpisodes.all(),
              MachineEpisodes.all(),
              DeafEpisode.all(),
              ClientEpisodes.all())
          .flatMap(List::stream)
          .toList();

  private static final Duration LAST_CALLS = Duration.ofSeconds(75);

  private final FaultOptions options;
  private final Path directory;
  private final PrintStream terminal;

  /**
   * A run that keeps its record, its logs and its database in a directory.
   *
   * @param terminal is told what happens
   */
  public FaultSuite(FaultOptions options, Path directory, PrintStream terminal) {
    Set<String> known = EPISODES.stream().map(Episode::id).collect(Collectors.toSet());
    if (!known.containsAll(options.episodes())) {
      throw new IllegalArgumentException(
          options.episodes() + " are not all among " + EPISODES.stream().map(Episode::id).toList());
    }
    this.options = options;
    this.directory = directory;
    this.terminal = terminal;
  }

  /** Runs everything; throws only if the suite itself fails. */
  public FaultReport run() {
    try (Recorder recorder = new Recorder(directory.resolve("record.ndjson"))) {
      terminal.println("seed " + options.seed() + ", record in " + directory);
      FaultReport report = new FaultReport(options);
      try (FaultCluster cluster = FaultCluster.start(directory, recorder, equipment())) {
        report.setting(
            cluster.network().name()
                + (FaultCluster.isPackaged() ? ", warmed nodes" : ", cold nodes"));
        Api api = new Api(recorder, cluster.urls());
        try (Crowd crowd =
            new Crowd(api, recorder, options.seed(), options.pairs(), options.anchors())) {
          SplittableRandom random = new SplittableRandom(options.seed());
          Stage stage = new Stage(cluster, crowd, api, recorder, random);
          stage.awaitSteady();
          recorder.mark("", Checks.STEADY, "");
          Probes.run(stage);
          play(stage, report);
          crowd.finishCalls();
          awaitLastCalls(cluster, recorder);
          judge(evidence(cluster, api, recorder, crowd), report);
        }
      }
      return report;
    }
  }

  private List<Episode> wanted() {
    List<String> ids = options.episodes();
    return EPISODES.stream().filter(e -> ids.isEmpty() || ids.contains(e.id())).toList();
  }

  /** Nothing stands before the C library, and no table lies elsewhere, where it is not needed. */
  private FaultCluster.Equipment equipment() {
    Set<Need> needs = wanted().stream().map(Episode::need).collect(Collectors.toSet());
    return new FaultCluster.Equipment(
        options.namespaces(), needs.contains(Need.DIALS), needs.contains(Need.SMALL_DISK));
  }

  private void play(Stage stage, FaultReport report) {
    for (Episode episode : wanted()) {
      Optional<String> lacking = episode.need().lacking(stage.cluster());
      if (lacking.isPresent()) {
        report.skip(episode, lacking.get());
        terminal.println(episode.id() + " SKIPPED: " + lacking.get());
        continue;
      }
      for (int i = 0; i < options.repeat(); i++) {
        stage.awaitSteady();
        stage.begin(episode.id());
        int inFlight = stage.crowd().inFlight();
        terminal.println(episode.id() + " " + episode.what() + ", with " + inFlight + " calls");
        try {
          List<Figure> figures = episode.play().play(stage);
          stage.awaitSteady();
          report.played(episode, inFlight, figures);
          figures.forEach(figure -> terminal.println("   " + FaultReport.text(figure)));
        } catch (ConditionTimeoutException stuck) {
          // The others are still worth playing, if the cluster comes back at all.
          stage.recover();
          report.failed(episode, String.valueOf(stuck.getMessage()));
          terminal.println("   FAILED: " + stuck.getMessage());
        }
      }
    }
  }

  /** Returns when no call is open and nobody hears anything more; whatever is left is judged. */
  private static void awaitLastCalls(FaultCluster cluster, Recorder recorder) {
    try {
      Awaitility.await("the last calls")
          .atMost(LAST_CALLS)
          .pollInterval(Duration.ofMillis(500))
          .until(
              () ->
                  Evidence.calls(cluster.postgres().source()).stream().allMatch(CallRow::isOver)
                      && isSilent(recorder));
    } catch (ConditionTimeoutException left) {
      recorder.mark("", "calls are left over", "");
    }
  }

  private static boolean isSilent(Recorder recorder) {
    long since = recorder.now() - 4_000_000;
    return recorder.items().reversed().stream()
        .takeWhile(item -> item.at() > since)
        .noneMatch(item -> item instanceof Item.Heard);
  }

  private static Evidence evidence(FaultCluster cluster, Api api, Recorder recorder, Crowd crowd) {
    List<CallRow> calls = Evidence.calls(cluster.postgres().source());
    List<Evidence.Read> reads = new Reader(api).read(calls);
    Evidence evidence =
        new Evidence(
            recorder.items(),
            Evidence.journal(cluster.postgres().source()),
            calls,
            Integer.parseInt(
                cluster.postgres().query("SELECT count(*) FROM call_deadline").getFirst()),
            reads,
            cluster.logs().stream().flatMap(FaultSuite::lines).toList(),
            Evidence.rowsWith(cluster.postgres().source(), Forgotten.MARK),
            recorder.wall(0).toEpochMilli());
    crowd.phones().forEach(Phone::leave);
    return evidence;
  }

  private static Stream<String> lines(Path log) {
    try {
      return Files.readAllLines(log).stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void judge(Evidence evidence, FaultReport report) {
    List<Violation> found = new ArrayList<>(Checks.run(evidence));
    report.judged(evidence, found);
    terminal.println(report.text());
    options
        .report()
        .ifPresent(
            path -> {
              try {
                Files.writeString(path, report.markdown());
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
  }
}
