package io.carillon.engine.actor;

import io.carillon.engine.call.Call;
import io.carillon.engine.call.CallCommand;
import io.carillon.engine.call.CallEvent;
import io.carillon.engine.call.CallKey;
import io.carillon.engine.call.CallSnapshot;
import io.carillon.engine.call.CallState;
import io.carillon.engine.call.Decision;
import io.carillon.engine.call.Leg;
import io.carillon.engine.call.Link;
import io.carillon.engine.call.Participant;
import io.carillon.engine.call.RequestKey;
import io.carillon.engine.call.Signal;
import io.carillon.engine.call.SignalDesk;
import io.carillon.engine.call.StoredEvent;
import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.Endpoint;
import io.carillon.engine.identity.UserId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.SnapshotSelectionCriteria;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.Recovery;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;

/**
 * One call: the single writer of its journal. For each command it lets {@link Call} decide, stores,
 * and only then answers, tells the sessions and arms the next timer. It adds no rule.
 *
 * <pre>
 *   Submit ── decide ── persist ── evolve ─┬─ reply
 *                                          ├─ news to each user's session, resent until heard
 *                                          └─ timer for Call.deadline
 * </pre>
 */
final class CallEntity extends EventSourcedBehavior<CallEntity.Message, StoredEvent, CallState> {

  /** What a call entity is sent. */
  sealed interface Message extends ClusterMessage {}

  /** A command, with the offer that may come with an initiate. */
  record Submit(CallCommand command, Optional<String> offer, ActorRef<Reply> replyTo)
      implements Message {
    @Override
    public String toString() {
      return "Submit[" + command + "]";
    }
  }

  /** A command nobody waits for an answer to. */
  record Poke(CallCommand command) implements Message {}

  /** A media signal from a party. */
  record Relay(Endpoint from, Signal signal, ActorRef<Reply> replyTo) implements Message {}

  /** A user's session has taken the news up to this number. */
  record Heard(UserId user, long seq) implements Message {}

  /** What is the call now? */
  record Describe(ActorRef<Described> replyTo) implements Message {}

  /** The call; empty: there is none. */
  record Described(Optional<CallSnapshot> call) implements ClusterMessage {}

  /**
   * Was this initiate answered before? Asked first for a request that brought its own key (R27).
   */
  record Recall(RequestKey request, ActorRef<Recalled> replyTo) implements Message {}

  /** The answer it got; empty: it is new. */
  record Recalled(Optional<Reply> reply) implements ClusterMessage {}

  private enum Tick implements Message {
    DEADLINE,
    RESEND,
    PRESENCE,
    LINGERED,
    STOP
  }

  /** For how long after its end a call that is read back still tells its users of it. */
  private static final Duration STILL_NEWS = Duration.ofMinutes(5);

  /** Ends the entity at the shard's wish; what it was doing is stored or will be retried. */
  static final Message STOP = Tick.STOP;

  /** What a call entity needs of the node it lives on. */
  record Surroundings(
      ClusterSharding sharding, Calls calls, InstantSource clock, EngineSettings settings) {}

  private final CallKey key;
  private final Surroundings node;
  private final ActorContext<Message> context;
  private final TimerScheduler<Message> timers;
  private final ActorRef<ClusterSharding.ShardCommand> shard;

  private final Announcer announcer;
  private final List<Call.Step> replayed = new ArrayList<>();

  /** What is being written. */
  private List<Call.Step> inFlight = List.of();

  /** Up to which number this object has told everybody. */
  private long told;

  private SignalDesk desk;
  private boolean recovering;

