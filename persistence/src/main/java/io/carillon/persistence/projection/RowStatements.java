package io.carillon.persistence.projection;

import io.carillon.engine.call.Actor;
import io.carillon.engine.call.CallFacts;
import io.carillon.engine.call.CallKey;
import io.carillon.engine.call.JitsiRoom;
import io.carillon.engine.identity.Endpoint;
import io.carillon.persistence.projection.RowBatch.CallUpdate;
import io.carillon.persistence.projection.RowBatch.Opened;
import io.carillon.persistence.projection.RowBatch.PartyUpdate;
import io.carillon.persistence.words.Vocabulary;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The SQL of a {@link RowBatch}: one statement for each kind of change there is in it. */
public final class RowStatements {
  private RowStatements() {}

  private static final String OPEN_CALLS =
      """
      INSERT INTO call (realm, call_id, mode, call_type, ring, media_plane, caller, caller_device,
        state, created_at, jitsi_url, context, metadata, seq, updated_at)
      SELECT realm, call_id, mode, call_type, ring, media_plane, caller, caller_device,
        'calling', %s, jitsi_url, context::json, metadata::json, seq, date_trunc('milliseconds', now())
      FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
          ?::text[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::bigint[])
        AS u(realm, call_id, mode, call_type, ring, media_plane, caller, caller_device,
          created_at, jitsi_url, context, metadata, seq)"""
          .formatted(moment("created_at"));

  private static final String CHANGE_CALLS =
      """
      UPDATE call c SET
        seq = greatest(c.seq, u.seq),
        updated_at = date_trunc('milliseconds', now()),
        state = greatest(c.state, u.state::call_state),
        mode = coalesce(u.mode, c.mode),
        ringing_at = CASE WHEN c.state = 'calling'
          THEN coalesce(%s, CASE WHEN c.ring = 'ring' THEN %s END) ELSE c.ringing_at END,
        answered_at = coalesce(c.answered_at, %2$s),
        connected_at = coalesce(c.connected_at, %s),
        ended_at = coalesce(c.ended_at, %s),
        reason = coalesce(c.reason, u.reason),
        ended_by_kind = coalesce(c.ended_by_kind, u.ended_by_kind),
        ended_by_user = coalesce(c.ended_by_user, u.ended_by_user),
        ended_by_device = coalesce(c.ended_by_device, u.ended_by_device),
        note = coalesce(c.note, u.note),
        successor = coalesce(c.successor, u.successor),
        near_miss = c.near_miss OR u.near_miss = 1
      FROM unnest(?::text[], ?::text[], ?::bigint[], ?::text[], ?::text[], ?::bigint[], ?::bigint[],
          ?::bigint[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
          ?::bigint[])
        AS u(realm, call_id, seq, state, mode, ringing_at, answered_at, connected_at, ended_at,
          reason, ended_by_kind, ended_by_user, ended_by_device, note, successor, near_miss)
      WHERE c.realm = u.realm AND c.call_id = u.call_id"""
          .formatted(
              moment("u.ringing_at"),
              moment("u.answered_at"),
              moment("u.connected_at"),
              moment("u.ended_at"));

  private static final String OPEN_PARTIES =
      """
      INSERT INTO call_party (realm, call_id, user_id, position, called_at, line, role, device,
        joined_at)
      SELECT realm, call_id, user_id, position, %1$s, line, role, device,
        CASE WHEN device IS NOT NULL THEN %1$s END
      FROM unnest(?::text[], ?::text[], ?::text[], ?::bigint[], ?::bigint[], ?::text[], ?::text[],
          ?::text[])
        AS u(realm, call_id, user_id, position, called_at, line, role, device)"""
          .formatted(moment("called_at"));

  /** In a call that goes on, who is called may have been in it before. */
  private static final String CALL_PARTIES =
      OPEN_PARTIES
          + """

          ON CONFLICT (realm, call_id, user_id) DO UPDATE SET
            line = excluded.line, outcome = NULL, left_at = NULL""";

  /** Who joins without having been called (R39) has no row yet; the others are left alone. */
  private static final String ADMIT_PARTIES =
      """
      INSERT INTO call_party (realm, call_id, user_id, position, called_at, line, role)
      SELECT realm, call_id, user_id, 0, %s, 'free', 'participant'
      FROM unnest(?::text[], ?::text[], ?::text[], ?::bigint[]) AS u(realm, call_id, user_id, at)
      ON CONFLICT DO NOTHING"""
          .formatted(moment("at"));

