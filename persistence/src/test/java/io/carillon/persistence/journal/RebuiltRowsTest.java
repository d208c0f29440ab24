package io.carillon.persistence.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.carillon.engine.call.StoredEvent;
import io.carillon.engine.identity.RealmId;
import io.carillon.persistence.database.Database;
import io.carillon.persistence.projection.Rebuild;
import io.carillon.persistence.sample.SampleCalls;
import io.carillon.persistence.statistics.Grouping;
import io.carillon.persistence.statistics.StatisticsTable;
import io.carillon.persistence.testdatabase.SampleDatabase;
import io.carillon.persistence.testdatabase.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/** The rows are a function of the journal, to the last bit. */
class RebuiltRowsTest {
  private static final Map<String, String> DERIVED =
      Map.of(
          "call", "realm, call_id",
          "call_party", "realm, call_id, user_id",
          "call_deadline", "realm, call_id");

  private static final EventCodec CODEC = new EventCodec();

  @Test
  void everyDerivedTableIsTheSameBytesAfterItWasEmptiedAndMadeAnew() throws Exception {
    TestDatabase database = TestDatabase.fresh();
    live(database, 20260321);
    Map<String, String> before = contents(database);
    assertThat(database.query("SELECT count(*) FROM call")).containsExactly("400");
    assertThat(before.values()).as("some are open: no table is empty").doesNotContain("");
    var figures = figures(database);

    DERIVED.keySet().forEach(table -> database.execute("TRUNCATE " + table));
    assertThat(contents(database).values()).containsOnly("");
    Rebuild.Report report = Rebuild.run(database.dataSource(), CODEC::decode);

    assertThat(report.unreadable()).isEmpty();
    assertThat(contents(database)).isEqualTo(before);
    assertThat(figures(database)).isEqualTo(figures);
  }

  @Test
  void theNodeThatStoredAnEventStandsBesideIt() throws Exception {
    TestDatabase database = TestDatabase.fresh();
    live(database, 1);
    assertThat(database.query("SELECT DISTINCT node FROM event_journal"))
        .containsExactly("10.0.0.1:7355");
  }

  /** Calls as they go on beside each other: written event by event, by the journal's own writer. */
  private static void live(TestDatabase database, long seed) throws InterruptedException {
    SampleCalls sample =
        new SampleCalls(
            seed,
            List.of(new RealmId("acme"), new RealmId("beta")),
            30,
            SampleDatabase.MONDAY,
            Duration.ofDays(7));
    Random random = new Random(seed);
    List<List<StoredEvent>> going = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      List<StoredEvent> journal = sample.next();
      // Some are still open when it is all over.
      going.add(i % 7 == 0 ? journal.subList(0, (journal.size() + 1) / 2) : journal);
    }
    try (HikariDataSource pool = Database.journalPool(database.settings());
        JournalWriter writer =
            new JournalWriter(
                    pool,
                    "10.0.0.1:7355",
                    new JournalSettings(3, 200, 100_000, Duration.ofSeconds(20)))
                .start()) {
      List<Thread> callers = new ArrayList<>();
      AtomicLong failed = new AtomicLong();
      for (List<StoredEvent> journal : going) {
        int chunk = 1 + random.nextInt(3);
        callers.add(
            Thread.ofVirtual()
                .start(
                    () -> {
                      for (int from = 0; from < journal.size(); from += chunk) {
                        PendingWrite write =
                            Writes.of(
                                journal.subList(from, Math.min(from + chunk, journal.size())));
                        writer.submit(write);
                        if (write.done().orTimeout(30, TimeUnit.SECONDS).handle((_, e) -> e).join()
                            != null) {
                          failed.incrementAndGet();
                        }
                      }
                    }));
      }
      for (Thread caller : callers) {
        caller.join();
      }
      assertThat(failed).hasValue(0);
    }
  }

  /** Every column of every row, as the server itself writes them out. */
  private static Map<String, String> contents(TestDatabase database)
      throws SQLException, IOException {
    Map<String, String> contents = new LinkedHashMap<>();
    try (Connection connection = database.dataSource().getConnection()) {
      for (Map.Entry<String, String> table : DERIVED.entrySet()) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        String rows = "SELECT * FROM " + table.getKey() + " ORDER BY " + table.getValue();
        connection
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyOut("COPY (" + rows + ") TO STDOUT", out);
        contents.put(table.getKey(), out.toString(StandardCharsets.UTF_8));
      }
    }
    return contents;
  }

  private static Object figures(TestDatabase database) throws SQLException {
    try (Connection connection = database.dataSource().getConnection()) {
      return StatisticsTable.figures(
          connection,
          new StatisticsTable.Period(Optional.empty(), Optional.empty(), Optional.of(AFTER)),
          Grouping.HOUR);
    }
  }

  private static final Instant AFTER = SampleDatabase.MONDAY.plus(Duration.ofDays(60));
}
