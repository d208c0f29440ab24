package io.carillon.persistence.realm;

import io.carillon.engine.call.Actor;
import io.carillon.engine.call.Call;
import io.carillon.engine.call.CallId;
import io.carillon.engine.call.CallKey;
import io.carillon.engine.call.CallSnapshot;
import io.carillon.engine.call.CallState;
import io.carillon.engine.call.StoredEvent;
import io.carillon.engine.identity.Endpoint;
import io.carillon.engine.identity.RealmId;
import io.carillon.engine.identity.UserId;
import io.carillon.persistence.database.Database;
import io.carillon.persistence.journal.EventCodec;
import io.carillon.persistence.journal.PersistenceIds;
import io.carillon.persistence.journal.UnreadableEventException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events of a realm in the order of their commits, for whoever follows it (R76). A reader gives
 * the position it has reached and gets what came after it; nothing is missed, whatever is written
 * meanwhile, and any node continues from any node's position.
 *
 * <p>How: an event carries the id of its transaction. Every transaction below the oldest one that
 * still runs is over, so what is below it is complete and stays so; a reader never goes beyond. A
 * transaction that writes for minutes (a rebuild, an erasure) holds readers up for that long.
 */
public final class RealmFeed {
  private static final Logger LOG = LoggerFactory.getLogger(RealmFeed.class);

  /** Open calls that a start tells of at most; the counters count all of them. */
  public static final int MOST_OPEN = 1000;

  /** Events of the journal, of whatever realm, that one reading passes at most. */
  public static final int MOST_AT_ONCE = 500;

  private static final String LOWEST_RUNNING = "SELECT pg_snapshot_xmin(pg_current_snapshot())";

  private static final String EVENTS =
      """
      SELECT transaction_id, ordering, persistence_id, sequence_number, node FROM event_journal
      WHERE transaction_id >= ?::xid8 AND transaction_id < ?::xid8
        AND (transaction_id > ?::xid8 OR ordering > ?)
      ORDER BY transaction_id, ordering LIMIT %d"""
          .formatted(MOST_AT_ONCE);

  private static final String JOURNALS =
      """
      SELECT j.persistence_id, j.event_ser_manifest, j.event_payload
      FROM unnest(?::text[]) AS k(id) JOIN event_journal j ON j.persistence_id = k.id
      WHERE NOT j.deleted ORDER BY j.persistence_id, j.sequence_number""";

  private static final String COUNT =
      """
      SELECT c.state, count(*) FROM call c JOIN (
        SELECT DISTINCT realm, call_id FROM call_party
        WHERE realm = ? AND closed_at IS NULL AND position = 0) p USING (realm, call_id)
      GROUP BY c.state""";

  private static final String CONNECTED =
      """
      SELECT count(*) FROM device_connection d JOIN connection_node n USING (node)
      WHERE d.realm = ? AND d.closed_at IS NULL
        AND n.last_seen > clock_timestamp() - interval '15 seconds'""";

  private final Database database;
  private final EventCodec codec = new EventCodec();

  /** Reads from a database. */
  public RealmFeed(Database database) {
    this.database = database;
  }

  /**
   * How far a reader has come: everything in earlier transactions, and of this one everything up to
   * this number.
   */
  public record Position(long transaction, long ordering) {}

  /**
   * What a reader follows: a realm, or in it one call, or what one user does and is told.
   *
   * @param call only this call
   * @param user only this user
   */
  public record Subject(RealmId realm, Optional<CallId> call, Optional<UserId> user) {
    boolean mayConcern(CallKey key) {
      return key.realm().equals(realm) && call.map(key.call()::equals).orElse(true);
    }

    boolean concerns(Call.Step step) {
      return user.map(
              u ->
                  (step.stored().event().header().actor() instanceof Actor.Device(Endpoint by)
                          && by.user().equals(u))
                      || step.notices().stream().anyMatch(notice -> notice.to().equals(u)))
          .orElse(true);
    }
  }

  /**
   * One event.
   *
   * @param node which node stored it, where that is known
   * @param position where a reader stands after it
   */
  public record Change(Call.Step step, Optional<String> node, Position position) {}

  /**
   * What came after a position.
   *
   * @param next where the reader stands once it has taken the changes
   * @param more whether there is more already
   */
  public record Changes(List<Change> changes, Position next, boolean more) {}

  /**
   * How things stand.
   *
   * @param calls the calls that are not over, newest first, {@value RealmFeed#MOST_OPEN} at most;
   *     of a subject that is one call, that call, over or not
   * @param position from where to go on: what follows may repeat what is in these calls, never skip
   */
  public record Start(List<CallSnapshot> calls, Position position) {}

  /**
   * How many.
   *
   * @param calling calls that no device has acknowledged
   * @param ringing calls that ring
   * @param accepted calls that are going on
   * @param connections open sockets
   */
  public record Counters(long calling, long ringing, long accepted, long connections) {}

  /** How things stand now. */
  public CompletionStage<Start> start(Subject subject) {
    return database.transaction(
        connection -> {
          try (Statement statement = connection.createStatement()) {
            // Position and calls are of one moment.
            statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
          }
          Position position = new Position(lowestRunning(connection), 0);
          List<CallSnapshot> calls = new ArrayList<>();
          List<String> ids = subject.call().isPresent() ? one(subject) : open(connection, subject);
          Map<String, List<StoredEvent>> journals = journals(connection, ids);
          for (String id : ids) {
            if (Call.replay(journals.getOrDefault(id, List.of()))
                instanceof CallState.Known known) {
              calls.add(CallSnapshot.of(known));
            }
          }
          return new Start(List.copyOf(calls), position);
        });
  }

  private static List<String> one(Subject subject) {
    return subject
        .call()
        .map(call -> List.of(PersistenceIds.of(new CallKey(subject.realm(), call))))
        .orElse(List.of());
  }

