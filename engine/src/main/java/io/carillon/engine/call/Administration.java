package io.carillon.engine.call;

import io.carillon.engine.call.ParticipantRole.Capability;
import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.Endpoint;
import io.carillon.engine.identity.UserId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What participants may do to a group call and to each other, the same before and after the first
 * accept (R33, R34, R35, R37).
 */
final class Administration {
  private Administration() {}

  static Decision invite(CallState.Live live, Participant by, CallCommand.Invite c, Instant now) {
    if (Endings.mode(live) == CallMode.DIRECT) {
      return invalid(live, "a direct call has two users; escalate it to a conference first");
    }
    if (!by.role().may(Capability.ADD)) {
      return Decision.refused(new Rejection.Forbidden("your role may not add users"));
    }
    if (live instanceof CallState.Accepted && Endings.mode(live) == CallMode.HUNT) {
      return invalid(live, "somebody has taken this call; escalate it to a conference first");
    }
    if (namesSomebodyTwice(c.invitations())) {
      return Decision.refused(new Rejection.Invalid("/callees", "a user can be called once"));
    }
    List<Invitation> fresh = new ArrayList<>();
    for (Invitation invitation : c.invitations()) {
      Optional<Participant> present = live.roster().find(invitation.user());
      if (present.isPresent() && present.get().leg() instanceof Leg.Barred) {
        return Decision.refused(new Rejection.Forbidden("this user was put out of the call"));
      }
      // Whoever is in the call already is never rung again (R33); and a line that has become busy
      // since does not silence the ring it is busy with.
      boolean in = present.isPresent() && present.get().leg() instanceof Leg.Joined;
      boolean ringsOn =
          present.isPresent() && present.get().leg().isOpen() && invitation.line() != Line.FREE;
      if (!in && !ringsOn) {
        fresh.add(invitation);
      }
    }
    if (fresh.isEmpty()) {
      return Decision.noOp();
    }
    long ringing =
        live.roster().open().stream()
            .filter(p -> fresh.stream().noneMatch(i -> i.user().equals(p.user())))
            .count();
    int most = live.facts().limits().ringSize();
    if (ringing + fresh.size() > most) {
      return Decision.refused(
          new Rejection.Invalid("/callees", "at most " + most + " users can ring at once"));
    }
    return Decision.applied(new CallEvent.Invited(Call.header(c, now), c.by().user(), fresh));
  }

  static Decision uninvite(
      CallState.Live live, Participant by, CallCommand.Uninvite c, Instant now) {
    Optional<Participant> target = live.roster().find(c.user());
    if (target.isEmpty() || !target.get().leg().isOpen()) {
      return Decision.noOp();
    }
    boolean inviter = target.get().invitedBy().equals(by.user());
    boolean host = by.leg() instanceof Leg.Joined && by.role().may(Capability.KICK);
    if (!inviter && !host) {
      return Decision.refused(
          new Rejection.Forbidden("only who rang this user, or a host, may stop the ring"));
    }
    return Call.applied(Endings.closeLeg(live, Call.header(c, now), c.user(), EndReason.CANCELLED));
  }

  static Decision remove(CallState.Live live, Participant by, CallCommand.Remove c, Instant now) {
    if (Endings.mode(live) != CallMode.CONFERENCE) {
      return invalid(live, "users are removed from conferences only; end the call instead");
    }
    Capability needed = c.barred() ? Capability.BLOCK : Capability.KICK;
    if (!by.role().may(needed) || c.user().equals(by.user())) {
      return Decision.refused(new Rejection.Forbidden("your role may not remove this user"));
    }
    Optional<Participant> target = live.roster().find(c.user());
    if (target.isEmpty()) {
      return Decision.noOp();
    }
    EventHeader header = Call.header(c, now);
    return switch (target.get().leg()) {
      case Leg.Joined _ ->
          Call.applied(Endings.leave(live, header, target.get(), EndReason.REMOVED, c.barred()));
      case Leg.Invited _, Leg.Ringing _, Leg.Suppressed _ ->
          Call.applied(
              c.barred()
                  ? Endings.bar(live, header, target.get())
                  : Endings.closeLeg(live, header, c.user(), EndReason.CANCELLED));
      case Leg.Closed _ ->
          c.barred() ? Call.applied(Endings.bar(live, header, target.get())) : Decision.noOp();
      case Leg.Barred _ -> Decision.noOp();
    };
  }

  static Decision assignRole(
      CallState.Live live, Participant by, CallCommand.AssignRole c, Instant now) {
    if (!by.role().may(Capability.ASSIGN_ROLE)) {
      return Decision.refused(new Rejection.Forbidden("your role may not change roles"));
    }
    Optional<Participant> target = live.roster().find(c.user());
    if (target.isEmpty() || target.get().leg() instanceof Leg.Barred) {
      return Decision.refused(new Rejection.Invalid("/user_id", "this user is not in the call"));
    }
    return target.get().role() == c.role()
        ? Decision.noOp()
        : Decision.applied(new CallEvent.RoleChanged(Call.header(c, now), c.user(), c.role()));
  }

