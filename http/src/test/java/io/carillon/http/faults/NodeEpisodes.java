package io.carillon.http.faults;

import io.carillon.http.faults.inject.FaultCluster;
import io.carillon.http.testnode.NodeProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/** Nodes that die, stop or stand still: F1 to F5, F9, F21 and F22. */
final class NodeEpisodes {
  private NodeEpisodes() {}

  static List<Episode> all() {
    return List.of(
        new Episode("F1", "kill -9 of one node", Need.NOTHING, stage -> kill(stage, false)),
        new Episode("F2", "kill -9 of the oldest node", Need.NOTHING, stage -> kill(stage, true)),
        new Episode(
            "F3", "SIGTERM and restart of every node in turn", Need.NOTHING, NodeEpisodes::roll),
        new Episode("F4", "one node stands still for 0.8 s", Need.NOTHING, NodeEpisodes::hiccup),
        new Episode("F5", "one node stands still for 10 s", Need.NOTHING, NodeEpisodes::freeze),
        new Episode("F9", "two of three nodes killed at once", Need.NOTHING, NodeEpisodes::killTwo),
        new Episode(
            "F21", "every node to another version and back", Need.NOTHING, NodeEpisodes::update),
        new Episode("F22", "all nodes killed, cold start", Need.NOTHING, NodeEpisodes::coldStart));
  }

  private static List<Figure> hiccup(Stage stage) {
    int victim = stage.anyNode();
    stage.silent(victim);
    long start = stage.start("freeze node-" + victim);
    stage.cluster().node(victim).signal("STOP");
    stage.hold(Duration.ofMillis(800));
    stage.cluster().node(victim).signal("CONT");
    stage.stop();
    stage.hold(Duration.ofSeconds(5));
    stage.awaitCalm();
    return List.of(
        Figure.limited("nodes that ended", stage.restarts(), "", 0),
        Figure.limited("slowest command", stage.slowest(start), "s", 1.3),
        Figure.told("unknown outcomes", stage.readings(start).unknown(), ""));
  }

