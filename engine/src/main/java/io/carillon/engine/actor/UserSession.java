package io.carillon.engine.actor;

import io.carillon.engine.call.CallCommand;
import io.carillon.engine.call.CallId;
import io.carillon.engine.call.CallKey;
import io.carillon.engine.call.CallRecords;
import io.carillon.engine.call.CallSnapshot;
import io.carillon.engine.call.Leg;
import io.carillon.engine.call.Link;
import io.carillon.engine.call.Notice;
import io.carillon.engine.call.StoredEvent;
import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.Endpoint;
import io.carillon.engine.identity.RealmId;
import io.carillon.engine.identity.UserId;
import io.carillon.engine.identity.UserKey;
import io.carillon.engine.session.CatchUp;
import io.carillon.engine.session.Cursor;
import io.carillon.engine.session.Progress;
import io.carillon.engine.session.UserSettingsStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.jspecify.annotations.Nullable;

/**
 * One user: the references of all the user's sockets, and how far each device has been told. Keeps
 * nothing that only it knows: whatever it forgets when it dies, it reads from the journal again.
 *
 * <p>A device goes through three stages: its missed events are read; what happens meanwhile waits;
 * then both are told in order and it lives. A device that loses its socket is missed by its calls
 * only after a moment ({@link EngineSettings#lostAfter}), so that a reload of a page is no loss.
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
      CallRecords records,
      UserSettingsStore store,
      InstantSource clock,
      EngineSettings settings) {}

  /** One attached socket. */
  private static final class Device {
    final ActorRef<ToSocket> socket;
    final String sessionId;
    final Optional<Cursor> cursor;
    final boolean unreadableCursor;
    Progress progress = new Progress();

    /** News that came while the missed events were read; null once the device lives. */
    @Nullable List<SessionMessage.Tell> waiting = new ArrayList<>();

    final List<SessionMessage.Signalled> waitingSignals = new ArrayList<>();

    Device(
        ActorRef<ToSocket> socket,
        String sessionId,
        Optional<Cursor> cursor,
        boolean unreadableCursor) {
      this.socket = socket;
      this.sessionId = sessionId;
      this.cursor = cursor;
      this.unreadableCursor = unreadableCursor;
    }
  }

  private final UserKey user;
  private final Surroundings node;
  private final TimerScheduler<SessionMessage> timers;
  private final ActorRef<ClusterSharding.ShardCommand> shard;
  private final Map<DeviceId, Device> devices = new LinkedHashMap<>();

  /** The user's calls that are not over, as far as this session was told. */
  private final Map<CallId, CallSnapshot> calls = new LinkedHashMap<>();

  /** Number of the last news taken of each call not over. */
  private final Map<CallId, Long> taken = new LinkedHashMap<>();

  private final Placement placement;
  private final Map<DeviceId, Deque<SessionMessage.Signalled>> held = new LinkedHashMap<>();

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
    this.placement = new Placement(user, node, context, calls);
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
      case SessionMessage.StillHere m -> stillHere(m);
      case SessionMessage.Detach m -> detach(m.device(), m.socket());
      case SessionMessage.SocketGone m -> detach(m.device(), m.socket());
      case SessionMessage.Missing m -> miss(m.device());
      case SessionMessage.ConfirmPresence m -> confirm(m);
      case SessionMessage.Place m -> placement.place(m);
      case SessionMessage.AskLine m -> placement.ask(m, !devices.isEmpty());
      case SessionMessage.LineLoaded m -> placement.loaded(m).forEach(this::rememberNewer);
      case SessionMessage.LineVerified m -> placement.verified(m, !devices.isEmpty());
      case SessionMessage.LinesAnswered m -> placement.answered(m);
      case SessionMessage.PlacedCall m -> placement.placed(m);
      case SessionMessage.SettingsChanged _ -> placement.settingsChanged();
      case SessionMessage.ListDevices m ->
          m.replyTo().tell(new SessionMessage.Devices(user.user(), Set.copyOf(devices.keySet())));
      case SessionMessage.Reconcile _ -> reconcile();
      case SessionMessage.Reread m -> reread(m.journals());
      case SessionMessage.Tick tick -> {
        return switch (tick) {
          case IDLE -> {
            shard.tell(new ClusterSharding.Passivate<>(getContext().getSelf()));
            yield this;
          }
          case STOP -> Behaviors.stopped();
        };
      }
    }
    return this;
  }

  // ---- news ----

  private void take(SessionMessage.Tell tell) {
    CallSnapshot call = tell.news().call();
    CallId id = tell.key().call();
    long last = taken.getOrDefault(id, -1L);
    if (last >= 0 && last < tell.previous()) {
      // The news before these were lost on the way; the call sends both again, in order.
      return;
    }
    tell.from().tell(new CallEntity.Heard(user.user(), tell.news().seq()));
    if (last >= tell.news().seq()) {
      return;
    }
    remember(call);
    for (Map.Entry<DeviceId, Device> entry : devices.entrySet()) {
      Device device = entry.getValue();
      if (device.waiting != null) {
        device.waiting.add(tell);
      } else {
        pass(tell, entry.getKey(), device);
      }
    }
    idleUnlessNeeded();
  }

  private void pass(SessionMessage.Tell tell, DeviceId id, Device device) {
    CallSnapshot call = tell.news().call();
    if (device.progress.has(tell.key().call(), call.seq())) {
      return;
    }
    device.progress.advance(call);
    for (Notice notice : tell.notices()) {
      if (notice.audience().includes(id)) {
        device.socket.tell(new ToSocket.Event(tell.news(), notice, cursor(device), false));
      }
    }
  }

  /** Takes in a call as it was read; what life has told since is newer. */
  private void rememberNewer(CallSnapshot call) {
    if (taken.getOrDefault(call.facts().key().call(), -1L) < call.seq()) {
      remember(call);
    }
  }

  private void remember(CallSnapshot call) {
    CallId id = call.facts().key().call();
    if (call.isEnded() || !call.concerns(user.user())) {
      calls.remove(id);
      taken.remove(id);
    } else {
      calls.put(id, call);
      taken.merge(id, call.seq(), Math::max);
    }
    placement.heard(call);
  }

  private String cursor(Device device) {
    return device.progress.cursor(node.clock().instant()).encode();
  }

  // ---- signals ----

  private void signal(SessionMessage.Signalled m) {
    if (m.to().equals(DeviceId.REST)) {
      // The party was never matched to a device: each of the user's devices may be the one.
      devices.values().forEach(device -> hand(m, device));
      return;
    }
    Device device = devices.get(m.to());
    if (device != null) {
      hand(m, device);
      return;
    }
    Deque<SessionMessage.Signalled> queue = held.computeIfAbsent(m.to(), id -> new ArrayDeque<>());
    if (queue.size() < node.settings().heldSignals()) {
      queue.add(m);
    }
  }

  private static void hand(SessionMessage.Signalled m, Device device) {
    if (device.waiting != null) {
      device.waitingSignals.add(m);
    } else {
      device.socket.tell(new ToSocket.SignalArrived(m.call(), m.from(), m.signal()));
    }
  }

  // ---- devices ----

  private void attach(SessionMessage.Attach m) {
    Device old = devices.get(m.device());
    if (old != null && old.socket.equals(m.socket())) {
      return;
    }
    if (old != null) {
      getContext().unwatch(old.socket);
      old.socket.tell(new ToSocket.Close(ToSocket.CloseReason.REPLACED, 0));
    }
    timers.cancel(new SessionMessage.Missing(m.device()));
    Optional<Cursor> cursor = m.cursor().flatMap(Cursor::decode).filter(this::isInWindow);
    Device device =
        new Device(
            m.socket(),
            UUID.randomUUID().toString(),
            cursor,
            m.cursor().isPresent() && cursor.isEmpty());
    devices.put(m.device(), device);
    getContext().watchWith(m.socket(), new SessionMessage.SocketGone(m.device(), m.socket()));
    idleUnlessNeeded();
    Instant since = cursor.map(Cursor::since).orElse(node.clock().instant());
    getContext()
        .pipeToSelf(
            journals(since),
            (journals, failure) ->
                failure == null
                    ? new SessionMessage.Read(m.device(), device.sessionId, journals)
                    : new SessionMessage.Unread(m.device(), device.sessionId));
  }

  private boolean isInWindow(Cursor cursor) {
    Instant oldest = node.clock().instant().minus(node.settings().resumeWindow());
    return cursor.since().isAfter(oldest);
  }

  /** The calls changed lately and the calls not over, each once. */
  private CompletionStage<List<List<StoredEvent>>> journals(Instant since) {
    return node.records()
        .changedSince(user, since, node.settings().resumeCalls() + 1)
        .thenCombine(
            node.records().open(user),
            (changed, open) -> {
              Map<CallKey, List<StoredEvent>> byCall = new LinkedHashMap<>();
              // What was read last is newest: of a call in both, the second reading wins.
              changed.forEach(
                  journal -> byCall.merge(keyOf(journal), journal, UserSession::longer));
              open.forEach(journal -> byCall.merge(keyOf(journal), journal, UserSession::longer));
              return List.copyOf(byCall.values());
            });
  }

  private static CallKey keyOf(List<StoredEvent> journal) {
    return journal.getFirst().key();
  }

  private static List<StoredEvent> longer(List<StoredEvent> a, List<StoredEvent> b) {
    return a.size() >= b.size() ? a : b;
  }

  private void caughtUp(SessionMessage.Read read) {
    Device device = devices.get(read.device());
    if (device == null || !device.sessionId.equals(read.sessionId())) {
      return;
    }
    boolean tooMany = read.journals().size() > node.settings().resumeCalls();
    boolean resumes = device.cursor.isPresent() && !tooMany;
    Progress told = resumes ? Progress.from(device.cursor.get()) : new Progress();
    Instant now = node.clock().instant();
    CatchUp catchUp = CatchUp.of(user.user(), read.device(), read.journals(), told, resumes, now);
    catchUp.latest().forEach(this::rememberNewer);
    device.progress = told;
    if (!resumes) {
      // A device that starts afresh has nothing to hear of what was over before it came.
      Set<CallId> ringing =
          catchUp.missed().stream()
              .map(m -> m.news().call().facts().key().call())
              .collect(Collectors.toSet());
      catchUp.latest().stream()
          .filter(call -> !ringing.contains(call.facts().key().call()))
          .forEach(told::advance);
    }
    Instant from = device.cursor.filter(c -> resumes).map(Cursor::since).orElse(now);
    device.socket.tell(
        new ToSocket.Welcome(
            device.sessionId, resumes, catchUp.calls(), told.cursor(from).encode()));
    if (device.unreadableCursor || (device.cursor.isPresent() && tooMany)) {
      catchUp.latest().forEach(told::advance);
      device.socket.tell(new ToSocket.Resync(catchUp.calls(), cursor(device)));
    }
    for (CatchUp.Missed missed : catchUp.missed()) {
      told.advance(missed.news().call());
      device.socket.tell(
          new ToSocket.Event(missed.news(), missed.notice(), told.cursor(from).encode(), true));
    }
    catchUp.latest().forEach(told::advance);
    device.socket.tell(new ToSocket.CaughtUp(cursor(device)));
    comeAlive(read.device(), device);
    regain(read.device());
  }

  private void comeAlive(DeviceId id, Device device) {
    List<SessionMessage.Tell> waiting = device.waiting == null ? List.of() : device.waiting;
    device.waiting = null;
    waiting.forEach(tell -> pass(tell, id, device));
    Deque<SessionMessage.Signalled> kept = held.remove(id);
    if (kept != null) {
      kept.forEach(m -> hand(m, device));
    }
    device.waitingSignals.forEach(m -> hand(m, device));
    device.waitingSignals.clear();
  }

  /** The journal cannot be read now: the client comes back with the cursor it has. */
  private void unreadable(SessionMessage.Unread m) {
    Device device = devices.get(m.device());
    if (device != null && device.sessionId.equals(m.sessionId())) {
      device.socket.tell(new ToSocket.Close(ToSocket.CloseReason.OVERLOADED, 1000));
    }
  }

  private void stillHere(SessionMessage.StillHere m) {
    Device device = devices.get(m.device());
    if (device == null) {
      m.socket().tell(new ToSocket.AttachAgain());
    } else if (!device.socket.equals(m.socket())) {
      m.socket().tell(new ToSocket.Close(ToSocket.CloseReason.REPLACED, 0));
    }
  }

  private void detach(DeviceId id, ActorRef<ToSocket> socket) {
    Device device = devices.get(id);
    if (device == null || !device.socket.equals(socket)) {
      return;
    }
    getContext().unwatch(socket);
    devices.remove(id);
    missSoon(id);
    idleUnlessNeeded();
  }

  // ---- presence ----

  private void missSoon(DeviceId id) {
    SessionMessage.Missing missing = new SessionMessage.Missing(id);
    if (!timers.isTimerActive(missing)) {
      timers.startSingleTimer(missing, missing, node.settings().lostAfter());
    }
  }

  private void miss(DeviceId id) {
    if (devices.containsKey(id)) {
      return;
    }
    calls.values().stream()
        .filter(call -> call.roster().isJoined(new Endpoint(user.user(), id)))
        .forEach(
            call ->
                call(call.facts().key())
                    .tell(
                        new CallEntity.Poke(
                            new CallCommand.LoseDevice(new Endpoint(user.user(), id)))));
    idleUnlessNeeded();
  }

  private void regain(DeviceId id) {
    Endpoint endpoint = new Endpoint(user.user(), id);
    calls.values().stream()
        .filter(call -> isLost(call, endpoint))
        .forEach(
            call ->
                call(call.facts().key())
                    .tell(new CallEntity.Poke(new CallCommand.RegainDevice(endpoint))));
  }

  private static boolean isLost(CallSnapshot call, Endpoint endpoint) {
    return call.roster().isJoined(endpoint)
        && call.roster()
            .find(endpoint.user())
            .map(p -> p.leg() instanceof Leg.Joined joined && joined.link() instanceof Link.Lost)
            .orElse(false);
  }

  private void confirm(SessionMessage.ConfirmPresence m) {
    Device device = devices.get(m.device());
    if (device != null) {
      return;
    }
    if (!calls.containsKey(m.key().call())) {
      // This session was born after the call: it learns of it by the question.
      getContext()
          .pipeToSelf(
              node.records().events(m.key()),
              (journal, failure) ->
                  new SessionMessage.Reread(
                      node.clock().instant(),
                      failure == null && !journal.isEmpty() ? List.of(journal) : List.of()));
    }
    missSoon(m.device());
  }

  // ---- repair ----

  private void reconcile() {
    if (devices.isEmpty()) {
      return;
    }
    Instant now = node.clock().instant();
    getContext()
        .pipeToSelf(
            journals(now),
            (journals, failure) ->
                new SessionMessage.Reread(now, failure == null ? journals : List.of()));
  }

  /** Tells each device what a dead node stored and did not tell (I11). */
  private void reread(List<List<StoredEvent>> journals) {
    Instant now = node.clock().instant();
    for (Map.Entry<DeviceId, Device> entry : devices.entrySet()) {
      Device device = entry.getValue();
      if (device.waiting == null) {
        CatchUp catchUp =
            CatchUp.of(user.user(), entry.getKey(), journals, device.progress, true, now);
        for (CatchUp.Missed missed : catchUp.missed()) {
          device.progress.advance(missed.news().call());
          device.socket.tell(
              new ToSocket.Event(missed.news(), missed.notice(), cursor(device), true));
        }
        catchUp.latest().forEach(device.progress::advance);
      }
    }
    journals.stream()
        .flatMap(journal -> CatchUp.current(journal).stream())
        .forEach(this::rememberNewer);
    idleUnlessNeeded();
  }

  // ---- housekeeping ----

  private void idleUnlessNeeded() {
    if (devices.isEmpty() && calls.isEmpty()) {
      held.clear();
      Duration idle = node.settings().sessionIdle();
      timers.startSingleTimer(SessionMessage.Tick.IDLE, idle);
    } else {
      timers.cancel(SessionMessage.Tick.IDLE);
    }
  }

  private EntityRef<CallEntity.Message> call(CallKey key) {
    return node.sharding().entityRefFor(ShardedEngine.CALLS, ShardedEngine.entityId(key));
  }
}
