package io.carillon.engine.actor;

import com.github.f4b6a3.uuid.UuidCreator;
import io.carillon.engine.call.CallCommand;
import io.carillon.engine.call.CallFacts;
import io.carillon.engine.call.CallId;
import io.carillon.engine.call.CallKey;
import io.carillon.engine.call.CallRecords;
import io.carillon.engine.call.JitsiRoom;
import io.carillon.engine.call.MediaPlane;
import io.carillon.engine.call.RequestKey;
import io.carillon.engine.call.Signal;
import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.Endpoint;
import io.carillon.engine.identity.RealmId;
import io.carillon.engine.identity.UserId;
import io.carillon.engine.identity.UserKey;
import io.carillon.engine.session.UserSettingsStore;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.cluster.sharding.typed.ClusterShardingSettings;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine on a cluster: calls and sessions as sharded entities, and the door in front of them. A
 * request that gets no answer is asked again, with what makes it safe to ask twice, until its
 * budget is spent; a fail-over then shows as latency, not as an error.
 */
public final class ShardedEngine implements CallEngine {
  private static final Logger LOG = LoggerFactory.getLogger(ShardedEngine.class);

  /** Where sharding finds calls. */
  static final EntityTypeKey<CallEntity.Message> CALLS =
      EntityTypeKey.create(CallEntity.Message.class, "call");

  /** Of a cluster of three nodes, one draw in three is at home. */
  private static final int MAX_DRAWS = 64;

  private final ActorSystem<?> system;
  private final ClusterSharding sharding;
  private final Questions questions;
  private final Calls calls;
  private final InstantSource clock;
  private final EngineSettings settings;
  private final Function<CallKey, Optional<JitsiRoom>> rooms;
  private final HomeShards home;

  /**
   * Starts the engine on this node, before it joins its cluster: once it has, it is given calls.
   *
   * @param records where stored calls are read
   * @param store where users' settings are kept
   * @param clock the one wall clock of all decisions
   * @param rooms the Jitsi room of a call that wants one
   */
  public static ShardedEngine start(
      ActorSystem<?> system,
      CallRecords records,
      UserSettingsStore store,
      InstantSource clock,
      Function<CallKey, Optional<JitsiRoom>> rooms) {
    EngineSettings settings = EngineSettings.from(system.settings().config());
    ClusterSharding sharding = ClusterSharding.get(system);
    Questions questions = new Questions();
    Calls calls = new Calls(sharding, questions);
    CallEntity.Surroundings forCalls =
        new CallEntity.Surroundings(sharding, calls, clock, settings);
    UserSession.Surroundings forUsers =
        new UserSession.Surroundings(sharding, questions, calls, records, store, clock, settings);
    // Entities decide themselves when they are no longer needed: a call that talks for an hour is
    // sent nothing through sharding, and must not be stopped for it.
    ClusterShardingSettings lasting =
        ClusterShardingSettings.create(system).withNoPassivationStrategy();
    sharding.init(
        Entity.of(
                CALLS,
                entity ->
                    CallEntity.create(callKey(entity.getEntityId()), forCalls, entity.getShard()))
            .withStopMessage(CallEntity.STOP)
            .withSettings(lasting));
    sharding.init(
        Entity.of(
                UserSession.TYPE,
                entity ->
                    UserSession.create(userKey(entity.getEntityId()), forUsers, entity.getShard()))
            .withStopMessage(UserSession.STOP)
            .withSettings(lasting));
    system.systemActorOf(LostNodes.create(questions), "lost-nodes", Props.empty());
    system.systemActorOf(
        DroppedInMove.create(
            (id, message) -> sharding.entityRefFor(CALLS, id).tell(message),
            (id, message) -> sharding.entityRefFor(UserSession.TYPE, id).tell(message)),
        "dropped-in-move",
        Props.empty());
    system.systemActorOf(
        Sweeper.create(calls, records, clock, settings.sweepInterval()),
        "deadline-sweeper",
        Props.empty());
    HomeShards home = new HomeShards(lasting.numberOfShards());
    system.systemActorOf(home.watch(sharding), "home-shards", Props.empty());
    rehearse(system, forCalls, forUsers);
    return new ShardedEngine(system, sharding, questions, calls, clock, settings, rooms, home);
  }

