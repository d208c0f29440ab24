package io.carillon.http.app;

import com.typesafe.config.Config;
import io.carillon.engine.actor.ShardedEngine;
import io.carillon.engine.call.CallKey;
import io.carillon.engine.call.CallRecords;
import io.carillon.engine.call.JitsiRoom;
import io.carillon.engine.session.UserSettingsStore;
import io.carillon.http.cluster.ClusterFormation;
import io.carillon.http.cluster.DatabaseWatch;
import io.carillon.http.cluster.DeadProcesses;
import io.carillon.persistence.cluster.ClusterMembership;
import io.carillon.persistence.database.Database;
import io.carillon.persistence.database.DatabaseClock;
import io.carillon.persistence.database.DatabaseProbe;
import io.carillon.persistence.database.DatabaseSettings;
import io.carillon.persistence.journal.JournalDatabase;
import io.carillon.persistence.journal.JournalPlugin;
import io.carillon.persistence.migration.DatabaseChecks;
import io.carillon.persistence.migration.Migrations;
import io.carillon.persistence.migration.RestoredJournal;
import io.carillon.persistence.readmodel.JournalCallRecords;
import io.carillon.persistence.readmodel.RecordsSettings;
import io.carillon.persistence.settings.StoredUserSettings;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.sql.DataSource;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.AddressFromURIString;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.JoinSeedNodes;
import org.apache.pekko.cluster.typed.SelfUp;
import org.apache.pekko.cluster.typed.Subscribe;

/**
 * One node without its edge: the database made ready, the actor system in its cluster, the engine.
 * What the edge, and whoever embeds the engine, is built on.
 */
public final class EngineHost {
  private final ActorSystem<Void> system;
  private final ShardedEngine engine;
  private final Database database;
  private final CallRecords records;
  private final UserSettingsStore settings;
  private final DatabaseClock clock;

