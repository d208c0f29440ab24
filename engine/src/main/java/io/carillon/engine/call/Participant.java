package io.carillon.engine.call;

import io.carillon.engine.call.Notice.All;
import io.carillon.engine.call.Notice.AllBut;
import io.carillon.engine.call.Notice.Audience;
import io.carillon.engine.call.Notice.Only;
import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.UserId;
import java.util.HashSet;
import java.util.Set;

/**
 * One user's part in a call.
 *
 * @param user who
 * @param invitedBy who called the user; the caller for the caller themself
 * @param role what the user may do (R34)
 * @param leg how far the part has come
 * @param statuses the in-call flags (R46), in the enum's order
 * @param audience which of the user's devices are told of the call while the user is in it; the
 *     others were never told, or have heard their end
 * @param line what the user's line said when the user was last called; free if never
 */
public record Participant(
    UserId user,
    UserId invitedBy,
    ParticipantRole role,
    Leg leg,
    Set<MediaStatus> statuses,
    Audience audience,
    Line line) {

  Participant with(Leg next) {
    return new Participant(user, invitedBy, role, next, statuses, audience, line);
  }

  Participant with(ParticipantRole next) {
    return new Participant(user, invitedBy, next, leg, statuses, audience, line);
  }

  Participant with(Set<MediaStatus> next) {
    return new Participant(user, invitedBy, role, leg, next, audience, line);
  }

  /** A blocked caller's call does not exist for the callee who blocked, even once over (R18). */
  public boolean isHidden() {
    return line == Line.BLOCKED;
  }

  /** In the call with {@code device}, whose user's other devices hear no more of it (R12). */
  Participant joining(Leg.Joined next) {
    DeviceId device = next.device();
    // Without a device of its own, a request speaks for all of the user's devices that still
    // listen.
    Set<DeviceId> gone = leg.ignored();
    Audience all = gone.isEmpty() ? new All() : new AllBut(gone);
    return new Participant(
        user,
        invitedBy,
        role,
        next,
        statuses,
        device.equals(DeviceId.REST) ? all : new Only(device),
        line);
  }

  /** In the call with another device than before, which hears its end by that (R30a). */
  Participant handedOff(Leg.Joined next, DeviceId from) {
    Audience listening =
        switch (audience) {
          case Only _ -> new Only(next.device());
          case All _ -> allBut(Set.of(), from, next.device());
          case AllBut(Set<DeviceId> but) -> allBut(but, from, next.device());
        };
    return new Participant(user, invitedBy, role, next, statuses, listening, line);
  }

  private static Audience allBut(Set<DeviceId> but, DeviceId from, DeviceId to) {
    Set<DeviceId> gone = new HashSet<>(but);
    gone.add(from);
    gone.remove(to);
    return new AllBut(gone);
  }
}
