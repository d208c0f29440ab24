package io.carillon.persistence.projection;

import io.carillon.engine.call.StoredEvent;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import javax.sql.DataSource;

/**
 * Makes the rows anew from the journal, by the same function that writes them: what comes out is
 * what was there, to the last bit. In one transaction, with the tables locked: for a stopped
 * engine, or one whose calls may fail for that time.
 */
public final class Rebuild {
  private static final int EVENTS_AT_ONCE = 1000;

  private static final String JOURNAL =
      "SELECT persistence_id, event_ser_manifest, event_payload FROM event_journal"
          + " WHERE persistence_id LIKE 'call|%' AND NOT deleted"
          + " ORDER BY persistence_id, sequence_number";

  /** Rows are stamped when they are written; these were written then, not now. */
  private static final List<String> STAMP =
      List.of(
          """
          UPDATE call c SET updated_at = timestamptz 'epoch'
            + (SELECT write_timestamp FROM event_journal j
               WHERE j.persistence_id = 'call|' || c.realm || '|' || c.call_id
               ORDER BY sequence_number DESC LIMIT 1)
            * interval '1 millisecond'""",
          """
          UPDATE call_party p SET closed_at = c.updated_at FROM call c
          WHERE p.closed_at IS NOT NULL AND c.realm = p.realm AND c.call_id = p.call_id""");

  /**
   * What was done.
   *
   * @param events applied
   * @param unreadable persistence ids of calls with an event that could not be read; their rows say
   *     what could
   */
  public record Report(long events, List<String> unreadable) {}

  private Rebuild() {}

  /**
   * Rebuilds all rows.
   *
   * @param source connections without a statement timeout
   * @param decode manifest and payload to event; what it throws as {@link RuntimeException} makes
   *     the call unreadable
   */
  public static Report run(DataSource source, BiFunction<String, byte[], StoredEvent> decode)
      throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("TRUNCATE call, call_party, call_deadline");
      Report report = apply(connection, decode);
      stamp(connection);
      connection.commit();
      return report;
    }
  }

  /** Gives every call's rows the moment at which the last of its events was stored. */
  public static void stamp(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String stamp : STAMP) {
        statement.execute(stamp);
      }
    }
  }

  private static Report apply(Connection connection, BiFunction<String, byte[], StoredEvent> decode)
      throws SQLException {
    long events = 0;
    List<String> unreadable = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(JOURNAL)) {
      statement.setFetchSize(EVENTS_AT_ONCE);
      try (ResultSet row = statement.executeQuery()) {
        RowBatch batch = new RowBatch();
        int collected = 0;
        while (row.next()) {
          String id = row.getString(1);
          if (!unreadable.isEmpty() && unreadable.getLast().equals(id)) {
            continue;
          }
          try {
            batch.add(decode.apply(row.getString(2), row.getBytes(3)));
            events++;
          } catch (RuntimeException _) {
            unreadable.add(id);
          }
          if (++collected == EVENTS_AT_ONCE) {
            write(connection, batch);
            batch = new RowBatch();
            collected = 0;
          }
        }
        write(connection, batch);
      }
    }
    return new Report(events, List.copyOf(unreadable));
  }

  private static void write(Connection connection, RowBatch batch) throws SQLException {
    RowStatements.run(connection, new Statements(), batch);
  }
}
