package io.carillon.persistence.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.carillon.engine.call.CallMode;
import io.carillon.engine.call.StoredEvent;
import io.carillon.persistence.database.Database;
import io.carillon.persistence.testdatabase.TestCall;
import io.carillon.persistence.testdatabase.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * A write costs the same whether the tables are empty or full, and whatever the planner knows of
 * them.
 */
class PlansTest {
  private static final int AT_ONCE = 10;
  private static final int EVENTS = 5;

  @Test
  void eachRowIsFoundByItsOwnKeyFromTheFirstCallOnAndWithoutStatistics() throws SQLException {
    TestDatabase database = TestDatabase.fresh();
    for (String table : List.of("call", "call_party", "call_deadline", "event_journal")) {
      database.execute("ALTER TABLE " + table + " SET (autovacuum_enabled = off)");
    }
    try (HikariDataSource pool = Database.journalPool(database.settings());
        Connection connection = pool.getConnection()) {
      connection.setAutoCommit(false);
      store(connection, 1500);
      // As large as they have to be for plans to be kept.
      JournalStatements.keepPlans(connection);
      store(connection, 5000);
      JournalStatements.keepPlans(connection);
      store(connection, 500);
      assertThat(planCacheMode(connection)).isEqualTo("force_generic_plan");
      connection.createStatement().execute("SELECT pg_stat_force_next_flush()");
      connection.commit();
    }
    // Entries of versions of a row that were not cleared away yet are read with it.
    assertThat(
            database.query(
                "SELECT indexrelname, idx_tup_read / 35000 FROM pg_stat_user_indexes"
                    + " WHERE idx_tup_read > 5 * 35000"))
        .as("indexes of which more than five entries are read for each event")
        .isEmpty();
  }

  private static void store(Connection connection, int calls) throws SQLException {
    for (int i = 0; i < calls / AT_ONCE; i++) {
      List<List<StoredEvent>> lives = IntStream.range(0, AT_ONCE).mapToObj(_ -> call()).toList();
      for (int event = 0; event < EVENTS; event++) {
        List<PendingWrite> batch = new ArrayList<>();
        for (List<StoredEvent> life : lives) {
          batch.add(Writes.of(life.subList(event, event + 1)));
        }
        assertThat(JournalStatements.store(connection, "node", batch)).isTrue();
        connection.commit();
      }
    }
  }

  private static String planCacheMode(Connection connection) throws SQLException {
    try (ResultSet mode = connection.createStatement().executeQuery("SHOW plan_cache_mode")) {
      mode.next();
      return mode.getString(1);
    }
  }

  private static List<StoredEvent> call() {
    return TestCall.placed(
            "acme", UUID.randomUUID().toString(), CallMode.DIRECT, Instant.now(), "alice", "bob")
        .ring("bob")
        .accept("bob")
        .mute("bob")
        .hangUp("bob")
        .journal();
  }
}
