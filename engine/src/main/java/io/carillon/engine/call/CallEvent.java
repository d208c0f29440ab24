package io.carillon.engine.call;

import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.Endpoint;
import io.carillon.engine.identity.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What happened to a call: the facts the journal keeps for ever.
 *
 * <p>One command becomes one event wherever one event says it all; what follows from it (who stops
 * ringing, whose leg is cancelled) follows in {@link Call#evolve}, on replay as in life.
 */
public sealed interface CallEvent {
  /** When, by whom and by which request. */
  EventHeader header();

  /** The call was placed; {@code invitations} are the users called, in the caller's order. */
  record Initiated(EventHeader header, CallFacts facts, List<Invitation> invitations)
      implements CallEvent {}

  /** A callee's device acknowledged that it rings (R8); {@code deadline} is the leg's (R5). */
  record RingStarted(EventHeader header, Endpoint by, Instant deadline) implements CallEvent {}

  /** A callee's device was told and does not ring, and says why (R8, R77). */
  record RingWithheld(EventHeader header, Endpoint by, String why) implements CallEvent {}

  /** One device stopped ringing for itself; the others ring on (R9). */
  record RingIgnored(EventHeader header, Endpoint by) implements CallEvent {}

  /** A callee's device took the call (R10), or a participant joined or came back (R37). */
  record Accepted(EventHeader header, Endpoint by) implements CallEvent {}

  /** Media were reported up by enough participants (T11). */
  record Connected(EventHeader header) implements CallEvent {}

  /** A participant's flag changed (R46). */
  record StatusChanged(EventHeader header, UserId user, MediaStatus status, boolean active)
      implements CallEvent {}

  /**
   * A participant's device is gone; its part ends at {@code deadline} unless it is back (R23, R25).
   */
  record ConnectionLost(EventHeader header, Endpoint device, Instant deadline)
      implements CallEvent {}

  /** A lost device is back in time. */
  record ConnectionRegained(EventHeader header, Endpoint device) implements CallEvent {}

  /** Users were called into a running call (R33). */
  record Invited(EventHeader header, UserId by, List<Invitation> invitations)
      implements CallEvent {}

  /** An invited user's leg is over while the call goes on (R32). */
  record LegClosed(EventHeader header, UserId user, EndReason reason) implements CallEvent {}

  /** A joined participant left while the call goes on; {@code barred}: may not come back (R37). */
  record Left(EventHeader header, UserId user, EndReason reason, boolean barred)
      implements CallEvent {}

  /** A participant's role changed (R34). */
  record RoleChanged(EventHeader header, UserId user, ParticipantRole role) implements CallEvent {}

  /** A direct call became a conference, keeping its id (R38). */
  record ModeChanged(EventHeader header, CallMode mode) implements CallEvent {}

  /** A participant went on with another of the same user's devices (R30a). */
  record HandedOff(EventHeader header, UserId user, DeviceId from, DeviceId to)
      implements CallEvent {}

  /** The call may go on until {@code endsBy} (R19). */
  record Extended(EventHeader header, Instant endsBy) implements CallEvent {}

  /** The participants are warned that the call ends in {@code remaining} (R19). */
  record Expiring(EventHeader header, Duration remaining) implements CallEvent {}

  /**
   * The call is over. The last lifecycle event of a call.
   *
   * @param note an administrator's text (R22)
   * @param successor the call that took its place (R16, R26)
   * @param racedCancel whether a cancel arrived after the accept and was carried out as a hang-up
   *     (R11)
   */
  record Ended(
      EventHeader header,
      EndReason reason,
      Optional<String> note,
      Optional<CallId> successor,
      boolean racedCancel)
      implements CallEvent {}

  /** Somebody accepted a call that was over; marks it a near miss (R11, R14). */
  record LateAccepted(EventHeader header, Endpoint by, Duration lateBy) implements CallEvent {}
}
