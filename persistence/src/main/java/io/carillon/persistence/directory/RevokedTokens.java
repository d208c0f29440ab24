package io.carillon.persistence.directory;

import io.carillon.engine.identity.RealmId;
import io.carillon.engine.identity.UserKey;
import io.carillon.persistence.database.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Tokens that are believed no longer although they have not run out. */
public final class RevokedTokens {
  /** Takes those along that concern nobody any more. */
  private static final String REVOKE =
      """
      WITH gone AS (DELETE FROM revocation WHERE kept_until < clock_timestamp())
      INSERT INTO revocation (realm, kind, subject, revoked_by, kept_until)
      VALUES (?, ?, ?, ?, clock_timestamp() + ? * interval '1 millisecond')
      ON CONFLICT (realm, kind, subject) DO UPDATE SET revoked_at = clock_timestamp(),
        revoked_by = excluded.revoked_by, kept_until = excluded.kept_until
      RETURNING realm, kind, subject, revoked_at, kept_until""";

  private static final String SINCE =
      """
      SELECT realm, kind, subject, revoked_at, kept_until FROM revocation
      WHERE revoked_at >= ? AND kept_until >= clock_timestamp()""";

  private final Database database;

  /** What a revocation is about. */
  public enum Kind {
    /** One token, by its id. */
    TOKEN,
    /** Every token of one user that was issued until then. */
    USER;

    private String word() {
      return this == TOKEN ? "token" : "user";
    }

    private static Kind of(String word) {
      return word.equals("token") ? TOKEN : USER;
    }
  }

  /**
   * One revocation.
   *
   * @param realm whose token it is
   * @param subject a token's id, or a user's
   * @param at when, by the database's clock
   * @param keptUntil from when on it concerns nobody
   */
  public record Revoked(RealmId realm, Kind kind, String subject, Instant at, Instant keptUntil) {}

  /** Reads and writes a database. */
  public RevokedTokens(Database database) {
    this.database = database;
  }

  /**
   * Revokes; a second time the moment moves to now.
   *
   * @param kept how long it is remembered: longer than any token lives
   * @param by who wants it
   */
  public CompletionStage<Revoked> revoke(
      RealmId realm, Kind kind, String subject, Duration kept, UserKey by) {
    return database.query(
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(REVOKE)) {
            statement.setString(1, realm.value());
            statement.setString(2, kind.word());
            statement.setString(3, subject);
            statement.setString(4, by.user().value());
            statement.setLong(5, kept.toMillis());
            return read(statement).getFirst();
          }
        });
  }

  /** What was revoked since a moment and still concerns somebody. */
  public CompletionStage<List<Revoked>> since(Instant moment) {
    return database.query(connection -> since(connection, moment));
  }

  private static List<Revoked> since(Connection connection, Instant moment) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SINCE)) {
      statement.setObject(1, moment.atOffset(ZoneOffset.UTC));
      return read(statement);
    }
  }

  private static List<Revoked> read(PreparedStatement statement) throws SQLException {
    List<Revoked> found = new ArrayList<>();
    try (ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        found.add(
            new Revoked(
                new RealmId(row.getString("realm")),
                Kind.of(row.getString("kind")),
                row.getString("subject"),
                row.getObject("revoked_at", OffsetDateTime.class).toInstant(),
                row.getObject("kept_until", OffsetDateTime.class).toInstant()));
      }
    }
    return found;
  }
}