  /** Returns when what is slow the first time has been done once; a node may do without. */
  private static void rehearse(
      ActorSystem<?> system, CallEntity.Surroundings forCalls, UserSession.Surroundings forUsers) {
    Rehearsal.play(system, forCalls, forUsers)
        .exceptionally(
            failure -> {
              LOG.warn("the first calls of this node will be slow: {}", failure.toString());
              return null;
            })
        .toCompletableFuture()
        .join();
  }

  private ShardedEngine(
      ActorSystem<?> system,
      ClusterSharding sharding,
      Questions questions,
      Calls calls,
      InstantSource clock,
      EngineSettings settings,
      Function<CallKey, Optional<JitsiRoom>> rooms,
      HomeShards home) {
    this.system = system;
    this.sharding = sharding;
    this.questions = questions;
    this.calls = calls;
    this.clock = clock;
    this.settings = settings;
    this.rooms = rooms;
    this.home = home;
  }

  /**
   * Of how many shards this node owns the calls, as seen some seconds ago. All nodes together own
   * as many as were ever asked for, {@code pekko.cluster.sharding.number-of-shards} at most.
   */
  public int shards() {
    return home.size();
  }

  @Override
  public CompletionStage<Reply> initiate(Initiation wish) {
    long until = budget();
    CallId id = wish.callId().orElseGet(() -> callId(wish));
    CallKey key = new CallKey(wish.caller().realm(), id);
    if (wish.request().isEmpty()) {
      // A request without a key of its own gets the call's id as one, so that it can be asked
      // again.
      return place(wish, key, new RequestKey(wish.caller().user(), id.value(), ""), until);
    }
    RequestKey request = wish.request().get();
    return calls
        .recall(key, request, settings.askTimeout())
        .handle((reply, failure) -> failure == null ? reply : Optional.<Reply>empty())
        .thenCompose(
            reply ->
                reply
                    .<CompletionStage<Reply>>map(CompletableFuture::completedFuture)
                    .orElseGet(() -> place(wish, key, request, until)));
  }

  private CompletionStage<Reply> place(
      Initiation wish, CallKey key, RequestKey request, long until) {
    CompletionStage<DeviceId> device =
        wish.device()
            .<CompletionStage<DeviceId>>map(CompletableFuture::completedFuture)
            .orElseGet(() -> actingDevice(wish.caller()));
    return device.thenCompose(
        from -> {
          CallFacts facts = facts(wish, key, from);
          return insist(
              timeout ->
                  questions.ask(
                      session(wish.caller()),
                      replyTo ->
                          new SessionMessage.Place(wish, key.call(), from, facts, request, replyTo),
                      timeout),
              until);
        });
  }

  private CallFacts facts(Initiation wish, CallKey key, DeviceId from) {
    return new CallFacts(
        key,
        new Endpoint(wish.caller().user(), from),
        wish.type(),
        wish.mode(),
        wish.ring(),
        wish.mediaPlane(),
        wish.mediaPlane() == MediaPlane.JITSI ? rooms.apply(key) : Optional.empty(),
        wish.context(),
        wish.metadata(),
        wish.detached() || wish.asService(),
        wish.limits(),
        clock.instant().truncatedTo(ChronoUnit.MILLIS));
  }

  /** The id of a keyed request is derived from its key: a retry reaches the same call (R27). */
  private CallId callId(Initiation wish) {
    RealmId realm = wish.caller().realm();
    return wish.request()
        .map(
            request ->
                UuidCreator.getNameBasedSha1(realm + "|" + request.user() + "|" + request.key()))
        .map(id -> new CallId(id.toString()))
        .orElseGet(() -> newCallId(realm));
  }

  /**
   * Ids begin with the time (UUIDv7), so that the rows of new calls lie together in the database's
   * indexes; the rest is random enough that none can be guessed from another. Drawn until the call
   * would live on this node: a few times at most where nodes are few.
   */
  private CallId newCallId(RealmId realm) {
    CallId id = drawnCallId();
    if (home.size() > 0) {
      for (int i = 0; i < MAX_DRAWS && !home.contains(entityId(new CallKey(realm, id))); i++) {
        id = drawnCallId();
      }
    }
    return id;
  }

  private static CallId drawnCallId() {
    return new CallId(UuidCreator.getTimeOrderedEpochPlusN().toString());
  }

