package io.carillon.engine.call;

import io.carillon.engine.identity.UserId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a leg, a participant's part or a whole call is closed, and what follows for the others: the
 * one place that knows when the last one turns out the light (R32, R34, R35, R36).
 */
final class Endings {
  private Endings() {}

  static CallEvent.Ended end(EventHeader header, EndReason reason) {
    return new CallEvent.Ended(header, reason, Optional.empty(), Optional.empty(), false);
  }

  /** An open leg is over; the call with it, if it was the last thing the call waited for. */
  static List<CallEvent> closeLeg(
      CallState.Live live, EventHeader header, UserId user, EndReason reason) {
    if (mode(live) == CallMode.DIRECT) {
      return List.of(end(header, reason));
    }
    CallEvent closed = new CallEvent.LegClosed(header, user, reason);
    return switch (live) {
      case CallState.Calling _, CallState.Ringing _ -> withAggregateEnd(live, header, closed);
      case CallState.Accepted _ -> List.of(closed);
    };
  }

  /** What happens to the last open leg of a call nobody has taken ends the call (R32). */
  private static List<CallEvent> withAggregateEnd(
      CallState.Live live, EventHeader header, CallEvent closed) {
    CallState.Live after = (CallState.Live) Evolution.apply(live, closed);
    return isDone(after) ? List.of(closed, end(header, aggregate(after))) : List.of(closed);
  }

  /** Whether a call nobody has taken waits for nobody any more. */
  static boolean isDone(CallState.Live live) {
    return live.roster().open().isEmpty() && !isRoom(live);
  }

  /** Whether whoever knows the call's id may join it, so that it waits for more than legs (R39). */
  static boolean isRoom(CallState.Live live) {
    // As it was placed: a direct call that became a conference is still nobody else's (R38).
    return live.facts().ring() == RingStyle.SILENT && live.facts().mode() == CallMode.CONFERENCE;
  }

  /** A user who is being called is put out for good before coming in (R37). */
  static List<CallEvent> bar(CallState.Live live, EventHeader header, Participant called) {
    CallEvent left = new CallEvent.Left(header, called.user(), EndReason.REMOVED, true);
    return switch (live) {
      case CallState.Calling _, CallState.Ringing _ -> withAggregateEnd(live, header, left);
      case CallState.Accepted _ -> List.of(left);
    };
  }

  /** What a group call that nobody took ended with (R32). */
  static EndReason aggregate(CallState.Live live) {
    List<EndReason> reasons = new ArrayList<>();
    for (Participant participant : live.roster().participants()) {
      // A ring that was taken back says nothing about how the others answered.
      if (participant.leg() instanceof Leg.Closed closed
          && !closed.was()
          && closed.reason() != EndReason.CANCELLED) {
        reasons.add(closed.reason());
      }
    }
    if (reasons.contains(EndReason.NO_ANSWER)) {
      return EndReason.NO_ANSWER;
    }
    if (reasons.isEmpty()) {
      return EndReason.CANCELLED;
    }
    for (EndReason all : List.of(EndReason.EMPTY, EndReason.BUSY)) {
      if (reasons.stream().allMatch(r -> r == all)) {
        return all;
      }
    }
    boolean declined =
        reasons.stream().allMatch(r -> r == EndReason.DECLINED || r == EndReason.UNAVAILABLE);
    return declined ? EndReason.DECLINED : EndReason.UNREACHABLE;
  }

  /** A participant's part in an accepted call is over. */
  static List<CallEvent> leave(
      CallState.Live live,
      EventHeader header,
      Participant leaver,
      EndReason reason,
      boolean barred) {
    if (mode(live) != CallMode.CONFERENCE) {
      return List.of(end(header, reason));
    }
    List<CallEvent> events = new ArrayList<>();
    events.add(new CallEvent.Left(header, leaver.user(), reason, barred));
    List<Participant> remaining =
        live.roster().joined().stream().filter(p -> !p.user().equals(leaver.user())).toList();
    if (remaining.isEmpty()) {
      // Nobody is left to answer to: the rings the leaver began would ring for an empty room (R35).
      live.roster().open().stream()
          .filter(p -> p.invitedBy().equals(leaver.user()))
          .forEach(p -> events.add(new CallEvent.LegClosed(header, p.user(), EndReason.CANCELLED)));
    } else if (leaver.role() == ParticipantRole.HOST
        && remaining.stream().noneMatch(p -> p.role() == ParticipantRole.HOST)) {
      events.add(new CallEvent.RoleChanged(header, heir(remaining).user(), ParticipantRole.HOST));
    }
    return events;
  }

  /** The oldest cohost, else the oldest participant (R34). The roster is in order of age. */
  private static Participant heir(List<Participant> remaining) {
    return remaining.stream()
        .filter(p -> p.role() == ParticipantRole.COHOST)
        .findFirst()
        .orElse(remaining.getFirst());
  }

  static CallMode mode(CallState.Live live) {
    return switch (live) {
      case CallState.Calling s -> s.mode();
      case CallState.Ringing s -> s.mode();
      case CallState.Accepted s -> s.mode();
    };
  }
}
