package io.carillon.persistence.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carillon.persistence.testdatabase.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A node that falls silent in the middle of a transaction, and one that takes its work over. */
class AbandonedTransactionTest {
  private static final String ROW =
      "INSERT INTO event_journal (persistence_id, sequence_number, writer, write_timestamp,"
          + " adapter_manifest, event_ser_id, event_ser_manifest, event_payload)"
          + " VALUES ('call|acme|c1', 2, 'node', 0, '', 7401, 'call.accepted.v1', '{}')";

  private static int insert(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return statement.executeUpdate(ROW);
    }
  }

  @Test
  void whatASilentNodeWasWritingCanBeWrittenByTheNext() {
    TestDatabase testDatabase = TestDatabase.fresh();
    CountDownLatch written = new CountDownLatch(1);
    CountDownLatch awake = new CountDownLatch(1);
    try (Database silent = testDatabase.open();
        Database next = testDatabase.open()) {
      CompletableFuture<Integer> abandoned =
          silent.transaction(
              connection -> {
                int rows = insert(connection);
                written.countDown();
                return await(awake) ? rows : -1;
              });
      assertThat(await(written)).isTrue();
      // Until the server gives the silent one up it waits for what becomes of that row.
      assertThat(next.transaction(AbandonedTransactionTest::insert).join()).isEqualTo(1);
      awake.countDown();
      assertThatThrownBy(abandoned::join)
          .isInstanceOf(CompletionException.class)
          .hasCauseInstanceOf(DatabaseUnavailableException.class);
    } finally {
      awake.countDown();
    }
    assertThat(testDatabase.query("SELECT count(*) FROM event_journal")).containsExactly("1");
  }

  private static boolean await(CountDownLatch latch) {
    try {
      return latch.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
