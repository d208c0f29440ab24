package io.carillon.persistence.readmodel;

import io.carillon.engine.call.CallId;
import io.carillon.engine.call.CallKey;
import io.carillon.engine.identity.RealmId;
import io.carillon.persistence.words.CallStateWord;
import io.carillon.persistence.words.Vocabulary;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Calls as their rows tell them, whoever's they are: for administrators and analysts, who see a
 * whole realm. Works on the caller's connection and transaction.
 */
public final class CallRows {
  private static final int CALLS_AT_ONCE = 500;

  private static final Set<CallStateWord> OPEN =
      EnumSet.of(CallStateWord.CALLING, CallStateWord.RINGING, CallStateWord.ACCEPTED);

  private static final String OPEN_CALLS =
      "WITH open AS MATERIALIZED (SELECT DISTINCT realm, call_id FROM call_party"
          + " WHERE closed_at IS NULL AND position = 0";

  /** Takes calls one after the other. */
  @FunctionalInterface
  public interface RowReader {
    /** Takes one. */
    void take(HistoryCall call) throws IOException, SQLException;
  }

  private CallRows() {}

  /** These calls, in no particular order, without those that have no row. */
  public static List<HistoryCall> find(Connection connection, List<CallKey> keys)
      throws SQLException {
    if (keys.isEmpty()) {
      return List.of();
    }
    // Joined and not "IN": the planner then looks each one up, however many it expects.
    String sql =
        "SELECT "
            + HistoryRows.CALL_COLUMNS
            + " FROM unnest(?::text[], ?::text[]) AS k(realm, call_id)"
            + " JOIN call c ON c.realm = k.realm AND c.call_id = k.call_id";
    List<HistoryCall> calls = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bindKeys(connection, statement, keys);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          calls.add(HistoryRows.call(row));
        }
      }
    }
    return withParties(connection, calls);
  }

  /**
   * Streams the calls of a filter, newest first, through a cursor.
   *
   * @param connection in a transaction: the cursor lives as long as it does
   */
  public static void read(Connection connection, CallFilter filter, RowReader reader)
      throws IOException, SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql(filter))) {
      statement.setFetchSize(CALLS_AT_ONCE);
      bind(connection, statement, filter);
      try (ResultSet row = statement.executeQuery()) {
        List<HistoryCall> chunk = new ArrayList<>(CALLS_AT_ONCE);
        while (row.next()) {
          chunk.add(HistoryRows.call(row));
          if (chunk.size() == CALLS_AT_ONCE) {
            give(connection, chunk, reader);
            chunk.clear();
          }
        }
        give(connection, chunk, reader);
      }
    }
  }

  private static void give(Connection connection, List<HistoryCall> chunk, RowReader reader)
      throws IOException, SQLException {
    for (HistoryCall call : withParties(connection, chunk)) {
      reader.take(call);
    }
  }

  private static String sql(CallFilter filter) {
    StringBuilder sql =
        new StringBuilder("SELECT ").append(HistoryRows.CALL_COLUMNS).append(" FROM call c");
    if (!filter.states().isEmpty() && OPEN.containsAll(filter.states())) {
      // The few that are open are found by their own index, not among all that ever were.
      sql.insert(0, OPEN_CALLS + filter.realm().map(_ -> " AND realm = ?").orElse("") + ") ")
          .append(" JOIN open o ON o.realm = c.realm AND o.call_id = c.call_id");
    }
    sql.append(" WHERE true");
    filter.realm().ifPresent(_ -> sql.append(" AND c.realm = ?"));
    filter.from().ifPresent(_ -> sql.append(" AND c.created_at >= ?"));
    filter.to().ifPresent(_ -> sql.append(" AND c.created_at < ?"));
    filter.before().ifPresent(_ -> sql.append(" AND (c.created_at, c.call_id) < (?, ?)"));
    if (!filter.states().isEmpty()) {
      sql.append(" AND c.state = ANY (?::call_state[])");
    }
    if (!filter.reasons().isEmpty()) {
      sql.append(" AND c.reason = ANY (?)");
    }
    filter.type().ifPresent(_ -> sql.append(" AND c.call_type = ?"));
    filter.mode().ifPresent(_ -> sql.append(" AND c.mode = ?"));
    if (filter.nearMisses()) {
      sql.append(" AND c.near_miss");
    }
    filter
        .shortestTalk()
        .ifPresent(
            _ ->
                sql.append(" AND coalesce(c.ended_at, now()) - c.answered_at")
                    .append(" >= ? * interval '1 millisecond'"));
    filter
        .user()
        .ifPresent(
            _ ->
                sql.append(" AND EXISTS (SELECT FROM call_party p WHERE p.realm = c.realm")
                    .append(" AND p.call_id = c.call_id AND p.user_id = ?)"));
    sql.append(" ORDER BY c.created_at DESC, c.call_id DESC");
    filter.limit().ifPresent(_ -> sql.append(" LIMIT ?"));
    return sql.toString();
  }

  private static void bind(Connection connection, PreparedStatement statement, CallFilter filter)
      throws SQLException {
    List<Object> values = new ArrayList<>();
    if (!filter.states().isEmpty() && OPEN.containsAll(filter.states())) {
      filter.realm().ifPresent(realm -> values.add(realm.value()));
    }
    filter.realm().ifPresent(realm -> values.add(realm.value()));
    filter.from().ifPresent(at -> values.add(at.atOffset(ZoneOffset.UTC)));
    filter.to().ifPresent(at -> values.add(at.atOffset(ZoneOffset.UTC)));
    filter
        .before()
        .ifPresent(
            place -> {
              values.add(place.placedAt().atOffset(ZoneOffset.UTC));
              values.add(place.call().value());
            });
    if (!filter.states().isEmpty()) {
      values.add(array(connection, filter.states().stream().map(Vocabulary.STATES::word).toList()));
    }
    if (!filter.reasons().isEmpty()) {
      values.add(
          array(connection, filter.reasons().stream().map(Vocabulary.REASONS::word).toList()));
    }
    filter.type().ifPresent(type -> values.add(Vocabulary.TYPES.word(type)));
    filter.mode().ifPresent(mode -> values.add(Vocabulary.MODES.word(mode)));
    filter.shortestTalk().ifPresent(talk -> values.add(talk.toMillis()));
    filter.user().ifPresent(user -> values.add(user.value()));
    filter.limit().ifPresent(values::add);
    for (int i = 0; i < values.size(); i++) {
      statement.setObject(i + 1, values.get(i));
    }
  }

  private static Object array(Connection connection, List<String> words) throws SQLException {
    return connection.createArrayOf("text", words.toArray());
  }

  /** Sets the first two parameters to the realms and the ids of keys. */
  public static void bindKeys(
      Connection connection, PreparedStatement statement, List<CallKey> keys) throws SQLException {
    statement.setArray(
        1, connection.createArrayOf("text", keys.stream().map(k -> k.realm().value()).toArray()));
    statement.setArray(
        2, connection.createArrayOf("text", keys.stream().map(k -> k.call().value()).toArray()));
  }

  /** The key in a row's columns {@code realm} and {@code call_id}. */
  public static CallKey key(ResultSet row) throws SQLException {
    return new CallKey(new RealmId(row.getString("realm")), new CallId(row.getString("call_id")));
  }

  private static List<HistoryCall> withParties(Connection connection, List<HistoryCall> calls)
      throws SQLException {
    if (calls.isEmpty()) {
      return List.of();
    }
    Map<CallKey, HistoryCall> byKey = new HashMap<>();
    Map<CallKey, List<HistoryParty>> parties = new HashMap<>();
    for (HistoryCall call : calls) {
      byKey.put(call.key(), call);
      parties.put(call.key(), new ArrayList<>());
    }
    String sql =
        "SELECT p.realm, p.call_id, "
            + HistoryRows.PARTY_COLUMNS
            + " FROM unnest(?::text[], ?::text[]) AS k(realm, call_id)"
            + " JOIN call_party p ON p.realm = k.realm AND p.call_id = k.call_id"
            + " ORDER BY p.called_at, p.position, p.user_id";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bindKeys(connection, statement, List.copyOf(byKey.keySet()));
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          CallKey key = key(row);
          HistoryCall call = byKey.get(key);
          List<HistoryParty> own = parties.get(key);
          if (call != null && own != null) {
            own.add(HistoryRows.party(row, call));
          }
        }
      }
    }
    return calls.stream()
        .map(call -> HistoryRows.with(call, parties.getOrDefault(call.key(), List.of())))
        .toList();
  }

  /** Where a call stands among the others: what a next page begins after. */
  public record Place(Instant placedAt, CallId call) {}
}
