package io.carillon.persistence.realm;

import io.carillon.engine.identity.RealmId;
import io.carillon.engine.identity.UserId;
import io.carillon.engine.identity.UserKey;
import io.carillon.persistence.connection.Connections;
import io.carillon.persistence.connection.DeviceConnection;
import io.carillon.persistence.database.Database;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The users of a realm with their devices and connections, for its administrators. Stages fail with
 * {@code DatabaseUnavailableException} while the database cannot be reached.
 */
public final class RealmUsers {
  private static final int MOST_DEVICES = 100;

  private final Database database;

  /** Reads from a database. */
  public RealmUsers(Database database) {
    this.database = database;
  }

  /**
   * Somebody the realm's directory knows.
   *
   * @param connections open sockets
   * @param calls calls that are not over and concern the user
   */
  public record User(
      UserId id,
      String name,
      Optional<String> email,
      boolean disabled,
      Instant knownSince,
      long connections,
      long calls) {}

  /** The users of a realm by id, from behind one of them on. */
  public CompletionStage<List<User>> list(RealmId realm, Optional<UserId> after, int limit) {
    return read(realm, after.isPresent() ? "AND u.user_id > ?" : "", after, limit);
  }

  /** One user; empty: the directory knows nobody of that id. */
  public CompletionStage<Optional<User>> find(UserKey user) {
    return read(user.realm(), "AND u.user_id = ?", Optional.of(user.user()), 1)
        .thenApply(found -> found.stream().findFirst());
  }

  private CompletionStage<List<User>> read(
      RealmId realm, String condition, Optional<UserId> value, int limit) {
    String sql =
        """
        SELECT u.user_id, u.name, u.email, u.disabled, u.created_at,
          (SELECT count(*) FROM device_connection d JOIN connection_node n USING (node)
           WHERE d.realm = u.realm AND d.user_id = u.user_id AND d.closed_at IS NULL
             AND n.last_seen > clock_timestamp() - interval '15 seconds') AS connections,
          (SELECT count(*) FROM call_party p
           WHERE p.realm = u.realm AND p.user_id = u.user_id AND p.closed_at IS NULL) AS calls
        FROM directory_user u WHERE u.realm = ? %s
        ORDER BY u.user_id LIMIT ?"""
            .formatted(condition);
    return database.query(
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(sql)) {
            int at = 1;
            statement.setString(at++, realm.value());
            if (value.isPresent()) {
              statement.setString(at++, value.get().value());
            }
            statement.setInt(at, limit);
            List<User> users = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
              while (row.next()) {
                users.add(user(row));
              }
            }
            return users;
          }
        });
  }

  private static User user(ResultSet row) throws SQLException {
    return new User(
        new UserId(row.getString("user_id")),
        row.getString("name"),
        Optional.ofNullable(row.getString("email")),
        row.getBoolean("disabled"),
        row.getObject("created_at", OffsetDateTime.class).toInstant(),
        row.getLong("connections"),
        row.getLong("calls"));
  }

  /** A user's devices by their last connection, the latest first, a hundred at most. */
  public CompletionStage<List<DeviceConnection>> devices(UserKey user) {
    return database.query(connection -> Connections.devices(connection, user, MOST_DEVICES));
  }

  /** Open connections by user and device, from behind one of them on. */
  public CompletionStage<List<DeviceConnection>> connections(
      RealmId realm, Optional<UserId> user, Optional<DeviceConnection> after, int limit) {
    return database.query(connection -> Connections.open(connection, realm, user, after, limit));
  }

  /** What {@link Connections#around} says. */
  public CompletionStage<List<DeviceConnection>> around(
      RealmId realm, Collection<UserId> users, Instant from, Instant to) {
    return database.query(connection -> Connections.around(connection, realm, users, from, to));
  }
}
