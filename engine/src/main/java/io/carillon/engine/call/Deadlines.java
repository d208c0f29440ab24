package io.carillon.engine.call;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * When a call has to act by itself, and what it does then (R5, R7, R14, R19, R23, R25, R36). All of
 * it follows from the state, so it is the same after a crash.
 */
final class Deadlines {
  /** Seconds before the forced end at which participants are warned, the last first (R19). */
  private static final List<Long> WARNINGS = List.of(10L, 60L);

  private Deadlines() {}

  /** One thing that becomes due: when, and what is stored then. */
  private sealed interface Due {
    Instant at();

    record RingOver(Instant at, Participant participant) implements Due {}

    record CallerGone(Instant at) implements Due {}

    record ParticipantGone(Instant at, Participant participant) implements Due {}

    record NoMedia(Instant at) implements Due {}

    record Warning(Instant at, long seconds) implements Due {}

    record TimeUp(Instant at) implements Due {}

    record Deserted(Instant at) implements Due {}
  }

  /** The earliest moment at which something becomes due; empty: nothing ever does by itself. */
  static Optional<Instant> next(CallState state) {
    return first(state, Instant.MIN).map(Due::at);
  }

  /** What has become due first at {@code now}, as the events it is stored as; empty: nothing. */
  static List<CallEvent> settle(CallState state, Instant now) {
    Optional<Due> first = first(state, now);
    if (first.isEmpty() || first.get().at().isAfter(now)) {
      return List.of();
    }
    CallState.Live live = (CallState.Live) state;
    Due due = first.get();
    EventHeader header = new EventHeader(now, new Actor.Clock(due.at()), Optional.empty());
    return switch (due) {
      case Due.RingOver d ->
          Endings.closeLeg(live, header, d.participant().user(), ringOutcome(live, d));
      case Due.CallerGone _ -> List.of(Endings.end(header, EndReason.CALLER_LOST));
      case Due.ParticipantGone d ->
          Endings.leave(live, header, d.participant(), EndReason.CONNECTION_LOST, false);
      case Due.NoMedia _ -> List.of(Endings.end(header, EndReason.ICE_FAILED));
      case Due.Warning w ->
          List.of(new CallEvent.Expiring(header, Duration.ofSeconds(w.seconds())));
      case Due.TimeUp _ -> List.of(Endings.end(header, EndReason.MAX_DURATION));
      case Due.Deserted _ -> List.of(Endings.end(header, EndReason.EMPTY));
    };
  }

  private static EndReason ringOutcome(CallState.Live live, Due.RingOver due) {
    if (live.facts().ring() != RingStyle.RING) {
      return EndReason.EMPTY;
    }
    return due.participant().leg() instanceof Leg.Ringing
        ? EndReason.NO_ANSWER
        : EndReason.UNREACHABLE;
  }

  /** What becomes due first, without the warnings that something later has overtaken by now. */
  private static Optional<Due> first(CallState state, Instant now) {
    if (!(state instanceof CallState.Live live)) {
      return Optional.empty();
    }
    List<Due> all = new ArrayList<>();
    Duration grace = live.facts().limits().ringGrace();
    for (Participant participant : live.roster().participants()) {
      ringDeadline(participant.leg())
          .ifPresent(at -> all.add(new Due.RingOver(at.plus(grace), participant)));
    }
    switch (live) {
      case CallState.Calling s -> unanswered(s, all);
      case CallState.Ringing s -> unanswered(s, all);
      case CallState.Accepted s -> accepted(s, now, all);
    }
    return earliest(all);
  }

  /** Of several at one moment the first in the list, so that every replay settles them alike. */
  private static Optional<Due> earliest(List<Due> all) {
    if (all.isEmpty()) {
      return Optional.empty();
    }
    Due earliest = all.getFirst();
    for (Due due : all) {
      if (due.at().isBefore(earliest.at())) {
        earliest = due;
      }
    }
    return Optional.of(earliest);
  }

  /** The advertised end of a ring; whoever enforces it adds the grace. */
  static Optional<Instant> ringDeadline(Leg leg) {
    return switch (leg) {
      case Leg.Invited l -> Optional.of(l.deadline());
      case Leg.Suppressed l -> Optional.of(l.deadline());
      case Leg.Ringing l -> Optional.of(l.deadline());
      case Leg.Joined _, Leg.Closed _, Leg.Barred _ -> Optional.empty();
    };
  }

  private static void unanswered(CallState.Live live, List<Due> all) {
    live.roster()
        .find(live.facts().caller().user())
        .flatMap(Deadlines::lostUntil)
        .ifPresent(at -> all.add(new Due.CallerGone(at)));
    if (Endings.isRoom(live)) {
      // It may have no leg to wait for; what it waits for is somebody who knows its id (R39).
      CallFacts facts = live.facts();
      all.add(new Due.Deserted(facts.createdAt().plus(facts.limits().emptyTimeout())));
    }
  }

  private static Optional<Instant> lostUntil(Participant participant) {
    return participant.leg() instanceof Leg.Joined joined && joined.link() instanceof Link.Lost lost
        ? Optional.of(lost.deadline())
        : Optional.empty();
  }

  private static void accepted(CallState.Accepted s, Instant now, List<Due> all) {
    CallLimits limits = s.facts().limits();
    List<Participant> joined = s.roster().joined();
    List<Due.ParticipantGone> gone = new ArrayList<>();
    for (Participant participant : joined) {
      lostUntil(participant).ifPresent(at -> gone.add(new Due.ParticipantGone(at, participant)));
    }
    if (!gone.isEmpty()) {
      Comparator<Due.ParticipantGone> byTime = Comparator.comparing(Due.ParticipantGone::at);
      // When everyone is gone the clock counts from the later loss: both may still come back (R25).
      all.add(
          gone.size() == joined.size()
              ? gone.stream().max(byTime).orElseThrow()
              : gone.stream().min(byTime).orElseThrow());
    }
    if (!limits.connectTimeout().isZero() && s.connectedAt().isEmpty()) {
      all.add(new Due.NoMedia(s.answeredAt().plus(limits.connectTimeout())));
    }
    s.emptySince().ifPresent(at -> all.add(new Due.Deserted(at.plus(limits.departureTimeout()))));
    s.endsBy().ifPresent(end -> lastMinute(s, end, now, all));
  }

  private static void lastMinute(CallState.Accepted s, Instant end, Instant now, List<Due> all) {
    all.add(new Due.TimeUp(end));
    Instant next = end;
    for (long seconds : WARNINGS) {
      Instant at = end.minusSeconds(seconds);
      boolean given = s.warned() != 0 && s.warned() <= seconds;
      // A call that was asleep is not told of sixty seconds when ten are left.
      boolean overtaken = !next.isAfter(now);
      if (!given && !overtaken && at.isAfter(s.answeredAt())) {
        all.add(new Due.Warning(at, seconds));
      }
      next = at;
    }
  }
}
