package io.carillon.engine.call;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How often those in a call may change what can be changed back: some hundred times at once, and
 * once a second in the long run. Whoever takes a call over reads all of its events; a device that
 * flips a switch for an hour must not make that take minutes.
 */
final class ChangePace {
  /** Events a call may have whatever its age. */
  static final long AT_ONCE = 500;

  /** For so much of a call's talk there may be one more. */
  static final Duration EACH = Duration.ofSeconds(1);

  private ChangePace() {}

  /** How long to wait before the next such change; empty: it may be now. */
  static Optional<Duration> wait(CallState.Accepted s, Instant now) {
    long beyond = s.ledger().seq() + 1 - AT_ONCE;
    Instant due = s.answeredAt().plus(EACH.multipliedBy(Math.max(0, beyond)));
    return due.isAfter(now) ? Optional.of(Duration.between(now, due)) : Optional.empty();
  }

  /** Whether a command is one that could go back and forth for ever. */
  static boolean bounds(CallCommand.ByDevice command) {
    return switch (command) {
      case CallCommand.ChangeStatus _,
          CallCommand.AssignRole _,
          CallCommand.Invite _,
          CallCommand.HandOff _,
          CallCommand.Extend _ ->
          true;
      // These are bounded by those, by the number of devices, or happen once.
      case CallCommand.AcknowledgeRing _,
          CallCommand.Accept _,
          CallCommand.Decline _,
          CallCommand.Cancel _,
          CallCommand.Hangup _,
          CallCommand.Heartbeat _,
          CallCommand.Uninvite _,
          CallCommand.Remove _,
          CallCommand.MuteOther _,
          CallCommand.EndForAll _,
          CallCommand.Escalate _ ->
          false;
    };
  }
}
