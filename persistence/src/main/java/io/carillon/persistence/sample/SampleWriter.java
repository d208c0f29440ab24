package io.carillon.persistence.sample;

import io.carillon.engine.call.StoredEvent;
import io.carillon.persistence.journal.EventCodec;
import io.carillon.persistence.journal.PersistenceIds;
import io.carillon.persistence.journal.StoredEventSerializer;
import io.carillon.persistence.projection.Rebuild;
import io.carillon.persistence.projection.RowBatch;
import io.carillon.persistence.projection.RowStatements;
import io.carillon.persistence.projection.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Stores whole calls fast: some thousand events in a transaction, and the rows by the statements of
 * the journal's own writer. Not durable to the last commit, so not for calls that anybody made.
 */
public final class SampleWriter implements AutoCloseable {
  private static final int EVENTS_AT_ONCE = 4000;

  private static final String INSERT =
      """
      INSERT INTO event_journal (persistence_id, sequence_number, writer, write_timestamp,
        adapter_manifest, event_ser_id, event_ser_manifest, event_payload)
      SELECT id, number, 'sample', written_at, '', %d, manifest, payload
      FROM unnest(?::text[], ?::bigint[], ?::bigint[], ?::text[], ?::bytea[])
        AS u(id, number, written_at, manifest, payload)"""
          .formatted(StoredEventSerializer.IDENTIFIER);

  private final Connection connection;
  private final EventCodec codec = new EventCodec();
  private final List<List<StoredEvent>> waiting = new ArrayList<>();
  private int collected;

  /** Writes to a database that has all tables. */
  public SampleWriter(DataSource source) throws SQLException {
    connection = source.getConnection();
    try (Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      // Each row is found by its key, also while the planner still believes the tables are empty.
      statement.execute(
          "SET synchronous_commit = off; SET enable_seqscan = off; SET enable_hashjoin = off;"
              + " SET enable_mergejoin = off; SET jit = off");
      connection.commit();
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /** Stores a call with what was added before it, once there is enough of it. */
  public void add(List<StoredEvent> journal) throws SQLException {
    waiting.add(journal);
    collected += journal.size();
    if (collected >= EVENTS_AT_ONCE) {
      flush();
    }
  }

  private void flush() throws SQLException {
    List<StoredEvent> events = waiting.stream().flatMap(List::stream).toList();
    RowBatch rows = new RowBatch();
    events.forEach(rows::add);
    Statements statements = new Statements();
    insert(events, statements);
    RowStatements.run(connection, statements, rows);
    connection.commit();
    waiting.clear();
    collected = 0;
  }

  private void insert(List<StoredEvent> events, Statements statements) {
    int size = events.size();
    @Nullable String[] ids = new String[size];
    @Nullable Long[] numbers = new Long[size];
    @Nullable Long[] writtenAt = new Long[size];
    @Nullable String[] manifests = new String[size];
    byte[][] payloads = new byte[size][];
    for (int i = 0; i < size; i++) {
      StoredEvent event = events.get(i);
      ids[i] = PersistenceIds.of(event.key());
      numbers[i] = event.seq();
      writtenAt[i] = event.event().header().at().toEpochMilli();
      manifests[i] = EventCodec.manifest(event.event());
      payloads[i] = codec.encode(event);
    }
    statements
        .statement(INSERT)
        .texts(ids)
        .numbers(numbers)
        .numbers(writtenAt)
        .texts(manifests)
        .bytes(payloads);
  }

  /** Stores what is left and lets the planner know how large the tables are now. */
  @Override
  public void close() throws SQLException {
    try (connection) {
      flush();
      Rebuild.stamp(connection);
      connection.commit();
      connection.setAutoCommit(true);
      try (Statement statement = connection.createStatement()) {
        statement.execute("ANALYZE event_journal, call, call_party");
      }
    }
  }
}
