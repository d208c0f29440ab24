package io.carillon.engine.call;

import io.carillon.engine.identity.DeviceId;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The rules of a call somebody has accepted (R10 to R15, R19, R20, R25, R30a, R33 to R38, R46,
 * R72).
 */
final class WhileAccepted {
  private WhileAccepted() {}

  static Decision decide(CallState.Accepted s, CallCommand command, Instant now) {
    return switch (command) {
      case CallCommand.Initiate _ -> Administration.invalid(s, "this call was placed already");
      case CallCommand.AdminEnd c -> Administration.adminEnd(c, now);
      case CallCommand.LoseDevice c ->
          Call.lose(s, c.device(), now.plus(s.facts().limits().reconnectGrace()), now);
      case CallCommand.RegainDevice c -> Call.regain(s, c.device(), now);
      case CallCommand.Supersede c -> Administration.supersede(c, now);
      case CallCommand.CheckDeadlines _ -> Decision.noOp();
      case CallCommand.ByDevice c -> paced(s, c, byDevice(s, c, now), now);
    };
  }

  private static Decision paced(
      CallState.Accepted s, CallCommand.ByDevice command, Decision decision, Instant now) {
    if (decision.events().isEmpty() || !ChangePace.bounds(command)) {
      return decision;
    }
    return ChangePace.wait(s, now)
        .map(wait -> refused(new Rejection.RateLimited(wait)))
        .orElse(decision);
  }

  private static Decision byDevice(
      CallState.Accepted s, CallCommand.ByDevice command, Instant now) {
    Optional<Participant> present = s.roster().find(command.by().user());
    if (present.isEmpty()) {
      return command instanceof CallCommand.Accept c && Endings.isRoom(s)
          ? join(c, now)
          : refused(new Rejection.CallNotFound());
    }
    Participant p = present.get();
    if (p.isHidden()) {
      return refused(new Rejection.CallNotFound());
    }
    boolean caller = p.user().equals(s.facts().caller().user());
    return switch (command) {
      case CallCommand.AcknowledgeRing c -> acknowledge(s, p, caller, c, now);
      case CallCommand.Accept c -> accept(s, p, caller, c, now);
      case CallCommand.Decline c -> decline(s, p, caller, c, now);
      case CallCommand.Cancel c -> cancel(s, p, caller, c, now);
      case CallCommand.Hangup c -> hangUp(s, p, c, now);
      case CallCommand.ChangeStatus c ->
          Call.isInWith(p, c) ? changeStatus(s, p, c, now) : Call.notInWith(p);
      case CallCommand.Heartbeat c -> Call.regain(s, c.by(), now);
      case CallCommand.Invite c ->
          Call.isInWith(p, c) ? Administration.invite(s, p, c, now) : Call.notInWith(p);
      case CallCommand.Uninvite c -> Administration.uninvite(s, p, c, now);
      case CallCommand.Remove c ->
          Call.isInWith(p, c) ? Administration.remove(s, p, c, now) : Call.notInWith(p);
      case CallCommand.AssignRole c ->
          Call.isInWith(p, c) ? Administration.assignRole(s, p, c, now) : Call.notInWith(p);
      case CallCommand.MuteOther c ->
          Call.isInWith(p, c) ? Administration.muteOther(s, p, c, now) : Call.notInWith(p);
      case CallCommand.EndForAll c ->
          Call.isInWith(p, c) ? endForAll(s, p, c, now) : Call.notInWith(p);
      case CallCommand.Escalate c -> Call.isInWith(p, c) ? escalate(s, c, now) : Call.notInWith(p);
      case CallCommand.HandOff c ->
          p.leg() instanceof Leg.Joined joined && Call.speaksFor(joined, c.by().device())
              ? handOff(p, joined, c, now)
              : Call.notInWith(p);
      case CallCommand.Extend c -> Call.isInWith(p, c) ? extend(s, p, c, now) : Call.notInWith(p);
    };
  }

  private static Decision acknowledge(
      CallState.Accepted s,
      Participant p,
      boolean caller,
      CallCommand.AcknowledgeRing c,
      Instant now) {
    // A caller who was called back into a conference rings like anybody else.
    return caller && !p.leg().isOpen()
        ? refused(new Rejection.OwnCall())
        : Administration.acknowledge(s, p, c, now);
  }

  private static Decision accept(
      CallState.Accepted s, Participant p, boolean caller, CallCommand.Accept c, Instant now) {
    return switch (p.leg()) {
      case Leg.Joined joined -> {
        if (joined.device().equals(c.by().device())) {
          yield caller && !c.takeover()
              ? refused(new Rejection.OwnCall())
              : Call.regain(s, c.by(), now);
        }
        if (c.takeover()) {
          yield goOnWith(p, joined, c.by().device(), Call.header(c, now));
        }
        yield refused(
            caller ? new Rejection.OwnCall() : new Rejection.AnsweredElsewhere(CallSnapshot.of(s)));
      }
      case Leg.Invited _, Leg.Ringing _, Leg.Suppressed _ -> join(c, now);
      case Leg.Closed closed -> {
        if (s.mode() == CallMode.CONFERENCE) {
          yield join(c, now);
        }
        yield refused(
            closed.reason().outcome() == EndReason.Outcome.REJECTED
                ? new Rejection.DeclinedElsewhere(CallSnapshot.of(s))
                : new Rejection.AnsweredElsewhere(CallSnapshot.of(s)));
      }
      case Leg.Barred _ -> refused(new Rejection.Blocked());
    };
  }

