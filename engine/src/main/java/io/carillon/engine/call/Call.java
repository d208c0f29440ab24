package io.carillon.engine.call;

import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.Endpoint;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The rules of a call: {@link #decide}, {@link #evolve}, {@link #deadline}. Whoever runs a call
 * feeds it commands one at a time, stores what {@code decide} says, and applies it by {@code
 * evolve}; the order in which events are stored is the truth of every race (R1).
 */
public final class Call {
  private Call() {}

  /** A call nothing was stored for yet. */
  public static final CallState UNKNOWN = new CallState.Unknown();

  /**
   * Answers a command.
   *
   * <p>Whatever had become due by {@code now} is settled first, timer fired or not: an accept that
   * comes at or after a ring's enforced deadline finds the call over (R14, I9). A request whose key
   * was answered before gets that answer again (R27).
   *
   * @param now the server's clock, UTC; a clock that went backwards counts as standing still (I23)
   */
  public static Decision decide(CallState state, CallCommand command, Instant now) {
    if (!(state instanceof CallState.Known known)) {
      return whileUnknown(command, now.truncatedTo(ChronoUnit.MILLIS));
    }
    Optional<Decision> replay = replay(known, command);
    if (replay.isPresent()) {
      return replay.get();
    }
    Instant at = notBefore(known.ledger().at(), now.truncatedTo(ChronoUnit.MILLIS));
    List<CallEvent> events = new ArrayList<>();
    CallState.Known settled = settle(known, at, events);
    Decision decision =
        switch (settled) {
          case CallState.Calling s -> BeforeAccept.decide(s, command, at);
          case CallState.Ringing s -> BeforeAccept.decide(s, command, at);
          case CallState.Accepted s -> WhileAccepted.decide(s, command, at);
          case CallState.Ended s -> AfterEnd.decide(s, command, at);
        };
    if (events.isEmpty()) {
      return decision;
    }
    events.addAll(decision.events());
    return new Decision(events, decision.answer());
  }

  /**
   * Applies an event; the same on replay as in life.
   *
   * @throws IllegalStateException where the journal cannot be this call's: it does not begin with
   *     {@link CallEvent.Initiated}, or initiates twice. That call alone cannot be read (I26).
   */
  public static CallState evolve(CallState state, CallEvent event) {
    return Evolution.apply(state, event);
  }

  /**
   * When the call has to be given {@link CallCommand.CheckDeadlines} if nothing happens before;
   * empty: it waits for nothing. It is the enforced moment, grace included.
   */
  public static Optional<Instant> deadline(CallState state) {
    return Deadlines.next(state);
  }

  /**
   * One event on its way into the journal.
   *
   * @param stored numbered, and with the moment the call has to be woken at once it is stored
   * @param before the call before it
   * @param after the call after it
   */
  public record Step(StoredEvent stored, CallState before, CallState.Known after) {
    /** Who is told what, once it is stored. */
    public List<Notice> notices() {
      return Fanout.of(before, stored.event(), after);
    }
  }

  /** A decision's events, step by step as they are to be stored. */
  public static List<Step> steps(CallKey key, CallState state, List<CallEvent> events) {
    List<Step> steps = new ArrayList<>(events.size());
    CallState before = state;
    for (CallEvent event : events) {
      CallState.Known after = (CallState.Known) evolve(before, event);
      steps.add(
          new Step(
              new StoredEvent(key, after.ledger().seq(), event, deadline(after)), before, after));
      before = after;
    }
    return steps;
  }

  /** A whole journal as the steps it was stored in. */
  public static List<Step> replaySteps(List<StoredEvent> journal) {
    List<Step> steps = new ArrayList<>(journal.size());
    CallState before = UNKNOWN;
    for (StoredEvent stored : journal) {
      CallState.Known after = (CallState.Known) evolve(before, stored.event());
      steps.add(new Step(stored, before, after));
      before = after;
    }
    return steps;
  }

  /** Folds a whole journal; {@link #UNKNOWN} for an empty one. */
  public static CallState replay(List<StoredEvent> journal) {
    CallState state = UNKNOWN;
    for (StoredEvent stored : journal) {
      state = evolve(state, stored.event());
    }
    return state;
  }

  private static CallState.Known settle(CallState.Known known, Instant at, List<CallEvent> events) {
    CallState.Known settled = known;
    List<CallEvent> due = Deadlines.settle(settled, at);
    while (!due.isEmpty()) {
      for (CallEvent event : due) {
        settled = (CallState.Known) evolve(settled, event);
      }
      events.addAll(due);
      due = Deadlines.settle(settled, at);
    }
    return settled;
  }

  private static Optional<Decision> replay(CallState.Known known, CallCommand command) {
    return command
        .request()
        .flatMap(request -> recall(known, request))
        .map(answer -> new Decision(List.of(), answer));
  }

  /** What a keyed request was answered; empty: this call has not seen it (R27). */
  public static Optional<Decision.Answer> recall(CallState.Known known, RequestKey request) {
    return known
        .ledger()
        .find(request.user(), request.key())
        .map(
            receipt ->
                receipt.request().fingerprint().equals(request.fingerprint())
                    ? new Decision.Replayed(receipt.result())
                    : new Decision.Refused(new Rejection.KeyReused()));
  }

  private static Decision whileUnknown(CallCommand command, Instant now) {
    return switch (command) {
      case CallCommand.Initiate c -> Initiation.decide(c, now);
      case CallCommand.LoseDevice _,
          CallCommand.RegainDevice _,
          CallCommand.Supersede _,
          CallCommand.CheckDeadlines _ ->
          Decision.noOp();
      case CallCommand.ByDevice _, CallCommand.AdminEnd _ ->
          Decision.refused(new Rejection.CallNotFound());
    };
  }

  private static Instant notBefore(Instant floor, Instant now) {
    return now.isBefore(floor) ? floor : now;
  }

  /** The rules of placing a call (R3). */
  private static final class Initiation {
    static Decision decide(CallCommand.Initiate c, Instant now) {
      CallFacts facts = c.facts().placedAt(now);
      int callees = c.invitations().size();
      if (c.invitations().stream().anyMatch(i -> i.user().equals(facts.caller().user()))) {
        return Decision.refused(new Rejection.SelfCall());
      }
      boolean sizeFits =
          switch (facts.mode()) {
            case DIRECT -> callees == 1;
            case HUNT -> callees >= 1 && callees <= facts.limits().ringSize();
            case CONFERENCE ->
                callees <= facts.limits().ringSize()
                    && (callees >= 1 || facts.ring() == RingStyle.SILENT);
          };
      if (!sizeFits) {
        return Decision.refused(
            new Rejection.Invalid(
                "/callees",
                facts.mode() == CallMode.DIRECT
                    ? "a direct call has exactly one callee; say mode hunt or conference for more"
                    : "between 1 and "
                        + facts.limits().ringSize()
                        + " users can be called at once"));
      }
      if (Administration.namesSomebodyTwice(c.invitations())) {
        return Decision.refused(new Rejection.Invalid("/callees", "a user can be called once"));
      }
      EventHeader header = new EventHeader(now, c.actor(), c.request());
      CallEvent initiated = new CallEvent.Initiated(header, facts, c.invitations());
      CallState.Live after = (CallState.Live) Evolution.apply(UNKNOWN, initiated);
      if (Endings.isDone(after)) {
        // Every line was busy: the call is placed and over in one go (T9).
        EventHeader engine = new EventHeader(now, new Actor.Engine(), c.request());
        return Decision.applied(initiated, Endings.end(engine, Endings.aggregate(after)));
      }
      return Decision.applied(initiated);
    }
  }

  /** Whether a device may act for a participant who is in the call with {@code joined} (R4). */
  static boolean speaksFor(Leg.Joined joined, DeviceId device) {
    // A request that could not be matched to a device acts with the user's own authority.
    return joined.device().equals(device)
        || device.equals(DeviceId.REST)
        || joined.device().equals(DeviceId.REST);
  }

  /** Whether a command comes from the very device its user is in the call with (R4). */
  static boolean isInWith(Participant p, CallCommand.ByDevice command) {
    return p.leg() instanceof Leg.Joined joined && speaksFor(joined, command.by().device());
  }

  /** The refusal of what only a device that is in the call may do. */
  static Decision notInWith(Participant p) {
    return Decision.refused(
        new Rejection.Forbidden(
            p.leg() instanceof Leg.Joined
                ? "you are in this call with another device"
                : "you are not in this call"));
  }

  static EventHeader header(CallCommand.ByDevice command, Instant now) {
    return new EventHeader(now, new Actor.Device(command.by()), command.request());
  }

  static EventHeader engineHeader(Instant now) {
    return new EventHeader(now, new Actor.Engine(), Optional.empty());
  }

  static Decision applied(List<CallEvent> events) {
    return new Decision(events, new Decision.Done(Decision.Effect.APPLIED));
  }

  /** The device of a joined participant is gone for now (R23, R25). */
  static Decision lose(CallState.Live live, Endpoint device, Instant deadline, Instant now) {
    // A device nobody ever saw a socket of cannot be missed; its calls live by their own clocks.
    boolean watched = !device.device().equals(DeviceId.REST);
    boolean up =
        live.roster()
            .find(device.user())
            .map(
                p ->
                    p.leg() instanceof Leg.Joined joined
                        && joined.device().equals(device.device())
                        && joined.link() instanceof Link.Up)
            .orElse(false);
    return watched && up
        ? Decision.applied(new CallEvent.ConnectionLost(engineHeader(now), device, deadline))
        : Decision.noOp();
  }

  /** The device of a joined participant is back, or gives another sign of life (R25). */
  static Decision regain(CallState.Live live, Endpoint device, Instant now) {
    boolean lost =
        live.roster()
            .find(device.user())
            .map(
                p ->
                    p.leg() instanceof Leg.Joined joined
                        && speaksFor(joined, device.device())
                        && joined.link() instanceof Link.Lost)
            .orElse(false);
    return lost
        ? Decision.applied(new CallEvent.ConnectionRegained(engineHeader(now), device))
        : Decision.noOp();
  }
}
