package io.carillon.persistence.readmodel;

import io.carillon.engine.call.EndReason;
import io.carillon.engine.call.Line;
import io.carillon.engine.call.ParticipantRole;
import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.UserId;
import java.time.Instant;
import java.util.Optional;

/**
 * One user's part in a call of the history.
 *
 * @param user who
 * @param role what the user might do (R34)
 * @param line what the user's line said
 * @param calledAt when the user was called
 * @param device the one the user is or was in the call with
 * @param joinedAt when the user first joined; empty: never
 * @param state how the part stands or ended
 * @param outcome why it is over; empty: it is not
 */
public record HistoryParty(
    UserId user,
    ParticipantRole role,
    Line line,
    Instant calledAt,
    Optional<DeviceId> device,
    Optional<Instant> joinedAt,
    State state,
    Optional<EndReason> outcome) {

  /** The protocol's words for a participant that a history can tell. */
  public enum State {
    INVITED,
    RINGING,
    JOINED,
    DECLINED,
    BUSY,
    MISSED,
    CANCELLED,
    UNREACHABLE,
    LEFT
  }

  /**
   * Whether the user missed the call (R67): called and never in it, and neither declined it nor had
   * it taken by another in a hunt.
   */
  public boolean missed() {
    return switch (state) {
      case BUSY, MISSED, UNREACHABLE -> true;
      case CANCELLED -> !outcome.equals(Optional.of(EndReason.PICKED_UP));
      case INVITED, RINGING, JOINED, DECLINED, LEFT -> false;
    };
  }
}
