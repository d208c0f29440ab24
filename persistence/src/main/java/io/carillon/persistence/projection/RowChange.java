package io.carillon.persistence.projection;

import io.carillon.engine.call.Actor;
import io.carillon.engine.call.CallFacts;
import io.carillon.engine.call.CallId;
import io.carillon.engine.call.CallKey;
import io.carillon.engine.call.CallMode;
import io.carillon.engine.call.EndReason;
import io.carillon.engine.call.Line;
import io.carillon.engine.call.ParticipantRole;
import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.UserId;
import java.time.Instant;
import java.util.Optional;

/** One change of one call's rows. */
public sealed interface RowChange {
  /** Whose rows. */
  CallKey key();

  /** The call's row comes into being. */
  record CallOpened(CallFacts facts, long seq) implements RowChange {
    @Override
    public CallKey key() {
      return facts.key();
    }
  }

  /** The journal has {@code seq} events now. */
  record CallGrew(CallKey key, long seq) implements RowChange {}

  /** A device rang; counts while nobody had rung or accepted before. */
  record CallRang(CallKey key, Instant at) implements RowChange {}

  /** Somebody accepted; the first one's moment counts, as the ring's too if none was seen (J4). */
  record CallAnswered(CallKey key, Instant at) implements RowChange {}

  /** Media were reported up; the first report counts. */
  record CallConnected(CallKey key, Instant at) implements RowChange {}

  /** The mode changed. */
  record CallSwitched(CallKey key, CallMode mode) implements RowChange {}

  /** The call is over, for everybody in it. */
  record CallEnded(
      CallKey key,
      Instant at,
      EndReason reason,
      Actor by,
      Optional<String> note,
      Optional<CallId> successor)
      implements RowChange {}

  /** Somebody accepted after the end. */
  record CallMissedNearly(CallKey key) implements RowChange {}

  /**
   * A user is concerned by the call from now on, or is called again.
   *
   * @param position 0 for the caller, 1 and up in the order of one invitation
   * @param joinedWith the device of a user who is in the call from the start: the caller
   */
  record PartyCalled(
      CallKey key,
      UserId user,
      int position,
      Instant at,
      Line line,
      ParticipantRole role,
      Optional<DeviceId> joinedWith)
      implements RowChange {}

  /** A user joined, invited or not, or went on with another device. */
  record PartyJoined(CallKey key, UserId user, DeviceId device, Instant at) implements RowChange {}

  /** A user's own part is over while the call goes on. */
  record PartyLeft(CallKey key, UserId user, EndReason reason, Instant at) implements RowChange {}

  /** A user's role changed. */
  record PartyRole(CallKey key, UserId user, ParticipantRole role) implements RowChange {}

  /** The call waits for a moment; empty: for nothing. */
  record Deadline(CallKey key, Optional<Instant> dueAt) implements RowChange {}
}