  private static List<Figure> freeze(Stage stage) {
    int victim = stage.anyNode();
    NodeProcess node = stage.cluster().node(victim);
    stage.cluster().leaveAlone(victim);
    stage.api().avoid(victim);
    stage.silent(victim);
    long start = stage.start("freeze node-" + victim);
    node.signal("STOP");
    stage.hold(Duration.ofSeconds(10));
    double felt = stage.feltUntil(start, start);
    node.signal("CONT");
    long woken = stage.recorder().mark("F5", "thawed", "node-" + victim).at();
    Awaitility.await("the end of a node that was frozen")
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> !node.isAlive() || !node.isReady());
    double served = (stage.recorder().now() - woken) / 1e6;
    boolean ended = node.awaitEnd(Duration.ofSeconds(60));
    stage.awaitCalm();
    Readings seen = stage.readings(start);
    stage.cluster().lookAfter(victim);
    stage.cluster().awaitReady(victim);
    stage.api().use(victim);
    stage.stop();
    return List.of(
        Figure.limited("calls operable after", felt, "s", 5),
        Figure.limited("woken node is ready for", served, "s", 1),
        Figure.limited("woken nodes that did not end", ended ? 0 : 1, "", 0),
        Figure.told("resumed p99", Readings.p99(seen.resumeMillis()) / 1000, "s"));
  }

  private static List<Figure> killTwo(Stage stage) {
    FaultCluster cluster = stage.cluster();
    int left = stage.anyNode();
    List<Integer> victims =
        IntStream.rangeClosed(1, FaultCluster.NODES).boxed().filter(n -> n != left).toList();
    victims.forEach(cluster::leaveAlone);
    long start = stage.start("kill all but node-" + left);
    victims.forEach(n -> cluster.node(n).kill());
    stage.hold(Duration.ofSeconds(10));
    stage.awaitCalm();
    double felt = stage.felt(start, start);
    Readings seen = stage.readings(start);
    victims.forEach(cluster::lookAfter);
    victims.forEach(cluster::awaitReady);
    stage.stop();
    return List.of(
        Figure.limited("calls operable after", felt, "s", 6),
        Figure.limited("nodes that ended", stage.restarts(), "", 0),
        Figure.told("resumed p99", Readings.p99(seen.resumeMillis()) / 1000, "s"),
        Figure.told("unknown outcomes", seen.unknown(), ""));
  }

  /** Some ring for longer than the outage, some are overdue when the first node is back. */
  private static List<Figure> coldStart(Stage stage) {
    FaultCluster cluster = stage.cluster();
    Ringers ringers = new Ringers(stage);
    ringers.ring();
    List<Integer> all = IntStream.rangeClosed(1, FaultCluster.NODES).boxed().toList();
    all.forEach(cluster::leaveAlone);
    stage.start("kill every node");
    all.forEach(n -> cluster.node(n).kill());
    stage.hold(Ringers.SHORT);
    long begun = stage.recorder().mark("F22", "start every node", "").at();
    all.forEach(cluster::lookAfter);
    Awaitility.await("the first answer")
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(50))
        .until(ringers::isAnswered);
    double answered = (stage.recorder().now() - begun) / 1e6;
    Awaitility.await("the end of every overdue ring")
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(100))
        .until(() -> ringers.overdue() == 0);
    double over = (stage.recorder().now() - begun) / 1e6;
    cluster.awaitReady();
    stage.stop();
    ringers.takeBack();
    stage.awaitCalm();
    return List.of(
        Figure.limited("first answer after", answered, "s", 8),
        Figure.limited("every overdue ring ended after", over, "s", 15),
        Figure.told("ringing calls", Ringers.CALLS, ""));
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
    double felt = stage.felt(start, start);
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
    Rolled rolled = everyNode(stage);
    stage.stop();
    return rolled.figures(stage.readings(start));
  }

  /** The same code twice, under two versions: what is between releases is not tried by this. */
  private static List<Figure> update(Stage stage) {
    long start = stage.start("every node to the next version and back");
    stage.cluster().release("1.0.1");
    Rolled there = everyNode(stage);
    stage.recorder().mark("F21", "back", "");
    stage.cluster().release("1.0.0");
    Rolled back = everyNode(stage);
    stage.stop();
    return there.and(back).figures(stage.readings(start));
  }

  /** What was felt while every node was stopped and started again, one after the other. */
  private record Rolled(int failed, double slowest, double longest) {
    Rolled and(Rolled other) {
      return new Rolled(
          failed + other.failed,
          Math.max(slowest, other.slowest),
          Math.max(longest, other.longest));
    }

    List<Figure> figures(Readings seen) {
      return List.of(
          Figure.limited("requests failed", failed, "", 0),
          Figure.limited("slowest command", slowest, "s", 1.5),
          Figure.limited("longest stop of a node", longest, "s", 12),
          Figure.told("said again, unheard by a socket sent away", seen.moved(), ""),
          Figure.told("resumed p99", Readings.p99(seen.resumeMillis()) / 1000, "s"),
          Figure.told("requests", seen.requests(), ""));
    }
  }

  private static Rolled everyNode(Stage stage) {
    Rolled rolled = new Rolled(0, 0, 0);
    for (int node = 1; node <= FaultCluster.NODES; node++) {
      stage.cluster().leaveAlone(node);
      NodeProcess process = stage.cluster().node(node);
      long told = stage.recorder().now();
      stage.api().avoid(node);
      process.signal("TERM");
      boolean ended = process.awaitEnd(Duration.ofSeconds(40));
      double took = ended ? (stage.recorder().now() - told) / 1e6 : 40;
      if (!ended) {
        process.kill();
      }
      stage.awaitCalm();
      rolled = rolled.and(new Rolled(stage.readings(told).unknown(), stage.slowest(told), took));
      stage.cluster().lookAfter(node);
      stage.cluster().awaitReady(node);
      stage.api().use(node);
      stage.awaitSteady();
    }
    return rolled;
  }
}
