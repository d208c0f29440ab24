package io.carillon.engine.call;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The rules of a call that is over: nothing leaves this state (R11, R14, R15, R28). */
final class AfterEnd {
  private AfterEnd() {}

  static Decision decide(CallState.Ended s, CallCommand command, Instant now) {
    return switch (command) {
      case CallCommand.Initiate _ -> Decision.refused(new Rejection.CallOver(CallSnapshot.of(s)));
      case CallCommand.AdminEnd _,
          CallCommand.LoseDevice _,
          CallCommand.RegainDevice _,
          CallCommand.Supersede _,
          CallCommand.CheckDeadlines _ ->
          Decision.noOp();
      case CallCommand.ByDevice c -> byDevice(s, c, now);
    };
  }

  private static Decision byDevice(CallState.Ended s, CallCommand.ByDevice command, Instant now) {
    Optional<Participant> present = s.roster().find(command.by().user());
    if (present.isEmpty() || present.get().isHidden()) {
      return Decision.refused(new Rejection.CallNotFound());
    }
    return switch (command) {
      case CallCommand.Accept c -> accept(s, present.get(), c, now);
      case CallCommand.AcknowledgeRing _,
          CallCommand.Decline _,
          CallCommand.Cancel _,
          CallCommand.Hangup _,
          CallCommand.EndForAll _,
          CallCommand.Heartbeat _,
          CallCommand.Uninvite _ ->
          Decision.noOp();
      case CallCommand.ChangeStatus _,
          CallCommand.Invite _,
          CallCommand.Remove _,
          CallCommand.AssignRole _,
          CallCommand.MuteOther _,
          CallCommand.Escalate _,
          CallCommand.HandOff _,
          CallCommand.Extend _ ->
          Decision.refused(new Rejection.CallOver(CallSnapshot.of(s)));
    };
  }

  private static Decision accept(
      CallState.Ended s, Participant p, CallCommand.Accept c, Instant now) {
    CallSnapshot call = CallSnapshot.of(s);
    if (p.user().equals(s.facts().caller().user())) {
      return Decision.refused(new Rejection.OwnCall());
    }
    if (p.leg() instanceof Leg.Barred) {
      return Decision.refused(new Rejection.Blocked());
    }
    if (!(p.leg() instanceof Leg.Closed leg) || leg.was()) {
      return Decision.refused(new Rejection.CallOver(call));
    }
    return switch (leg.reason().outcome()) {
      // Where the line was busy from the start, nobody declined anything.
      case REJECTED ->
          Decision.refused(
              s.endedBy() instanceof Actor.Engine
                  ? new Rejection.CallOver(call)
                  : new Rejection.DeclinedElsewhere(call));
      case CANCELLED, MISSED, TIMEOUT -> late(s, call, c, now);
      case ENDED -> Decision.refused(new Rejection.CallOver(call));
    };
  }

  /** Somebody wanted to take the call a moment too late: worth knowing, once (R11). */
  private static Decision late(
      CallState.Ended s, CallSnapshot call, CallCommand.Accept c, Instant now) {
    Rejection rejection = new Rejection.CallOver(call);
    if (s.nearMiss()) {
      return Decision.refused(rejection);
    }
    Duration lateBy = Duration.between(s.timeline().endedAt(), now);
    // Without the key: a refusal is not a first result to be shown again.
    EventHeader header = new EventHeader(now, new Actor.Device(c.by()), Optional.empty());
    return new Decision(
        List.of(new CallEvent.LateAccepted(header, c.by(), lateBy)),
        new Decision.Refused(rejection));
  }
}
