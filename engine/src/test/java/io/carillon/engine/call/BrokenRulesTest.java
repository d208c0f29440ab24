package io.carillon.engine.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.engine.call.Notice.All;
import io.carillon.engine.identity.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The simulation is only worth its time if it notices. Each of these rules is wrong in one way, and
 * each has to be caught within a few histories.
 */
class BrokenRulesTest {
  /** So many histories are allowed to pass before a broken rule must have been noticed. */
  private static final int SEEDS = 20_000;

  @TestFactory
  Stream<DynamicTest> theSimulationNotices() {
    return broken().entrySet().stream()
        .map(
            rule ->
                DynamicTest.dynamicTest(
                    rule.getKey(),
                    () -> {
                      long caught = firstObjection(rule.getValue());
                      System.out.println("broken: " + rule.getKey() + ", noticed by " + caught);
                      assertThat(caught).as("the history that notices").isBetween(0L, SEEDS - 1L);
                    }));
  }

  private static long firstObjection(Rules rules) {
    for (long seed = 0; seed < SEEDS; seed++) {
      try {
        CallSimulation.run(seed, rules);
      } catch (Objection | RuntimeException noticed) {
        return seed;
      }
    }
    return SEEDS;
  }

  private static Map<String, Rules> broken() {
    Map<String, Rules> all = new LinkedHashMap<>();
    all.put(
        "a repeated request is carried out again",
        new Rules.Real() {
          @Override
          public Decision decide(CallState state, CallCommand command, Instant now) {
            return super.decide(withLedger(state, List.of()), command, now);
          }
        });
    all.put(
        "receipts are lost",
        new Rules.Real() {
          @Override
          public CallState evolve(CallState state, CallEvent event) {
            return withLedger(super.evolve(state, event), List.of());
          }
        });
    all.put(
        "a repeated request is shown the call as it is now",
        new Rules.Real() {
          @Override
          public Decision decide(CallState state, CallCommand command, Instant now) {
            Decision decision = super.decide(state, command, now);
            return decision.answer() instanceof Decision.Replayed
                ? new Decision(
                    List.of(), new Decision.Replayed(CallSnapshot.of((CallState.Known) state)))
                : decision;
          }
        });
    all.put(
        "an accept is carried out in any state",
        new Rules.Real() {
          @Override
          public Decision decide(CallState state, CallCommand command, Instant now) {
            Decision decision = super.decide(state, command, now);
            return command instanceof CallCommand.Accept accept
                    && decision.events().isEmpty()
                    && decision.answer() instanceof Decision.Refused
                    && state instanceof CallState.Known
                ? Decision.applied(new CallEvent.Accepted(Call.header(accept, now), accept.by()))
                : decision;
          }
        });
    all.put(
        "anybody may accept",
        new Rules.Real() {
          @Override
          public Decision decide(CallState state, CallCommand command, Instant now) {
            return command instanceof CallCommand.Accept accept
                    && state instanceof CallState.Live live
                    && live.roster().find(accept.by().user()).isEmpty()
                ? Decision.applied(new CallEvent.Accepted(Call.header(accept, now), accept.by()))
                : super.decide(state, command, now);
          }
        });
    all.put(
        "an accept at the deadline wins",
        new Rules.Real() {
          @Override
          public Decision decide(CallState state, CallCommand command, Instant now) {
            boolean late = command instanceof CallCommand.Accept;
            return super.decide(state, command, late ? now.minusMillis(2) : now);
          }
        });
    all.put(
        "timers are ignored",
        new Rules.Real() {
          @Override
          public Decision decide(CallState state, CallCommand command, Instant now) {
            return command instanceof CallCommand.CheckDeadlines
                ? Decision.noOp()
                : super.decide(state, command, now);
          }
        });
    all.put(
        "timers fire early",
        new Rules.Real() {
          @Override
          public Decision decide(CallState state, CallCommand command, Instant now) {
            boolean timer = command instanceof CallCommand.CheckDeadlines;
            Decision decision = super.decide(state, command, timer ? now.plusSeconds(1) : now);
            return new Decision(at(decision.events(), now), decision.answer());
          }
        });
    all.put(
        "a ringing call waits for nothing",
        new Rules.Real() {
          @Override
          public Optional<Instant> deadline(CallState state) {
            return state instanceof CallState.Ringing ? Optional.empty() : super.deadline(state);
          }
        });
    all.put(
        "the grace of a lost caller is forgotten",
        new Rules.Real() {
          @Override
          public Optional<Instant> deadline(CallState state) {
            return super.deadline(state).map(at -> at.plus(Duration.ofDays(1)));
          }

          @Override
          public CallState evolve(CallState state, CallEvent event) {
            return event instanceof CallEvent.ConnectionLost lost
                ? super.evolve(
                    state,
                    new CallEvent.ConnectionLost(lost.header(), lost.device(), lost.header().at()))
                : super.evolve(state, event);
          }
        });
    all.put(
        "the clock is believed when it goes backwards",
        new Rules.Real() {
          @Override
          public Decision decide(CallState state, CallCommand command, Instant now) {
            Decision decision = super.decide(state, command, now);
            return new Decision(at(decision.events(), now), decision.answer());
          }
        });
    all.put(
        "a number is skipped",
        new Rules.Real() {
          @Override
          public CallState evolve(CallState state, CallEvent event) {
            CallState next = super.evolve(state, event);
            return event instanceof CallEvent.Ended
                ? withLedger(next, ((CallState.Known) next).ledger().next(event.header().at()))
                : next;
          }
        });
    all.put(
        "a call ends twice",
        new Rules.Real() {
          @Override
          public Decision decide(CallState state, CallCommand command, Instant now) {
            return state instanceof CallState.Ended && command instanceof CallCommand.Hangup hangup
                ? Decision.applied(Endings.end(Call.header(hangup, now), EndReason.HANGUP))
                : super.decide(state, command, now);
          }
        });
    all.put(
        "late accepts are noted every time",
        new Rules.Real() {
          @Override
          public Decision decide(CallState state, CallCommand command, Instant now) {
            return super.decide(
                state instanceof CallState.Ended s ? withoutNearMiss(s) : state, command, now);
          }
        });
    all.put(
        "only the first event is stored",
        new Rules.Real() {
          @Override
          public Decision decide(CallState state, CallCommand command, Instant now) {
            Decision decision = super.decide(state, command, now);
            return decision.events().size() > 1
                ? new Decision(decision.events().subList(0, 1), decision.answer())
                : decision;
          }
        });
    all.put(
        "everybody is told",
        told(n -> true, n -> new Notice(n.to(), new All(), n.type(), n.stop(), n.remaining())));
    all.put("no ring is stopped", told(n -> n.type() != Notice.Type.RING_STOPPED, n -> n));
    all.put("nobody is told of the end", told(n -> n.type() != Notice.Type.CALL_ENDED, n -> n));
    all.put(
        "nobody is told of an accept", told(n -> n.type() != Notice.Type.CALL_ACCEPTED, n -> n));
    all.put(
        "the other side is told instead",
        told(
            n -> true,
            n -> new Notice(swapped(n.to()), n.audience(), n.type(), n.stop(), n.remaining())));
    all.put(
        "everything is told twice",
        new Rules.Real() {
          @Override
          public List<Notice> notices(CallState before, CallEvent event, CallState after) {
            List<Notice> twice = new ArrayList<>(super.notices(before, event, after));
            twice.addAll(super.notices(before, event, after));
            return twice;
          }
        });
    all.put(
        "a replay depends on more than the journal",
        new Rules.Real() {
          private int calls;

          @Override
          public CallState evolve(CallState state, CallEvent event) {
            calls++;
            CallState next = super.evolve(state, event);
            return calls % 7 == 0 && next instanceof CallState.Known known
                ? withLedger(known, List.of())
                : next;
          }
        });
    all.put(
        "a second device joins",
        new Rules.Real() {
          @Override
          public Decision decide(CallState state, CallCommand command, Instant now) {
            Decision decision = super.decide(state, command, now);
            return command instanceof CallCommand.Accept accept
                    && decision.answer() instanceof Decision.Refused(Rejection.AnsweredElsewhere _)
                ? Decision.applied(
                    new CallEvent.Accepted(
                        Call.header(accept, ((CallState.Known) state).ledger().at()), accept.by()))
                : decision;
          }
        });
    all.put(
        "the ring timer starts anew with every device",
        new Rules.Real() {
          @Override
          public Decision decide(CallState state, CallCommand command, Instant now) {
            Decision decision = super.decide(state, command, now);
            List<CallEvent> events = new ArrayList<>();
            for (CallEvent event : decision.events()) {
              events.add(
                  event instanceof CallEvent.RingStarted e
                      ? new CallEvent.RingStarted(
                          e.header(), e.by(), e.header().at().plusSeconds(30))
                      : event);
            }
            return new Decision(events, decision.answer());
          }
        });
    return all;
  }

