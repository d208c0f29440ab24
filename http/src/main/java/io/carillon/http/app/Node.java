package io.carillon.http.app;

import com.typesafe.config.Config;
import io.carillon.engine.actor.ShardedEngine;
import io.carillon.http.auth.Authenticator;
import io.carillon.http.auth.DevTokens;
import io.carillon.http.auth.Revocations;
import io.carillon.http.auth.TicketOffice;
import io.carillon.http.auth.TokenVerifier;
import io.carillon.http.cluster.Pulse;
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
import io.carillon.persistence.connection.ConnectionLog;
import io.carillon.persistence.database.Database;
import io.carillon.persistence.directory.ApiKeys;
import io.carillon.persistence.directory.Directory;
import io.carillon.persistence.directory.DirectorySettings;
import io.carillon.persistence.directory.Tickets;
import io.carillon.persistence.journal.JournalDatabase;
import io.carillon.persistence.readmodel.History;
import io.carillon.persistence.realm.RealmCalls;
import io.carillon.persistence.realm.RealmFeed;
import io.carillon.persistence.realm.RealmUsers;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
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
  private static final Duration HEALTH = Duration.ofSeconds(2);

  /** How long it takes at most until a node that was given up, and goes on, hears of it. */
  private static final Duration TO_BE_TOLD = Duration.ofSeconds(1);

  private final EngineHost host;
  private final ServerBinding binding;
  private final Duration stop;
  private final AtomicBoolean closed = new AtomicBoolean();

  private Node(EngineHost host, ServerBinding binding, Duration stop) {
    this.host = host;
    this.binding = binding;
    this.stop = stop;
  }

  /**
   * Starts a node and returns when it serves.
   *
   * @param application what differs from the defaults
   * @throws RuntimeException with a message for the operator when it cannot start
   */
  public static Node start(Config application) {
    Config config = EngineHost.layered(application);
    // Everything that can be wrong with the settings is found before anything is started.
    Realms realms = new Realms(config);
    HttpSettings http = HttpSettings.from(config);
    var _ = AuthSettings.verifier(config, InstantSource.system());
    EngineHost host = EngineHost.prepare(application, new JitsiRooms(realms, roomSecret(config)));
    try {
      return assembled(config, realms, http, host);
    } catch (RuntimeException failure) {
      var _ = host.stop();
      throw failure;
    }
  }

  private static Node assembled(Config config, Realms realms, HttpSettings http, EngineHost host) {
    InstantSource clock = host.clock();
    // By the clock of all nodes: where this machine's is wrong, no good token is refused.
    TokenVerifier verifier = AuthSettings.verifier(config, clock);
    Database database = host.database();
    ActorSystem<Void> system = host.system();
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    EdgeMetrics metrics = new EdgeMetrics(registry);
    Gauge.builder("carillon.shards", host.engine(), ShardedEngine::shards)
        .description("Shards whose calls this node owns")
        .register(registry);
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
            host.engine(),
            realms,
            jitsi,
            (asker, users) -> names.unknown(asker.user().realm(), users),
            host.records(),
            http.retryBudget());
    Revocations revocations = new Revocations();
    StoredRevocations office =
        new StoredRevocations(
            system,
            database,
            revocations,
            config.getDuration("carillon.auth.revocation-kept"),
            clock);
    Authenticator authenticator =
        new Authenticator(
            verifier,
            StoredCredentials.keys(new ApiKeys(database)),
            revocations,
            principal -> names.seen(principal.user(), principal.name()));
    TicketOffice tickets = StoredCredentials.tickets(new Tickets(database));
    ConnectionLog connections = ConnectionLog.start(database, JournalDatabase.node(system));
    CoordinatedShutdown.get(system)
        .addTask(
            CoordinatedShutdown.PhaseActorSystemTerminate(),
            "close-connection-log",
            () ->
                CompletableFuture.runAsync(connections::close)
                    .thenApply(done -> org.apache.pekko.Done.getInstance()));
    BooleanSupplier mayServe = pulse(config, system);
    Sockets sockets =
        new Sockets(
            http.socket().maxSockets(),
            http.socket().maxOfUser(),
            metrics.openSockets(),
            authenticator::isStillGood,
            mayServe,
            connections,
            clock);
    office.onLearned(sockets::closeRevoked);
    Optional<DevTokens> devTokens =
        config.getBoolean("carillon.dev.enabled")
            ? AuthSettings.secret(config).map(secret -> new DevTokens(secret, clock))
            : Optional.empty();
    Materializer materializer = SystemMaterializer.get(system).materializer();
    Edge edge =
        new EdgeParts(
                host.engine(),
                host.records(),
                new History(database),
                new RealmCalls(database),
                new RealmUsers(database),
                new RealmFeed(database),
                host.settings(),
                desk,
                jitsi,
                new IceServers(realms, clock),
                authenticator,
                tickets,
                office,
                names,
                realms,
                http,
                sockets,
                metrics,
                state(host, sockets, registry),
                devTokens,
                clock,
                materializer)
            .edge();
    // Last, for a member is given calls at once, and they would wait for all of the above.
    host.join();
    ServerBinding binding =
        await(Http.get(system).newServerAt(http.host(), http.port()).bind(edge::handle), START);
    new Leaving(system, sockets, binding, http).arrange();
    Node node = new Node(host, binding, Leaving.bound(http));
    LOG.info("serving on {}", node.address());
    return node;
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

  /** Whether this process has not stood still for so long that others may own its calls by now. */
  private static BooleanSupplier pulse(Config config, ActorSystem<Void> system) {
    if (!config.getBoolean("carillon.cluster.suspension-check")) {
      return () -> true;
    }
    Duration givenUp =
        config
            .getDuration("pekko.cluster.failure-detector.acceptable-heartbeat-pause")
            .plus(config.getDuration("pekko.cluster.split-brain-resolver.stable-after"));
    Cluster cluster = Cluster.get(system);
    Pulse pulse =
        Pulse.start(
            givenUp.multipliedBy(7).dividedBy(10),
            // Time to give it up, if somebody was about to, and to let it know.
            givenUp.plus(TO_BE_TOLD),
            () ->
                cluster.selfMember().status() == MemberStatus.up()
                    && cluster.state().getUnreachable().isEmpty(),
            new Pulse.Listener() {
              @Override
              public void stoodStill(Duration gap) {
                LOG.error(
                    "This process stood still for {} ms. It answers nothing until it is clear"
                        + " whether the others went on without it",
                    gap.toMillis());
              }

              @Override
              public void goesOn() {
                LOG.warn("Nobody went on without this process: it answers again");
              }
            });
    system.getWhenTerminated().whenComplete((done, failure) -> pulse.close());
    return pulse::isSteady;
  }

  private static NodeState state(
      EngineHost host, Sockets sockets, PrometheusMeterRegistry registry) {
    return new NodeState() {
      @Override
      public CompletionStage<Optional<String>> unready() {
        if (sockets.isDraining()) {
          return CompletableFuture.completedFuture(Optional.of("draining"));
        }
        if (!sockets.mayServe()) {
          return CompletableFuture.completedFuture(Optional.of("stood still"));
        }
        if (!host.isMember()) {
          return CompletableFuture.completedFuture(Optional.of("not in the cluster"));
        }
        return host.database()
            .query(connection -> connection.isValid(1))
            .orTimeout(HEALTH.toMillis(), TimeUnit.MILLISECONDS)
            .handle(
                (valid, failure) ->
                    failure == null && valid ? Optional.empty() : Optional.of("no database"));
      }

      @Override
      public void drain() {
        LOG.info("asked to drain");
        Leaving.now(host.system(), Leaving.Reason.DRAINED);
      }

      @Override
      public String metrics() {
        return registry.scrape();
      }
    };
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
    return host.system().getWhenTerminated();
  }

  /** Whether a node that has stopped was told to, and did not go because it had to. */
  boolean wasStoppedOnPurpose() {
    return Leaving.wasWanted(host.system());
  }

  /** Stops the node: sockets are told where to go, calls are handed over, the database is last. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    Leaving.begin(host.system(), CoordinatedShutdown.jvmExitReason(), stop)
        .thenAccept(
            failure ->
                failure.ifPresent(why -> LOG.warn("the node did not stop in order: {}", why)))
        .toCompletableFuture()
        .join();
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
