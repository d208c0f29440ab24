package io.carillon.engine.actor;

import io.carillon.engine.call.CallId;
import io.carillon.engine.call.CallKey;
import io.carillon.engine.call.CallRecords;
import io.carillon.engine.call.CallSnapshot;
import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.RealmId;
import io.carillon.engine.identity.UserId;
import io.carillon.engine.identity.UserKey;
import io.carillon.engine.session.CallBook;
import io.carillon.engine.session.CatchUp;
import io.carillon.engine.session.Cursor;
import io.carillon.engine.session.LineDesk;
import io.carillon.engine.session.UserSettingsStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;

/**
 * One user: the references of all the user's sockets, and how far each device has been told. Keeps
 * nothing that only it knows: whatever it forgets when it dies, it reads from the journal again.
 *
 * <p>What a device hears is {@link AttachedDevice}'s part; what its calls hear of it is {@link
 * Presence}'s.
 */
final class UserSession extends AbstractBehavior<SessionMessage> {
  /** Where sharding finds sessions. */
  static final EntityTypeKey<SessionMessage> TYPE =
      EntityTypeKey.create(SessionMessage.class, "user");

  /** Ends the session at the shard's wish; devices attach again elsewhere. */
  static final SessionMessage STOP = SessionMessage.Tick.STOP;

  /** What a session needs of its node. */
  record Surroundings(
      ClusterSharding sharding,
      Questions questions,
      Calls calls,
      CallRecords records,
      UserSettingsStore store,
      InstantSource clock,
      EngineSettings settings) {}

  private final UserKey user;
  private final Surroundings node;
  private final TimerScheduler<SessionMessage> timers;
  private final ActorRef<ClusterSharding.ShardCommand> shard;
  private final Map<DeviceId, AttachedDevice> devices = new LinkedHashMap<>();

  /** The user's calls, as far as this session was told. */
  private final CallBook book;

  private final LineKnowledge knowledge;
  private final LineAnswers line;
  private final Placement placement;
  private final Presence presence;

  private final HeldSignals held;
  private final Journals journals;

  /** Calls whose journal is being read because news of them were lost on the way. */
  private final Set<CallId> reading = new HashSet<>();

  private boolean listens;

  static String entityId(RealmId realm, UserId user) {
    return realm + "|" + user;
  }

