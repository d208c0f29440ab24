package io.carillon.persistence.statistics;

import io.carillon.engine.call.EndReason;
import io.carillon.engine.identity.RealmId;
import io.carillon.persistence.words.Vocabulary;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Statistics in SQL over the calls' rows: they are exact, need nothing that is kept up to date, and
 * cost a reading of the period's calls. Whoever wants the figures of years asks for years.
 */
public final class StatisticsTable {
  private StatisticsTable() {}

  /**
   * Which calls.
   *
   * @param realm only this realm's
   * @param from only placed at or after this
   * @param to only placed before this
   */
  public record Period(Optional<RealmId> realm, Optional<Instant> from, Optional<Instant> to) {
    private String where() {
      return " WHERE true"
          + realm.map(_ -> " AND c.realm = ?").orElse("")
          + from.map(_ -> " AND c.created_at >= ?").orElse("")
          + to.map(_ -> " AND c.created_at < ?").orElse("");
    }

    private int bind(PreparedStatement statement, int at) throws SQLException {
      int next = at;
      if (realm.isPresent()) {
        statement.setString(next++, realm.get().value());
      }
      if (from.isPresent()) {
        statement.setObject(next++, from.get().atOffset(ZoneOffset.UTC));
      }
      if (to.isPresent()) {
        statement.setObject(next++, to.get().atOffset(ZoneOffset.UTC));
      }
      return next;
    }
  }

  /** The figures, in the order of the groups' names. */
  public static List<CallFigures> figures(Connection connection, Period period, Grouping grouping)
      throws SQLException {
    Map<String, Map<EndReason, Long>> reasons = reasons(connection, period, grouping);
    Map<String, Long> open = peaks(connection, period, grouping, "created_at");
    Map<String, Long> talking = peaks(connection, period, grouping, "answered_at");
    List<CallFigures> figures = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(groups(period, grouping))) {
      period.bind(statement, 1);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          String group = row.getString("grp");
          figures.add(
              new CallFigures(
                  group,
                  row.getLong("attempts"),
                  row.getLong("reached"),
                  row.getLong("answered"),
                  row.getLong("open"),
                  row.getLong("near_misses"),
                  open.getOrDefault(group, 0L),
                  talking.getOrDefault(group, 0L),
                  spread(row, "post_dial"),
                  spread(row, "ring"),
                  spread(row, "talk"),
                  Map.copyOf(reasons.getOrDefault(group, Map.of()))));
        }
      }
    }
    return figures;
  }

  private static String groups(Period period, Grouping grouping) {
    return "SELECT grp, count(*) AS attempts, count(ringing_at) AS reached,"
        + " count(answered_at) AS answered, count(*) - count(ended_at) AS open,"
        + " count(*) FILTER (WHERE near_miss) AS near_misses"
        + spread("post_dial")
        + spread("ring")
        + spread("talk")
        + " FROM (SELECT "
        + grouping.ofCall()
        + " COLLATE \"C\" AS grp, c.ringing_at, c.answered_at, c.ended_at, c.near_miss, "
        + millis("c.ringing_at", "c.created_at")
        + " AS post_dial, "
        + millis("coalesce(c.answered_at, c.ended_at)", "c.ringing_at")
        + " AS ring, "
        + millis("c.ended_at", "c.answered_at")
        + " AS talk FROM call c"
        + period.where()
        + ") calls GROUP BY grp ORDER BY grp";
  }

  private static String millis(String to, String from) {
    return "round(extract(epoch FROM " + to + " - " + from + ") * 1000)::bigint";
  }

  /** Nearest rank, so that what is said did occur and does not depend on who interpolates how. */
  private static String spread(String column) {
    return (", count(%1$s) AS %1$s_count, floor(avg(%1$s) + 0.5)::bigint AS %1$s_mean,"
            + " percentile_disc(ARRAY[0.5, 0.9, 0.95, 0.99, 1]) WITHIN GROUP (ORDER BY %1$s)"
            + " AS %1$s_ranks")
        .formatted(column);
  }

  private static CallFigures.Spread spread(ResultSet row, String column) throws SQLException {
    long count = row.getLong(column + "_count");
    if (count == 0) {
      return CallFigures.Spread.NONE;
    }
    Long[] ranks = (Long[]) row.getArray(column + "_ranks").getArray();
    return new CallFigures.Spread(
        count, row.getLong(column + "_mean"), ranks[0], ranks[1], ranks[2], ranks[3], ranks[4]);
  }

  private static Map<String, Map<EndReason, Long>> reasons(
      Connection connection, Period period, Grouping grouping) throws SQLException {
    String sql =
        "SELECT "
            + grouping.ofCall()
            + " AS grp, c.reason, count(*) FROM call c"
            + period.where()
            + " AND c.reason IS NOT NULL GROUP BY 1, 2";
    Map<String, Map<EndReason, Long>> reasons = new HashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      period.bind(statement, 1);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          reasons
              .computeIfAbsent(row.getString(1), _ -> new EnumMap<>(EndReason.class))
              .put(Vocabulary.REASONS.constant(row.getString(2)), row.getLong(3));
        }
      }
    }
    return reasons;
  }

  /**
   * The most calls at once: beginnings count up and ends down, ends first where they coincide. A
   * period of time also has those that were there when it began, hence the level before a change.
   */
  private static Map<String, Long> peaks(
      Connection connection, Period period, Grouping grouping, String beginning)
      throws SQLException {
    String changes =
        "SELECT "
            + grouping.lane()
            + " AS lane, c.%s AS at, %d AS delta FROM call c"
            + period.where()
            + " AND c."
            + beginning
            + " IS NOT NULL AND (c.ended_at IS NULL OR c.ended_at > c."
            + beginning
            + ")";
    String sql =
        "SELECT "
            + grouping.ofChange("at", "lane")
            + ", max(greatest(level, level - delta)) FROM (SELECT lane, at, delta, sum(delta) OVER"
            + " (PARTITION BY lane ORDER BY at, delta ROWS UNBOUNDED PRECEDING) AS level FROM ("
            + changes.formatted(beginning, 1)
            + " UNION ALL "
            + changes.formatted("ended_at", -1)
            + " AND c.ended_at IS NOT NULL) changes) levels GROUP BY 1";
    Map<String, Long> peaks = new HashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      period.bind(statement, period.bind(statement, 1));
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          peaks.put(row.getString(1), row.getLong(2));
        }
      }
    }
    return peaks;
  }
}
