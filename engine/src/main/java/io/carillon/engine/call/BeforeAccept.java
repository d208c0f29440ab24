package io.carillon.engine.call;

import java.time.Instant;
import java.util.Optional;

/** The rules of a call nobody has accepted yet: calling and ringing (R8 to R18, R23, R33). */
final class BeforeAccept {
  private BeforeAccept() {}

  static Decision decide(CallState.Live live, CallCommand command, Instant now) {
    return switch (command) {
      case CallCommand.Initiate _ -> Administration.invalid(live, "this call was placed already");
      case CallCommand.AdminEnd c -> Administration.adminEnd(c, now);
      case CallCommand.LoseDevice c ->
          live.facts().detached()
              ? Decision.noOp()
              : Call.lose(live, c.device(), now.plus(live.facts().limits().callerRingGrace()), now);
      case CallCommand.RegainDevice c -> Call.regain(live, c.device(), now);
      case CallCommand.Supersede c -> Administration.supersede(c, now);
      case CallCommand.CheckDeadlines _ -> Decision.noOp();
      case CallCommand.ByDevice c -> byDevice(live, c, now);
    };
  }

  private static Decision byDevice(CallState.Live live, CallCommand.ByDevice command, Instant now) {
    Optional<Participant> present = live.roster().find(command.by().user());
    if (present.isEmpty()) {
      return stranger(live, command, now);
    }
    Participant p = present.get();
    if (p.isHidden()) {
      return Decision.refused(new Rejection.CallNotFound());
    }
    boolean caller = p.user().equals(live.facts().caller().user());
    return switch (command) {
      case CallCommand.AcknowledgeRing c ->
          caller ? ownCall() : Administration.acknowledge(live, p, c, now);
      case CallCommand.Accept c -> caller ? ownCall() : accept(live, p, c, now);
      case CallCommand.Decline c -> caller ? ownCall() : decline(live, p, c, now);
      case CallCommand.Cancel c ->
          caller ? cancel(c, now) : forbidden("only the caller may cancel; decline instead");
      case CallCommand.Hangup c -> caller ? cancel(c, now) : hangUpWhileRinging(live, p, c, now);
      case CallCommand.ChangeStatus _ ->
          Administration.invalid(live, "in-call status needs an accepted call");
      case CallCommand.Heartbeat c -> Call.regain(live, c.by(), now);
      case CallCommand.Invite c ->
          Call.isInWith(p, c) ? Administration.invite(live, p, c, now) : Call.notInWith(p);
      case CallCommand.Uninvite c -> Administration.uninvite(live, p, c, now);
      case CallCommand.Remove c ->
          Call.isInWith(p, c) ? Administration.remove(live, p, c, now) : Call.notInWith(p);
      case CallCommand.AssignRole c ->
          Call.isInWith(p, c) ? Administration.assignRole(live, p, c, now) : Call.notInWith(p);
      case CallCommand.EndForAll c ->
          caller ? cancel(c, now) : forbidden("only the caller may end a call that rings");
      case CallCommand.MuteOther _,
          CallCommand.Escalate _,
          CallCommand.HandOff _,
          CallCommand.Extend _ ->
          Administration.invalid(live, "this needs an accepted call");
    };
  }

  private static Decision stranger(CallState.Live live, CallCommand.ByDevice command, Instant now) {
    // Who knows the id of a call that rings nobody may join it (R39).
    boolean byId = command instanceof CallCommand.Accept && Endings.isRoom(live);
    return byId
        ? Decision.applied(new CallEvent.Accepted(Call.header(command, now), command.by()))
        : Decision.refused(new Rejection.CallNotFound());
  }

  private static Decision accept(
      CallState.Live live, Participant p, CallCommand.Accept c, Instant now) {
    return switch (p.leg()) {
      case Leg.Invited _, Leg.Ringing _, Leg.Suppressed _ -> take(c, now);
      case Leg.Closed closed -> {
        if (Endings.mode(live) == CallMode.CONFERENCE) {
          yield take(c, now);
        }
        yield closed.reason().outcome() == EndReason.Outcome.REJECTED
            ? Decision.refused(new Rejection.DeclinedElsewhere(CallSnapshot.of(live)))
            : Administration.invalid(live, "your part in this call is over");
      }
      case Leg.Barred _ -> Decision.refused(new Rejection.Blocked());
      case Leg.Joined _ -> Decision.noOp();
    };
  }

  private static Decision take(CallCommand.Accept c, Instant now) {
    return Decision.applied(new CallEvent.Accepted(Call.header(c, now), c.by()));
  }

  private static Decision decline(
      CallState.Live live, Participant p, CallCommand.Decline c, Instant now) {
    return p.leg().isOpen() ? Administration.decline(live, p, c, now) : Decision.noOp();
  }

  private static Decision hangUpWhileRinging(
      CallState.Live live, Participant p, CallCommand.Hangup c, Instant now) {
    return p.leg().isOpen()
        ? Administration.declineLeg(live, Call.header(c, now), p.user(), EndReason.DECLINED)
        : Decision.noOp();
  }

  private static Decision cancel(CallCommand.ByDevice c, Instant now) {
    return Decision.applied(Endings.end(Call.header(c, now), EndReason.CANCELLED));
  }

  private static Decision ownCall() {
    return Decision.refused(new Rejection.OwnCall());
  }

  private static Decision forbidden(String why) {
    return Decision.refused(new Rejection.Forbidden(why));
  }
}
