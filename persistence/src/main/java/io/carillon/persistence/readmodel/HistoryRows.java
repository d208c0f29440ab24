package io.carillon.persistence.readmodel;

import io.carillon.engine.call.CallId;
import io.carillon.engine.call.CallKey;
import io.carillon.engine.call.CallMode;
import io.carillon.engine.call.EndReason;
import io.carillon.engine.call.Line;
import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.Endpoint;
import io.carillon.engine.identity.RealmId;
import io.carillon.engine.identity.UserId;
import io.carillon.persistence.words.CallStateWord;
import io.carillon.persistence.words.Vocabulary;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/** Reads rows of {@code call} and {@code call_party}, and says what they add up to. */
final class HistoryRows {
  static final String CALL_COLUMNS =
      """
      c.realm, c.call_id, c.call_type, c.mode, c.media_plane, c.caller, c.caller_device,
      c.state::text AS state, c.reason, c.created_at, c.ringing_at, c.answered_at, c.connected_at,
      c.ended_at, c.ended_by_kind, c.ended_by_user, c.ended_by_device, c.near_miss, c.note,
      c.successor, c.jitsi_url, c.context::text AS context, c.metadata::text AS metadata, c.seq""";

  static final String PARTY_COLUMNS =
      "user_id, called_at, line, role, device, joined_at, outcome, left_at";

  private HistoryRows() {}

  static HistoryCall call(ResultSet row) throws SQLException {
    return new HistoryCall(
        new CallKey(new RealmId(row.getString("realm")), new CallId(row.getString("call_id"))),
        Vocabulary.TYPES.constant(row.getString("call_type")),
        Vocabulary.MODES.constant(row.getString("mode")),
        Vocabulary.MEDIA_PLANES.constant(row.getString("media_plane")),
        new Endpoint(
            new UserId(row.getString("caller")), new DeviceId(row.getString("caller_device"))),
        Vocabulary.STATES.constant(row.getString("state")),
        text(row, "reason").map(Vocabulary.REASONS::constant),
        moment(row, "created_at").orElseThrow(),
        moment(row, "ringing_at"),
        moment(row, "answered_at"),
        moment(row, "connected_at"),
        moment(row, "ended_at"),
        endedBy(row),
        row.getBoolean("near_miss"),
        text(row, "note"),
        text(row, "successor").map(CallId::new),
        text(row, "jitsi_url"),
        text(row, "context"),
        text(row, "metadata"),
        row.getLong("seq"),
        List.of());
  }

  private static Optional<HistoryCall.EndedBy> endedBy(ResultSet row) throws SQLException {
    Optional<UserId> user = text(row, "ended_by_user").map(UserId::new);
    Optional<DeviceId> device = text(row, "ended_by_device").map(DeviceId::new);
    return text(row, "ended_by_kind").map(kind -> new HistoryCall.EndedBy(kind, user, device));
  }

  static HistoryCall with(HistoryCall call, List<HistoryParty> parties) {
    return new HistoryCall(
        call.key(),
        call.type(),
        call.mode(),
        call.mediaPlane(),
        call.caller(),
        call.state(),
        call.reason(),
        call.createdAt(),
        call.ringingAt(),
        call.answeredAt(),
        call.connectedAt(),
        call.endedAt(),
        call.endedBy(),
        call.nearMiss(),
        call.note(),
        call.successor(),
        call.jitsiUrl(),
        call.context(),
        call.metadata(),
        call.seq(),
        List.copyOf(parties));
  }

  static HistoryParty party(ResultSet row, HistoryCall call) throws SQLException {
    Line line = Vocabulary.LINES.constant(row.getString("line"));
    Optional<Instant> joinedAt = moment(row, "joined_at");
    Optional<EndReason> own = text(row, "outcome").map(Vocabulary.REASONS::constant);
    Optional<EndReason> outcome = own.isPresent() ? own : outcome(call, line, joinedAt.isPresent());
    return new HistoryParty(
        new UserId(row.getString("user_id")),
        Vocabulary.ROLES.constant(row.getString("role")),
        line,
        moment(row, "called_at").orElseThrow(),
        text(row, "device").map(DeviceId::new),
        joinedAt,
        outcome
            .map(reason -> ended(reason, joinedAt.isPresent()))
            .orElseGet(() -> open(call, joinedAt.isPresent())),
        outcome);
  }

  /**
   * Why a part is over that had no end of its own: the journal says it once, for the call, and so
   * do the rows. What the rules of the call make of it on replay is said here again for the reader.
   */
  private static Optional<EndReason> outcome(HistoryCall call, Line line, boolean joined) {
    if (joined) {
      return call.reason();
    }
    if (line == Line.BUSY) {
      return Optional.of(EndReason.BUSY);
    }
    if (call.answeredAt().isPresent() && call.mode() == CallMode.HUNT) {
      return Optional.of(EndReason.PICKED_UP);
    }
    return call.answeredAt().isPresent()
        ? call.reason().map(_ -> EndReason.CANCELLED)
        : call.reason();
  }

  private static HistoryParty.State open(HistoryCall call, boolean joined) {
    if (joined) {
      return HistoryParty.State.JOINED;
    }
    return call.state() == CallStateWord.RINGING
        ? HistoryParty.State.RINGING
        : HistoryParty.State.INVITED;
  }

  private static HistoryParty.State ended(EndReason reason, boolean joined) {
    if (joined) {
      return HistoryParty.State.LEFT;
    }
    return switch (reason) {
      case DECLINED, UNAVAILABLE -> HistoryParty.State.DECLINED;
      case BUSY -> HistoryParty.State.BUSY;
      case NO_ANSWER -> HistoryParty.State.MISSED;
      case UNREACHABLE -> HistoryParty.State.UNREACHABLE;
      case HANGUP,
          CANCELLED,
          CALLER_LOST,
          GLARE_MERGED,
          REPLACED,
          ICE_FAILED,
          MEDIA_TIMEOUT,
          MEDIA_FAILED,
          MAX_DURATION,
          CONNECTION_LOST,
          ADMIN_ENDED,
          ENDED_BY_HOST,
          REMOVED,
          TRANSFERRED,
          PICKED_UP,
          EMPTY,
          SERVER_SHUTDOWN,
          SERVER_ERROR ->
          HistoryParty.State.CANCELLED;
    };
  }

  static Optional<String> text(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getString(column));
  }

  static Optional<Instant> moment(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getObject(column, OffsetDateTime.class))
        .map(OffsetDateTime::toInstant);
  }
}
