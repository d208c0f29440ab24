package io.carillon.persistence.testdatabase;

import io.carillon.engine.call.StoredEvent;
import io.carillon.persistence.journal.EventCodec;
import io.carillon.persistence.journal.PersistenceIds;
import io.carillon.persistence.projection.RowBatch;
import io.carillon.persistence.projection.RowStatements;
import io.carillon.persistence.projection.Statements;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;

/** Puts calls into a database as the journal would, without an actor system. */
public final class StoredCalls {
  private static final int SERIALIZER = 7401;
  private static final EventCodec CODEC = new EventCodec();

  private StoredCalls() {}

  /** Stores all events of the calls, each call's in a transaction of its own. */
  public static void store(TestDatabase database, Collection<TestCall> calls) {
    try (Connection connection = database.dataSource().getConnection()) {
      connection.setAutoCommit(false);
      for (TestCall call : calls) {
        RowBatch rows = new RowBatch();
        for (StoredEvent event : call.journal()) {
          insert(connection, event);
          rows.add(event);
        }
        RowStatements.run(connection, new Statements(), rows);
        connection.commit();
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Puts one event into the journal, on the caller's connection and transaction. */
  public static void insert(Connection connection, StoredEvent event) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "INSERT INTO event_journal (persistence_id, sequence_number, writer, write_timestamp,"
                + " adapter_manifest, event_ser_id, event_ser_manifest, event_payload)"
                + " VALUES (?, ?, 'test', ?, '', ?, ?, ?)")) {
      statement.setString(1, PersistenceIds.of(event.key()));
      statement.setLong(2, event.seq());
      statement.setLong(3, event.event().header().at().toEpochMilli());
      statement.setInt(4, SERIALIZER);
      statement.setString(5, EventCodec.manifest(event.event()));
      statement.setBytes(6, CODEC.encode(event));
      statement.executeUpdate();
    }
  }
}
