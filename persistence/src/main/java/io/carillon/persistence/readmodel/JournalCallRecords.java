package io.carillon.persistence.readmodel;

import io.carillon.engine.call.CallId;
import io.carillon.engine.call.CallKey;
import io.carillon.engine.call.CallRecords;
import io.carillon.engine.call.StoredEvent;
import io.carillon.engine.identity.RealmId;
import io.carillon.engine.identity.UserKey;
import io.carillon.persistence.database.Database;
import io.carillon.persistence.database.DatabaseUnavailableException;
import io.carillon.persistence.journal.EventCodec;
import io.carillon.persistence.journal.PersistenceIds;
import io.carillon.persistence.journal.UnreadableEventException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link CallRecords} from the journal and the rows beside it.
 *
 * <p>A call with an event that cannot be read fails its own {@link #events} with {@link
 * UnreadableEventException}; among the calls of a user it is left out, so that the others can go on
 * (I26).
 */
public final class JournalCallRecords implements CallRecords {
  private static final Logger LOG = LoggerFactory.getLogger(JournalCallRecords.class);

  private static final String EVENTS =
      """
      SELECT persistence_id, event_ser_manifest, event_payload FROM event_journal
      WHERE persistence_id = ? AND NOT deleted ORDER BY sequence_number""";

  private static final String OPEN =
      """
      SELECT j.persistence_id, j.event_ser_manifest, j.event_payload
      FROM (SELECT call_id, called_at FROM call_party
            WHERE realm = ? AND user_id = ? AND closed_at IS NULL
            ORDER BY called_at, call_id LIMIT ?) p
      JOIN event_journal j ON j.persistence_id = 'call|' || ? || '|' || p.call_id AND NOT j.deleted
      ORDER BY p.called_at, p.call_id, j.sequence_number""";

  /**
   * A call that is over changed when its parties' rows were closed; one that goes on, when its own
   * row was written last. A user has few calls that go on.
   */
  private static final String CHANGED =
      """
      SELECT j.persistence_id, j.event_ser_manifest, j.event_payload
      FROM (SELECT call_id, changed_at FROM (
              (SELECT call_id, closed_at AS changed_at FROM call_party
               WHERE realm = ? AND user_id = ? AND closed_at >= ?
               ORDER BY closed_at, call_id LIMIT ?)
              UNION ALL
              (SELECT p.call_id, c.updated_at FROM call_party p
               JOIN call c ON c.realm = p.realm AND c.call_id = p.call_id
               WHERE p.realm = ? AND p.user_id = ? AND p.closed_at IS NULL AND c.updated_at >= ?
               ORDER BY c.updated_at, p.call_id LIMIT ?)) both_kinds
            ORDER BY changed_at, call_id LIMIT ?) p
      JOIN event_journal j ON j.persistence_id = 'call|' || ? || '|' || p.call_id AND NOT j.deleted
      ORDER BY p.changed_at, p.call_id, j.sequence_number""";

  private static final String DUE =
      "SELECT realm, call_id FROM call_deadline WHERE due_at <= ? ORDER BY due_at LIMIT ?";

  private final Database database;
  private final RecordsSettings settings;
  private final EventCodec codec = new EventCodec();

  /** Reads from a database. */
  public JournalCallRecords(Database database, RecordsSettings settings) {
    this.database = database;
    this.settings = settings;
  }

  @Override
  public CompletionStage<List<StoredEvent>> events(CallKey key) {
    return ask(
        EVENTS,
        statement -> statement.setString(1, PersistenceIds.of(key)),
        result -> {
          List<StoredEvent> events = new ArrayList<>();
          while (result.next()) {
            events.add(event(result));
          }
          return events;
        });
  }

  @Override
  public CompletionStage<List<List<StoredEvent>>> open(UserKey user) {
    return ask(
        OPEN,
        statement -> {
          statement.setString(1, user.realm().value());
          statement.setString(2, user.user().value());
          statement.setInt(3, settings.openCalls());
          statement.setString(4, user.realm().value());
        },
        this::journals);
  }

  @Override
  public CompletionStage<List<List<StoredEvent>>> changedSince(
      UserKey user, Instant since, int limit) {
    OffsetDateTime from = utc(since.minus(settings.changeMargin()));
    return ask(
        CHANGED,
        statement -> {
          for (int part = 0; part < 2; part++) {
            statement.setString(part * 4 + 1, user.realm().value());
            statement.setString(part * 4 + 2, user.user().value());
            statement.setObject(part * 4 + 3, from);
            statement.setInt(part * 4 + 4, limit);
          }
          statement.setInt(9, limit);
          statement.setString(10, user.realm().value());
        },
        this::journals);
  }

  @Override
  public CompletionStage<List<CallKey>> due(Instant now, int limit) {
    return ask(
        DUE,
        statement -> {
          statement.setObject(1, utc(now));
          statement.setInt(2, limit);
        },
        result -> {
          List<CallKey> keys = new ArrayList<>();
          while (result.next()) {
            keys.add(
                new CallKey(new RealmId(result.getString(1)), new CallId(result.getString(2))));
          }
          return keys;
        });
  }

  /** Groups rows that come call by call, without the calls that cannot be read. */
  private List<List<StoredEvent>> journals(ResultSet result) throws SQLException {
    Map<String, List<StoredEvent>> journals = new LinkedHashMap<>();
    List<String> unreadable = new ArrayList<>();
    while (result.next()) {
      String id = result.getString(1);
      try {
        journals.computeIfAbsent(id, _ -> new ArrayList<>()).add(event(result));
      } catch (UnreadableEventException e) {
        LOG.error("{} is left out: {}", id, e.getMessage());
        unreadable.add(id);
      }
    }
    unreadable.forEach(journals::remove);
    return List.copyOf(journals.values());
  }

  private StoredEvent event(ResultSet result) throws SQLException {
    return codec.decode(result.getString(2), result.getBytes(3));
  }

  private interface Parameters {
    void set(PreparedStatement statement) throws SQLException;
  }

  private interface Rows<T> {
    T read(ResultSet result) throws SQLException;
  }

  private <T> CompletableFuture<T> ask(String sql, Parameters parameters, Rows<T> rows) {
    return database
        .query(
            connection -> {
              try (PreparedStatement statement = connection.prepareStatement(sql)) {
                parameters.set(statement);
                try (ResultSet result = statement.executeQuery()) {
                  return rows.read(result);
                }
              }
            })
        .exceptionally(
            e -> {
              Throwable cause = e instanceof CompletionException ? e.getCause() : e;
              if (cause instanceof DatabaseUnavailableException) {
                throw new RecordsUnavailable(cause);
              }
              throw e instanceof RuntimeException unchecked
                  ? unchecked
                  : new CompletionException(e);
            });
  }

  private static OffsetDateTime utc(Instant moment) {
    return moment.atOffset(ZoneOffset.UTC);
  }
}
