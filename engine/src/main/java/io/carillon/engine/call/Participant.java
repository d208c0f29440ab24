package io.carillon.engine.call;

import io.carillon.engine.identity.UserId;
import java.util.Set;

/**
 * One user's part in a call.
 *
 * @param user who
 * @param invitedBy who called the user; the caller for the caller themself
 * @param role what the user may do (R34)
 * @param leg how far the part has come
 * @param statuses the in-call flags (R46), in the enum's order
 */
public record Participant(
    UserId user, UserId invitedBy, ParticipantRole role, Leg leg, Set<MediaStatus> statuses) {

  Participant with(Leg next) {
    return new Participant(user, invitedBy, role, next, statuses);
  }

  Participant with(ParticipantRole next) {
    return new Participant(user, invitedBy, next, leg, statuses);
  }

  Participant with(Set<MediaStatus> next) {
    return new Participant(user, invitedBy, role, leg, next);
  }
}