  private static Decision join(CallCommand.Accept c, Instant now) {
    return Decision.applied(new CallEvent.Accepted(Call.header(c, now), c.by()));
  }

  private static Decision decline(
      CallState.Accepted s, Participant p, boolean caller, CallCommand.Decline c, Instant now) {
    return switch (p.leg()) {
      case Leg.Invited _, Leg.Ringing _, Leg.Suppressed _ -> Administration.decline(s, p, c, now);
      case Leg.Joined joined -> {
        if (caller) {
          yield refused(new Rejection.OwnCall());
        }
        // A second phone that declines must not kill the call the first one took (R15).
        yield joined.device().equals(c.by().device())
            ? Administration.invalid(s, "you are in this call; end it instead")
            : refused(new Rejection.AnsweredElsewhere(CallSnapshot.of(s)));
      }
      case Leg.Closed _, Leg.Barred _ -> Decision.noOp();
    };
  }

  private static Decision cancel(
      CallState.Accepted s, Participant p, boolean caller, CallCommand.Cancel c, Instant now) {
    if (!caller) {
      return refused(new Rejection.Forbidden("only the caller may cancel; end the call instead"));
    }
    if (!(p.leg() instanceof Leg.Joined)) {
      return Decision.noOp();
    }
    EventHeader header = Call.header(c, now);
    List<CallEvent> events =
        s.mode() == CallMode.CONFERENCE
            ? Endings.leave(s, header, p, EndReason.HANGUP, false)
            : List.of(
                new CallEvent.Ended(
                    header, EndReason.HANGUP, Optional.empty(), Optional.empty(), true));
    return new Decision(events, new Decision.Done(Decision.Effect.HANGUP));
  }

  private static Decision hangUp(
      CallState.Accepted s, Participant p, CallCommand.Hangup c, Instant now) {
    return switch (p.leg()) {
      case Leg.Joined joined ->
          Call.speaksFor(joined, c.by().device())
              ? Call.applied(Endings.leave(s, Call.header(c, now), p, c.reason(), false))
              : Call.notInWith(p);
      case Leg.Invited _, Leg.Ringing _, Leg.Suppressed _ ->
          Administration.declineLeg(s, Call.header(c, now), p.user(), EndReason.DECLINED);
      case Leg.Closed _, Leg.Barred _ -> Decision.noOp();
    };
  }

  private static Decision changeStatus(
      CallState.Accepted s, Participant p, CallCommand.ChangeStatus c, Instant now) {
    if (p.statuses().contains(c.status()) == c.active()) {
      return Decision.noOp();
    }
    EventHeader header = Call.header(c, now);
    List<CallEvent> events = new ArrayList<>();
    events.add(new CallEvent.StatusChanged(header, p.user(), c.status(), c.active()));
    boolean mediaUp =
        c.status() == MediaStatus.CONNECTED
            && c.active()
            && s.connectedAt().isEmpty()
            && s.roster().joined().stream()
                .anyMatch(
                    other ->
                        !other.user().equals(p.user())
                            && other.statuses().contains(MediaStatus.CONNECTED));
    if (mediaUp) {
      events.add(new CallEvent.Connected(header));
    }
    return Call.applied(events);
  }

  private static Decision endForAll(
      CallState.Accepted s, Participant p, CallCommand.EndForAll c, Instant now) {
    // With two users in it, ending for all is hanging up (R4).
    return s.mode() == CallMode.CONFERENCE
        ? Administration.endForAll(s, p, c, now)
        : Decision.applied(Endings.end(Call.header(c, now), EndReason.HANGUP));
  }

  private static Decision escalate(CallState.Accepted s, CallCommand.Escalate c, Instant now) {
    return s.mode() == CallMode.CONFERENCE
        ? Decision.noOp()
        : Decision.applied(new CallEvent.ModeChanged(Call.header(c, now), CallMode.CONFERENCE));
  }

  private static Decision handOff(
      Participant p, Leg.Joined joined, CallCommand.HandOff c, Instant now) {
    return goOnWith(p, joined, c.to(), Call.header(c, now));
  }

  private static Decision goOnWith(
      Participant p, Leg.Joined joined, DeviceId to, EventHeader header) {
    if (joined.device().equals(to)) {
      return Decision.noOp();
    }
    // It stands for whichever devices there are; a call goes on with one of them.
    return to.equals(DeviceId.REST)
        ? refused(new Rejection.Invalid("/device_id", "name the device to go on with"))
        : Decision.applied(new CallEvent.HandedOff(header, p.user(), joined.device(), to));
  }

  private static Decision extend(
      CallState.Accepted s, Participant p, CallCommand.Extend c, Instant now) {
    boolean may =
        s.mode() != CallMode.CONFERENCE || p.role().may(ParticipantRole.Capability.EXTEND);
    if (!may) {
      return refused(new Rejection.Forbidden("your role may not extend the call"));
    }
    if (s.endsBy().isEmpty()) {
      return Decision.noOp();
    }
    Duration most = s.facts().limits().maxDuration();
    // What is stored counts in milliseconds; a replay must not end the call a little earlier.
    Duration extra = c.extra().truncatedTo(ChronoUnit.MILLIS);
    if (!extra.isPositive() || extra.compareTo(most) > 0) {
      return refused(
          new Rejection.Invalid(
              "/extra_ms", "between 1 and " + most.toMillis() + " milliseconds at a time"));
    }
    return Decision.applied(
        new CallEvent.Extended(Call.header(c, now), s.endsBy().get().plus(extra)));
  }

  private static Decision refused(Rejection rejection) {
    return Decision.refused(rejection);
  }
}
