package io.carillon.persistence.readmodel;

import io.carillon.engine.identity.RealmId;
import io.carillon.engine.identity.UserId;
import io.carillon.engine.identity.UserKey;
import io.carillon.persistence.database.Database;
import io.carillon.persistence.testdatabase.TestDatabase;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How long a page of 50 takes among a million calls, and due calls among 200,000 open ones. */
@Tag("measurement")
class HistoryMeasurement {
  private static final int CALLS = Integer.getInteger("calls", 1_000_000);
  private static final int USERS = 2_000;
  private static final int PAGES = 2_000;

  private static final String FILL_CALLS =
      """
      INSERT INTO call (realm, call_id, mode, call_type, ring, media_plane, caller, caller_device,
        state, reason, created_at, ringing_at, answered_at, ended_at, seq, updated_at, context)
      SELECT 'acme', md5(n::text), 'direct', 'video', 'ring', 'p2p', 'user-' || n % :users, 'phone',
        'ended', 'hangup', at, at + interval '1 s', at + interval '5 s', at + interval '65 s', 5, at,
        '{"conversation_id": 7}'
      FROM generate_series(1, :calls) AS n,
        LATERAL (SELECT timestamptz '2026-01-01' + n * interval '10 s' AS at) AS times""";

  private static final String FILL_PARTIES =
      """
      INSERT INTO call_party (realm, call_id, user_id, position, called_at, line, role, device,
        joined_at, closed_at)
      SELECT 'acme', md5(n::text), 'user-' || (n + p * (1 + n % 37)) % :users, p, at, 'free',
        'participant', 'phone', at, at
      FROM generate_series(1, :calls) AS n, generate_series(0, 1) AS p,
        LATERAL (SELECT timestamptz '2026-01-01' + n * interval '10 s' AS at) AS times""";

  private static final String FILL_DEADLINES =
      "INSERT INTO call_deadline SELECT 'acme', md5(n::text),"
          + " timestamptz '2026-01-01' + n * interval '1 s' FROM generate_series(1, 200000) AS n";

  @Test
  void aPageAmongManyCalls() {
    TestDatabase testDatabase = TestDatabase.fresh();
    testDatabase.execute(fill(FILL_CALLS));
    testDatabase.execute(fill(FILL_PARTIES));
    testDatabase.execute(FILL_DEADLINES);
    testDatabase.execute("ANALYZE");
    try (Database database = testDatabase.open()) {
      History history = new History(database);
      HistoryQuery some = HistoryQuery.newest(user(17), 50);
      report("first page of 50", random -> history.page(HistoryQuery.newest(user(random), 50)));
      String middle = history.page(some).toCompletableFuture().join().next().orElseThrow();
      report("second page", _ -> history.page(some.after(middle)));
      report("with one peer", _ -> history.page(some.with(new UserId("user-20"))));
      JournalCallRecords records =
          new JournalCallRecords(
              database, new RecordsSettings(java.time.Duration.ofSeconds(60), 200));
      Instant due = Instant.parse("2026-01-01T00:10:00Z");
      report("due 500 of 200,000", _ -> records.due(due, 500));
      report("open calls of a user", random -> records.open(user(random)));
    }
    String sql = HistoryQueryText.of(HistoryQuery.newest(user(17), 50));
    testDatabase.query("EXPLAIN (ANALYZE, BUFFERS) " + sql).forEach(System.out::println);
  }

  private static String fill(String sql) {
    return sql.replace(":users", Integer.toString(USERS))
        .replace(":calls", Integer.toString(CALLS));
  }

  private interface Question {
    java.util.concurrent.CompletionStage<?> ask(int random);
  }

  private static void report(String name, Question question) {
    Random random = new Random(7);
    long[] nanos = new long[PAGES];
    for (int i = -500; i < PAGES; i++) {
      long began = System.nanoTime();
      question
          .ask(random.nextInt(USERS))
          .toCompletableFuture()
          .orTimeout(20, TimeUnit.SECONDS)
          .join();
      if (i >= 0) {
        nanos[i] = System.nanoTime() - began;
      }
    }
    Arrays.sort(nanos);
    System.out.printf(
        Locale.ROOT,
        "%-24s p50 %6.2f ms  p99 %6.2f ms%n",
        name,
        nanos[PAGES / 2] / 1e6,
        nanos[PAGES * 99 / 100] / 1e6);
  }

  private static UserKey user(int number) {
    return new UserKey(new RealmId("acme"), new UserId("user-" + number));
  }

  /** The statement with its values in it, for EXPLAIN. */
  private static final class HistoryQueryText {
    private HistoryQueryText() {}

    static String of(HistoryQuery query) {
      return History.sql(query)
          .replaceFirst("\\?", "'" + query.user().realm() + "'")
          .replaceFirst("\\?", "'" + query.user().user() + "'")
          .replaceFirst("\\?", Integer.toString(query.limit() + 1));
    }
  }
}