  private interface Change {
    Notice of(Notice notice);
  }

  private interface Choice {
    boolean keeps(Notice notice);
  }

  private static Rules told(Choice choice, Change change) {
    return new Rules.Real() {
      @Override
      public List<Notice> notices(CallState before, CallEvent event, CallState after) {
        return super.notices(before, event, after).stream()
            .filter(choice::keeps)
            .map(change::of)
            .toList();
      }
    };
  }

  private static UserId swapped(UserId user) {
    UserId alice = Crowd.named("alice");
    UserId bob = Crowd.named("bob");
    return user.equals(alice) ? bob : user.equals(bob) ? alice : user;
  }

  private static CallState withLedger(CallState state, List<Ledger.Receipt> receipts) {
    return state instanceof CallState.Known known
        ? withLedger(known, new Ledger(known.ledger().seq(), known.ledger().at(), receipts))
        : state;
  }

  private static CallState withLedger(CallState state, Ledger ledger) {
    return switch (state) {
      case CallState.Unknown s -> s;
      case CallState.Calling s -> new CallState.Calling(s.facts(), s.mode(), s.roster(), ledger);
      case CallState.Ringing s ->
          new CallState.Ringing(s.facts(), s.mode(), s.roster(), ledger, s.ringingAt());
      case CallState.Accepted s ->
          new CallState.Accepted(
              s.facts(),
              s.mode(),
              s.roster(),
              ledger,
              s.ringingAt(),
              s.answeredAt(),
              s.connectedAt(),
              s.endsBy(),
              s.warned(),
              s.emptySince());
      case CallState.Ended s -> ended(s, ledger, s.nearMiss());
    };
  }

