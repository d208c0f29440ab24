package io.carillon.persistence.replay;

import io.carillon.engine.call.Call;
import io.carillon.engine.call.CallSnapshot;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A call as it was (R77). Pure. */
public final class TimeTravel {
  private TimeTravel() {}

  /** The call right after event {@code seq}; empty: it never had so many, or so few. */
  public static Optional<CallSnapshot> atSeq(List<Call.Step> steps, long seq) {
    return steps.stream()
        .filter(step -> step.stored().seq() == seq)
        .findFirst()
        .map(step -> CallSnapshot.of(step.after()));
  }

  /** The call as it was at a moment, events of that very moment included; empty: not yet placed. */
  public static Optional<CallSnapshot> at(List<Call.Step> steps, Instant moment) {
    return steps.stream()
        .takeWhile(step -> !step.stored().event().header().at().isAfter(moment))
        .reduce((_, later) -> later)
        .map(step -> CallSnapshot.of(step.after()));
  }
}
