package io.carillon.http.faults;

import io.carillon.http.faults.inject.FaultCluster;
import io.carillon.http.testnode.NodeProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Nodes that die, stop or stand still: F1 to F5, F9 and F22. */
final class NodeEpisodes {
  private NodeEpisodes() {}

  static List<Episode> all() {
    return List.of(
        new Episode("F1", "kill -9 of one node", false, stage -> kill(stage, false)),
        new Episode("F2", "kill -9 of the oldest node", false, stage -> kill(stage, true)),
        new Episode("F3", "SIGTERM and restart of every node in turn", false, NodeEpisodes::roll));
  }

  private static List<Figure> kill(Stage stage, boolean oldest) {
    FaultCluster cluster = stage.cluster();
    int first = cluster.oldest();
    int victim = oldest ? first : stage.nodeOtherThan(first);
    cluster.leaveAlone(victim);
    long start = stage.start("kill node-" + victim);
    cluster.node(victim).kill();
    stage.hold(Duration.ofSeconds(8));
    stage.awaitCalm();
    double felt = stage.feltUntil(start, start);
    Readings seen = stage.readings(start);
    cluster.lookAfter(victim);
    cluster.awaitReady(victim);
    stage.stop();
    List<Figure> figures = new ArrayList<>();
    figures.add(Figure.limited("calls operable after", felt, "s", oldest ? 5.5 : 5.0));
    figures.addAll(clients(seen));
    return figures;
  }

  /** What those who called anew, and those who lost their socket, felt. */
  static List<Figure> clients(Readings seen) {
    int worst = seen.newCalls() - seen.newCallsOk();
    return List.of(
        Figure.limited("new calls that needed more than one retry", worst, "", 0),
        Figure.limited("new calls p99", Readings.p99(seen.newCallMillis()) / 1000, "s", 1.0),
        Figure.limited("resumed p99", Readings.p99(seen.resumeMillis()) / 1000, "s", 3.0),
        Figure.told("new calls", seen.newCalls(), ""),
        Figure.told("unknown outcomes", seen.unknown(), ""));
  }

  private static List<Figure> roll(Stage stage) {
    long start = stage.start("every node in turn");
    double longest = 0;
    int failed = 0;
    double slowest = 0;
    for (int node = 1; node <= FaultCluster.NODES; node++) {
      stage.cluster().leaveAlone(node);
      NodeProcess process = stage.cluster().node(node);
      long told = stage.recorder().now();
      stage.api().avoid(node);
      process.signal("TERM");
      boolean ended = process.awaitEnd(Duration.ofSeconds(40));
      longest = Math.max(longest, ended ? (stage.recorder().now() - told) / 1e6 : 40);
      if (!ended) {
        process.kill();
      }
      stage.awaitCalm();
      Readings seen = stage.readings(told);
      failed += seen.unknown();
      slowest = Math.max(slowest, stage.slowest(told));
      stage.cluster().lookAfter(node);
      stage.cluster().awaitReady(node);
      stage.api().use(node);
      stage.awaitSteady();
    }
    stage.stop();
    Readings seen = stage.readings(start);
    return List.of(
        Figure.limited("requests failed", failed, "", 0),
        Figure.limited("slowest command", slowest, "s", 1.5),
        Figure.limited("longest stop of a node", longest, "s", 12),
        Figure.told("resumed p99", Readings.p99(seen.resumeMillis()) / 1000, "s"),
        Figure.told("requests", seen.requests(), ""));
  }
}
