package io.carillon.engine.session;

import io.carillon.engine.call.CallId;
import io.carillon.engine.call.CallMode;
import io.carillon.engine.call.CallSnapshot;
import io.carillon.engine.call.Leg;
import io.carillon.engine.call.Line;
import io.carillon.engine.identity.UserId;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which of one user's stored calls has to give way to another between the same two people (R16,
 * R26).
 */
public final class CrossedCalls {
  private final UserId user;
  private final Map<CallId, CallSnapshot> calls;
  private final Map<CallId, CallId> replacing;

  /** One call gives way to another. */
  public record Merge(CallSnapshot givesWay, CallSnapshot survives) {}

  /**
   * Among the user's open calls.
   *
   * @param calls a live view of them
   * @param replacing which accepted call a call takes the place of; a live view
   */
  CrossedCalls(UserId user, Map<CallId, CallSnapshot> calls, Map<CallId, CallId> replacing) {
    this.user = user;
    this.calls = calls;
    this.replacing = replacing;
  }

  /**
   * Two direct calls between the same two users, one of which has to give way. Of two that cross
   * and nobody has accepted the byte-wise lower id survives (R16). One of this user's that rings
   * while the two have come together in another gives way to that, unless it is to replace it
   * (R26); and where each accepted the other's, they are together twice. Empty in all but the
   * rarest case.
   */
  Optional<Merge> toMerge() {
    List<CallSnapshot> direct =
        calls.values().stream()
            .filter(c -> c.mode() == CallMode.DIRECT)
            .sorted(Comparator.comparing(c -> idOf(c).value()))
            .toList();
    for (CallSnapshot one : direct) {
      for (CallSnapshot other : direct) {
        if (crossUnaccepted(one, other) || crossAccepted(one, other) || isOvertaken(other, one)) {
          return Optional.of(new Merge(other, one));
        }
      }
    }
    return Optional.empty();
  }

  private static boolean crossUnaccepted(CallSnapshot low, CallSnapshot high) {
    return low.answeredAt().isEmpty()
        && high.answeredAt().isEmpty()
        && idOf(low).value().compareTo(idOf(high).value()) < 0
        && isCalledBy(high.facts().caller().user(), low)
        && isCalledBy(low.facts().caller().user(), high);
  }

  private boolean crossAccepted(CallSnapshot low, CallSnapshot high) {
    UserId one = low.facts().caller().user();
    UserId other = high.facts().caller().user();
    return low.answeredAt().isPresent()
        && high.answeredAt().isPresent()
        && idOf(low).value().compareTo(idOf(high).value()) < 0
        && !one.equals(other)
        && low.concerns(other)
        && high.concerns(one)
        && !replaces(high, low)
        && !replaces(low, high);
  }

  /** Whether a ringing call of this user was placed about when its callee's was accepted. */
  private boolean isOvertaken(CallSnapshot own, CallSnapshot accepted) {
    UserId peer = accepted.facts().caller().user();
    return own.answeredAt().isEmpty()
        && own.facts().caller().user().equals(user)
        && isCalledBy(peer, own)
        && accepted.answeredAt().isPresent()
        && accepted.concerns(user)
        && !accepted.answeredAt().get().plus(LineDesk.EXPECTATION).isBefore(own.facts().createdAt())
        && !replaces(own, accepted);
  }

  private boolean replaces(CallSnapshot call, CallSnapshot old) {
    return idOf(old).equals(replacing.get(idOf(call)));
  }

  /** Of two calls between the same two users, as both stand now, the one that gives way. */
  public static Optional<Merge> choose(CallSnapshot one, CallSnapshot other) {
    if (one.isEnded() || other.isEnded()) {
      return Optional.empty();
    }
    Comparator<CallSnapshot> firstStays =
        Comparator.<CallSnapshot, Boolean>comparing(c -> c.answeredAt().isEmpty())
            .thenComparing(c -> idOf(c).value());
    return Optional.of(
        firstStays.compare(one, other) < 0 ? new Merge(other, one) : new Merge(one, other));
  }

  /**
   * Whether a call is on its way to this user. One from somebody the user has blocked is not: the
   * user could not take it, and must not learn of it by calling back (R18).
   */
  static boolean isCalledBy(UserId callee, CallSnapshot call) {
    return call.roster()
        .find(callee)
        .map(
            p ->
                switch (p.leg()) {
                  case Leg.Invited _, Leg.Ringing _ -> true;
                  case Leg.Suppressed leg -> leg.line() != Line.BLOCKED;
                  case Leg.Joined _, Leg.Closed _, Leg.Barred _ -> false;
                })
        .orElse(false);
  }

  static CallId idOf(CallSnapshot call) {
    return call.facts().key().call();
  }
}
