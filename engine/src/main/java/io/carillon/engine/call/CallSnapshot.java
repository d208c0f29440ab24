package io.carillon.engine.call;

import io.carillon.engine.identity.UserId;
import java.time.Instant;
import java.util.Optional;

/**
 * A call as it may be shown: the same whether it comes from memory, from the journal or from a
 * message, and the one thing replies, frames and history are rendered from.
 *
 * @param facts what never changes
 * @param mode the mode now
 * @param roster everyone concerned
 * @param seq number of the last event in it
 * @param at time of that event
 * @param phase how far the call has come
 * @param ringingAt first ringing device
 * @param answeredAt first accept
 * @param connectedAt media reported up
 * @param endsBy the forced end of an accepted call
 * @param ending how it ended, once it has
 */
public record CallSnapshot(
    CallFacts facts,
    CallMode mode,
    Roster roster,
    long seq,
    Instant at,
    Phase phase,
    Optional<Instant> ringingAt,
    Optional<Instant> answeredAt,
    Optional<Instant> connectedAt,
    Optional<Instant> endsBy,
    Optional<Ending> ending) {

  /** The four phases; the wire's eight words derive from this and the end reason. */
  public enum Phase {
    CALLING,
    RINGING,
    ACCEPTED,
    ENDED
  }

  /**
   * How a call ended.
   *
   * @param at when
   * @param reason why
   * @param by who
   * @param note an administrator's text
   * @param successor the call that took its place
   * @param nearMiss whether somebody accepted too late
   */
  public record Ending(
      Instant at,
      EndReason reason,
      Actor by,
      Optional<String> note,
      Optional<CallId> successor,
      boolean nearMiss) {}

  /** The call as it may be shown. */
  public static CallSnapshot of(CallState.Known state) {
    Ledger ledger = state.ledger();
    return switch (state) {
      case CallState.Calling s ->
          new CallSnapshot(
              s.facts(),
              s.mode(),
              s.roster(),
              ledger.seq(),
              ledger.at(),
              Phase.CALLING,
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty());
      case CallState.Ringing s ->
          new CallSnapshot(
              s.facts(),
              s.mode(),
              s.roster(),
              ledger.seq(),
              ledger.at(),
              Phase.RINGING,
              Optional.of(s.ringingAt()),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty());
      case CallState.Accepted s ->
          new CallSnapshot(
              s.facts(),
              s.mode(),
              s.roster(),
              ledger.seq(),
              ledger.at(),
              Phase.ACCEPTED,
              s.ringingAt(),
              Optional.of(s.answeredAt()),
              s.connectedAt(),
              s.endsBy(),
              Optional.empty());
      case CallState.Ended s ->
          new CallSnapshot(
              s.facts(),
              s.mode(),
              s.roster(),
              ledger.seq(),
              ledger.at(),
              Phase.ENDED,
              s.timeline().ringingAt(),
              s.timeline().answeredAt(),
              s.timeline().connectedAt(),
              Optional.empty(),
              Optional.of(
                  new Ending(
                      s.timeline().endedAt(),
                      s.reason(),
                      s.endedBy(),
                      s.note(),
                      s.successor(),
                      s.nearMiss())));
    };
  }

  /** Whether the call is over. */
  public boolean isEnded() {
    return phase == Phase.ENDED;
  }

  /** Whether this user takes part, was called, or calls. */
  public boolean concerns(UserId user) {
    return roster.find(user).isPresent();
  }

  /**
   * The advertised end of what a reader is waiting for: the user's own ring, else (for the caller)
   * the latest open ring, else the setup deadline. Empty once nothing rings.
   */
  public Optional<Instant> ringDeadline(UserId reader) {
    Optional<Instant> own = roster.find(reader).flatMap(p -> deadlineOf(p.leg()));
    return own.isPresent()
        ? own
        : roster.stream().flatMap(p -> deadlineOf(p.leg()).stream()).max(Instant::compareTo);
  }

  private static Optional<Instant> deadlineOf(Leg leg) {
    return switch (leg) {
      case Leg.Invited l -> Optional.of(l.deadline());
      case Leg.Suppressed l -> Optional.of(l.deadline());
      case Leg.Ringing l -> Optional.of(l.deadline());
      case Leg.Joined _, Leg.Closed _, Leg.Barred _ -> Optional.empty();
    };
  }
}