  private EngineHost(
      ActorSystem<Void> system,
      ShardedEngine engine,
      Database database,
      CallRecords records,
      UserSettingsStore settings,
      DatabaseClock clock) {
    this.system = system;
    this.engine = engine;
    this.database = database;
    this.records = records;
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * Starts a node and waits until it is a member of its cluster.
   *
   * @param application what differs from the defaults
   * @param rooms the Jitsi room of a call that wants one
   * @throws RuntimeException that says what to do, where the database is not fit or not this
   *     cluster's, or the node is not let in; nothing is left running then
   */
  public static EngineHost start(Config application, Function<CallKey, Optional<JitsiRoom>> rooms) {
    EngineHost host = prepare(application, rooms);
    try {
      host.join();
      return host;
    } catch (RuntimeException failure) {
      var _ = host.stop();
      throw failure;
    }
  }

  /**
   * Makes a node ready for its cluster, all but {@linkplain #join joining} it: what else it needs
   * to serve can be made ready before it is given calls.
   *
   * @throws RuntimeException as {@link #start}
   */
  static EngineHost prepare(Config application, Function<CallKey, Optional<JitsiRoom>> rooms) {
    Config config = layered(application);
    DatabaseSettings databaseSettings = DatabaseSettings.from(config);
    DataSource startUp = Database.unpooled(databaseSettings);
    Migrations.run(startUp);
    DatabaseChecks.run(startUp);
    RestoredJournal.adopt(startUp);
    Database database = Database.open(databaseSettings);
    ActorSystem<Void> system = null;
    try {
      system = ActorSystem.create(Behaviors.empty(), "carillon", config);
      return assembled(system, database, rooms);
    } catch (RuntimeException e) {
      if (system != null) {
        system.terminate();
      }
      database.close();
      throw e;
    }
  }

  /**
   * All layers: the operator's, ours over the libraries', and the node's address where they want
   * it.
   */
  public static Config layered(Config application) {
    Config profile = ClusterSettings.profile(JournalPlugin.over(application));
    Config joined = JournalPlugin.over(application.withFallback(profile));
    return ClusterSettings.transport(joined).withFallback(joined);
  }

  private static EngineHost assembled(
      ActorSystem<Void> system, Database database, Function<CallKey, Optional<JitsiRoom>> rooms) {
    Config config = system.settings().config();
    // Now, not with the first call: a journal that cannot start would be noticed by nobody.
    JournalDatabase.get(system);
    DatabaseClock clock = DatabaseClock.start(database);
    JournalCallRecords records = new JournalCallRecords(database, RecordsSettings.from(config));
    StoredUserSettings settings = new StoredUserSettings(database);
    ShardedEngine engine = ShardedEngine.start(system, records, settings, clock, rooms);
    CoordinatedShutdown.get(system)
        .addTask(
            CoordinatedShutdown.PhaseActorSystemTerminate(),
            "close-clock",
            () -> {
              clock.close();
              return CompletableFuture.completedFuture(Done.getInstance());
            });
    system.getWhenTerminated().whenComplete((done, failure) -> database.close());
    return new EngineHost(system, engine, database, records, settings, clock);
  }

  /**
   * Joins the cluster and waits until the node is a member of it. From then on it is given calls.
   *
   * @throws RuntimeException that says what to do, where the database is not this cluster's or the
   *     node is not let in
   */
  void join() {
    becomeMember();
    watchDatabase(system, database);
    if (system.settings().config().getBoolean("carillon.cluster.refused-is-dead")) {
      system.systemActorOf(DeadProcesses.create(), "dead-processes", Props.empty());
    }
  }

  private void becomeMember() {
    Cluster cluster = Cluster.get(system);
    CountDownLatch up = new CountDownLatch(1);
    system.systemActorOf(
        Behaviors.<SelfUp>setup(
            context -> {
              cluster.subscriptions().tell(Subscribe.create(context.getSelf(), SelfUp.class));
              return Behaviors.receiveMessage(
                  selfUp -> {
                    up.countDown();
                    return Behaviors.stopped();
                  });
            }),
        "wait-until-up",
        Props.empty());
    Config config = system.settings().config();
    ClusterMembership membership =
        new ClusterMembership(database, cluster.selfMember().address().toString());
    // Also with seed nodes: two clusters must not write one journal.
    membership.claim(config.getString("carillon.cluster.name")).toCompletableFuture().join();
    var seeds = config.getStringList("carillon.cluster.seed-nodes");
    if (!seeds.isEmpty()) {
      cluster
          .manager()
          .tell(
              new JoinSeedNodes(seeds.stream().<Address>map(AddressFromURIString::parse).toList()));
    }
    keepMembership(system, membership, config, !seeds.isEmpty());
    Duration patience = config.getDuration("carillon.cluster.join-timeout");
    try {
      if (!up.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException(
            "This node was not let into its cluster within "
                + patience.toSeconds()
                + " s. Can the other nodes reach "
                + cluster.selfMember().address()
                + "? See carillon.cluster in the configuration.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while joining the cluster", e);
    }
  }

  private static void keepMembership(
      ActorSystem<Void> system, ClusterMembership membership, Config config, boolean seeded) {
    membership.register().toCompletableFuture().join();
    system.systemActorOf(
        ClusterFormation.create(
            membership,
            config.getDuration("carillon.cluster.heartbeat"),
            config.getDuration("carillon.cluster.alive-within"),
            seeded,
            () -> Leaving.now(system, Leaving.Reason.SECOND_CLUSTER)),
        "cluster-formation",
        Props.empty());
    CoordinatedShutdown.get(system)
        .addTask(
            CoordinatedShutdown.PhaseClusterExiting(),
            "leave-membership",
            () -> membership.leave().<Done>handle((nothing, failure) -> Done.getInstance()));
  }

  private static void watchDatabase(ActorSystem<Void> system, Database database) {
    Config config = system.settings().config().getConfig("carillon.cluster.database-watch");
    Duration interval = config.getDuration("interval");
    if (interval.isZero()) {
      return;
    }
    DatabaseProbe probe = new DatabaseProbe(database.settings(), config.getDuration("timeout"));
    system.systemActorOf(
        DatabaseWatch.create(
            probe,
            new DatabaseWatch.Settings(interval, config.getInt("failures")),
            () -> Leaving.now(system, Leaving.Reason.CUT_OFF_FROM_DATABASE)),
        "database-watch",
        Props.empty());
    system.getWhenTerminated().whenComplete((done, failure) -> probe.close());
  }

  /** Whether the node is a full member of its cluster now. */
  public boolean isMember() {
    return Cluster.get(system).selfMember().status() == MemberStatus.up();
  }

  /** The actor system. */
  public ActorSystem<Void> system() {
    return system;
  }

  /** The engine's front door. */
  public ShardedEngine engine() {
    return engine;
  }

  /** The database, for everything that is not the journal. */
  public Database database() {
    return database;
  }

  /** Stored calls. */
  public CallRecords records() {
    return records;
  }

  /** Users' settings. */
  public UserSettingsStore settings() {
    return settings;
  }

  /** The one wall clock. */
  public DatabaseClock clock() {
    return clock;
  }

  /** Leaves the cluster, hands over, stores what is waiting, and closes everything. */
  public CompletionStage<Void> stop() {
    return CoordinatedShutdown.get(system)
        .runAll(CoordinatedShutdown.actorSystemTerminateReason())
        .thenCompose(done -> system.getWhenTerminated())
        .thenAccept(done -> {});
  }
}
