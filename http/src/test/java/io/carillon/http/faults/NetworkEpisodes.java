package io.carillon.http.faults;

import io.carillon.http.faults.inject.Network;
import io.carillon.http.faults.inject.Network.Cut;
import io.carillon.http.testnode.NodeProcess;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** Ways that are cut or bad: F6 to F8 and F10. They need a network that can be cut. */
final class NetworkEpisodes {
  private NetworkEpisodes() {}

  static List<Episode> all() {
    return List.of(
        new Episode(
            "F6", "one node cut off from the others", Need.CUTS, s -> partition(s, Cut.BOTH_WAYS)),
        new Episode(
            "F7",
            "one node hears nothing of the others",
            Need.CUTS,
            s -> partition(s, Cut.INWARDS)),
        new Episode("F8", "one node cut off from PostgreSQL", Need.CUTS, NetworkEpisodes::gray),
        new Episode(
            "F10",
            "5 % and 30 % of the packets of one node lost",
            Need.CUTS,
            NetworkEpisodes::loss));
  }

  private static List<Figure> partition(Stage stage, Cut cut) {
    int victim = stage.anyNode();
    NodeProcess node = stage.cluster().node(victim);
    Network network = stage.cluster().network();
    stage.cluster().leaveAlone(victim);
    stage.api().avoid(victim);
    long start = stage.start("cut off node-" + victim);
    network.isolate(victim, cut);
    boolean ended = node.awaitEnd(Duration.ofSeconds(30));
    double minority = (stage.recorder().now() - start) / 1e6;
    if (minority < 12) {
      stage.hold(Duration.ofSeconds(12).minus(Duration.ofMillis((long) (minority * 1000))));
    }
    stage.awaitCalm();
    double felt = stage.feltUntil(start, start);
    Readings seen = stage.readings(start);
    network.heal(victim);
    stage.cluster().lookAfter(victim);
    stage.cluster().awaitReady(victim);
    stage.api().use(victim);
    stage.stop();
    return List.of(
        Figure.limited("calls operable after", felt, "s", 5),
        Figure.limited("nodes that did not end", ended ? 0 : 1, "", 0),
        Figure.limited("other nodes that ended", stage.restarts(), "", 0),
        Figure.told("the node cut off ended after", minority, "s"),
        Figure.told("unknown outcomes", seen.unknown(), ""));
  }

  private static List<Figure> gray(Stage stage) {
    int victim = stage.anyNode();
    NodeProcess node = stage.cluster().node(victim);
    stage.cluster().leaveAlone(victim);
    stage.api().avoid(victim);
    long start = stage.start("cut off node-" + victim + " from the database");
    stage.cluster().network().cutDatabase(victim, stage.cluster().postgres().port());
    double ready;
    try {
      Awaitility.await("readiness to end")
          .atMost(Duration.ofSeconds(25))
          .pollInterval(Duration.ofMillis(100))
          .until(() -> !node.isAlive() || !node.isReady());
      ready = (stage.recorder().now() - start) / 1e6;
    } catch (ConditionTimeoutException never) {
      ready = 25;
    }
    boolean left = node.awaitEnd(Duration.ofSeconds(20));
    double gone = (stage.recorder().now() - start) / 1e6;
    if (left) {
      stage.awaitCalm();
    }
    double felt = left ? stage.feltUntil(start, start) : gone;
    stage.cluster().network().heal(victim);
    if (!left) {
      stage.awaitCalm();
    }
    stage.cluster().lookAfter(victim);
    stage.cluster().awaitReady(victim);
    stage.api().use(victim);
    stage.stop();
    return List.of(
        Figure.limited("calls operable after", felt, "s", 8),
        Figure.limited("nodes that did not leave", left ? 0 : 1, "", 0),
        Figure.limited("other nodes that ended", stage.restarts(), "", 0),
        Figure.told("readiness off after", ready, "s"),
        Figure.told("node gone after", gone, "s"));
  }

  private static List<Figure> loss(Stage stage) {
    int victim = stage.anyNode();
    Network network = stage.cluster().network();
    long start = stage.start("lose 5 % of node-" + victim);
    network.lose(victim, 5);
    stage.hold(Duration.ofSeconds(15));
    int atFive = stage.restarts();
    double p99 = Readings.p99(stage.readings(start).newCallMillis()) / 1000;
    network.heal(victim);
    stage.recorder().mark("F10", "lose 30 %", "node-" + victim);
    network.lose(victim, 30);
    stage.hold(Duration.ofSeconds(15));
    network.heal(victim);
    stage.stop();
    stage.awaitSteady();
    return List.of(
        Figure.limited("nodes that ended at 5 %", atFive, "", 0),
        Figure.limited("new calls p99 at 5 %", p99, "s", 1),
        Figure.limited("nodes that ended at 30 %", stage.restarts() - atFive, "", 1));
  }
}