  static Behavior<SessionMessage> create(
      UserKey user, Surroundings node, ActorRef<ClusterSharding.ShardCommand> shard) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(timers -> new UserSession(user, node, context, timers, shard)));
  }

  private UserSession(
      UserKey user,
      Surroundings node,
      ActorContext<SessionMessage> context,
      TimerScheduler<SessionMessage> timers,
      ActorRef<ClusterSharding.ShardCommand> shard) {
    super(context);
    this.user = user;
    this.node = node;
    this.timers = timers;
    this.shard = shard;
    this.book = new CallBook(user.user());
    this.journals = new Journals(user, node.records(), node.settings().resumeCalls());
    this.held = new HeldSignals(node.settings().heldSignals());
    this.knowledge = new LineKnowledge(user, node, context);
    LineDesk desk = new LineDesk(user.user(), node.settings().lineLimits(), book.open());
    this.line = new LineAnswers(user, node, context, knowledge, desk, book);
    this.placement = new Placement(user, node, context, knowledge, desk, book);
    this.presence =
        new Presence(
            user,
            book,
            timers,
            node.settings().lostAfter(),
            devices::containsKey,
            node.calls()::poke,
            this::readAgain);
    idleUnlessNeeded();
  }

  @Override
  public Receive<SessionMessage> createReceive() {
    return newReceiveBuilder().onAnyMessage(this::onMessage).build();
  }

  private Behavior<SessionMessage> onMessage(SessionMessage message) {
    switch (message) {
      case SessionMessage.Tell m -> take(m);
      case SessionMessage.Signalled m -> signal(m);
      case SessionMessage.Attach m -> attach(m);
      case SessionMessage.Read m -> caughtUp(m);
      case SessionMessage.Unread m -> unreadable(m);
      case SessionMessage.More m -> tellMore(m);
      case SessionMessage.StillHere m -> stillHere(m);
      case SessionMessage.Detach m -> detach(m.device(), m.socket());
      case SessionMessage.SocketGone m -> detach(m.device(), m.socket());
      case SessionMessage.Missing m -> presence.miss(m.device());
      case SessionMessage.ConfirmPresence m -> presence.confirm(m);
      case SessionMessage.Place m -> {
        placement.place(m);
        idleUnlessNeeded();
      }
      case SessionMessage.AskLine m -> {
        line.ask(m, !devices.isEmpty());
        idleUnlessNeeded();
      }
      case SessionMessage.MayRing m -> {
        placement.mayRing(m);
        idleUnlessNeeded();
      }
      case SessionMessage.LineLoaded m -> {
        m.open().ifPresent(open -> open.forEach(this::remember));
        knowledge.loaded(m);
      }
      case SessionMessage.LineVerified m -> line.verified(m, !devices.isEmpty());
      case SessionMessage.Doubted m -> line.doubted(m, !devices.isEmpty());
      case SessionMessage.LinesAnswered m -> placement.answered(m);
      case SessionMessage.Crossed m -> {
        learnFrom(m.reply());
        placement.crossed(m);
      }
      case SessionMessage.OldCall m -> placement.old(m);
      case SessionMessage.PlacedCall m -> {
        learnFrom(m.reply());
        placement.placed(m);
      }
      case SessionMessage.SettingsChanged _ -> knowledge.forget();
      case SessionMessage.ListDevices m ->
          m.replyTo().tell(new SessionMessage.Devices(user.user(), Set.copyOf(devices.keySet())));
      case SessionMessage.Reconcile _ -> reconcileSoon();
      case SessionMessage.Verified m -> verified(m);
      case SessionMessage.Reread m -> reread(m);
      case SessionMessage.Unreadable m -> {
        reading.remove(m.key().call());
        timers.startSingleTimer(
            m, new SessionMessage.ReadAgain(m.key()), node.settings().resendAfter());
      }
      case SessionMessage.ReadAgain m -> readAgain(m.key());
      case SessionMessage.Tick tick -> {
        return switch (tick) {
          case IDLE -> {
            shard.tell(new ClusterSharding.Passivate<>(getContext().getSelf()));
            yield this;
          }
          case VERIFY -> {
            verify(book.unheardSince(node.clock().instant().minus(node.settings().sessionIdle())));
            yield this;
          }
          case RECONCILE -> {
            reconcile();
            yield this;
          }
          case STOP -> {
            // The session moves; its devices find the new one at once, not at their next sign of
            // life.
            devices.values().forEach(d -> d.socket().tell(new ToSocket.AttachAgain()));
            yield Behaviors.stopped();
          }
        };
      }
    }
    return this;
  }

  // ---- news ----

  private void take(SessionMessage.Tell tell) {
    if (devices.values().stream().anyMatch(device -> device.lacks(tell))) {
      // The news before these were lost on the way, or this session is younger than the call. The
      // call sends these again until they are taken.
      readAgain(tell.key());
      return;
    }
    tell.from().tell(new CallEntity.Heard(user.user(), tell.news().seq()));
    // Whatever the session knows already from elsewhere, each device has its own progress.
    remember(tell.news().call());
    Instant now = node.clock().instant();
    for (AttachedDevice device : devices.values()) {
      if (!device.take(tell, now)) {
        device.close(ToSocket.CloseReason.OVERLOADED, 1000);
      }
    }
    idleUnlessNeeded();
  }

  private void remember(CallSnapshot call) {
    if (!book.learn(call, node.clock().instant())) {
      return;
    }
    if (call.isEnded()) {
      held.drop(call.facts().key().call());
    }
    placement.heard(call);
  }

  /** What this session placed it knows at once: a crossing call may be faster than its news. */
  private void learnFrom(Reply reply) {
    if (reply instanceof Reply.Done done) {
      remember(done.call());
      idleUnlessNeeded();
    }
  }

  // ---- signals ----

  private void signal(SessionMessage.Signalled m) {
    if (m.to().equals(DeviceId.REST)) {
      // The party was never matched to a device: each of the user's devices may be the one.
      devices.values().forEach(device -> hand(m, device));
      return;
    }
    AttachedDevice device = devices.get(m.to());
    if (device != null) {
      hand(m, device);
    } else {
      held.hold(m.to(), m);
    }
  }

  private static void hand(SessionMessage.Signalled m, AttachedDevice device) {
    if (!device.hand(m)) {
      device.close(ToSocket.CloseReason.OVERLOADED, 1000);
    }
  }

  // ---- devices ----

  private void attach(SessionMessage.Attach m) {
    AttachedDevice old = devices.get(m.device());
    if (old != null && old.socket().equals(m.socket())) {
      return;
    }
    if (old != null) {
      getContext().unwatch(old.socket());
      old.close(ToSocket.CloseReason.REPLACED, 0);
      old.unsent().forEach(signal -> held.hold(m.device(), signal));
    }
    listen();
    presence.attached(m.device());
    Instant now = node.clock().instant();
    Optional<Cursor> cursor = m.cursor().flatMap(Cursor::decode).filter(c -> isInWindow(c, now));
    Instant since = cursor.map(Cursor::since).orElse(now).minus(Cursor.OVERLAP);
    AttachedDevice device =
        new AttachedDevice(
            user.user(),
            m.device(),
            m.socket(),
            cursor,
            m.cursor().isPresent() && cursor.isEmpty(),
            since,
            getContext().getSelf(),
            this::readAgain);
    devices.put(m.device(), device);
    getContext().watchWith(m.socket(), new SessionMessage.SocketGone(m.device(), m.socket()));
    idleUnlessNeeded();
    getContext()
        .pipeToSelf(
            journals.since(since),
            (read, failure) ->
                failure == null
                    ? new SessionMessage.Read(m.device(), device.sessionId(), read)
                    : new SessionMessage.Unread(m.device(), device.sessionId()));
  }

  /** Neither too old nor, since nothing honest is, of the future. */
  private boolean isInWindow(Cursor cursor, Instant now) {
    return cursor.since().isAfter(now.minus(node.settings().resumeWindow()))
        && cursor.since().isBefore(now.plus(Cursor.OVERLAP));
  }

  private void caughtUp(SessionMessage.Read read) {
    AttachedDevice device = devices.get(read.device());
    if (device == null || !device.sessionId().equals(read.sessionId())) {
      return;
    }
    CatchUp catchUp =
        device.catchUp(
            read.journals(),
            node.settings().resumeCalls(),
            held.release(read.device()),
            node.clock().instant());
    catchUp.latest().forEach(this::remember);
    presence.regain(read.device());
    idleUnlessNeeded();
  }

  /** A socket has taken what it was told, and waits for more. */
  private void tellMore(SessionMessage.More m) {
    AttachedDevice device = devices.get(m.device());
    if (device != null && device.sessionId().equals(m.sessionId())) {
      device.more(m.page(), node.clock().instant());
    }
  }

  /** The journal cannot be read now: the client comes back with the cursor it has. */
  private void unreadable(SessionMessage.Unread m) {
    AttachedDevice device = devices.get(m.device());
    if (device != null && device.sessionId().equals(m.sessionId())) {
      device.close(ToSocket.CloseReason.OVERLOADED, 1000);
    }
  }

  private void stillHere(SessionMessage.StillHere m) {
    AttachedDevice device = devices.get(m.device());
    if (device == null) {
      m.socket().tell(new ToSocket.AttachAgain());
    } else if (!device.socket().equals(m.socket())) {
      m.socket().tell(new ToSocket.Close(ToSocket.CloseReason.REPLACED, 0));
    }
  }

  private void detach(DeviceId id, ActorRef<ToSocket> socket) {
    AttachedDevice device = devices.get(id);
    if (device == null || !device.socket().equals(socket)) {
      return;
    }
    getContext().unwatch(socket);
    devices.remove(id);
    device.unsent().forEach(signal -> held.hold(id, signal));
    presence.missSoon(id);
    idleUnlessNeeded();
  }

  // ---- repair ----

  /** From its first device on, a session hears when a node is gone. */
  private void listen() {
    if (!listens) {
      listens = true;
      getContext()
          .getSystem()
          .eventStream()
          .tell(
              new EventStream.Subscribe<>(
                  SessionMessage.Reconcile.class, getContext().getSelf().narrow()));
    }
  }

  /** Not all sessions at once: the database has just lost a node's worth of its readers' time. */
  private void reconcileSoon() {
    if (!devices.isEmpty() && !timers.isTimerActive(SessionMessage.Tick.RECONCILE)) {
      long spread = Math.max(1, node.settings().reconcileSpread().toMillis());
      timers.startSingleTimer(
          SessionMessage.Tick.RECONCILE,
          Duration.ofMillis(ThreadLocalRandom.current().nextLong(spread)));
    }
  }

  private void reconcile() {
    if (devices.isEmpty()) {
      return;
    }
    getContext()
        .pipeToSelf(
            journals.since(node.clock().instant().minus(Cursor.OVERLAP)),
            (read, failure) ->
                new SessionMessage.Reread(Optional.empty(), failure == null ? read : List.of()));
    // One that ended before that, and was not heard to, tells of itself.
    verify(book.open().values());
  }

  private void readAgain(CallKey key) {
    if (reading.add(key.call())) {
      getContext()
          .pipeToSelf(
              node.records().events(key),
              (journal, failure) ->
                  failure == null
                      ? new SessionMessage.Reread(
                          Optional.of(key.call()), journal.isEmpty() ? List.of() : List.of(journal))
                      : new SessionMessage.Unreadable(key));
    }
  }

  /** Tells each device what was stored and not told (I11). */
  private void reread(SessionMessage.Reread m) {
    m.about().ifPresent(reading::remove);
    Instant now = node.clock().instant();
    for (AttachedDevice device : devices.values()) {
      if (!device.tellMissed(m.journals(), now)) {
        device.close(ToSocket.CloseReason.OVERLOADED, 1000);
      }
    }
    m.journals().stream()
        .flatMap(journal -> CatchUp.current(journal).stream())
        .filter(call -> call.concerns(user.user()))
        .forEach(this::remember);
    idleUnlessNeeded();
  }

  /** Asks calls whether they go on: an end that was lost on its way must not keep them here. */
  private void verify(Collection<CallSnapshot> doubtful) {
    for (CallSnapshot call : List.copyOf(doubtful)) {
      CallKey key = call.facts().key();
      CompletionStage<CallEntity.Described> described =
          node.calls().describe(key, node.settings().askTimeout());
      getContext()
          .pipeToSelf(
              described,
              (answer, failure) ->
                  // Who cannot be reached now is asked again in the next round.
                  new SessionMessage.Verified(
                      key, failure == null ? answer.call() : Optional.of(call)));
    }
  }

  private void verified(SessionMessage.Verified m) {
    CallId id = m.key().call();
    if (m.call().isEmpty()) {
      book.drop(id);
    } else if (m.call().get().seq() > book.lastOf(id) && !devices.isEmpty()) {
      readAgain(m.key());
    } else {
      remember(m.call().get());
    }
    idleUnlessNeeded();
  }

  // ---- housekeeping ----

  private void idleUnlessNeeded() {
    Duration idle = node.settings().sessionIdle();
    if (book.open().isEmpty()) {
      timers.cancel(SessionMessage.Tick.VERIFY);
    } else if (!timers.isTimerActive(SessionMessage.Tick.VERIFY)) {
      timers.startTimerWithFixedDelay(SessionMessage.Tick.VERIFY, idle);
    }
    if (devices.isEmpty() && book.open().isEmpty()) {
      held.clear();
      timers.startSingleTimer(SessionMessage.Tick.IDLE, idle);
    } else {
      timers.cancel(SessionMessage.Tick.IDLE);
    }
  }
}
