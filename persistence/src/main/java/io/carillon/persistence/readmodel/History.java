package io.carillon.persistence.readmodel;

import io.carillon.engine.call.CallKey;
import io.carillon.engine.identity.UserId;
import io.carillon.engine.identity.UserKey;
import io.carillon.persistence.database.Database;
import io.carillon.persistence.words.Vocabulary;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The calls of one user, newest first, ended and open. A page costs as much among a million calls
 * as among a hundred: it begins in the index where the page before ended, so that calls placed
 * meanwhile neither repeat nor hide one (I22).
 */
public final class History {
  private final Database database;

  /** Reads from a database. */
  public History(Database database) {
    this.database = database;
  }

  /**
   * One page. The stage fails with {@code DatabaseUnavailableException} while the database cannot
   * be reached.
   *
   * @throws InvalidCursorException when the query's cursor was not given out here
   */
  public CompletionStage<HistoryPage> page(HistoryQuery query) {
    Optional<HistoryCursor> cursor = query.cursor().map(HistoryCursor::decode);
    return database.query(connection -> page(connection, query, cursor));
  }

  /** One call as the user, who has to be a party to it, sees it in the history. */
  public CompletionStage<Optional<HistoryCall>> find(UserKey user, CallKey key) {
    return database.query(
        connection -> {
          String sql =
              "SELECT "
                  + HistoryRows.CALL_COLUMNS
                  + " FROM call_party p JOIN call c ON c.realm = p.realm AND c.call_id = p.call_id"
                  + " WHERE p.realm = ? AND p.call_id = ? AND p.user_id = ? AND c.realm = ?";
          try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, user.realm().value());
            statement.setString(2, key.call().value());
            statement.setString(3, user.user().value());
            statement.setString(4, key.realm().value());
            List<HistoryCall> calls = withParties(connection, calls(statement));
            return calls.stream().findFirst();
          }
        });
  }

  private static HistoryPage page(
      Connection connection, HistoryQuery query, Optional<HistoryCursor> cursor)
      throws SQLException {
    List<HistoryCall> calls;
    try (PreparedStatement statement = connection.prepareStatement(sql(query))) {
      bind(connection, statement, query, cursor);
      calls = calls(statement);
    }
    // One more than asked for was looked up, to know whether there is a next page.
    boolean more = calls.size() > query.limit();
    List<HistoryCall> shown =
        withParties(connection, more ? calls.subList(0, query.limit()) : calls);
    return new HistoryPage(
        shown, more ? Optional.of(end(shown.getLast(), query.user().user())) : Optional.empty());
  }

  private static String end(HistoryCall last, UserId reader) {
    Instant calledAt = last.party(reader).orElseThrow().calledAt();
    return new HistoryCursor(calledAt, last.key().call().value()).encode();
  }

  static String sql(HistoryQuery query) {
    StringBuilder sql =
        new StringBuilder("SELECT ")
            .append(HistoryRows.CALL_COLUMNS)
            .append(" FROM call_party p JOIN call c ON c.realm = p.realm AND c.call_id = p.call_id")
            .append(" WHERE p.realm = ? AND p.user_id = ?");
    query.cursor().ifPresent(_ -> sql.append(" AND (p.called_at, p.call_id) < (?, ?)"));
    query.from().ifPresent(_ -> sql.append(" AND p.called_at >= ?"));
    query.to().ifPresent(_ -> sql.append(" AND p.called_at < ?"));
    if (!query.states().isEmpty()) {
      sql.append(" AND c.state = ANY (?::call_state[])");
    }
    query.type().ifPresent(_ -> sql.append(" AND c.call_type = ?"));
    query
        .peer()
        .ifPresent(
            _ ->
                sql.append(" AND EXISTS (SELECT FROM call_party o WHERE o.realm = p.realm")
                    .append(" AND o.call_id = p.call_id AND o.user_id = ?)"));
    return sql.append(" ORDER BY p.called_at DESC, p.call_id DESC LIMIT ?").toString();
  }

  private static void bind(
      Connection connection,
      PreparedStatement statement,
      HistoryQuery query,
      Optional<HistoryCursor> cursor)
      throws SQLException {
    List<Object> values = new ArrayList<>();
    values.add(query.user().realm().value());
    values.add(query.user().user().value());
    cursor.ifPresent(
        at -> {
          values.add(utc(at.calledAt()));
          values.add(at.callId());
        });
    query.from().ifPresent(from -> values.add(utc(from)));
    query.to().ifPresent(to -> values.add(utc(to)));
    if (!query.states().isEmpty()) {
      Object[] words = query.states().stream().map(Vocabulary.STATES::word).toArray();
      values.add(connection.createArrayOf("text", words));
    }
    query.type().ifPresent(type -> values.add(Vocabulary.TYPES.word(type)));
    query.peer().ifPresent(peer -> values.add(peer.value()));
    values.add(query.limit() + 1);
    for (int i = 0; i < values.size(); i++) {
      statement.setObject(i + 1, values.get(i));
    }
  }

  private static List<HistoryCall> calls(PreparedStatement statement) throws SQLException {
    List<HistoryCall> calls = new ArrayList<>();
    try (ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        calls.add(HistoryRows.call(row));
      }
    }
    return calls;
  }

  private static List<HistoryCall> withParties(Connection connection, List<HistoryCall> calls)
      throws SQLException {
    if (calls.isEmpty()) {
      return List.of();
    }
    Map<String, HistoryCall> byId = new HashMap<>();
    Map<String, List<HistoryParty>> parties = new HashMap<>();
    for (HistoryCall call : calls) {
      byId.put(call.key().call().value(), call);
      parties.put(call.key().call().value(), new ArrayList<>());
    }
    String sql =
        "SELECT call_id, "
            + HistoryRows.PARTY_COLUMNS
            + " FROM call_party WHERE realm = ? AND call_id = ANY (?)"
            + " ORDER BY called_at, position, user_id";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, calls.getFirst().key().realm().value());
      statement.setArray(2, connection.createArrayOf("text", byId.keySet().toArray()));
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          String id = row.getString("call_id");
          HistoryCall call = byId.get(id);
          List<HistoryParty> own = parties.get(id);
          if (call != null && own != null) {
            own.add(HistoryRows.party(row, call));
          }
        }
      }
    }
    return calls.stream()
        .map(
            call ->
                HistoryRows.with(call, parties.getOrDefault(call.key().call().value(), List.of())))
        .toList();
  }

  private static OffsetDateTime utc(Instant moment) {
    return moment.atOffset(ZoneOffset.UTC);
  }
}
