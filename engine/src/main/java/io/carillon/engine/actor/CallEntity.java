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
import io.carillon.engine.call.Notice;
import io.carillon.engine.call.Participant;
import io.carillon.engine.call.RequestKey;
import io.carillon.engine.call.Signal;
import io.carillon.engine.call.SignalDesk;
import io.carillon.engine.call.StoredEvent;
import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.Endpoint;
import io.carillon.engine.identity.UserId;
import io.carillon.engine.session.News;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;
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

  /** Ends the entity at the shard's wish; what it was doing is stored or will be retried. */
  static final Message STOP = Tick.STOP;

  /** What a call entity needs of the node it lives on. */
  record Surroundings(ClusterSharding sharding, InstantSource clock, EngineSettings settings) {}

  private final CallKey key;
  private final Surroundings node;
  private final ActorContext<Message> context;
  private final TimerScheduler<Message> timers;
  private final ActorRef<ClusterSharding.ShardCommand> shard;

  /** News each session has not confirmed, oldest first; lives in memory, is rebuilt on recovery. */
  private final Map<UserId, List<SessionMessage.Tell>> unheard = new LinkedHashMap<>();

  /** Number of the newest news sent to each session, so that a session notices a hole. */
  private final Map<UserId, Long> lastTold = new LinkedHashMap<>();

  private final List<Call.Step> replayed = new ArrayList<>();

  /** What is being written; where a write fails, whether it was stored shows only on recovery. */
  private List<Call.Step> inFlight = List.of();

  private SignalDesk desk;
  private boolean recovering = true;

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
        SupervisorStrategy.restartWithBackoff(Duration.ofMillis(100), Duration.ofSeconds(1), 0.2));
    this.key = key;
    this.desk = SignalDesk.empty(node.settings().negotiation());
    this.node = node;
    this.context = context;
    this.timers = timers;
    this.shard = shard;
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
      if (recovering) {
        replayed.add(new Call.Step(stored, state, after));
      }
      return after;
    };
  }

  @Override
  public SignalHandler<CallState> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(RecoveryCompleted.instance(), this::recovered)
        .build();
  }

  /** After a crash the sessions may lack the last news; they drop what they have (I11). */
  private void recovered(CallState state) {
    recovering = false;
    long stored = state instanceof CallState.Known known ? known.ledger().seq() : 0;
    // The offer went down with the old incarnation: a client whose offer is missing offers again.
    replayed.forEach(step -> tell(step, Optional.empty()));
    replayed.clear();
    for (Call.Step step : inFlight) {
      if (step.stored().seq() <= stored) {
        tell(step, desk.offer());
        releaseSignals(step);
      }
    }
    inFlight = List.of();
    arm(state);
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
            case STOP -> Effect().stop();
          };
    };
  }

  private Effect<StoredEvent, CallState> submit(CallState state, Submit submit) {
    Decision decision = Call.decide(state, submit.command(), node.clock().instant());
    return store(
        state,
        decision,
        submit.offer(),
        after -> submit.replyTo().tell(reply(decision, after, offerFor(submit.command()))));
  }

  private Effect<StoredEvent, CallState> poke(CallState state, CallCommand command) {
    Decision decision = Call.decide(state, command, node.clock().instant());
    return store(state, decision, Optional.empty(), after -> {});
  }

  /** Stores a decision's events, tells everybody, arms the timer, then answers. */
  private Effect<StoredEvent, CallState> store(
      CallState state, Decision decision, Optional<String> offer, Answering answer) {
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
              if (offer.isPresent() && state instanceof CallState.Unknown) {
                desk = desk.withOffer(offer);
              }
              answer.accept(after);
              for (Call.Step step : steps) {
                tell(step, desk.offer());
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
              CallSnapshot.of((CallState.Known) after), done.effect(), false, false, offer);
      case Decision.Replayed replayedAnswer ->
          new Reply.Done(replayedAnswer.result(), Decision.Effect.APPLIED, true, false, offer);
      case Decision.Refused refused -> new Reply.Refused(refused.rejection());
    };
  }

  private void tell(Call.Step step, Optional<String> offer) {
    Map<UserId, List<Notice>> byUser = new LinkedHashMap<>();
    for (Notice notice : step.notices()) {
      byUser.computeIfAbsent(notice.to(), user -> new ArrayList<>(2)).add(notice);
    }
    if (byUser.isEmpty()) {
      return;
    }
    CallSnapshot call = CallSnapshot.of(step.after());
    UserId caller = call.facts().caller().user();
    CallEvent event = step.stored().event();
    byUser.forEach(
        (user, notices) -> {
          boolean offered = event instanceof CallEvent.Initiated && !user.equals(caller);
          News news = new News(event, call, offered ? offer : Optional.empty());
          SessionMessage.Tell tell =
              new SessionMessage.Tell(
                  key, user, news, notices, lastTold.getOrDefault(user, 0L), context.getSelf());
          lastTold.put(user, news.seq());
          unheard.computeIfAbsent(user, u -> new ArrayList<>(2)).add(tell);
          session(user).tell(tell);
        });
    if (!timers.isTimerActive(Tick.RESEND)) {
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
    return new Reply.Done(call, Decision.Effect.APPLIED, false, false, Optional.empty());
  }

  private void deliver(CallSnapshot call, SignalDesk.Delivery delivery) {
    session(delivery.to().user())
        .tell(
            new SessionMessage.Signalled(
                call, delivery.from(), delivery.to().device(), delivery.signal()));
  }

  private Effect<StoredEvent, CallState> heard(Heard heard) {
    List<SessionMessage.Tell> waiting = unheard.get(heard.user());
    if (waiting != null) {
      waiting.removeIf(tell -> tell.news().seq() <= heard.seq());
      if (waiting.isEmpty()) {
        unheard.remove(heard.user());
      }
    }
    if (unheard.isEmpty()) {
      timers.cancel(Tick.RESEND);
    }
    return Effect().none();
  }

  private Effect<StoredEvent, CallState> resend() {
    unheard.forEach((user, tells) -> tells.forEach(session(user)::tell));
    return Effect().none();
  }

  /** Asks the sessions of everybody in the call whether their device is there (R25). */
  private Effect<StoredEvent, CallState> confirmPresence(CallState state) {
    if (state instanceof CallState.Live live) {
      for (Participant p : live.roster().joined()) {
        if (p.leg() instanceof Leg.Joined joined
            && joined.link() instanceof Link.Up
            && !joined.device().equals(DeviceId.REST)) {
          session(p.user()).tell(new SessionMessage.ConfirmPresence(key, joined.device()));
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
    if (unheard.isEmpty()) {
      shard.tell(new ClusterSharding.Passivate<>(context.getSelf()));
    } else {
      timers.startSingleTimer(Tick.LINGERED, node.settings().endedLinger());
    }
    return Effect().none();
  }

  private EntityRef<SessionMessage> session(UserId user) {
    return node.sharding().entityRefFor(UserSession.TYPE, UserSession.entityId(key.realm(), user));
  }
}
