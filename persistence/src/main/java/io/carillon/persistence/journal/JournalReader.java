package io.carillon.persistence.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import javax.sql.DataSource;
import scala.concurrent.Future;
import scala.concurrent.Promise;
import scala.concurrent.impl.Promise.DefaultPromise;
import scala.util.Failure;
import scala.util.Success;

/** Answers how far a journal goes, without holding up the actor that asks. */
final class JournalReader implements AutoCloseable {
  private static final String HIGHEST =
      "SELECT max(sequence_number) FROM event_journal"
          + " WHERE persistence_id = ? AND sequence_number >= ?";

  private final DataSource source;
  // The pool bounds how many ask at once; who waits for a connection waits cheaply.
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

  JournalReader(DataSource source) {
    this.source = source;
  }

  /**
   * The highest number stored for this id, from {@code from} on; 0: none. Fails with the database's
   * exception where it does not answer.
   */
  Future<Object> highestSequenceNumber(String persistenceId, long from) {
    Promise<Object> answer = new DefaultPromise<>();
    try {
      executor.execute(
          () -> {
            try {
              answer.complete(new Success<>(highest(persistenceId, from)));
            } catch (SQLException | RuntimeException e) {
              answer.complete(new Failure<>(e));
            }
          });
    } catch (RejectedExecutionException e) {
      answer.complete(new Failure<>(new JournalWriteException.Stopped()));
    }
    return answer.future();
  }

  private Long highest(String persistenceId, long from) throws SQLException {
    try (Connection connection = source.getConnection();
        PreparedStatement statement = connection.prepareStatement(HIGHEST)) {
      statement.setString(1, persistenceId);
      statement.setLong(2, from);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() ? rows.getLong(1) : 0L;
      }
    }
  }

  /** Waits for the questions that are being answered. */
  @Override
  public void close() {
    executor.close();
  }
}
