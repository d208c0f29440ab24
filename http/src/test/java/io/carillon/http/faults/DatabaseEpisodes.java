package io.carillon.http.faults;

import java.time.Duration;
import java.util.List;

/** A database that dies, stands still or throws everybody out: F11 to F13 and F26. */
final class DatabaseEpisodes {
  private DatabaseEpisodes() {}

  static List<Episode> all() {
    return List.of(
        new Episode("F11", "PostgreSQL killed and started again", false, DatabaseEpisodes::kill));
  }

  private static List<Figure> kill(Stage stage) {
    long start = stage.start("kill the database");
    stage.cluster().postgres().kill();
    stage.hold(Duration.ofSeconds(5));
    stage.cluster().postgres().startAgain();
    long back = stage.stop();
    stage.awaitCalm();
    Readings seen = stage.readings(start);
    return List.of(
        Figure.limited("writes after the database is back", stage.feltUntil(start, back), "s", 3),
        Figure.limited("nodes that ended", stage.restarts(), "", 0),
        Figure.told("outage", (back - start) / 1e6, "s"),
        Figure.told("answered 503", seen.unavailable(), ""),
        Figure.told("unknown outcomes", seen.unknown(), ""));
  }
}
