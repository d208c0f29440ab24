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
import java.util.Optional;
import javax.sql.DataSource;

/** The record of what was removed. */
public final class Removals {
  /**
   * What one run removed from one realm, or one erasure.
   *
   * @param kind {@code retention} or {@code erasure}
   * @param pseudonym of an erased user
   * @param connections of devices
   * @param oldest when the oldest of these calls had been placed
   * @param newest when the newest had
   */
  public record Removal(
      Instant at,
      String kind,
      RealmId realm,
      Optional<String> pseudonym,
      long calls,
      long events,
      long connections,
      Optional<Instant> oldest,
      Optional<Instant> newest,
      String by) {}

  private Removals() {}

  /** The latest, newest first. */
  public static List<Removal> latest(DataSource source, int limit) throws SQLException {
    List<Removal> removals = new ArrayList<>();
    try (Connection connection = source.getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT max(removed_at) AS at, kind, realm, pseudonym, sum(calls), sum(events),"
                    + " sum(connections), min(oldest_at), max(newest_at), removed_by FROM removal"
                    + " GROUP BY run_id, kind, realm, pseudonym, removed_by"
                    + " ORDER BY at DESC, realm LIMIT ?")) {
      statement.setInt(1, limit);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          removals.add(
              new Removal(
                  moment(row, 1).orElseThrow(),
                  row.getString(2),
                  new RealmId(row.getString(3)),
                  Optional.ofNullable(row.getString(4)),
                  row.getLong(5),
                  row.getLong(6),
                  row.getLong(7),
                  moment(row, 8),
                  moment(row, 9),
                  row.getString(10)));
        }
      }
    }
    return removals;
  }

  private static Optional<Instant> moment(ResultSet row, int column) throws SQLException {
    return Optional.ofNullable(row.getObject(column, OffsetDateTime.class))
        .map(OffsetDateTime::toInstant);
  }
}