  @Override
  public CompletionStage<Reply> submit(CallKey key, CallCommand command) {
    return submit(key, command, budget());
  }

  private CompletionStage<Reply> submit(CallKey key, CallCommand command, long until) {
    return insist(timeout -> calls.submit(key, command, Optional.empty(), timeout), until);
  }

  @Override
  public CompletionStage<Reply> invite(
      CallKey key, Endpoint by, List<UserId> callees, Optional<RequestKey> request) {
    long until = budget();
    return new Summons(calls, sharding, questions, settings, key, by, callees, request)
        .prepare()
        .thenCompose(
            prepared ->
                switch (prepared) {
                  case Summons.Ready(CallCommand.Invite command) -> submit(key, command, until);
                  case Summons.Answered(Reply reply) -> CompletableFuture.completedFuture(reply);
                });
  }

  @Override
  public CompletionStage<Reply> signal(CallKey key, Endpoint from, Signal signal) {
    return calls
        .relay(key, from, signal, settings.askTimeout())
        .exceptionally(failure -> new Reply.Unavailable(true));
  }

  /** Until when a request that comes now is asked again. */
  private long budget() {
    return System.nanoTime() + settings.askBudget().toNanos();
  }

  /** Asks until there is an answer, each time for as long as one attempt may take. */
  private CompletionStage<Reply> insist(
      Function<Duration, CompletionStage<Reply>> attempt, long until) {
    Duration most = settings.askTimeout();
    return Questions.untilAnswered(
        left -> attempt.apply(left.compareTo(most) < 0 ? left : most),
        () -> new Reply.Unavailable(true),
        until);
  }

  @Override
  public CompletionStage<DeviceId> actingDevice(UserKey user) {
    return devices(user)
        .thenApply(devices -> devices.size() == 1 ? devices.iterator().next() : DeviceId.REST);
  }

  private CompletionStage<Set<DeviceId>> devices(UserKey user) {
    return questions
        .ask(session(user), SessionMessage.ListDevices::new, settings.askTimeout())
        // Where nobody can say who is connected, nobody is taken to be.
        .handle((devices, failure) -> failure == null ? devices.connected() : Set.of());
  }

  @Override
  public CompletionStage<Set<UserId>> online(RealmId realm, Set<UserId> users) {
    CompletionStage<Set<UserId>> all = CompletableFuture.completedFuture(new HashSet<>());
    for (UserId user : users) {
      all =
          all.thenCombine(
              devices(new UserKey(realm, user)),
              (online, devices) -> {
                if (!devices.isEmpty()) {
                  online.add(user);
                }
                return online;
              });
    }
    return all.thenApply(Set::copyOf);
  }

  @Override
  public void settingsChanged(UserKey user) {
    session(user).tell(new SessionMessage.SettingsChanged());
  }

  @Override
  public void attach(
      UserKey user,
      DeviceId device,
      String platform,
      Optional<String> cursor,
      ActorRef<ToSocket> socket) {
    session(user).tell(new SessionMessage.Attach(user, device, platform, cursor, socket));
  }

  @Override
  public void alive(UserKey user, DeviceId device, ActorRef<ToSocket> socket) {
    // A session that died with its node knows none of its sockets: the next sign of life brings it
    // back to life; a session that knows the socket lets this pass.
    session(user).tell(new SessionMessage.StillHere(device, socket));
  }

  @Override
  public void detach(UserKey user, DeviceId device, ActorRef<ToSocket> socket) {
    session(user).tell(new SessionMessage.Detach(device, socket));
  }

  /** The actor system the engine runs on. */
  public ActorSystem<?> system() {
    return system;
  }

  private EntityRef<SessionMessage> session(UserKey user) {
    return sharding.entityRefFor(UserSession.TYPE, UserSession.entityId(user.realm(), user.user()));
  }

  static String entityId(CallKey key) {
    return key.realm() + "|" + key.call();
  }

  private static CallKey callKey(String entityId) {
    int bar = entityId.indexOf('|');
    return new CallKey(
        new RealmId(entityId.substring(0, bar)), new CallId(entityId.substring(bar + 1)));
  }

  private static UserKey userKey(String entityId) {
    int bar = entityId.indexOf('|');
    return new UserKey(
        new RealmId(entityId.substring(0, bar)), new UserId(entityId.substring(bar + 1)));
  }
}
