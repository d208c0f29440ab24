package io.carillon.persistence.retention;

import io.carillon.engine.identity.RealmId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.sql.DataSource;

/** What must be kept although its time is over, or its user asks to be erased. */
public final class LegalHolds {
  /** What a hold is on. */
  public enum Kind {
    REALM,
    USER,
    CALL;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A hold; the subject of a hold on a realm is the realm's own id. */
  public record Hold(
      RealmId realm, Kind kind, String subject, String reason, String placedBy, Instant placedAt) {}

  private final DataSource source;

  /** Works on a database. */
  public LegalHolds(DataSource source) {
    this.source = source;
  }

  /** Places a hold, or gives the one that is there another reason. */
  public void place(RealmId realm, Kind kind, String subject, String reason, String by)
      throws SQLException {
    try (Connection connection = source.getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                "INSERT INTO legal_hold (realm, kind, subject, reason, placed_by)"
                    + " VALUES (?, ?, ?, ?, ?) ON CONFLICT (realm, kind, subject)"
                    + " DO UPDATE SET reason = excluded.reason, placed_by = excluded.placed_by")) {
      statement.setString(1, realm.value());
      statement.setString(2, kind.word());
      statement.setString(3, subject);
      statement.setString(4, reason);
      statement.setString(5, by);
      statement.executeUpdate();
    }
  }

  /** Takes a hold away and says whether there was one. */
  public boolean release(RealmId realm, Kind kind, String subject) throws SQLException {
    try (Connection connection = source.getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                "DELETE FROM legal_hold WHERE realm = ? AND kind = ? AND subject = ?")) {
      statement.setString(1, realm.value());
      statement.setString(2, kind.word());
      statement.setString(3, subject);
      return statement.executeUpdate() > 0;
    }
  }

  /** All of them. */
  public List<Hold> list() throws SQLException {
    List<Hold> holds = new ArrayList<>();
    try (Connection connection = source.getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT realm, kind, subject, reason, placed_by, placed_at FROM legal_hold"
                    + " ORDER BY realm, kind, subject");
        ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        holds.add(
            new Hold(
                new RealmId(row.getString(1)),
                Kind.valueOf(row.getString(2).toUpperCase(Locale.ROOT)),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getObject(6, OffsetDateTime.class).toInstant()));
      }
    }
    return holds;
  }
}
