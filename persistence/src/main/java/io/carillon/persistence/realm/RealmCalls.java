package io.carillon.persistence.realm;

import io.carillon.engine.call.CallId;
import io.carillon.engine.call.CallKey;
import io.carillon.engine.identity.UserKey;
import io.carillon.persistence.database.Database;
import io.carillon.persistence.journal.PersistenceIds;
import io.carillon.persistence.readmodel.CallFilter;
import io.carillon.persistence.readmodel.CallRows;
import io.carillon.persistence.readmodel.HistoryCall;
import io.carillon.persistence.statistics.CallFigures;
import io.carillon.persistence.statistics.Grouping;
import io.carillon.persistence.statistics.StatisticsTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The calls of a whole realm, for its administrators and analysts, and the record of what
 * administrators did. Stages fail with {@code DatabaseUnavailableException} while the database
 * cannot be reached, or takes longer than a statement may: ask for a shorter period then.
 */
public final class RealmCalls {
  private final Database database;

  /** Reads from and writes to a database. */
  public RealmCalls(Database database) {
    this.database = database;
  }

  /** The calls of a filter with a limit, newest first. */
  public CompletionStage<List<HistoryCall>> list(CallFilter filter) {
    return database.transaction(
        connection -> {
          List<HistoryCall> calls = new ArrayList<>();
          try {
            CallRows.read(connection, filter, calls::add);
          } catch (IOException e) {
            throw new UncheckedIOException(e); // A list takes what it is given.
          }
          return calls;
        });
  }

  /** The figures of a period. */
  public CompletionStage<List<CallFigures>> figures(
      StatisticsTable.Period period, Grouping grouping) {
    return database.query(connection -> StatisticsTable.figures(connection, period, grouping));
  }

  /** Which node stored which event of a call, by its number, as far as that is known. */
  public CompletionStage<Map<Long, String>> nodes(CallKey call) {
    return database.query(
        connection -> {
          try (PreparedStatement statement =
              connection.prepareStatement(
                  "SELECT sequence_number, node FROM event_journal"
                      + " WHERE persistence_id = ? AND node IS NOT NULL")) {
            statement.setString(1, PersistenceIds.of(call));
            Map<Long, String> nodes = new HashMap<>();
            try (ResultSet row = statement.executeQuery()) {
              while (row.next()) {
                nodes.put(row.getLong(1), row.getString(2));
              }
            }
            return nodes;
          }
        });
  }

  /** Records what an administrator does or looks at; to be done before it is. */
  public CompletionStage<Boolean> record(
      UserKey admin, String action, Optional<CallId> call, Optional<String> detail) {
    return database.query(
        connection -> {
          try (PreparedStatement statement =
              connection.prepareStatement(
                  "INSERT INTO admin_action (realm, admin, action, call_id, detail)"
                      + " VALUES (?, ?, ?, ?, ?)")) {
            statement.setString(1, admin.realm().value());
            statement.setString(2, admin.user().value());
            statement.setString(3, action);
            statement.setString(4, call.map(CallId::value).orElse(null));
            statement.setString(5, detail.orElse(null));
            return statement.executeUpdate() == 1;
          }
        });
  }
}