  private static List<String> open(Connection connection, Subject subject) throws SQLException {
    String own =
        subject.user().isPresent()
            ? "AND EXISTS (SELECT FROM call_party o WHERE o.realm = p.realm"
                + " AND o.call_id = p.call_id AND o.user_id = ?)"
            : "";
    List<String> ids = new ArrayList<>();
    String sql =
        """
        SELECT DISTINCT p.called_at, 'call|' || p.realm || '|' || p.call_id AS id
        FROM call_party p
        WHERE p.realm = ? AND p.closed_at IS NULL AND p.position = 0 %s
        ORDER BY p.called_at DESC, id LIMIT %d"""
            .formatted(own, MOST_OPEN);
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, subject.realm().value());
      if (subject.user().isPresent()) {
        statement.setString(2, subject.user().get().value());
      }
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          ids.add(row.getString("id"));
        }
      }
    }
    return ids;
  }

  /**
   * What came after a position, in order. Empty where the position cannot be one of this database:
   * start again then.
   */
  public CompletionStage<Optional<Changes>> after(Subject subject, Position position) {
    return database.query(connection -> after(connection, subject, position));
  }

  private record Row(Position position, String id, long seq, Optional<String> node) {}

  private Optional<Changes> after(Connection connection, Subject subject, Position from)
      throws SQLException {
    // Asked before the events are: by the time those are read, all below it is there to be seen.
    long bound = lowestRunning(connection);
    if (from.transaction() > bound) {
      return Optional.empty();
    }
    List<Row> rows = rows(connection, from, bound);
    boolean more = rows.size() == MOST_AT_ONCE;
    Position next =
        more
            ? rows.getLast().position()
            : bound > from.transaction() ? new Position(bound, 0) : from;
    List<Row> concerned = rows.stream().filter(row -> mayConcern(subject, row)).toList();
    Set<String> ids = new LinkedHashSet<>();
    concerned.forEach(row -> ids.add(row.id()));
    Map<String, Map<Long, Call.Step>> steps = new HashMap<>();
    journals(connection, List.copyOf(ids)).forEach((id, events) -> steps.put(id, bySeq(events)));
    List<Change> changes = new ArrayList<>();
    for (Row row : concerned) {
      // Missing: it cannot be read, or was removed by retention a moment ago.
      Call.Step step = steps.getOrDefault(row.id(), Map.of()).get(row.seq());
      if (step != null && subject.concerns(step)) {
        changes.add(new Change(step, row.node(), row.position()));
      }
    }
    return Optional.of(new Changes(List.copyOf(changes), next, more));
  }

  private static boolean mayConcern(Subject subject, Row row) {
    return PersistenceIds.parse(row.id()).map(subject::mayConcern).orElse(false);
  }

  private static Map<Long, Call.Step> bySeq(List<StoredEvent> events) {
    Map<Long, Call.Step> steps = new HashMap<>();
    Call.replaySteps(events).forEach(step -> steps.put(step.stored().seq(), step));
    return steps;
  }

  private static List<Row> rows(Connection connection, Position from, long bound)
      throws SQLException {
    List<Row> rows = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(EVENTS)) {
      statement.setString(1, Long.toUnsignedString(from.transaction()));
      statement.setString(2, Long.toUnsignedString(bound));
      statement.setString(3, Long.toUnsignedString(from.transaction()));
      statement.setLong(4, from.ordering());
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          rows.add(
              new Row(
                  new Position(Long.parseUnsignedLong(row.getString(1)), row.getLong(2)),
                  row.getString(3),
                  row.getLong(4),
                  Optional.ofNullable(row.getString(5))));
        }
      }
    }
    return rows;
  }

  /** Whole journals; one with an event that cannot be read is left out (I26). */
  private Map<String, List<StoredEvent>> journals(Connection connection, List<String> ids)
      throws SQLException {
    Map<String, List<StoredEvent>> journals = new HashMap<>();
    if (ids.isEmpty()) {
      return journals;
    }
    Set<String> unreadable = new LinkedHashSet<>();
    try (PreparedStatement statement = connection.prepareStatement(JOURNALS)) {
      statement.setArray(1, connection.createArrayOf("text", ids.toArray()));
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          String id = row.getString(1);
          try {
            StoredEvent event = codec.decode(row.getString(2), row.getBytes(3));
            journals.computeIfAbsent(id, _ -> new ArrayList<>()).add(event);
          } catch (UnreadableEventException e) {
            if (unreadable.add(id)) {
              LOG.error("{} is left out: {}", id, e.getMessage());
            }
          }
        }
      }
    }
    unreadable.forEach(journals::remove);
    return journals;
  }

  private static long lowestRunning(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(LOWEST_RUNNING)) {
      row.next();
      return Long.parseUnsignedLong(row.getString(1));
    }
  }

  /** How many calls are open in a realm, and how many devices are connected. */
  public CompletionStage<Counters> counters(RealmId realm) {
    return database.query(
        connection -> {
          Map<String, Long> states = new HashMap<>();
          try (PreparedStatement statement = connection.prepareStatement(COUNT)) {
            statement.setString(1, realm.value());
            try (ResultSet row = statement.executeQuery()) {
              while (row.next()) {
                states.put(row.getString(1), row.getLong(2));
              }
            }
          }
          try (PreparedStatement statement = connection.prepareStatement(CONNECTED)) {
            statement.setString(1, realm.value());
            try (ResultSet row = statement.executeQuery()) {
              row.next();
              return new Counters(
                  states.getOrDefault("calling", 0L),
                  states.getOrDefault("ringing", 0L),
                  states.getOrDefault("accepted", 0L),
                  row.getLong(1));
            }
          }
        });
  }
}
