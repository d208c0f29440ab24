package io.carillon.engine.call;

import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.Endpoint;
import io.carillon.engine.identity.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where the media signals of one call pass (R40 to R43): only between devices that are in the call,
 * in order; a caller's signals that come before the accept wait for the device that takes it. What
 * waits is bounded and lives in memory only: it is not part of the call's history, and a client
 * whose offer went down with a node offers again.
 *
 * @param negotiation how renegotiations that cross are treated (R43)
 * @param offer the offer that came with the call
 * @param waiting signals sent before the accept, in order
 * @param open negotiations not answered yet, at most one for each pair of participants; kept only
 *     where one at a time is allowed
 */
public record SignalDesk(
    Negotiation negotiation, Optional<String> offer, List<Waiting> waiting, List<Open> open) {
  /** How many signals wait for an accept; more are refused (R72). */
  public static final int MAX_WAITING = 128;

  /** After this long without an answer a negotiation counts as given up. */
  public static final Duration NEGOTIATION_LIFETIME = Duration.ofSeconds(10);

  /** How renegotiations that cross are treated (R43). */
  public enum Negotiation {
    /** Both are passed on; the callee's side is the polite one and takes its own back. */
    PERFECT,
    /** The second is refused, with the time to wait. */
    ONE_AT_A_TIME
  }

  /** A negotiation not answered yet. */
  public record Open(UserId from, UserId to, Instant since) {
    boolean isBetween(UserId a, UserId b) {
      return (from.equals(a) && to.equals(b)) || (from.equals(b) && to.equals(a));
    }
  }

  /** Nothing waits. */
  public static SignalDesk empty(Negotiation negotiation) {
    return new SignalDesk(negotiation, Optional.empty(), List.of(), List.of());
  }

  /** The same, with the offer that came with the call. */
  public SignalDesk withOffer(Optional<String> came) {
    return new SignalDesk(negotiation, came, waiting, open);
  }

  /** The same, once what waited was released. */
  public SignalDesk released() {
    return new SignalDesk(negotiation, offer, List.of(), open);
  }

  /** A signal and who sent it. */
  public record Waiting(Endpoint from, Signal signal) {}

  /** A signal on its last leg. */
  public record Delivery(Endpoint from, Endpoint to, Signal signal) {}

  /** What becomes of a signal. */
  public sealed interface Routing {}

  /** It goes on to this device; the desk now looks so. */
  public record Deliver(Delivery delivery, SignalDesk desk) implements Routing {}

  /** It waits; the desk now looks so. */
  public record Hold(SignalDesk desk) implements Routing {}

  /** It is refused. */
  public record Refuse(Rejection rejection) implements Routing {}

  public SignalDesk {
    waiting = List.copyOf(waiting);
    open = List.copyOf(open);
  }

  /** Takes a signal from a device of {@code from}, or refuses it. */
  public Routing route(CallState state, Endpoint from, Signal signal, Instant now) {
    return switch (state) {
      case CallState.Unknown _ -> new Refuse(new Rejection.CallNotFound());
      case CallState.Calling s -> early(s, from, signal);
      case CallState.Ringing s -> early(s, from, signal);
      case CallState.Accepted s -> inCall(s, from, signal, now);
      case CallState.Ended s ->
          new Refuse(
              s.roster().find(from.user()).filter(p -> !p.isHidden()).isPresent()
                  ? new Rejection.CallOver(CallSnapshot.of(s))
                  : new Rejection.CallNotFound());
    };
  }

  /** What had been waiting, addressed to the device that took the call. */
  public List<Delivery> release(Endpoint winner) {
    List<Delivery> deliveries = new ArrayList<>(waiting.size());
    for (Waiting held : waiting) {
      deliveries.add(new Delivery(held.from(), winner, held.signal()));
    }
    return deliveries;
  }

  private Routing early(CallState.Live live, Endpoint from, Signal signal) {
    Optional<Participant> sender = live.roster().find(from.user());
    if (sender.isEmpty() || sender.get().leg() instanceof Leg.Suppressed) {
      return new Refuse(new Rejection.CallNotFound());
    }
    if (!(sender.get().leg() instanceof Leg.Joined joined)) {
      // A callee's addresses must not reach the caller before the callee took the call (R41).
      return new Refuse(new Rejection.InvalidState("accept the call first", CallSnapshot.of(live)));
    }
    if (!Call.speaksFor(joined, from.device())) {
      return new Refuse(new Rejection.Forbidden("another of your devices placed this call"));
    }
    List<Waiting> next = new ArrayList<>(waiting.size() + 1);
    for (Waiting held : waiting) {
      // A newer offer takes the place of the older one: the winner answers one offer (R40).
      if (signal.kind() != Signal.Kind.OFFER || held.signal().kind() != Signal.Kind.OFFER) {
        next.add(held);
      }
    }
    if (next.size() >= MAX_WAITING) {
      return new Refuse(
          new Rejection.Invalid("/candidates", "too many signals wait for the accept"));
    }
    next.add(new Waiting(from, signal));
    return new Hold(new SignalDesk(negotiation, offer, next, open));
  }

  private Routing inCall(CallState.Accepted s, Endpoint from, Signal signal, Instant now) {
    Optional<Participant> sender = s.roster().find(from.user());
    if (sender.isEmpty() || sender.get().isHidden()) {
      return new Refuse(new Rejection.CallNotFound());
    }
    if (!(sender.get().leg() instanceof Leg.Joined joined)) {
      return new Refuse(new Rejection.Forbidden("you are not in this call"));
    }
    if (!Call.speaksFor(joined, from.device())) {
      boolean caller = from.user().equals(s.facts().caller().user());
      return new Refuse(
          caller
              ? new Rejection.Forbidden("you are in this call with another device")
              : new Rejection.AnsweredElsewhere(CallSnapshot.of(s)));
    }
    Optional<Endpoint> target = target(s, from, signal);
    if (target.isEmpty()) {
      return new Refuse(noTarget(s, signal));
    }
    Delivery delivery = new Delivery(from, target.get(), signal);
    return negotiation == Negotiation.PERFECT
        ? new Deliver(delivery, this)
        : oneAtATime(s, delivery, now);
  }

  private Routing oneAtATime(CallState.Accepted s, Delivery delivery, Instant now) {
    UserId from = delivery.from().user();
    UserId to = delivery.to().user();
    List<Open> others =
        open.stream()
            .filter(
                o -> !o.isBetween(from, to) && o.since().plus(NEGOTIATION_LIFETIME).isAfter(now))
            .toList();
    Optional<Open> theirs =
        open.stream()
            .filter(o -> o.isBetween(from, to) && o.since().plus(NEGOTIATION_LIFETIME).isAfter(now))
            .findFirst();
    return switch (delivery.signal().kind()) {
      case OFFER, NEGOTIATE -> {
        if (theirs.isPresent()) {
          yield new Refuse(new Rejection.NegotiationPending(pause(s, from, now)));
        }
        List<Open> next = new ArrayList<>(others);
        next.add(new Open(from, to, now));
        yield new Deliver(delivery, new SignalDesk(negotiation, offer, waiting, next));
      }
      case ANSWER, NEGOTIATE_ANSWER ->
          new Deliver(delivery, new SignalDesk(negotiation, offer, waiting, others));
      case CANDIDATES, DTMF -> new Deliver(delivery, this);
    };
  }

  /**
   * How long to wait before trying again: 2.1 to 4 s for the caller, up to 2 s for everybody else,
   * so that two who wait do not meet again (RFC 3261, 14.1). Spread by the time of asking.
   */
  private static Duration pause(CallState.Accepted s, UserId who, Instant now) {
    long step = Math.floorMod(now.toEpochMilli(), 191L) * 10;
    return Duration.ofMillis(
        who.equals(s.facts().caller().user()) ? 2100 + step : Math.min(2000, step));
  }

  private static Optional<Endpoint> target(CallState.Accepted s, Endpoint from, Signal signal) {
    List<Participant> others =
        s.roster().joined().stream().filter(p -> !p.user().equals(from.user())).toList();
    Optional<UserId> wanted = signal.toUser();
    if (wanted.isEmpty() && others.size() != 1) {
      return Optional.empty();
    }
    return others.stream()
        .filter(p -> wanted.isEmpty() || p.user().equals(wanted.get()))
        .findFirst()
        .map(p -> new Endpoint(p.user(), device(p)))
        .filter(to -> signal.toDevice().isEmpty() || signal.toDevice().get().equals(to.device()));
  }

  private static DeviceId device(Participant p) {
    return ((Leg.Joined) p.leg()).device();
  }

  private static Rejection noTarget(CallState.Accepted s, Signal signal) {
    return signal.toUser().isEmpty()
        ? new Rejection.Invalid("/to_user", "name the participant this signal is for")
        : new Rejection.InvalidState(
            "the participant this signal is for is not in the call with that device",
            CallSnapshot.of(s));
  }
}
