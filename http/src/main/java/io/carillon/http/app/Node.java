package io.carillon.http.app;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.carillon.engine.actor.ShardedEngine;
import io.carillon.http.auth.Authenticator;
import io.carillon.http.auth.DevTokens;
import io.carillon.http.auth.TicketOffice;
import io.carillon.http.auth.TokenVerifier;
import io.carillon.http.command.CallDesk;
import io.carillon.http.command.Hashes;
import io.carillon.http.command.IceServers;
import io.carillon.http.command.JitsiRooms;
import io.carillon.http.command.JitsiTokens;
import io.carillon.http.directory.NameCache;
import io.carillon.http.metrics.EdgeMetrics;
import io.carillon.http.rest.Edge;
import io.carillon.http.rest.EdgeParts;
import io.carillon.http.rest.NodeState;
import io.carillon.http.settings.HttpSettings;
import io.carillon.http.settings.Realms;
import io.carillon.http.websocket.Sockets;
import io.carillon.persistence.cluster.ClusterMembership;
import io.carillon.persistence.database.Database;
import io.carillon.persistence.database.DatabaseSettings;
import io.carillon.persistence.directory.ApiKeys;
import io.carillon.persistence.directory.Directory;
import io.carillon.persistence.directory.DirectorySettings;
import io.carillon.persistence.directory.Tickets;
import io.carillon.persistence.journal.JournalPlugin;
import io.carillon.persistence.migration.DatabaseChecks;
import io.carillon.persistence.migration.Migrations;
import io.carillon.persistence.readmodel.History;
import io.carillon.persistence.readmodel.JournalCallRecords;
import io.carillon.persistence.readmodel.RecordsSettings;
import io.carillon.persistence.settings.StoredUserSettings;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SystemMaterializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running node: database, actor system, engine and edge, put together here and nowhere else,
 * and taken apart in the opposite order.
 */
