package io.carillon.http.faults;

import io.carillon.http.faults.load.Api;
import io.carillon.http.faults.load.Crowd;
import io.carillon.http.faults.record.Item;
import io.carillon.http.faults.record.Item.Who;
import java.time.Duration;
import java.util.List;

/** A database that dies, stands still or throws everybody out: F11 to F13 and F26. */
final class DatabaseEpisodes {
  private DatabaseEpisodes() {}

  static List<Episode> all() {
    return List.of(
        new Episode(
            "F11", "PostgreSQL killed and started again", Need.NOTHING, DatabaseEpisodes::kill),
        new Episode("F12", "one of its backends killed", Need.NOTHING, DatabaseEpisodes::killOne),
        new Episode(
            "F13", "PostgreSQL stands still for 6 s", Need.NOTHING, DatabaseEpisodes::freeze),
        new Episode("F24", "an event nobody can read", Need.NOTHING, DatabaseEpisodes::unreadable),
        new Episode(
            "F26",
            "all backends killed every 2 s for 30 s",
            Need.NOTHING,
            DatabaseEpisodes::evict));
  }

  private static List<Figure> killOne(Stage stage) {
    long start = stage.start("kill one backend");
    stage
        .cluster()
        .postgres()
        .query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'carillon'"
                + " AND pid <> pg_backend_pid() AND query ILIKE '%event_journal%'"
                + " ORDER BY query_start DESC LIMIT 1");
    stage.stop();
    stage.hold(Duration.ofSeconds(4));
    stage.awaitCalm();
    return List.of(
        Figure.limited("felt for", stage.felt(start, start), "s", 1.5),
        Figure.told("slowest command", stage.slowest(start), "s"),
        Figure.told("unknown outcomes", stage.readings(start).unknown(), ""));
  }

  private static List<Figure> freeze(Stage stage) {
    long start = stage.start("freeze the database");
    stage.cluster().postgres().freeze();
    stage.hold(Duration.ofSeconds(6));
    stage.cluster().postgres().thaw();
    long back = stage.stop();
    stage.awaitCalm();
    Readings seen = stage.readings(start);
    return List.of(
        Figure.limited("writes after it goes on", stage.felt(start, back), "s", 2),
        Figure.limited("nodes that ended", stage.restarts(), "", 0),
        Figure.told("answered 503", seen.unavailable(), ""),
        Figure.told("unknown outcomes", seen.unknown(), ""));
  }

  private static List<Figure> evict(Stage stage) {
    long start = stage.start("kill all backends again and again");
    for (int i = 0; i < 15; i++) {
      stage
          .cluster()
          .postgres()
          .query(
              "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'carillon'"
                  + " AND pid <> pg_backend_pid()");
      stage.hold(Duration.ofSeconds(2));
    }
    long back = stage.stop();
    stage.awaitCalm();
    Readings seen = stage.readings(start);
    double failed = 100.0 * (seen.newCalls() - seen.newCallMillis().size()) / seen.newCalls();
    return List.of(
        Figure.limited("normal again after", stage.felt(start, back), "s", 3),
        Figure.limited("new calls that failed for good", failed, "%", 20),
        Figure.limited("nodes that ended", stage.restarts(), "", 0),
        Figure.told("answered 503", seen.unavailable(), ""));
  }

  /** The row is put where the call's next event would come, and taken away again. */
  private static List<Figure> unreadable(Stage stage) {
    Who alice = new Who(Crowd.REALM, "odd-alice", "desk");
    Who bob = new Who(Crowd.REALM, "odd-bob", "desk");
    Duration patience = Duration.ofSeconds(30);
    String call =
        stage
            .api()
            .insist(
                alice,
                stage.order("initiate", "", Api.body().put("receiver_id", bob.user())),
                patience)
            .call();
    stage.api().insist(bob, stage.order("accept", call, Api.body()), patience);
    String id = "call|" + Crowd.REALM + "|" + call;
    long start = stage.start("an unreadable event in " + call);
    stage
        .cluster()
        .postgres()
        .execute(
            "INSERT INTO event_journal (persistence_id, sequence_number, writer, write_timestamp,"
                + " adapter_manifest, event_ser_id, event_ser_manifest, event_payload)"
                + " SELECT persistence_id, max(sequence_number) + 1, 'nobody', 0, '', 7401,"
                + " 'call.unheard_of.v9', '{}' FROM event_journal WHERE persistence_id = '"
                + id
                + "' GROUP BY persistence_id");
    int refused = 0;
    for (int i = 0; i < 3; i++) {
      Api.Order order = stage.order("end", call, Api.body());
      Api.Answer answer = stage.api().attempt(alice, order, stage.anyNode(), 1);
      refused += answer.status() == 503 ? 1 : 0;
      boolean held = answer.status() == 503;
      stage
          .recorder()
          .add(
              at ->
                  new Item.Probed(
                      at, "I26", held, "a call with an unreadable event: " + answer.status()));
    }
    double felt = stage.feltUntil(start, start);
    List<String> kept =
        stage
            .cluster()
            .postgres()
            .query(
                "SELECT writer FROM event_journal WHERE event_ser_manifest = 'call.unheard_of.v9'");
    stage
        .cluster()
        .postgres()
        .execute("DELETE FROM event_journal WHERE event_ser_manifest = 'call.unheard_of.v9'");
    stage.stop();
    boolean ended =
        stage.api().insist(alice, stage.order("end", call, Api.body()), patience).isOk();
    stage.awaitCalm();
    return List.of(
        Figure.limited("other calls felt it for", felt, "s", 0),
        Figure.limited("commands not answered 503", 3 - refused, "", 0),
        Figure.limited("rows overwritten", 1 - kept.size(), "", 0),
        Figure.limited("not well again after it is gone", ended ? 0 : 1, "", 0));
  }

  private static List<Figure> kill(Stage stage) {
    long start = stage.start("kill the database");
    stage.cluster().postgres().kill();
    stage.hold(Duration.ofSeconds(5));
    stage.cluster().postgres().startAgain();
    return back(stage, start);
  }

  /** PostgreSQL was gone and accepts connections again: what that cost. */
  static List<Figure> back(Stage stage, long start) {
    long back = stage.stop();
    stage.awaitCalm();
    Readings seen = stage.readings(start);
    return List.of(
        Figure.limited("writes after the database is back", stage.felt(start, back), "s", 3),
        Figure.limited("nodes that ended", stage.restarts(), "", 0),
        Figure.told("outage", (back - start) / 1e6, "s"),
        Figure.told("answered 503", seen.unavailable(), ""),
        Figure.told("unknown outcomes", seen.unknown(), ""));
  }
}
