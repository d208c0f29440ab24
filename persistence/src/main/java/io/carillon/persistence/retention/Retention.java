package io.carillon.persistence.retention;

import io.carillon.engine.identity.RealmId;
import io.carillon.persistence.replay.Meter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * Removes calls that ended long ago, in batches of one short transaction each: a run that is
 * stopped has removed whole calls and recorded them, and the next one goes on. Nodes may work
 * meanwhile; a call that ended days ago is in nobody's memory any more.
 */
public final class Retention {
  /** A call that ended more recently may still be asked about by a device that was away. */
  public static final Duration SHORTEST = Duration.ofDays(1);

  private static final int CALLS_AT_ONCE = 500;

  private final DataSource source;

  /** Works on a database; the connections must have no statement timeout. */
  public Retention(DataSource source) {
    this.source = source;
  }

  /**
   * What a run did.
   *
   * @param run the number its records have
   * @param calls how many calls it removed
   * @param events how many events these had
   */
  public record Report(UUID run, long calls, long events) {}

  /** How many calls a run would remove. */
  public long count(Optional<RealmId> realm, Instant endedBefore) throws SQLException {
    try (Connection connection = source.getConnection();
        PreparedStatement statement =
            connection.prepareStatement("SELECT count(*) " + old(realm))) {
      bind(statement, realm, endedBefore);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  /**
   * Removes the calls that ended before a moment.
   *
   * @param endedBefore at least {@link #SHORTEST} ago, by the database's clock
   * @param by who asked for it, for the record
   * @throws IllegalArgumentException when that is too recent
   */
  public Report run(Optional<RealmId> realm, Instant endedBefore, String by, Meter meter)
      throws SQLException {
    UUID run = UUID.randomUUID();
    long calls = 0;
    long events = 0;
    String sql = removing(realm);
    try (Connection connection = source.getConnection()) {
      refuseRecent(connection, endedBefore);
      try (PreparedStatement statement = connection.prepareStatement(sql)) {
        long removed = -1;
        while (removed != 0) {
          int at = bind(statement, realm, endedBefore);
          statement.setObject(at++, run);
          statement.setObject(at++, endedBefore.atOffset(ZoneOffset.UTC));
          statement.setString(at, by);
          removed = 0;
          try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
              removed += row.getLong(1);
              events += row.getLong(2);
            }
          }
          calls += removed;
          meter.advance(removed);
        }
      }
    }
    return new Report(run, calls, events);
  }

  /**
   * Removes what is known of connections that were opened before a moment and are not open any
   * more, unless a legal hold is on the user or the realm. Records how many, realm by realm.
   *
   * @return how many
   */
  public long forgetConnections(Optional<RealmId> realm, Instant openedBefore, String by)
      throws SQLException {
    UUID run = UUID.randomUUID();
    long connections = 0;
    try (Connection connection = source.getConnection();
        PreparedStatement statement = connection.prepareStatement(forgetting(realm))) {
      long removed = -1;
      while (removed != 0) {
        int at = 1;
        statement.setObject(at++, openedBefore.atOffset(ZoneOffset.UTC));
        if (realm.isPresent()) {
          statement.setString(at++, realm.get().value());
        }
        statement.setObject(at++, run);
        statement.setString(at, by);
        removed = 0;
        try (ResultSet row = statement.executeQuery()) {
          while (row.next()) {
            removed += row.getLong(1);
          }
        }
        connections += removed;
      }
    }
    return connections;
  }

  private static String forgetting(Optional<RealmId> realm) {
    return """
      WITH old AS MATERIALIZED (
        SELECT d.connection_id FROM device_connection d
        WHERE d.opened_at < ? AND d.closed_at IS NOT NULL %s
          AND NOT EXISTS (SELECT FROM legal_hold h WHERE h.realm = d.realm AND (h.kind = 'realm'
            OR (h.kind = 'user' AND h.subject = d.user_id)))
        ORDER BY d.opened_at LIMIT %d FOR UPDATE OF d SKIP LOCKED),
      gone AS (DELETE FROM device_connection d USING old
        WHERE d.connection_id = old.connection_id RETURNING d.realm)
      INSERT INTO removal (run_id, kind, realm, calls, events, connections, removed_by)
      SELECT ?, 'retention', realm, 0, 0, count(*), ? FROM gone GROUP BY realm
      RETURNING connections"""
        .formatted(realm.map(_ -> "AND d.realm = ?").orElse(""), CALLS_AT_ONCE * 10);
  }

  private static void refuseRecent(Connection connection, Instant endedBefore) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement("SELECT clock_timestamp()");
        ResultSet row = statement.executeQuery()) {
      row.next();
      Instant now = row.getObject(1, OffsetDateTime.class).toInstant();
      if (endedBefore.isAfter(now.minus(SHORTEST))) {
        throw new IllegalArgumentException(
            "calls are kept for at least " + SHORTEST.toHours() + " hours after their end");
      }
    }
  }

  private static String old(Optional<RealmId> realm) {
    return """
      FROM call c WHERE c.ended_at < ? AND c.created_at < ? %s
        AND NOT EXISTS (SELECT FROM legal_hold h WHERE h.realm = c.realm AND (h.kind = 'realm'
          OR (h.kind = 'call' AND h.subject = c.call_id)
          OR (h.kind = 'user' AND EXISTS (SELECT FROM call_party p WHERE p.realm = c.realm
            AND p.call_id = c.call_id AND p.user_id = h.subject))))"""
        .formatted(realm.map(_ -> "AND c.realm = ?").orElse(""));
  }

  /** One statement, so that journal and rows go together and are counted as they go. */
  private static String removing(Optional<RealmId> realm) {
    return """
      WITH old AS MATERIALIZED (
        SELECT c.realm, c.call_id, c.created_at %s
        ORDER BY c.realm, c.created_at LIMIT %d FOR UPDATE OF c SKIP LOCKED),
      events AS (DELETE FROM event_journal j USING old
        WHERE j.persistence_id = 'call|' || old.realm || '|' || old.call_id
        RETURNING old.realm),
      parties AS (DELETE FROM call_party p USING old
        WHERE p.realm = old.realm AND p.call_id = old.call_id),
      deadlines AS (DELETE FROM call_deadline d USING old
        WHERE d.realm = old.realm AND d.call_id = old.call_id),
      calls AS (DELETE FROM call c USING old
        WHERE c.realm = old.realm AND c.call_id = old.call_id
        RETURNING c.realm, c.created_at)
      INSERT INTO removal (run_id, kind, realm, ended_before, calls, events, oldest_at, newest_at,
        removed_by)
      SELECT ?, 'retention', c.realm, ?, count(*),
        (SELECT count(*) FROM events e WHERE e.realm = c.realm), min(c.created_at),
        max(c.created_at), ?
      FROM calls c GROUP BY c.realm
      RETURNING calls, events"""
        .formatted(old(realm), CALLS_AT_ONCE);
  }

  /** A call was placed before it ended: the second bound is what the index can find. */
  private static int bind(PreparedStatement statement, Optional<RealmId> realm, Instant endedBefore)
      throws SQLException {
    int at = 1;
    statement.setObject(at++, endedBefore.atOffset(ZoneOffset.UTC));
    statement.setObject(at++, endedBefore.atOffset(ZoneOffset.UTC));
    if (realm.isPresent()) {
      statement.setString(at++, realm.get().value());
    }
    return at;
  }
}
