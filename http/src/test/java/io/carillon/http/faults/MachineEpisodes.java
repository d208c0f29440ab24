package io.carillon.http.faults;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.http.faults.inject.Dial;
import io.carillon.http.faults.inject.Starvation;
import io.carillon.http.faults.load.Api;
import io.carillon.http.faults.load.Crowd;
import io.carillon.http.faults.record.Item.Who;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A machine below one node whose clock is wrong, or that has no time for it: F17 and F23. */
final class MachineEpisodes {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Calls rung through the node whose clock is wrong, for each wrong time. */
  private static final int RINGS = 20;

  /** Within this the rings are over: some seconds to ring, two of grace, and one to be late. */
  private static final Duration RUNG = Duration.ofSeconds(13);

  private static final int PERCENT = 25;

  private MachineEpisodes() {}

  static List<Episode> all() {
    return List.of(
        new Episode(
            "F17",
            "one node's clock an hour ahead, an hour behind, 5 s ahead",
            Need.DIALS,
            MachineEpisodes::clocks),
        new Episode(
            "F23",
            "one node gets a quarter of a processor",
            Need.NOTHING,
            MachineEpisodes::starve));
  }

  private static List<Figure> clocks(Stage stage) {
    int victim = stage.anyNode();
    Dial dial = stage.cluster().dial(victim).orElseThrow();
    long start = stage.start("wrong clock of node-" + victim);
    int refused = 0;
    for (Duration wrong :
        List.of(Duration.ofHours(1), Duration.ofHours(-1), Duration.ofSeconds(5))) {
      stage.recorder().mark("F17", "ahead by " + wrong, "node-" + victim);
      dial.shiftClock(wrong);
      refused += rings(stage, victim, wrong);
      stage.hold(RUNG);
    }
    dial.reset();
    stage.stop();
    double felt = stage.feltUntil(start, start);
    Readings seen = stage.readings(start);
    stage.awaitCalm();
    return List.of(
        Figure.limited("calls felt it for", felt, "s", 0),
        Figure.limited("calls refused by the node", refused, "", 0),
        Figure.limited("unknown outcomes", seen.unknown(), "", 0),
        Figure.limited("nodes that ended", stage.restarts(), "", 0),
        Figure.told("rings that had to end on time", 3 * RINGS, ""));
  }

  /** Calls that nobody answers, placed at one node; returns how many it did not take. */
  private static int rings(Stage stage, int node, Duration wrong) {
    List<CompletableFuture<Api.Answer>> placed = new ArrayList<>();
    for (int i = 0; i < RINGS; i++) {
      String who = i + "-" + wrong.toSeconds();
      ObjectNode body = Api.body().put("receiver_id", "unheard-" + who).put("call_type", "audio");
      body.putObject("timeouts").put("setup_timeout_ms", 5000 + 100L * i);
      placed.add(
          CompletableFuture.supplyAsync(
              () ->
                  stage
                      .api()
                      .insist(
                          new Who(Crowd.REALM, "early-" + who, "desk"),
                          stage.order("initiate", "", body),
                          PATIENCE,
                          node,
                          1),
              stage.crowd().threads()));
    }
    return (int) placed.stream().map(CompletableFuture::join).filter(a -> !a.isOk()).count();
  }

  private static List<Figure> starve(Stage stage) {
    int victim = stage.anyNode();
    long start = stage.start("a quarter of a processor for node-" + victim);
    try (Starvation starvation = Starvation.of(stage.cluster().node(victim).pid(), PERCENT)) {
      stage.recorder().mark("F23", "by " + starvation.how(), "node-" + victim);
      stage.hold(Duration.ofSeconds(25));
    }
    stage.stop();
    stage.awaitSteady();
    Readings seen = stage.readings(start);
    return List.of(
        Figure.limited("nodes that ended", stage.restarts(), "", 1),
        Figure.limited("slowest command", stage.slowest(start), "s", 8),
        Figure.told("p99 of all orders", stage.usesP99(start), "ms"),
        Figure.told("unknown outcomes", seen.unknown(), ""));
  }
}
