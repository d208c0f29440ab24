package io.carillon.persistence.readmodel;

import io.carillon.engine.call.CallKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** Calls that should have done something by themselves and have not (J9). */
public final class OverdueCalls {
  /** A call and when it was due. */
  public record Overdue(CallKey key, Instant dueAt) {}

  private OverdueCalls() {}

  /** Those that were due at least so long ago, most overdue first. */
  public static List<Overdue> find(DataSource source, Duration late, int limit)
      throws SQLException {
    List<Overdue> overdue = new ArrayList<>();
    try (Connection connection = source.getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT realm, call_id, due_at FROM call_deadline"
                    + " WHERE due_at < clock_timestamp() - ? * interval '1 millisecond'"
                    + " ORDER BY due_at LIMIT ?")) {
      statement.setLong(1, late.toMillis());
      statement.setInt(2, limit);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          overdue.add(
              new Overdue(
                  CallRows.key(row), row.getObject("due_at", OffsetDateTime.class).toInstant()));
        }
      }
    }
    return overdue;
  }
}