  static Decision muteOther(
      CallState.Live live, Participant by, CallCommand.MuteOther c, Instant now) {
    if (!by.role().may(Capability.MUTE_OTHERS)) {
      return Decision.refused(new Rejection.Forbidden("your role may not mute others"));
    }
    Optional<Participant> target = live.roster().find(c.user());
    if (target.isEmpty() || !(target.get().leg() instanceof Leg.Joined)) {
      return Decision.refused(new Rejection.Invalid("/user_id", "this user is not in the call"));
    }
    return target.get().statuses().contains(MediaStatus.MUTED)
        ? Decision.noOp()
        : Decision.applied(
            new CallEvent.StatusChanged(Call.header(c, now), c.user(), MediaStatus.MUTED, true));
  }

  static Decision endForAll(
      CallState.Live live, Participant by, CallCommand.EndForAll c, Instant now) {
    return by.role().may(Capability.END_FOR_ALL)
        ? Decision.applied(Endings.end(Call.header(c, now), EndReason.ENDED_BY_HOST))
        : Decision.refused(new Rejection.Forbidden("your role may not end the call for everybody"));
  }

  static Decision adminEnd(CallCommand.AdminEnd c, Instant now) {
    EventHeader header = new EventHeader(now, c.actor(), c.request());
    return Decision.applied(
        new CallEvent.Ended(
            header, EndReason.ADMIN_ENDED, Optional.of(c.note()), Optional.empty(), false));
  }

  static Decision supersede(CallCommand.Supersede c, Instant now) {
    return Decision.applied(
        new CallEvent.Ended(
            Call.engineHeader(now),
            c.reason(),
            Optional.empty(),
            Optional.of(c.successor()),
            false));
  }

  /** One more device of a called user says that it rings, or why it does not (R8). */
  static Decision acknowledge(
      CallState.Live live, Participant p, CallCommand.AcknowledgeRing c, Instant now) {
    Endpoint by = c.by();
    EventHeader header = Call.header(c, now);
    return switch (p.leg()) {
      case Leg.Invited leg -> {
        // Overtaken by its own silencing: it has heard its end (J3).
        if (leg.hush().ignored().contains(by.device())) {
          yield Decision.noOp();
        }
        if (c.withheld().isPresent()) {
          yield withheld(leg.hush(), header, c);
        }
        yield Decision.applied(new CallEvent.RingStarted(header, by, ringDeadline(live, leg, now)));
      }
      case Leg.Ringing leg -> {
        if (leg.hush().ignored().contains(by.device())) {
          yield Decision.noOp();
        }
        if (c.withheld().isPresent()) {
          yield withheld(leg.hush(), header, c);
        }
        // A user's devices are few; whoever acknowledges with ever new names is not a device.
        yield leg.devices().contains(by.device()) || leg.devices().size() >= MAX_RINGING_DEVICES
            ? Decision.noOp()
            : Decision.applied(new CallEvent.RingStarted(header, by, leg.deadline()));
      }
      case Leg.Suppressed _, Leg.Joined _, Leg.Closed _, Leg.Barred _ -> Decision.noOp();
    };
  }

  /** How many of a user's devices are remembered as ringing, or as quiet, for one call. */
  static final int MAX_RINGING_DEVICES = 16;

  private static Decision withheld(Hush hush, EventHeader header, CallCommand.AcknowledgeRing c) {
    boolean known =
        hush.withheld().contains(c.by().device()) || hush.withheld().size() >= MAX_RINGING_DEVICES;
    return known
        ? Decision.noOp()
        : Decision.applied(new CallEvent.RingWithheld(header, c.by(), c.withheld().orElseThrow()));
  }

  /** The ring timer starts when the leg first rings and is bounded by the cap (R5). */
  private static Instant ringDeadline(CallState.Live live, Leg.Invited leg, Instant now) {
    CallLimits limits = live.facts().limits();
    if (live.facts().ring() != RingStyle.RING) {
      return leg.deadline();
    }
    Instant byRing = now.plus(limits.ringTimeout());
    Instant byCap = leg.since().plus(limits.ringCap());
    return byRing.isBefore(byCap) ? byRing : byCap;
  }

  /** The user turns the call down, or only this device does (R9, R13). */
  static Decision decline(CallState.Live live, Participant p, CallCommand.Decline c, Instant now) {
    EventHeader header = Call.header(c, now);
    if (c.scope() == CallCommand.Decline.Scope.DEVICE) {
      boolean silenced =
          switch (p.leg()) {
            case Leg.Invited leg -> isSilenced(leg, c.by().device());
            case Leg.Ringing leg -> isSilenced(leg, c.by().device());
            case Leg.Suppressed _, Leg.Joined _, Leg.Closed _, Leg.Barred _ -> true;
          };
      return silenced
          ? Decision.noOp()
          : Decision.applied(new CallEvent.RingIgnored(header, c.by()));
    }
    return declineLeg(live, header, c.by().user(), c.reason().endReason());
  }

  private static boolean isSilenced(Leg leg, DeviceId device) {
    return leg.ignored().contains(device) || leg.ignored().size() >= MAX_RINGING_DEVICES;
  }

  static Decision declineLeg(
      CallState.Live live, EventHeader header, UserId user, EndReason reason) {
    return Call.applied(Endings.closeLeg(live, header, user, reason));
  }

  static boolean namesSomebodyTwice(List<Invitation> invitations) {
    return invitations.stream().map(Invitation::user).distinct().count() < invitations.size();
  }

  static Decision invalid(CallState.Live live, String why) {
    return Decision.refused(new Rejection.InvalidState(why, CallSnapshot.of(live)));
  }
}
