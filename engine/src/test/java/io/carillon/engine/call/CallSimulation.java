package io.carillon.engine.call;

import io.carillon.engine.identity.Endpoint;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One random history of one call, drawn from a seed: commands that come twice, late or in another
 * order, a clock that jumps, a journal that stores and says so, stores and says it failed, or does
 * not store, instances that crash and are rebuilt from the journal, and two instances at once of
 * which the journal's key lets only one write. Then the faults stop and the call has to end by
 * itself or by its participants.
 */
final class CallSimulation {
  private static final Instant START = Instant.parse("2030-01-01T12:00:00Z");

  /** A call has to be over after so many looks once nothing goes wrong any more. */
  private static final int LIVENESS_BUDGET = 200;

  private final Rules rules;
  private final Chance chance;
  private final Orders orders;
  private final Witness witness;
  private final int steps;
  private final int duplicates;
  private final int delays;
  private final int crashes;
  private final int lostAppends;
  private final int failedAcks;
  private final int twins;
  private final int jumps;
  private final Duration skew;

  private final List<CallEvent> journal = new ArrayList<>();
  private final List<CallCommand> sent = new ArrayList<>();

  /** The call as the journal has it. */
  private CallState truth = Call.UNKNOWN;

  /** What two nodes may hold in memory for the one call; the second mostly does not exist. */
  private final CallState[] instances = {Call.UNKNOWN, Call.UNKNOWN};

  private Instant now = START;
  private @Nullable List<String> trace;

  private CallSimulation(long seed, Rules rules) {
    this.rules = rules;
    this.chance = new Chance(seed);
    Crowd crowd = new Crowd(chance.between(2, 5), chance.between(1, 3));
    this.orders = new Orders(chance, crowd);
    this.witness = new Witness(crowd);
    this.steps = chance.between(4, 32);
    this.duplicates = swarm(15);
    this.delays = swarm(15);
    this.crashes = swarm(10);
    this.lostAppends = swarm(10);
    this.failedAcks = swarm(10);
    this.twins = swarm(30);
    this.jumps = swarm(20);
    this.skew = Duration.ofMillis(chance.between(-2000, 2000));
  }

  /** Each seed has some of the faults, and each to another degree. */
  private int swarm(int most) {
    return chance.percent(50) ? 0 : chance.between(1, most);
  }

  /** Runs the history of a seed; throws {@link Objection} if it must not be. */
  static void run(long seed, Rules rules) {
    new CallSimulation(seed, rules).play();
  }

  /** Runs the history of a seed and tells it, the objection last if there is one. */
  static List<String> tell(long seed, Rules rules) {
    CallSimulation simulation = new CallSimulation(seed, rules);
    List<String> told = new ArrayList<>();
    simulation.trace = told;
    try {
      simulation.play();
    } catch (RuntimeException | Objection e) {
      told.add(e.toString());
    }
    return told;
  }

  private void play() {
    for (int tries = 0; journal.isEmpty(); tries++) {
      // Whoever calls tries again until the call is placed or refused.
      deliver(0, orders.first());
      if (tries == 10) {
        return;
      }
    }
    for (int step = 0; step < steps; step++) {
      passTime();
      if (chance.percent(crashes)) {
        restart(chance.below(2));
      }
      int node = chance.percent(twins) ? 1 : 0;
      boolean again = !sent.isEmpty() && chance.percent(duplicates);
      CallCommand command = again ? chance.oneOf(sent) : orders.next(truth);
      if (chance.percent(delays)) {
        // It is on its way, and others overtake it.
        remember(command);
      } else {
        deliver(node, command);
      }
      if (truth instanceof CallState.Ended && chance.percent(30)) {
        break;
      }
    }
    endInPeace();
    restart(0);
    demand(instances[0].equals(truth), "J12: a replay gives another call");
  }

  private void passTime() {
    int kind = chance.below(20);
    if (kind < 12) {
      now = now.plusMillis(chance.below(300));
    } else if (kind < 17) {
      now = now.plusMillis(chance.below(4000));
    } else if (kind < 19) {
      toTheMomentOfTruth();
    } else if (chance.percent(jumps)) {
      now = now.plusSeconds(chance.between(-30, 4000));
    }
  }

  /** To where something becomes due, or a millisecond to either side of it. */
  private void toTheMomentOfTruth() {
    Optional<Instant> due = rules.deadline(truth);
    if (due.isPresent() && due.get().isAfter(now)) {
      now = due.get().plusMillis(chance.between(-1, 1));
    }
  }

  /** The instance is gone; whoever comes next reads the journal. */
  private void restart(int node) {
    CallState state = Call.UNKNOWN;
    for (CallEvent event : journal) {
      state = rules.evolve(state, event);
    }
    instances[node] = state;
    note("node " + node + " starts anew");
  }

