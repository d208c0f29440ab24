package io.carillon.http.faults;

import io.carillon.http.faults.inject.Dial;
import io.carillon.http.faults.inject.Postgres;
import io.carillon.http.faults.inject.SmallDisk;
import io.carillon.http.faults.load.Anchor;
import io.carillon.http.faults.load.Api;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;

/** A disk below the database that is slow, fails or is full: F14 to F16. */
final class DiskEpisodes {
  private DiskEpisodes() {}

  static List<Episode> all() {
    return List.of(
        new Episode(
            "F14", "the disk takes 0.2 s and 1 s more to confirm", Need.DIALS, DiskEpisodes::slow),
        new Episode("F15", "the disk fails to confirm the log", Need.DIALS, DiskEpisodes::fails),
        new Episode("F16", "no room for the tables", Need.SMALL_DISK, DiskEpisodes::full));
  }

  private static List<Figure> slow(Stage stage) {
    Dial dial = stage.cluster().postgres().dial().orElseThrow();
    long start = stage.start("0.2 s more");
    dial.delaySyncs(Duration.ofMillis(200));
    stage.hold(Duration.ofSeconds(12));
    double little = stage.usesP99(start);
    int failed = stage.readings(start).unknown();
    long worse = stage.recorder().mark("F14", "1 s more", "").at();
    dial.delaySyncs(Duration.ofSeconds(1));
    stage.hold(Duration.ofSeconds(15));
    double much = stage.usesP99(worse);
    Readings seen = stage.readings(worse);
    dial.reset();
    long back = stage.stop();
    stage.awaitCalm();
    return List.of(
        Figure.limited("p99 of all orders at 0.2 s", little, "ms", 600),
        Figure.limited("p99 of all orders at 1 s", much, "ms", 3000),
        Figure.limited("requests failed at 0.2 s", failed, "", 0),
        Figure.told("requests failed at 1 s", seen.unknown(), ""),
        Figure.limited("nodes that ended", stage.restarts(), "", 0),
        Figure.told("felt afterwards for", stage.feltUntil(back, back), "s"));
  }

  private static List<Figure> fails(Stage stage) {
    Postgres postgres = stage.cluster().postgres();
    Dial dial = postgres.dial().orElseThrow();
    long before = postgres.logged("PANIC");
    long start = stage.start("fail to confirm");
    dial.failNextSync();
    Awaitility.await("the crash of the database")
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(10))
        .until(() -> dial.hasFailed() && postgres.logged("PANIC") > before);
    postgres.awaitAccepting();
    return DatabaseEpisodes.back(stage, start);
  }

  private static List<Figure> full(Stage stage) {
    SmallDisk disk = stage.cluster().postgres().disk().orElseThrow();
    long start = stage.start("no room");
    disk.fill();
    // Pages that were begun take some more rows before it is felt.
    Awaitility.await("writes that are refused")
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(100))
        .until(() -> stage.readings(start).unavailable() > 0);
    long felt = stage.recorder().mark("F16", "felt", "").at();
    int failedReads = 0;
    int reads = 0;
    while (stage.recorder().now() < felt + 8_000_000) {
      for (Anchor anchor : stage.crowd().anchors()) {
        reads++;
        failedReads += isRead(stage.api(), anchor) ? 0 : 1;
      }
      stage.hold(Duration.ofMillis(200));
    }
    disk.empty();
    long back = stage.stop();
    stage.awaitCalm();
    Readings seen = stage.readings(start);
    return List.of(
        Figure.limited("writes after there is room", stage.felt(start, back), "s", 2),
        Figure.limited("reads that failed", failedReads, "", 0),
        Figure.limited("nodes that ended", stage.restarts(), "", 0),
        Figure.told("reads", reads, ""),
        Figure.told("answered 503", seen.unavailable(), ""),
        Figure.told("unknown outcomes", seen.unknown(), ""));
  }

  private static boolean isRead(Api api, Anchor anchor) {
    String call = anchor.call();
    return call.isEmpty()
        || api.get(anchor.caller(), call, "/api/v1/calls/" + call, api.anyNode()).isOk();
  }
}
