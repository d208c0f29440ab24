package io.carillon.persistence.connection;

import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.RealmId;
import io.carillon.engine.identity.UserId;
import io.carillon.engine.identity.UserKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Reads what {@link ConnectionLog} wrote, on the caller's connection. A connection whose node is
 * silent counts as closed when the node was heard of last.
 */
public final class Connections {
  /** How long a node may be silent before its sockets count as gone. */
  private static final String ALIVE = "interval '15 seconds'";

  private static final String COLUMNS =
      """
      d.connection_id, d.realm, d.user_id, d.device_id, d.platform, d.node, d.opened_at,
      CASE WHEN d.closed_at IS NULL AND n.last_seen <= clock_timestamp() - %1$s
        THEN greatest(d.opened_at, n.last_seen)
        WHEN d.closed_at IS NULL AND n.node IS NULL THEN d.opened_at
        ELSE d.closed_at END AS closed_at,
      CASE WHEN d.closed_at IS NULL AND (n.node IS NULL
        OR n.last_seen <= clock_timestamp() - %1$s) THEN 'node_lost'
        ELSE d.close_reason END AS close_reason
      """
          .formatted(ALIVE);

  private static final String NODE = " LEFT JOIN connection_node n ON n.node = d.node ";

  private Connections() {}

  /**
   * The connections of users that were open in a period, and of each of their devices that had none
   * the last one before it; oldest first, a thousand of each kind at most.
   */
  public static List<DeviceConnection> around(
      Connection connection, RealmId realm, Collection<UserId> users, Instant from, Instant to)
      throws SQLException {
    String sql =
        "SELECT DISTINCT * FROM ((SELECT "
            + COLUMNS
            + " FROM device_connection d"
            + NODE
            + "WHERE d.realm = ? AND d.user_id = ANY (?) AND d.opened_at <= ?"
            + " AND (d.closed_at IS NULL OR d.closed_at >= ?)"
            + " ORDER BY d.opened_at DESC LIMIT 1000) UNION ALL (SELECT DISTINCT ON (d.user_id,"
            + " d.device_id) "
            + COLUMNS
            + " FROM device_connection d"
            + NODE
            + "WHERE d.realm = ? AND d.user_id = ANY (?) AND d.opened_at <= ?"
            + " ORDER BY d.user_id, d.device_id, d.opened_at DESC LIMIT 1000)) found"
            + " ORDER BY opened_at, connection_id";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      var ids = connection.createArrayOf("text", users.stream().map(UserId::value).toArray());
      statement.setString(1, realm.value());
      statement.setArray(2, ids);
      statement.setObject(3, to.atOffset(ZoneOffset.UTC));
      statement.setObject(4, from.atOffset(ZoneOffset.UTC));
      statement.setString(5, realm.value());
      statement.setArray(6, ids);
      statement.setObject(7, to.atOffset(ZoneOffset.UTC));
      return read(statement);
    }
  }

  /**
   * The open connections of a realm, by user and device.
   *
   * @param user only this user's
   * @param after only those behind this one in that order
   */
  public static List<DeviceConnection> open(
      Connection connection,
      RealmId realm,
      Optional<UserId> user,
      Optional<DeviceConnection> after,
      int limit)
      throws SQLException {
    String sql =
        "SELECT "
            + COLUMNS
            + " FROM device_connection d"
            + NODE
            + "WHERE d.realm = ? AND d.closed_at IS NULL AND n.last_seen > clock_timestamp() - "
            + ALIVE
            + (user.isPresent() ? " AND d.user_id = ?" : "")
            + (after.isPresent()
                ? " AND (d.user_id, d.device_id, d.connection_id) > (?, ?, ?)"
                : "")
            + " ORDER BY d.user_id, d.device_id, d.connection_id LIMIT ?";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      int at = 1;
      statement.setString(at++, realm.value());
      if (user.isPresent()) {
        statement.setString(at++, user.get().value());
      }
      if (after.isPresent()) {
        statement.setString(at++, after.get().user().user().value());
        statement.setString(at++, after.get().device().value());
        statement.setObject(at++, after.get().id());
      }
      statement.setInt(at, limit);
      return read(statement);
    }
  }

  /** Each device a user ever connected with, by its last connection; the latest first. */
  public static List<DeviceConnection> devices(Connection connection, UserKey user, int limit)
      throws SQLException {
    String sql =
        "SELECT * FROM (SELECT DISTINCT ON (d.device_id) "
            + COLUMNS
            + " FROM device_connection d"
            + NODE
            + "WHERE d.realm = ? AND d.user_id = ?"
            + " ORDER BY d.device_id, d.opened_at DESC) found ORDER BY opened_at DESC LIMIT ?";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, user.realm().value());
      statement.setString(2, user.user().value());
      statement.setInt(3, limit);
      return read(statement);
    }
  }

  private static List<DeviceConnection> read(PreparedStatement statement) throws SQLException {
    List<DeviceConnection> found = new ArrayList<>();
    try (ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        found.add(
            new DeviceConnection(
                row.getObject("connection_id", UUID.class),
                new UserKey(
                    new RealmId(row.getString("realm")), new UserId(row.getString("user_id"))),
                new DeviceId(row.getString("device_id")),
                row.getString("platform"),
                row.getString("node"),
                row.getObject("opened_at", OffsetDateTime.class).toInstant(),
                Optional.ofNullable(row.getObject("closed_at", OffsetDateTime.class))
                    .map(OffsetDateTime::toInstant),
                Optional.ofNullable(row.getString("close_reason"))));
      }
    }
    return found;
  }
}
