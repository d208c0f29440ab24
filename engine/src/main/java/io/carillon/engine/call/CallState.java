package io.carillon.engine.call;

import java.time.Instant;
import java.util.Optional;

/** What a call is now; each state holds exactly what is known in it (R2). */
public sealed interface CallState {
  /** Nothing was ever stored under this id. */
  record Unknown() implements CallState {}

  /** The call exists. */
  sealed interface Known extends CallState {
    /** What never changes. */
    CallFacts facts();

    /** Everyone concerned. */
    Roster roster();

    /** How much was stored, and the requests already answered. */
    Ledger ledger();
  }

  /** The call goes on. */
  sealed interface Live extends Known {}

  /** Placed; no callee device has acknowledged. */
  record Calling(CallFacts facts, CallMode mode, Roster roster, Ledger ledger) implements Live {}

  /** At least one callee device has acknowledged. */
  record Ringing(CallFacts facts, CallMode mode, Roster roster, Ledger ledger, Instant ringingAt)
      implements Live {}

  /**
   * Somebody accepted.
   *
   * @param mode direct calls may have become conferences (R38)
   * @param ringingAt when the first device rang; empty for a call joined by its id (R39)
   * @param answeredAt the first accept
   * @param connectedAt when media were reported up
   * @param endsBy the forced end (R19); empty: none
   * @param warned seconds before {@code endsBy} of the last warning given; 0: none yet
   * @param emptySince when the last participant of a group left (R36)
   */
  record Accepted(
      CallFacts facts,
      CallMode mode,
      Roster roster,
      Ledger ledger,
      Optional<Instant> ringingAt,
      Instant answeredAt,
      Optional<Instant> connectedAt,
      Optional<Instant> endsBy,
      long warned,
      Optional<Instant> emptySince)
      implements Live {}

  /**
   * Over, for ever.
   *
   * @param timeline the call's moments
   * @param reason why it ended
   * @param endedBy who ended it
   * @param note an administrator's text
   * @param successor the call that took its place
   * @param nearMiss whether somebody accepted too late (R11)
   */
  record Ended(
      CallFacts facts,
      CallMode mode,
      Roster roster,
      Ledger ledger,
      Timeline timeline,
      EndReason reason,
      Actor endedBy,
      Optional<String> note,
      Optional<CallId> successor,
      boolean nearMiss)
      implements Known {}
}