public final class Node implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Node.class);
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration STOP = Duration.ofSeconds(30);
  private static final Duration HEALTH = Duration.ofSeconds(2);

  private final ActorSystem<Void> system;
  private final Database database;
  private final Gathering gathering;
  private final Sockets sockets;
  private final ServerBinding binding;
  private final AtomicBoolean closed = new AtomicBoolean();

  private Node(
      ActorSystem<Void> system,
      Database database,
      Gathering gathering,
      Sockets sockets,
      ServerBinding binding) {
    this.system = system;
    this.database = database;
    this.gathering = gathering;
    this.sockets = sockets;
    this.binding = binding;
  }

  /**
   * Starts a node and returns when it serves.
   *
   * @param application what differs from the defaults
   * @throws RuntimeException with a message for the operator when it cannot start
   */
  public static Node start(Config application) {
    Config config = layered(application);
    // Everything that can be wrong with the settings is found before anything is started.
    Realms realms = new Realms(config);
    HttpSettings http = HttpSettings.from(config);
    InstantSource clock = InstantSource.system();
    TokenVerifier verifier = AuthSettings.verifier(config, clock);
    DatabaseSettings databaseSettings = DatabaseSettings.from(config);
    DataSource single = Database.unpooled(databaseSettings);
    Migrations.run(single);
    DatabaseChecks.run(single);
    Database database = Database.open(databaseSettings);
    ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "carillon", config);
    try {
      return assembled(config, realms, http, verifier, clock, database, system);
    } catch (RuntimeException failure) {
      system.terminate();
      database.close();
      throw failure;
    }
  }

  private static Config layered(Config application) {
    Config joined = JournalPlugin.over(application);
    String artery = "pekko.remote.artery.canonical.";
    return ConfigFactory.parseMap(
            Map.of(
                artery + "hostname", joined.getString("carillon.cluster.host"),
                artery + "port", joined.getInt("carillon.cluster.port")))
        .withFallback(joined);
  }

  private static Node assembled(
      Config config,
      Realms realms,
      HttpSettings http,
      TokenVerifier verifier,
      InstantSource clock,
      Database database,
      ActorSystem<Void> system) {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    EdgeMetrics metrics = new EdgeMetrics(registry);
    Gathering gathering = gather(config, database, system);

    JournalCallRecords records = new JournalCallRecords(database, RecordsSettings.from(config));
    StoredUserSettings userSettings = new StoredUserSettings(database);
    byte[] roomSecret = roomSecret(config);
    ShardedEngine engine =
        ShardedEngine.start(
            system, records, userSettings, clock, new JitsiRooms(realms, roomSecret));

    NameCache names =
        new NameCache(new StoredDirectory(new Directory(database, DirectorySettings.from(config))));
    JitsiTokens jitsi =
        new JitsiTokens(
            realms,
            user ->
                names
                    .person(user)
                    .map(
                        p ->
                            new JitsiTokens.Profile(
                                p.name(), p.email().orElse(""), p.avatarUrl().orElse("")))
                    .orElseGet(() -> new JitsiTokens.Profile(names.of(user), "", "")),
            clock);
    CallDesk desk =
        new CallDesk(
            engine,
            realms,
            jitsi,
            (asker, users) -> names.unknown(asker.user().realm(), users),
            http.retryBudget());
    Authenticator authenticator =
        new Authenticator(
            verifier,
            StoredCredentials.keys(new ApiKeys(database)),
            principal -> names.seen(principal.user(), principal.name()));
    TicketOffice tickets = StoredCredentials.tickets(new Tickets(database));
    Sockets sockets = new Sockets(http.socket().maxSockets(), metrics.openSockets());
    Optional<DevTokens> devTokens =
        config.getBoolean("carillon.dev.enabled")
            ? AuthSettings.secret(config).map(secret -> new DevTokens(secret, clock))
            : Optional.empty();
    Materializer materializer = SystemMaterializer.get(system).materializer();
    Edge edge =
        new EdgeParts(
                engine,
                records,
                new History(database),
                userSettings,
                desk,
                jitsi,
                new IceServers(realms, clock),
                authenticator,
                tickets,
                names,
                realms,
                http,
                sockets,
                metrics,
                state(system, database, sockets, registry),
                devTokens,
                clock,
                materializer)
            .edge();
    await(gathering.join(), START);
    ServerBinding binding =
        await(Http.get(system).newServerAt(http.host(), http.port()).bind(edge::handle), START);
    Node node = new Node(system, database, gathering, sockets, binding);
    node.stopInOrder(http);
    LOG.info("serving on {}", node.address());
    return node;
  }

  private static Gathering gather(Config config, Database database, ActorSystem<Void> system) {
    Cluster cluster = Cluster.get(system);
    ClusterMembership membership =
        new ClusterMembership(database, cluster.selfAddress().toString());
    await(membership.claim(config.getString("carillon.cluster.name")), START);
    return new Gathering(
        cluster,
        membership,
        config.getDuration("carillon.cluster.heartbeat"),
        config.getDuration("carillon.cluster.alive-within"));
  }

  /** Where realms have no secret for their rooms: one derived from what all nodes share. */
  private static byte[] roomSecret(Config config) {
    byte[] shared =
        AuthSettings.secret(config)
            .orElseGet(
                () ->
                    config
                        .getString("carillon.database.password")
                        .getBytes(StandardCharsets.UTF_8));
    byte[] key = shared.length == 0 ? new byte[] {0} : shared;
    return Hashes.hmac("HmacSHA256", key, "jitsi rooms");
  }

  private static NodeState state(
      ActorSystem<Void> system,
      Database database,
      Sockets sockets,
      PrometheusMeterRegistry registry) {
    return new NodeState() {
      @Override
      public CompletionStage<Optional<String>> unready() {
        if (sockets.isDraining()) {
          return CompletableFuture.completedFuture(Optional.of("draining"));
        }
        if (!Cluster.get(system).selfMember().status().equals(MemberStatus.up())) {
          return CompletableFuture.completedFuture(Optional.of("not in the cluster"));
        }
        return database
            .query(connection -> connection.isValid(1))
            .orTimeout(HEALTH.toMillis(), TimeUnit.MILLISECONDS)
            .handle(
                (valid, failure) ->
                    failure == null && valid ? Optional.empty() : Optional.of("no database"));
      }

      @Override
      public String metrics() {
        return registry.scrape();
      }
    };
  }

  /** New sockets are refused first, then the open ones go, then the cluster hands over. */
  private void stopInOrder(HttpSettings http) {
    CoordinatedShutdown shutdown = CoordinatedShutdown.get(system);
    shutdown.addTask(
        CoordinatedShutdown.PhaseServiceUnbind(),
        "unbind",
        () -> binding.unbind().thenApply(done -> org.apache.pekko.Done.getInstance()));
    shutdown.addTask(
        CoordinatedShutdown.PhaseServiceRequestsDone(),
        "drain-sockets",
        () ->
            sockets
                .drain(http.drainSpread(), http.drain())
                .thenApply(done -> org.apache.pekko.Done.getInstance()));
  }

  /** Where it listens, {@code host:port}. */
  public String address() {
    InetSocketAddress address = binding.localAddress();
    return address.getHostString() + ":" + address.getPort();
  }

  /** The port it listens on. */
  public int port() {
    return binding.localAddress().getPort();
  }

  /** Completes when the node has stopped, whoever stopped it. */
  public CompletionStage<?> stopped() {
    return system.getWhenTerminated();
  }

  /** Stops the node: sockets are told where to go, calls are handed over, the database is last. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    gathering.close();
    CoordinatedShutdown.get(system)
        .runAll(CoordinatedShutdown.jvmExitReason())
        .toCompletableFuture()
        .orTimeout(STOP.toMillis(), TimeUnit.MILLISECONDS)
        .handle(
            (done, failure) -> {
              if (failure != null) {
                LOG.warn("the node did not stop in order: {}", failure.toString());
              }
              return null;
            })
        .join();
    database.close();
  }

  private static <T> T await(CompletionStage<T> stage, Duration atMost) {
    try {
      return stage.toCompletableFuture().orTimeout(atMost.toMillis(), TimeUnit.MILLISECONDS).join();
    } catch (CompletionException failure) {
      if (failure.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw failure;
    }
  }
}
