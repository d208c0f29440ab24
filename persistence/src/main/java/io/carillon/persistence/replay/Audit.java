package io.carillon.persistence.replay;

import io.carillon.engine.call.CallKey;
import io.carillon.persistence.readmodel.CallRows;
import io.carillon.persistence.readmodel.HistoryCall;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import javax.sql.DataSource;

/**
 * The nightly look at everything (R74): each call's journal against the invariants, and its fold
 * against its rows, in one snapshot of the database, so that calls which go on meanwhile are judged
 * as they were at one moment. A call's period is judged by its journal here, not by the rows that
 * are to be checked.
 */
public final class Audit {
  private static final int CALLS_AT_ONCE = 500;

  private final Selection selection;
  private final Meter meter;
  private final Consumer<Finding> findings;
  private final List<CallJournal> waiting = new ArrayList<>();
  private long calls;
  private long events;
  private long found;

  private Audit(Selection selection, Meter meter, Consumer<Finding> findings) {
    this.selection = selection;
    this.meter = meter;
    this.findings = findings;
  }

  /** Checks journals of a file; there are no rows to compare with, and no clock to be late by. */
  public static AuditReport file(
      JournalFile file, Selection selection, Meter meter, Consumer<Finding> findings)
      throws IOException, SQLException {
    Audit audit = new Audit(selection, meter, findings);
    file.read(
        selection,
        meter,
        journal -> {
          audit.count(journal);
          audit.give(JournalChecks.of(journal, Optional.empty()));
        });
    return audit.report();
  }

  /** Checks the journals of a database and the rows beside them. */
  public static AuditReport database(
      DataSource source, Selection selection, Meter meter, Consumer<Finding> findings)
      throws IOException, SQLException {
    Audit audit = new Audit(selection, meter, findings);
    try (Connection connection = JournalTable.snapshot(source)) {
      Instant now = now(connection);
      Selection whole =
          selection.hasPeriod()
              ? new Selection(
                  selection.realm(), selection.call(), Optional.empty(), Optional.empty())
              : selection;
      JournalTable.read(
          connection, whole, audit.meter, journal -> audit.take(connection, journal, now));
      audit.compare(connection);
      audit.orphans(connection);
    }
    return audit.report();
  }

  private AuditReport report() {
    return new AuditReport(calls, events, found);
  }

  private void count(CallJournal journal) {
    calls++;
    events += journal.entries().size();
  }

  private void give(List<Finding> more) {
    found += more.size();
    more.forEach(findings);
  }

  private void take(Connection connection, CallJournal journal, Instant now) throws SQLException {
    // What cannot be dated cannot be ruled out.
    if (journal.placedAt().isPresent() && !selection.includes(journal)) {
      return;
    }
    count(journal);
    give(JournalChecks.of(journal, Optional.of(now)));
    waiting.add(journal);
    if (waiting.size() == CALLS_AT_ONCE) {
      compare(connection);
    }
  }

  private void compare(Connection connection) throws SQLException {
    List<CallKey> keys = waiting.stream().flatMap(j -> j.key().stream()).toList();
    Map<CallKey, HistoryCall> rows = new HashMap<>();
    CallRows.find(connection, keys).forEach(row -> rows.put(row.key(), row));
    Map<CallKey, Instant> deadlines = deadlines(connection, keys);
    for (CallJournal journal : waiting) {
      journal.key().ifPresent(key -> compare(journal, key, rows, deadlines));
    }
    waiting.clear();
  }

  private void compare(
      CallJournal journal,
      CallKey key,
      Map<CallKey, HistoryCall> rows,
      Map<CallKey, Instant> deadlines) {
    Optional<HistoryCall> fold = FoldedCall.of(journal);
    HistoryCall row = rows.get(key);
    // A damaged journal has been reported; what its rows should say, nobody can tell.
    if (fold.isEmpty() || journal.damage().isPresent()) {
      return;
    }
    if (row == null) {
      give(List.of(new Finding("J12", journal.persistenceId(), 0, "has no row")));
      return;
    }
    give(RowChecks.of(journal.persistenceId(), fold.get(), row));
    Optional<Instant> due = journal.events().getLast().wakeAt();
    Optional<Instant> stored = Optional.ofNullable(deadlines.get(key));
    if (!due.equals(stored)) {
      give(
          List.of(
              new Finding(
                  "J12",
                  journal.persistenceId(),
                  0,
                  "call_deadline.due_at: journal " + due + ", rows " + stored)));
    }
  }

  private static Map<CallKey, Instant> deadlines(Connection connection, List<CallKey> keys)
      throws SQLException {
    Map<CallKey, Instant> deadlines = new HashMap<>();
    Set<CallKey> asked = new HashSet<>(keys);
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT realm, call_id, due_at FROM call_deadline WHERE (realm, call_id) IN"
                + " (SELECT * FROM unnest(?::text[], ?::text[]))")) {
      CallRows.bindKeys(connection, statement, keys);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          CallKey key = CallRows.key(row);
          if (asked.contains(key)) {
            deadlines.put(key, row.getObject("due_at", OffsetDateTime.class).toInstant());
          }
        }
      }
    }
    return deadlines;
  }

  /** Rows that no journal stands behind. */
  private void orphans(Connection connection) throws SQLException {
    String realm = selection.realm().isPresent() ? " AND c.realm = ?" : "";
    String call = selection.call().isPresent() ? " AND c.call_id = ?" : "";
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT c.realm, c.call_id FROM call c WHERE NOT EXISTS (SELECT FROM event_journal j"
                + " WHERE j.persistence_id = 'call|' || c.realm || '|' || c.call_id"
                + " AND j.sequence_number = 1)"
                + realm
                + call)) {
      statement.setFetchSize(CALLS_AT_ONCE);
      int at = 1;
      if (selection.realm().isPresent()) {
        statement.setString(at++, selection.realm().get().value());
      }
      if (selection.call().isPresent()) {
        statement.setString(at, selection.call().get().value());
      }
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          String id = "call|" + row.getString(1) + "|" + row.getString(2);
          give(List.of(new Finding("J12", id, 0, "has a row and no journal")));
        }
      }
    }
  }

  private static Instant now(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT clock_timestamp()")) {
      row.next();
      return row.getObject(1, OffsetDateTime.class).toInstant();
    }
  }
}