  private static CallState withoutNearMiss(CallState.Ended s) {
    return ended(s, s.ledger(), false);
  }

  private static CallState ended(CallState.Ended s, Ledger ledger, boolean nearMiss) {
    return new CallState.Ended(
        s.facts(),
        s.mode(),
        s.roster(),
        ledger,
        s.timeline(),
        s.reason(),
        s.endedBy(),
        s.note(),
        s.successor(),
        nearMiss);
  }

  /** The events of a ring or call that ends, moved to another time. */
  private static List<CallEvent> at(List<CallEvent> events, Instant now) {
    List<CallEvent> moved = new ArrayList<>();
    for (CallEvent event : events) {
      EventHeader header = new EventHeader(now, event.header().actor(), event.header().request());
      moved.add(
          switch (event) {
            case CallEvent.Ended e ->
                new CallEvent.Ended(header, e.reason(), e.note(), e.successor(), e.racedCancel());
            case CallEvent.LegClosed e -> new CallEvent.LegClosed(header, e.user(), e.reason());
            case CallEvent.Left e -> new CallEvent.Left(header, e.user(), e.reason(), e.barred());
            case CallEvent.Expiring e -> new CallEvent.Expiring(header, e.remaining());
            case CallEvent.StatusChanged e ->
                new CallEvent.StatusChanged(header, e.user(), e.status(), e.active());
            case CallEvent.RingStarted e -> e;
            case CallEvent.Initiated e -> e;
            case CallEvent.RingWithheld e -> e;
            case CallEvent.RingIgnored e -> e;
            case CallEvent.Accepted e -> e;
            case CallEvent.Connected e -> e;
            case CallEvent.ConnectionLost e -> e;
            case CallEvent.ConnectionRegained e -> e;
            case CallEvent.Invited e -> e;
            case CallEvent.RoleChanged e -> e;
            case CallEvent.ModeChanged e -> e;
            case CallEvent.HandedOff e -> e;
            case CallEvent.Extended e -> e;
            case CallEvent.LateAccepted e -> e;
          });
    }
    return moved;
  }
}