  static Behavior<Message> create(
      CallKey key, Surroundings node, ActorRef<ClusterSharding.ShardCommand> shard) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(timers -> new CallEntity(key, node, context, timers, shard)));
  }

  private CallEntity(
      CallKey key,
      Surroundings node,
      ActorContext<Message> context,
      TimerScheduler<Message> timers,
      ActorRef<ClusterSharding.ShardCommand> shard) {
    super(
        PersistenceId.ofUniqueId(persistenceId(key)),
        // The outcome of a failed write is unknown: start over from the journal (R1).
        SupervisorStrategy.restartWithBackoff(Duration.ofMillis(100), Duration.ofMillis(500), 0.2));
    this.key = key;
    this.desk = SignalDesk.empty(node.settings().negotiation());
    this.node = node;
    this.context = context;
    this.timers = timers;
    this.shard = shard;
    this.announcer = new Announcer(key, context.getSelf(), this::session);
  }

  static String persistenceId(CallKey key) {
    return "call|" + key.realm() + "|" + key.call();
  }

  @Override
  public CallState emptyState() {
    return Call.UNKNOWN;
  }

  @Override
  public Recovery recovery() {
    // Calls are short: a snapshot would never be written, and looking for one costs a query a call.
    return Recovery.withSnapshotSelectionCriteria(SnapshotSelectionCriteria.none());
  }

  @Override
  public EventHandler<CallState, StoredEvent> eventHandler() {
    return (state, stored) -> {
      CallState.Known after = (CallState.Known) Call.evolve(state, stored.event());
      if (state instanceof CallState.Unknown && !isBeingWritten(stored)) {
        // A reading begins, perhaps once more by the same object: its write failed, or its reading.
        recovering = true;
        replayed.clear();
      }
      if (recovering) {
        replayed.add(new Call.Step(stored, state, after));
      }
      return after;
    };
  }

  // What is written is handed over as the object it is; what is read is another, however equal.
  @SuppressWarnings("ReferenceEquality")
  private boolean isBeingWritten(StoredEvent stored) {
    return inFlight.stream().anyMatch(step -> step.stored() == stored);
  }

  @Override
  public SignalHandler<CallState> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(RecoveryCompleted.instance(), this::recovered)
        .build();
  }

  /**
   * After a crash the sessions may lack the last news (I11). Each is sent its newest; one that
   * lacks those before reads them in the journal, where it sees at once what is over. To send them
   * all would, for a moment, make a call that is over ring again.
   *
   * <p>A restart after a failed write keeps this object. What was being written may be stored, or
   * come to be stored later, or another event may have its number; so what is told is what was read
   * and never what was meant to be written.
   */
  private void recovered(CallState state) {
    recovering = false;
    inFlight = List.of();
    long stored = state instanceof CallState.Known known ? known.ledger().seq() : 0;
    if (stored > told) {
      // After a crash there is no offer any more: a client whose offer is missing offers again.
      announcer.tellNewest(replayed, desk.offer(), !isLongOver(state));
      told = stored;
    }
    replayed.forEach(this::releaseSignals);
    replayed.clear();
    // The restart took the timers with it.
    resendUntilHeard();
    arm(state);
  }

  private boolean isLongOver(CallState state) {
    return state instanceof CallState.Ended ended
        && ended.timeline().endedAt().plus(STILL_NEWS).isBefore(node.clock().instant());
  }

  @Override
  public CommandHandler<Message, StoredEvent, CallState> commandHandler() {
    return this::onMessage;
  }

  private Effect<StoredEvent, CallState> onMessage(CallState state, Message message) {
    return switch (message) {
      case Submit m -> submit(state, m);
      case Poke m -> poke(state, m.command());
      case Relay m -> relay(state, m);
      case Heard m -> heard(m);
      case Describe m -> describe(state, m);
      case Recall m -> recall(state, m);
      case Tick tick ->
          switch (tick) {
            case DEADLINE -> poke(state, new CallCommand.CheckDeadlines());
            case RESEND -> resend();
            case PRESENCE -> confirmPresence(state);
            case LINGERED -> leave();
            case STOP -> move(state);
          };
    };
  }

  private Effect<StoredEvent, CallState> submit(CallState state, Submit submit) {
    Decision decision = Call.decide(state, submit.command(), node.clock().instant());
    if (submit.command() instanceof CallCommand.Initiate
        && !(decision.answer() instanceof Decision.Refused)) {
      // Before the write: should its outcome stay unknown, the offer is not lost with the answer.
      // The same request sent again brings it again, also to a call that lost it with its node.
      desk = desk.withOffer(submit.offer().or(desk::offer));
    }
    return store(
        state,
        decision,
        after -> submit.replyTo().tell(reply(decision, after, offerFor(submit.command()))));
  }

  private Effect<StoredEvent, CallState> poke(CallState state, CallCommand command) {
    Decision decision = Call.decide(state, command, node.clock().instant());
    return store(state, decision, after -> {});
  }

  /** Stores a decision's events, tells everybody, arms the timer, then answers. */
  private Effect<StoredEvent, CallState> store(
      CallState state, Decision decision, Answering answer) {
    if (decision.events().isEmpty()) {
      return Effect()
          .none()
          .thenRun(
              (CallState same) -> {
                // A timer that fired early, or a poke of a sleeping call: arm again.
                arm(same);
                answer.accept(same);
              });
    }
    List<Call.Step> steps = Call.steps(key, state, decision.events());
    inFlight = steps;
    List<StoredEvent> stored = steps.stream().map(Call.Step::stored).toList();
    return (stored.size() == 1 ? Effect().persist(stored.getFirst()) : Effect().persist(stored))
        .thenRun(
            (CallState after) -> {
              inFlight = List.of();
              answer.accept(after);
              for (Call.Step step : steps) {
                tell(step);
                releaseSignals(step);
              }
              arm(after);
            });
  }

  /** Runs once the events are stored. */
  @FunctionalInterface
  private interface Answering {
    void accept(CallState after);
  }

  private Optional<String> offerFor(CallCommand command) {
    return command instanceof CallCommand.Accept ? desk.offer() : Optional.empty();
  }

  private static Reply reply(Decision decision, CallState after, Optional<String> offer) {
    return switch (decision.answer()) {
      case Decision.Done done ->
          new Reply.Done(
              CallSnapshot.of((CallState.Known) after),
              done.effect(),
              false,
              false,
              offer,
              Optional.empty());
      case Decision.Replayed replayedAnswer ->
          new Reply.Done(
              replayedAnswer.result(),
              Decision.Effect.APPLIED,
              true,
              false,
              offer,
              Optional.empty());
      case Decision.Refused refused -> new Reply.Refused(refused.rejection());
    };
  }

  private void tell(Call.Step step) {
    announcer.tell(step, desk.offer());
    told = step.stored().seq();
    resendUntilHeard();
  }

  private void resendUntilHeard() {
    if (!announcer.isDone() && !timers.isTimerActive(Tick.RESEND)) {
      timers.startTimerWithFixedDelay(Tick.RESEND, node.settings().resendAfter());
    }
  }

  private void releaseSignals(Call.Step step) {
    if (step.stored().event() instanceof CallEvent.Accepted accepted
        && !(step.before() instanceof CallState.Accepted)) {
      CallSnapshot call = CallSnapshot.of(step.after());
      desk.release(accepted.by()).forEach(delivery -> deliver(call, delivery));
      desk = desk.released();
    }
  }

  private Effect<StoredEvent, CallState> relay(CallState state, Relay relay) {
    SignalDesk.Routing routing =
        desk.route(state, relay.from(), relay.signal(), node.clock().instant());
    Reply reply =
        switch (routing) {
          case SignalDesk.Deliver(SignalDesk.Delivery delivery, SignalDesk next) -> {
            CallSnapshot call = CallSnapshot.of((CallState.Known) state);
            desk = next;
            deliver(call, delivery);
            yield done(call);
          }
          case SignalDesk.Hold(SignalDesk next) -> {
            desk = next;
            yield done(CallSnapshot.of((CallState.Known) state));
          }
          case SignalDesk.Refuse(var rejection) -> new Reply.Refused(rejection);
        };
    relay.replyTo().tell(reply);
    return Effect().none();
  }

  private Effect<StoredEvent, CallState> describe(CallState state, Describe m) {
    m.replyTo()
        .tell(
            new Described(
                state instanceof CallState.Known known
                    ? Optional.of(CallSnapshot.of(known))
                    : Optional.empty()));
    return Effect().none();
  }

  private Effect<StoredEvent, CallState> recall(CallState state, Recall m) {
    Optional<Reply> reply =
        state instanceof CallState.Known known
            ? Call.recall(known, m.request())
                .map(answer -> reply(new Decision(List.of(), answer), state, Optional.empty()))
            : Optional.empty();
    m.replyTo().tell(new Recalled(reply));
    return Effect().none();
  }

  private static Reply done(CallSnapshot call) {
    return new Reply.Done(
        call, Decision.Effect.APPLIED, false, false, Optional.empty(), Optional.empty());
  }

  private void deliver(CallSnapshot call, SignalDesk.Delivery delivery) {
    session(delivery.to().user())
        .tell(
            new SessionMessage.Signalled(
                call, delivery.from(), delivery.to().device(), delivery.signal()));
  }

  private Effect<StoredEvent, CallState> heard(Heard heard) {
    announcer.heard(heard.user(), heard.seq());
    if (announcer.isDone()) {
      timers.cancel(Tick.RESEND);
    }
    return Effect().none();
  }

  private Effect<StoredEvent, CallState> resend() {
    announcer.resend();
    return Effect().none();
  }

  /** Asks the sessions of everybody in the call whether their device is there (R25). */
  private Effect<StoredEvent, CallState> confirmPresence(CallState state) {
    if (state instanceof CallState.Live live) {
      for (Participant p : live.roster().joined()) {
        if (p.leg() instanceof Leg.Joined joined && !joined.device().equals(DeviceId.REST)) {
          // Also whether a lost one is back: word of that may have been overtaken by the loss.
          boolean lost = joined.link() instanceof Link.Lost;
          session(p.user()).tell(new SessionMessage.ConfirmPresence(key, joined.device(), lost));
        }
      }
    }
    return Effect().none();
  }

  private void arm(CallState state) {
    Optional<Instant> deadline = Call.deadline(state);
    if (deadline.isPresent()) {
      Duration wait = Duration.between(node.clock().instant(), deadline.get());
      timers.startSingleTimer(Tick.DEADLINE, wait.isNegative() ? Duration.ZERO : wait);
    } else {
      timers.cancel(Tick.DEADLINE);
    }
    if (state instanceof CallState.Live) {
      if (!timers.isTimerActive(Tick.PRESENCE)) {
        timers.startTimerWithFixedDelay(Tick.PRESENCE, node.settings().presenceInterval());
      }
    } else {
      timers.cancel(Tick.PRESENCE);
      timers.startSingleTimer(Tick.LINGERED, node.settings().endedLinger());
    }
  }

  /** Leaves memory through the shard, so that a command on its way is kept and not dropped. */
  private Effect<StoredEvent, CallState> leave() {
    if (announcer.isDone()) {
      shard.tell(new ClusterSharding.Passivate<>(context.getSelf()));
    } else {
      timers.startSingleTimer(Tick.LINGERED, node.settings().endedLinger());
    }
    return Effect().none();
  }

  /**
   * Leaves this node, and wakes the call where it goes if anybody waits for it: its timers, and
   * news that may not have been heard, would wait there until somebody speaks to it.
   */
  private Effect<StoredEvent, CallState> move(CallState state) {
    if ((state instanceof CallState.Live || !announcer.isDone()) && isExpectedElsewhere()) {
      // Sharding keeps it until the call has a new home.
      node.calls().poke(key, new CallCommand.CheckDeadlines());
    }
    return Effect().stop();
  }

  /** The last node has nobody to keep a message for, and would wait with it. */
  private boolean isExpectedElsewhere() {
    Cluster cluster = Cluster.get(context.getSystem());
    for (Member member : cluster.state().getMembers()) {
      if (member.status() == MemberStatus.up() && !member.equals(cluster.selfMember())) {
        return true;
      }
    }
    return false;
  }

  private EntityRef<SessionMessage> session(UserId user) {
    return node.sharding().entityRefFor(UserSession.TYPE, UserSession.entityId(key.realm(), user));
  }
}