  /**
   * The user is compared in a way no index serves: there are two on users, and a planner that knows
   * little of a young table would take one of them and read all of a user's calls for each row.
   */
  private static final String CHANGE_PARTIES =
      """
      UPDATE call_party p SET
        joined_at = coalesce(p.joined_at, %1$s),
        device = coalesce(u.device, p.device),
        outcome = CASE WHEN u.joined_at IS NULL
          THEN coalesce(u.outcome, p.outcome) ELSE u.outcome END,
        left_at = CASE WHEN u.joined_at IS NULL THEN coalesce(%2$s, p.left_at) ELSE %2$s END,
        role = coalesce(u.role, p.role)
      FROM unnest(?::text[], ?::text[], ?::text[], ?::bigint[], ?::text[], ?::text[], ?::bigint[],
          ?::text[])
        AS u(realm, call_id, user_id, joined_at, device, outcome, left_at, role)
      WHERE p.realm = u.realm AND p.call_id = u.call_id AND p.user_id || '' = u.user_id"""
          .formatted(moment("u.joined_at"), moment("u.left_at"));

  private static final String CLOSE_PARTIES =
      """
      UPDATE call_party p SET closed_at = date_trunc('milliseconds', now())
      FROM unnest(?::text[], ?::text[]) AS u(realm, call_id)
      WHERE p.realm = u.realm AND p.call_id = u.call_id""";

  private static final String SET_DEADLINES =
      """
      INSERT INTO call_deadline AS d (realm, call_id, due_at)
      SELECT realm, call_id, %s
      FROM unnest(?::text[], ?::text[], ?::bigint[]) AS u(realm, call_id, due_at)
      ON CONFLICT (realm, call_id) DO UPDATE SET due_at = excluded.due_at
      WHERE d.due_at <> excluded.due_at"""
          .formatted(moment("due_at"));

  private static final String CLEAR_DEADLINES =
      """
      DELETE FROM call_deadline d USING unnest(?::text[], ?::text[]) AS u(realm, call_id)
      WHERE d.realm = u.realm AND d.call_id = u.call_id""";

  /**
   * Writes a batch in the connection's transaction, after other statements and together with them.
   *
   * @param before what to run first; may be none
   * @return how many rows each of those changed
   */
  public static int[] run(Connection connection, Statements before, RowBatch batch)
      throws SQLException {
    openCalls(batch.opened, before);
    changeCalls(batch.calls.values(), before);
    callParties(OPEN_PARTIES, batch.opening.values(), before);
    callParties(CALL_PARTIES, batch.called.values(), before);
    int parties = before.count();
    changeParties(batch.parties.values(), before);
    if (!batch.closed.isEmpty()) {
      keys(before.statement(CLOSE_PARTIES), batch.closed, key -> key);
    }
    deadlines(batch, before);
    int[] changed = before.run(connection);
    if (!batch.parties.isEmpty() && changed[parties] < batch.parties.size()) {
      Statements again = new Statements();
      admitParties(batch.parties.values(), again);
      changeParties(batch.parties.values(), again);
      again.run(connection);
    }
    return changed;
  }

  private static void openCalls(List<Opened> opened, Statements statements) {
    if (opened.isEmpty()) {
      return;
    }
    Function<Function<CallFacts, @Nullable String>, @Nullable String[]> facts =
        column -> texts(opened, o -> column.apply(o.facts()));
    keys(statements.statement(OPEN_CALLS), opened, o -> o.facts().key())
        .texts(facts.apply(f -> Vocabulary.MODES.word(f.mode())))
        .texts(facts.apply(f -> Vocabulary.TYPES.word(f.type())))
        .texts(facts.apply(f -> Vocabulary.RINGS.word(f.ring())))
        .texts(facts.apply(f -> Vocabulary.MEDIA_PLANES.word(f.mediaPlane())))
        .texts(facts.apply(f -> f.caller().user().value()))
        .texts(facts.apply(f -> f.caller().device().value()))
        .numbers(moments(opened, o -> o.facts().createdAt()))
        .texts(facts.apply(f -> f.jitsi().map(JitsiRoom::url).orElse(null)))
        .texts(facts.apply(f -> f.context().orElse(null)))
        .texts(facts.apply(f -> f.metadata().orElse(null)))
        .numbers(numbers(opened, Opened::seq));
  }

  private static void changeCalls(Collection<CallUpdate> calls, Statements statements) {
    if (calls.isEmpty()) {
      return;
    }
    keys(statements.statement(CHANGE_CALLS), calls, c -> c.key)
        .numbers(numbers(calls, c -> c.seq))
        .texts(texts(calls, c -> c.state == null ? null : Vocabulary.STATES.word(c.state)))
        .texts(texts(calls, c -> c.mode))
        .numbers(moments(calls, c -> c.ringingAt))
        .numbers(moments(calls, c -> c.answeredAt))
        .numbers(moments(calls, c -> c.connectedAt))
        .numbers(moments(calls, c -> c.endedAt))
        .texts(texts(calls, c -> c.reason))
        .texts(texts(calls, c -> c.endedBy == null ? null : kind(c.endedBy)))
        .texts(texts(calls, c -> c.endedBy == null ? null : user(c.endedBy)))
        .texts(texts(calls, c -> c.endedBy == null ? null : device(c.endedBy)))
        .texts(texts(calls, c -> c.note))
        .texts(texts(calls, c -> c.successor))
        .numbers(numbers(calls, c -> c.nearMiss ? 1L : 0L));
  }