  private void deliver(int node, CallCommand command) {
    CallState before = instances[node];
    Instant clock = node == 0 ? now : now.plus(skew);
    Decision decision = rules.decide(before, command, clock);
    if (trace != null) {
      note(clock + " node " + node + ": " + command + " -> " + brief(decision));
    }
    remember(command);
    if (decision.events().isEmpty()) {
      if (isCurrent(before)) {
        answered(command, decision.answer());
      }
      return;
    }
    if (!isCurrent(before)) {
      // The journal's key: somebody else has written this number.
      restart(node);
      return;
    }
    if (chance.percent(lostAppends)) {
      restart(node);
      return;
    }
    areDated(decision.events(), before, clock);
    append(decision.events(), command);
    if (chance.percent(failedAcks)) {
      restart(node);
      return;
    }
    CallState after = before;
    for (CallEvent event : decision.events()) {
      after = rules.evolve(after, event);
    }
    instances[node] = after;
    demand(after.equals(truth), "J12: the instance and the journal disagree");
    answered(command, decision.answer());
  }

  private void remember(CallCommand command) {
    if (sent.size() < 16) {
      sent.add(command);
    } else {
      sent.set(chance.below(16), command);
    }
  }

  private boolean isCurrent(CallState state) {
    return (state instanceof CallState.Known known ? known.ledger().seq() : 0) == journal.size();
  }

  /** An event is dated by the clock, or by its predecessor where the clock went back (I9, I23). */
  private static void areDated(List<CallEvent> events, CallState before, Instant clock) {
    Instant at = clock;
    if (before instanceof CallState.Known known && known.ledger().at().isAfter(clock)) {
      at = known.ledger().at();
    }
    for (CallEvent event : events) {
      demand(event.header().at().equals(at), "I9, I23: an event dated otherwise than by the clock");
    }
  }

  private void append(List<CallEvent> events, CallCommand command) {
    witness.appended(rules, truth, events);
    for (CallEvent event : events) {
      demand(
          event.header().request().isEmpty() || event.header().request().equals(command.request()),
          "I2: an event of another request");
      truth = rules.evolve(truth, event);
      journal.add(event);
    }
    waitsForSomething();
  }

  /** A call that nothing wakes would go on for ever (J9). */
  private void waitsForSomething() {
    if (truth instanceof CallState.Live live && rules.deadline(truth).isEmpty()) {
      demand(
          live instanceof CallState.Accepted accepted
              && accepted.endsBy().isEmpty()
              && !accepted.roster().joined().isEmpty(),
          "J9: a call that waits for nothing");
    }
    demand(
        truth instanceof CallState.Live || rules.deadline(truth).isEmpty(),
        "J9: a call that is over waits for something");
  }

  /** What the first answer showed is what every later one shows (I3, R27). */
  private void answered(CallCommand command, Decision.Answer answer) {
    if (command.request().isEmpty()) {
      return;
    }
    CallSnapshot first = witness.resultOf(command.request().get());
    if (answer instanceof Decision.Replayed(CallSnapshot result)) {
      demand(result.equals(first), "I3: a retry was answered otherwise than the first time");
    }
  }

  /** The faults are over: time passes, people hang up, and the call has to end. */
  private void endInPeace() {
    restart(0);
    for (int i = 0; i < LIVENESS_BUDGET && truth instanceof CallState.Live; i++) {
      Optional<Instant> due = rules.deadline(truth);
      if (due.isPresent()) {
        now = due.get().isAfter(now) ? due.get() : now;
        int before = journal.size();
        settle(new CallCommand.CheckDeadlines());
        demand(journal.size() > before, "I19: something is due, and nothing happens");
      } else {
        Participant someone = ((CallState.Live) truth).roster().joined().getFirst();
        settle(
            new CallCommand.Hangup(
                new Endpoint(someone.user(), ((Leg.Joined) someone.leg()).device()),
                EndReason.HANGUP,
                Optional.empty()));
      }
    }
    demand(!(truth instanceof CallState.Live), "I19: the call never ends");
  }

  private void settle(CallCommand command) {
    Decision decision = rules.decide(truth, command, now);
    if (trace != null) {
      note(now + " in peace: " + command + " -> " + brief(decision));
    }
    append(decision.events(), command);
  }

  private static String brief(Decision decision) {
    String answer =
        switch (decision.answer()) {
          case Decision.Done done -> done.effect().toString();
          case Decision.Replayed _ -> "as before";
          case Decision.Refused refused -> refused.rejection().getClass().getSimpleName();
        };
    return decision.events().stream().map(CallSimulation::brief).toList() + " " + answer;
  }

  private static String brief(CallEvent event) {
    return event instanceof CallEvent.Initiated
        ? "Initiated"
        : event.toString().replace(event.header() + ", ", "").replace(event.header() + "", "");
  }

  private void note(String what) {
    if (trace != null) {
      trace.add(what);
    }
  }

  private static void demand(boolean holds, String otherwise) {
    if (!holds) {
      throw new Objection(otherwise);
    }
  }
}
