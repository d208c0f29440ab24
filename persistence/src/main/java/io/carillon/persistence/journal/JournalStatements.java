package io.carillon.persistence.journal;

import io.carillon.persistence.projection.RowBatch;
import io.carillon.persistence.projection.RowStatements;
import io.carillon.persistence.projection.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The SQL of a batch of writes. */
final class JournalStatements {
  /**
   * The moment is the database's and the one the rows get: rows that are made anew from the journal
   * are those that were there.
   */
  private static final String INSERT =
      """
      INSERT INTO event_journal (persistence_id, sequence_number, writer, write_timestamp,
        adapter_manifest, event_ser_id, event_ser_manifest, event_payload, node)
      SELECT id, number, writer, floor(extract(epoch FROM now()) * 1000)::bigint, adapter,
        serializer, manifest, payload, (?::text[])[1]
      FROM unnest(?::text[], ?::bigint[], ?::text[], ?::text[], ?::bigint[], ?::text[], ?::bytea[])
        AS u(id, number, writer, adapter, serializer, manifest, payload)
      ON CONFLICT DO NOTHING""";

  /** A table of 2 MB has some ten thousand rows. */
  private static final String KEEP_PLANS =
      """
      SELECT set_config('plan_cache_mode', CASE
        WHEN pg_relation_size('call') > 2000000 AND pg_relation_size('call_party') > 2000000
        THEN 'force_generic_plan' ELSE 'force_custom_plan' END, false)""";

  /** The same order in every batch: two nodes that write the same events wait, never deadlock. */
  private static final Comparator<JournalRow> KEY_ORDER =
      Comparator.comparing(JournalRow::persistenceId).thenComparingLong(JournalRow::seq);

  private JournalStatements() {}

  /**
   * Stores the writes and what they imply in one round trip; the caller commits.
   *
   * @param node which node writes
   * @return whether every event was stored; false: one was there before
   */
  static boolean store(Connection connection, String node, List<PendingWrite> writes)
      throws SQLException {
    List<JournalRow> rows = new ArrayList<>();
    RowBatch changes = new RowBatch();
    for (PendingWrite write : writes) {
      rows.addAll(write.rows());
      write.events().forEach(changes::add);
    }
    Statements statements = new Statements();
    insert(node, rows, statements);
    return RowStatements.run(connection, statements, changes)[0] == rows.size();
  }

  /**
   * The same for one write, in two steps, so that an event that was there before is told from rows
   * that cannot be written.
   */
  static boolean storeApart(Connection connection, String node, PendingWrite write)
      throws SQLException {
    Statements statements = new Statements();
    insert(node, write.rows(), statements);
    if (statements.run(connection)[0] < write.rows().size()) {
      return false;
    }
    RowBatch changes = new RowBatch();
    write.events().forEach(changes::add);
    RowStatements.run(connection, new Statements(), changes);
    return true;
  }

  /**
   * Lets the connection keep the plans of these statements, once the tables are large enough for
   * the planner to choose the right index; takes effect with the transaction.
   *
   * <p>Left to itself the planner makes each plan anew every time, because it takes our short
   * arrays for cheaper than those it assumes when it does not look: half as much again as running
   * the statement. On an almost empty table all indexes look the same to it, so a plan made then
   * and kept would read by the wrong one, all rows of a realm for each event; until then each plan
   * is made anew.
   */
  static void keepPlans(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(KEEP_PLANS);
    }
  }

  private static void insert(String node, List<JournalRow> unsorted, Statements statements) {
    List<JournalRow> rows = unsorted.stream().sorted(KEY_ORDER).toList();
    int size = rows.size();
    @Nullable String[] ids = new String[size];
    @Nullable Long[] numbers = new Long[size];
    @Nullable String[] writers = new String[size];
    @Nullable String[] adapters = new String[size];
    @Nullable Long[] serializers = new Long[size];
    @Nullable String[] manifests = new String[size];
    byte[][] payloads = new byte[size][];
    for (int i = 0; i < size; i++) {
      JournalRow row = rows.get(i);
      ids[i] = row.persistenceId();
      numbers[i] = row.seq();
      writers[i] = row.writer();
      adapters[i] = row.adapterManifest();
      serializers[i] = (long) row.serializer();
      manifests[i] = row.manifest();
      payloads[i] = row.payload();
    }
    statements
        .statement(INSERT)
        .texts(new @Nullable String[] {node})
        .texts(ids)
        .numbers(numbers)
        .texts(writers)
        .texts(adapters)
        .numbers(serializers)
        .texts(manifests)
        .bytes(payloads);
  }
}