  private static void callParties(
      String sql, Collection<RowChange.PartyCalled> called, Statements statements) {
    if (called.isEmpty()) {
      return;
    }
    keys(statements.statement(sql), called, RowChange.PartyCalled::key)
        .texts(texts(called, c -> c.user().value()))
        .numbers(numbers(called, c -> (long) c.position()))
        .numbers(moments(called, RowChange.PartyCalled::at))
        .texts(texts(called, c -> Vocabulary.LINES.word(c.line())))
        .texts(texts(called, c -> Vocabulary.ROLES.word(c.role())))
        .texts(texts(called, c -> c.joinedWith().map(Object::toString).orElse(null)));
  }

  private static void admitParties(Collection<PartyUpdate> parties, Statements statements) {
    List<PartyUpdate> joined = parties.stream().filter(p -> p.joinedAt != null).toList();
    keys(statements.statement(ADMIT_PARTIES), joined, p -> p.key.call())
        .texts(texts(joined, p -> p.key.user().value()))
        .numbers(moments(joined, p -> p.joinedAt));
  }

  private static void changeParties(Collection<PartyUpdate> parties, Statements statements) {
    if (!parties.isEmpty()) {
      keys(statements.statement(CHANGE_PARTIES), parties, p -> p.key.call())
          .texts(texts(parties, p -> p.key.user().value()))
          .numbers(moments(parties, p -> p.joinedAt))
          .texts(texts(parties, p -> p.device))
          .texts(texts(parties, p -> p.outcome))
          .numbers(moments(parties, p -> p.leftAt))
          .texts(texts(parties, p -> p.role));
    }
  }

  private static void deadlines(RowBatch batch, Statements statements) {
    record Due(CallKey key, Instant at) {}
    List<Due> set =
        batch.deadlines.entrySet().stream()
            .flatMap(e -> e.getValue().map(at -> new Due(e.getKey(), at)).stream())
            .toList();
    if (!set.isEmpty()) {
      keys(statements.statement(SET_DEADLINES), set, Due::key).numbers(moments(set, Due::at));
    }
    List<CallKey> cleared =
        batch.deadlines.entrySet().stream()
            .filter(e -> e.getValue().isEmpty())
            .map(Map.Entry::getKey)
            .toList();
    if (!cleared.isEmpty()) {
      keys(statements.statement(CLEAR_DEADLINES), cleared, key -> key);
    }
  }

  private static String kind(Actor actor) {
    return switch (actor) {
      case Actor.Device _ -> "device";
      case Actor.Clock _ -> "clock";
      case Actor.Engine _ -> "engine";
      case Actor.Admin _ -> "admin";
      case Actor.Service _ -> "service";
    };
  }

  private static @Nullable String user(Actor actor) {
    return switch (actor) {
      case Actor.Device(Endpoint endpoint) -> endpoint.user().value();
      case Actor.Admin(var user) -> user.value();
      case Actor.Service(var user) -> user.value();
      case Actor.Clock _, Actor.Engine _ -> null;
    };
  }

  private static @Nullable String device(Actor actor) {
    return actor instanceof Actor.Device(Endpoint endpoint) ? endpoint.device().value() : null;
  }

  /** A column of milliseconds as a moment: exact, which a division into seconds would not be. */
  private static String moment(String column) {
    return "(timestamptz 'epoch' + " + column + " * interval '1 millisecond')";
  }

  private static <T> Statements keys(
      Statements statements, Collection<T> items, Function<T, CallKey> key) {
    return statements
        .texts(texts(items, item -> key.apply(item).realm().value()))
        .texts(texts(items, item -> key.apply(item).call().value()));
  }

  private static <T> @Nullable String[] texts(
      Collection<T> items, Function<T, @Nullable String> column) {
    @Nullable String[] values = new String[items.size()];
    int i = 0;
    for (T item : items) {
      values[i++] = column.apply(item);
    }
    return values;
  }

  private static <T> @Nullable Long[] numbers(Collection<T> items, Function<T, Long> column) {
    @Nullable Long[] values = new Long[items.size()];
    int i = 0;
    for (T item : items) {
      values[i++] = column.apply(item);
    }
    return values;
  }

  private static <T> @Nullable Long[] moments(
      Collection<T> items, Function<T, @Nullable Instant> column) {
    @Nullable Long[] values = new Long[items.size()];
    int i = 0;
    for (T item : items) {
      Instant moment = column.apply(item);
      values[i++] = moment == null ? null : Long.valueOf(moment.toEpochMilli());
    }
    return values;
  }
}
