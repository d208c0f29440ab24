package io.carillon.persistence.retention;

import io.carillon.engine.call.StoredEvent;
import io.carillon.engine.identity.UserId;
import io.carillon.engine.identity.UserKey;
import io.carillon.persistence.journal.EventCodec;
import io.carillon.persistence.projection.RowBatch;
import io.carillon.persistence.projection.RowStatements;
import io.carillon.persistence.projection.Statements;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * Erases a user (R69, I21): in every call a pseudonym stands in the user's place, and everything
 * the user set or was known by is gone. Calls keep their events and times, so replays, other users'
 * histories and statistics stay as they were.
 *
 * <p>This is the one thing that ever changes a stored event. It is all or nothing, in one
 * transaction; it is refused while the user is in a call, and while a legal hold is on the user,
 * the realm or any of the user's calls.
 */
public final class Erasure {
  /** Why nothing was done; the message says what to do. */
  public static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    RefusedException(String why) {
      super(why);
    }
  }

  /**
   * What was done.
   *
   * @param pseudonym what stands in the user's place
   * @param calls in how many calls
   * @param events how many events were rewritten
   */
  public record Report(UserId pseudonym, long calls, long events) {}

  private static final List<String> OWN_ROWS =
      List.of(
          "DELETE FROM directory_user WHERE realm = ? AND user_id = ?",
          "DELETE FROM api_key WHERE realm = ? AND user_id = ?",
          "DELETE FROM ticket WHERE realm = ? AND user_id = ?",
          "DELETE FROM user_settings WHERE realm = ? AND user_id = ?",
          "DELETE FROM user_block WHERE realm = ? AND user_id = ?",
          "DELETE FROM user_block WHERE realm = ? AND blocked = ?",
          "DELETE FROM device_connection WHERE realm = ? AND user_id = ?");

  private final DataSource source;
  private final EventCodec codec = new EventCodec();

  /** Works on a database; the connections must have no statement timeout. */
  public Erasure(DataSource source) {
    this.source = source;
  }

  /** Erases a user; {@code by}: who asked for it, for the record. */
  public Report erase(UserKey user, String by) throws SQLException, RefusedException {
    UserId instead = new UserId("erased-" + UUID.randomUUID());
    try (Connection connection = source.getConnection()) {
      connection.setAutoCommit(false);
      try {
        refuse(connection, user);
        Report report = rewrite(connection, user, instead);
        for (String sql : OWN_ROWS) {
          change(connection, sql, user.realm().value(), user.user().value());
        }
        actions(connection, user, instead);
        record(connection, user, report, by);
        connection.commit();
        return report;
      } catch (SQLException | RuntimeException | RefusedException e) {
        connection.rollback();
        throw e;
      }
    }
  }

  private static void refuse(Connection connection, UserKey user)
      throws SQLException, RefusedException {
    String realm = user.realm().value();
    String id = user.user().value();
    if (found(
        connection,
        "SELECT FROM call_party WHERE realm = ? AND user_id = ? AND closed_at IS NULL LIMIT 1",
        realm,
        id)) {
      throw new RefusedException("the user is in a call; end it first");
    }
    if (found(
        connection,
        "SELECT FROM legal_hold h WHERE h.realm = ? AND (h.kind = 'realm'"
            + " OR (h.kind = 'user' AND h.subject = ?) OR (h.kind = 'call' AND EXISTS (SELECT FROM"
            + " call_party p WHERE p.realm = h.realm AND p.call_id = h.subject"
            + " AND p.user_id = ?))) LIMIT 1",
        realm,
        id,
        id)) {
      throw new RefusedException(
          "a legal hold is on the realm, on the user or on a call of the user");
    }
  }

  private Report rewrite(Connection connection, UserKey user, UserId instead) throws SQLException {
    Pseudonym pseudonym = new Pseudonym(user.user(), instead);
    long events = 0;
    List<String> calls = calls(connection, user);
    for (String id : calls) {
      events += rewrite(connection, user.realm().value(), id, pseudonym);
    }
    return new Report(instead, calls.size(), events);
  }

  /**
   * The user's calls, and those the user acted on from outside: as an administrator, or too late.
   */
  private static List<String> calls(Connection connection, UserKey user) throws SQLException {
    List<String> calls = new ArrayList<>();
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT call_id FROM call_party WHERE realm = ? AND user_id = ?"
                + " UNION SELECT call_id FROM call WHERE realm = ? AND ended_by_user = ?"
                + " ORDER BY 1")) {
      for (int i = 0; i < 2; i++) {
        statement.setString(2 * i + 1, user.realm().value());
        statement.setString(2 * i + 2, user.user().value());
      }
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          calls.add(row.getString(1));
        }
      }
    }
    return calls;
  }

  /** Rewrites a call's journal and makes its rows anew from it, with the moments they had. */
  private int rewrite(Connection connection, String realm, String call, Pseudonym pseudonym)
      throws SQLException {
    String id = "call|" + realm + "|" + call;
    RowBatch rows = new RowBatch();
    int changed = 0;
    try (PreparedStatement read =
            connection.prepareStatement(
                "SELECT sequence_number, event_ser_manifest, event_payload FROM event_journal"
                    + " WHERE persistence_id = ? ORDER BY sequence_number FOR UPDATE");
        PreparedStatement write =
            connection.prepareStatement(
                "UPDATE event_journal SET event_payload = ?, event_ser_manifest = ?"
                    + " WHERE persistence_id = ? AND sequence_number = ?")) {
      read.setString(1, id);
      try (ResultSet row = read.executeQuery()) {
        while (row.next()) {
          StoredEvent was = codec.decode(row.getString(2), row.getBytes(3));
          StoredEvent is = pseudonym.of(was);
          rows.add(is);
          if (!is.equals(was)) {
            write.setBytes(1, codec.encode(is));
            write.setString(2, EventCodec.manifest(is.event()));
            write.setString(3, id);
            write.setLong(4, row.getLong(1));
            write.addBatch();
            changed++;
          }
        }
      }
      write.executeBatch();
    }
    replaceRows(connection, realm, call, rows);
    return changed;
  }

  private static void replaceRows(Connection connection, String realm, String call, RowBatch rows)
      throws SQLException {
    String updatedAt;
    try (PreparedStatement statement =
        connection.prepareStatement(
            "DELETE FROM call WHERE realm = ? AND call_id = ? RETURNING updated_at::text")) {
      statement.setString(1, realm);
      statement.setString(2, call);
      try (ResultSet row = statement.executeQuery()) {
        updatedAt = row.next() ? row.getString(1) : "now";
      }
    }
    change(connection, "DELETE FROM call_party WHERE realm = ? AND call_id = ?", realm, call);
    RowStatements.run(connection, new Statements(), rows);
    // Devices resume by these moments: an erasure is no news to anybody.
    change(
        connection,
        "UPDATE call SET updated_at = ?::timestamptz WHERE realm = ? AND call_id = ?",
        updatedAt,
        realm,
        call);
    change(
        connection,
        "UPDATE call_party SET closed_at = ?::timestamptz"
            + " WHERE realm = ? AND call_id = ? AND closed_at IS NOT NULL",
        updatedAt,
        realm,
        call);
  }

  /**
   * In the record of what administrators did, the pseudonym stands for the user too; a text in
   * which the user's id occurs goes as a whole, for nobody can tell what else it says.
   */
  private static void actions(Connection connection, UserKey user, UserId instead)
      throws SQLException {
    String realm = user.realm().value();
    String id = user.user().value();
    change(
        connection,
        "UPDATE admin_action SET admin = ? WHERE realm = ? AND admin = ?",
        instead.value(),
        realm,
        id);
    change(
        connection,
        "UPDATE admin_action SET detail = 'erased'"
            + " WHERE realm = ? AND (strpos(detail, ?) > 0 OR strpos(detail, ?) > 0)",
        realm,
        id,
        URLEncoder.encode(id, StandardCharsets.UTF_8));
  }

  private static void record(Connection connection, UserKey user, Report report, String by)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "INSERT INTO removal (run_id, kind, realm, pseudonym, calls, events, removed_by)"
                + " VALUES (gen_random_uuid(), 'erasure', ?, ?, ?, ?, ?)")) {
      statement.setString(1, user.realm().value());
      statement.setString(2, report.pseudonym().value());
      statement.setLong(3, report.calls());
      statement.setLong(4, report.events());
      statement.setString(5, by);
      statement.executeUpdate();
    }
  }

  private static void change(Connection connection, String sql, String... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, values);
      statement.executeUpdate();
    }
  }

  private static boolean found(Connection connection, String sql, String... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, values);
      try (ResultSet row = statement.executeQuery()) {
        return row.next();
      }
    }
  }

  private static void bind(PreparedStatement statement, String... values) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      statement.setString(i + 1, values[i]);
    }
  }
}
