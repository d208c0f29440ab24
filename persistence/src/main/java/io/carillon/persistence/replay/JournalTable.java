package io.carillon.persistence.replay;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The journal in the database, read through a cursor in one read-only snapshot: what is written
 * meanwhile is not seen, neither in parts nor at all.
 */
public final class JournalTable implements JournalSource {
  private static final int ROWS_AT_ONCE = 1000;

  private final DataSource source;

  /** Reads from a database; the connections must have no statement timeout. */
  public JournalTable(DataSource source) {
    this.source = source;
  }

  @Override
  public void read(Selection selection, Meter meter, CallReader reader)
      throws IOException, SQLException {
    try (Connection connection = snapshot(source)) {
      read(connection, selection, meter, reader);
    }
  }

  /** A connection in a read-only transaction that sees one moment of the database throughout. */
  static Connection snapshot(DataSource source) throws SQLException {
    Connection connection = source.getConnection();
    try {
      connection.setAutoCommit(false);
      connection.setReadOnly(true);
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /** Reads the selected calls; a period is looked up by the calls' rows. */
  static void read(Connection connection, Selection selection, Meter meter, CallReader reader)
      throws IOException, SQLException {
    meter.expect(expected(connection, selection));
    try (PreparedStatement statement = connection.prepareStatement(sql(selection))) {
      statement.setFetchSize(ROWS_AT_ONCE);
      bind(statement, selection);
      try (ResultSet row = statement.executeQuery()) {
        @Nullable String id = null;
        List<JournalEntry> entries = new ArrayList<>();
        while (row.next()) {
          String next = row.getString(1);
          if (!next.equals(id)) {
            hand(id, entries, meter, reader);
            id = next;
            entries = new ArrayList<>();
          }
          entries.add(
              new JournalEntry(
                  row.getLong(2),
                  row.getString(3),
                  row.getBytes(4),
                  row.getString(5),
                  Instant.ofEpochMilli(row.getLong(6)),
                  Optional.ofNullable(row.getString(7))));
        }
        hand(id, entries, meter, reader);
      }
    }
  }

  private static void hand(
      @Nullable String id, List<JournalEntry> entries, Meter meter, CallReader reader)
      throws IOException, SQLException {
    if (id != null) {
      reader.take(new CallJournal(id, entries));
      meter.advance(entries.size());
    }
  }

  static String sql(Selection selection) {
    StringBuilder sql =
        new StringBuilder(
            "SELECT persistence_id, sequence_number, event_ser_manifest, event_payload, writer,"
                + " write_timestamp, node FROM event_journal"
                + " WHERE persistence_id >= ? AND persistence_id < ? AND NOT deleted");
    if (selection.call().isPresent() || selection.hasPeriod()) {
      sql.append(" AND persistence_id IN (SELECT 'call|' || realm || '|' || call_id FROM call");
      sql.append(" WHERE true");
      selection.realm().ifPresent(_ -> sql.append(" AND realm = ?"));
      selection.call().ifPresent(_ -> sql.append(" AND call_id = ?"));
      selection.from().ifPresent(_ -> sql.append(" AND created_at >= ?"));
      selection.to().ifPresent(_ -> sql.append(" AND created_at < ?"));
      sql.append(")");
    }
    return sql.append(" ORDER BY persistence_id, sequence_number").toString();
  }

  static void bind(PreparedStatement statement, Selection selection) throws SQLException {
    // No id contains the bar, and '}' is the character after it.
    String realm = selection.realm().map(r -> "call|" + r.value()).orElse("call");
    List<Object> values = new ArrayList<>(List.of(realm + "|", realm + "}"));
    if (selection.call().isPresent() || selection.hasPeriod()) {
      selection.realm().ifPresent(r -> values.add(r.value()));
      selection.call().ifPresent(c -> values.add(c.value()));
      selection.from().ifPresent(at -> values.add(at.atOffset(ZoneOffset.UTC)));
      selection.to().ifPresent(at -> values.add(at.atOffset(ZoneOffset.UTC)));
    }
    for (int i = 0; i < values.size(); i++) {
      statement.setObject(i + 1, values.get(i));
    }
  }

  /** The table's own estimate, which costs nothing; a part of it is not worth an estimate. */
  private static long expected(Connection connection, Selection selection) throws SQLException {
    if (!selection.equals(Selection.ALL)) {
      return 0;
    }
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT reltuples::bigint FROM pg_class"
                    + " WHERE oid = to_regclass('event_journal')")) {
      return Optional.of(row.next()).filter(found -> found).isPresent()
          ? Math.max(0, row.getLong(1))
          : 0;
    }
  }
}
