package io.carillon.engine.call;

import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.Endpoint;
import io.carillon.engine.identity.UserId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where the media signals of one call pass (R40 to R43): only between devices that are in the call,
 * in order; a caller's signals that come before the accept wait for the device that takes it. What
 * waits is bounded and lives in memory only: it is not part of the call's history, and a client
 * whose offer went down with a node offers again.
 *
 * @param offer the offer that came with the call
 * @param waiting signals sent before the accept, in order
 */
public record SignalDesk(Optional<String> offer, List<Waiting> waiting) {
  /** How many signals wait for an accept; more are refused (R72). */
  public static final int MAX_WAITING = 128;

  /** Nothing waits. */
  public static final SignalDesk EMPTY = new SignalDesk(Optional.empty(), List.of());

  /** A signal and who sent it. */
  public record Waiting(Endpoint from, Signal signal) {}

  /** A signal on its last leg. */
  public record Delivery(Endpoint from, Endpoint to, Signal signal) {}

  /** What becomes of a signal. */
  public sealed interface Routing {}

  /** It goes on to these devices. */
  public record Deliver(List<Delivery> deliveries) implements Routing {}

  /** It waits; the desk now looks so. */
  public record Hold(SignalDesk desk) implements Routing {}

  /** It is refused. */
  public record Refuse(Rejection rejection) implements Routing {}

  public SignalDesk {
    waiting = List.copyOf(waiting);
  }

  /** Takes a signal from a device of {@code from}, or refuses it. */
  public Routing route(CallState state, Endpoint from, Signal signal) {
    return switch (state) {
      case CallState.Unknown _ -> new Refuse(new Rejection.CallNotFound());
      case CallState.Calling s -> early(s, from, signal);
      case CallState.Ringing s -> early(s, from, signal);
      case CallState.Accepted s -> inCall(s, from, signal);
      case CallState.Ended s ->
          new Refuse(
              s.roster().find(from.user()).isPresent()
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
    if (waiting.size() >= MAX_WAITING) {
      return new Refuse(
          new Rejection.Invalid("/candidates", "too many signals wait for the accept"));
    }
    List<Waiting> next = new ArrayList<>(waiting.size() + 1);
    for (Waiting held : waiting) {
      // A newer offer takes the place of the older one: the winner answers one offer (R40).
      if (signal.kind() != Signal.Kind.OFFER || held.signal().kind() != Signal.Kind.OFFER) {
        next.add(held);
      }
    }
    next.add(new Waiting(from, signal));
    return new Hold(new SignalDesk(offer, next));
  }

  private static Routing inCall(CallState.Accepted s, Endpoint from, Signal signal) {
    Optional<Participant> sender = s.roster().find(from.user());
    if (sender.isEmpty()) {
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
    return target(s, from, signal)
        .<Routing>map(to -> new Deliver(List.of(new Delivery(from, to, signal))))
        .orElseGet(() -> new Refuse(noTarget(s, signal)));
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
