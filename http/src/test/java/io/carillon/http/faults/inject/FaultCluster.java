package io.carillon.http.faults.inject;

import io.carillon.http.faults.record.Recorder;
import io.carillon.http.testnode.NodeProcess;
import io.carillon.http.testnode.NodeProcess.Place;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/**
 * Three nodes with one database, and whoever starts a node again that ended by itself, as systemd
 * or Kubernetes would.
 */
public final class FaultCluster implements AutoCloseable {
  /** What tokens are signed with. */
  public static final String SECRET = "a secret of the fault suite, long enough to sign with";

  /** How many nodes there are. */
  public static final int NODES = 3;

  /** Class path and options of the nodes' JVM, where they are not to be those of this one. */
  private static final String CLASS_PATH = "faults.node.classpath";

  private static final String OPTIONS = "faults.node.options";

  private static final Duration READY = Duration.ofSeconds(90);

  private final Network network;
  private final Postgres postgres;
  private final Recorder recorder;
  private final List<NodeProcess> nodes = new ArrayList<>();
  private final List<Dial> dials = new ArrayList<>();
  private volatile List<String> release = List.of();

  /** The release each node was started as, by its number; those that are not here, as none. */
  private final Map<Integer, List<String>> releases = new ConcurrentHashMap<>();

  private final Set<Integer> unattended = ConcurrentHashMap.newKeySet();
  private final AtomicInteger restarts = new AtomicInteger();
  private final ScheduledExecutorService supervisor =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("faults-supervisor").factory());

  /** Nothing may outlive this process, also when it is ended early. */
  private final Thread atExit = new Thread(this::endAll, "faults-end");

  private FaultCluster(Network network, Postgres postgres, Recorder recorder) {
    this.network = network;
    this.postgres = postgres;
    this.recorder = recorder;
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /**
   * What beside processes and network the faults of a run need.
   *
   * @param namespaces whether to use network namespaces where that is possible
   * @param dials whether disk and clocks are to obey, where that is possible
   * @param smallDisk whether the tables are to have a volume of their own, where that is possible
   */
  public record Equipment(boolean namespaces, boolean dials, boolean smallDisk) {}

  /** Starts database and nodes; returns when all nodes are ready. */
  public static FaultCluster start(Path directory, Recorder recorder, Equipment equipment) {
    Network network = Network.make(NODES, equipment.namespaces());
    Optional<Shim> shim = equipment.dials() ? Shim.compile(directory) : Optional.empty();
    Postgres postgres =
        Postgres.start(
            directory,
            network.databaseHost(),
            shim.map(s -> s.dial("postgresql")),
            equipment.smallDisk()
                ? SmallDisk.mount(directory.resolve("tables"))
                : Optional.empty());
    FaultCluster cluster = new FaultCluster(network, postgres, recorder);
    try {
      for (int node = 1; node <= NODES; node++) {
        String name = name(node);
        shim.ifPresent(s -> cluster.dials.add(s.dial(name)));
        cluster.nodes.add(NodeProcess.launch(cluster.place(node, directory)));
      }
      cluster.awaitReady();
    } catch (RuntimeException | Error notStarted) {
      cluster.close();
      throw notStarted;
    }
    var _ = cluster.supervisor.scheduleWithFixedDelay(cluster::attend, 1, 1, TimeUnit.SECONDS);
    return cluster;
  }

  private Place place(int node, Path directory) {
    List<String> settings = new ArrayList<>(database());
    settings.addAll(
        List.of(
            "carillon.auth.secret=" + SECRET,
            "carillon.cluster.host=" + network.host(node),
            "carillon.cluster.port=7355",
            "carillon.http.host=" + network.host(node),
            "carillon.http.port=" + network.port(node),
            // The load is more than people make, and from few users.
            "carillon.engine.limits.initiates-per-minute=0",
            "carillon.engine.limits.redials=0",
            // So that the end of the run is not spent waiting for who does not come back.
            "carillon.calls.reconnect-grace=20 s"));
    List<String> before = new ArrayList<>(network.inside(node));
    dial(node).ifPresent(dial -> before.addAll(dial.before()));
    return new Place(
        directory.resolve(name(node)),
        network.host(node),
        network.port(node),
        before,
        settings,
        System.getProperty(CLASS_PATH, System.getProperty("java.class.path")),
        options());
  }

  /** As an operator's nodes run where that was asked for, otherwise as this process does. */
  private static List<String> options() {
    List<String> options = new ArrayList<>();
    String given = System.getProperty(OPTIONS, "").strip();
    options.addAll(
        given.isEmpty() ? List.of("-XX:+UseSerialGC") : List.of(given.split("\\s+", -1)));
    options.add("-Xmx256m");
    return options;
  }

  /** Whether nodes run as an operator's do: from the archives, with what a node has learned. */
  public static boolean isPackaged() {
    return System.getProperty(CLASS_PATH) != null;
  }

  /** Runs one of the product's commands on the database, as an operator; returns what it said. */
  public String command(String... words) {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    line.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.carillon.http.app.Main"));
    line.addAll(List.of(words));
    line.addAll(List.of("--database-url", postgres.url(), "--database-user", postgres.user()));
    return Shell.attempt(line.toArray(String[]::new)).said();
  }

  private List<String> database() {
    return List.of(
        "carillon.database.url=" + postgres.url(), "carillon.database.username=" + postgres.user());
  }

  /** Starts again what ended without being asked to. */
  private void attend() {
    for (int i = 0; i < nodes.size(); i++) {
      if (!unattended.contains(i + 1) && !nodes.get(i).isAlive()) {
        recorder.mark("", "ended by itself, started again", name(i + 1));
        restarts.incrementAndGet();
        launchAgain(i + 1);
      }
    }
  }

  private void launchAgain(int node) {
    releases.put(node, release);
    node(node).launchAgain(release);
  }

  private static String name(int node) {
    return "node-" + node;
  }

  /** Returns when every node is ready. */
  public void awaitReady() {
    IntStream.rangeClosed(1, NODES).forEach(this::awaitReady);
  }

  /** Returns when this node is ready, however often it was started again meanwhile. */
  public void awaitReady(int node) {
    nodes.get(node - 1).awaitReady(READY);
  }

  /**
   * Returns when nodes own the same share of the calls: a node that was started again is given some
   * every ten seconds, and what strikes while they move is felt for longer. Nodes of different
   * releases are given none: then it returns at once.
   */
  public void awaitShared() {
    if (IntStream.rangeClosed(1, NODES)
            .mapToObj(node -> releases.getOrDefault(node, List.of()))
            .distinct()
            .count()
        > 1) {
      return;
    }
    Awaitility.await("nodes that own the same share of the calls")
        .atMost(READY)
        .pollInterval(Duration.ofSeconds(1))
        .until(
            () -> {
              DoubleSummaryStatistics shards =
                  nodes.stream()
                      .mapToDouble(node -> node.metric("carillon_shards"))
                      .summaryStatistics();
              return shards.getMin() > 0 && shards.getMax() - shards.getMin() <= 1;
            });
  }

  /** The base URLs of all nodes. */
  public List<String> urls() {
    return nodes.stream().map(NodeProcess::url).toList();
  }

  /** The network between them. */
  public Network network() {
    return network;
  }

  /** Their database. */
  public Postgres postgres() {
    return postgres;
  }

  /** A node, counted from 1. */
  public NodeProcess node(int node) {
    return nodes.get(node - 1);
  }

  /** What a node's clock obeys; empty: nothing can be done to it. */
  public Optional<Dial> dial(int node) {
    return dials.size() < node ? Optional.empty() : Optional.of(dials.get(node - 1));
  }

  /** Nodes that are started from now on say that they are of this version. */
  public void release(String version) {
    release = List.of("pekko.cluster.app-version=" + version);
  }

  /** Where each node writes its log. */
  public List<Path> logs() {
    return nodes.stream().map(NodeProcess::log).toList();
  }

  /** How often a node ended by itself and was started again. */
  public int restarts() {
    return restarts.get();
  }

  /** The node that was a member of the cluster first, by its own start. */
  public int oldest() {
    List<String> hosts =
        postgres.query(
            "SELECT address FROM cluster_node WHERE member ORDER BY started_at, address");
    for (String address : hosts) {
      for (int node = 1; node <= NODES; node++) {
        if (address.contains("@" + network.host(node) + ":") && node(node).isAlive()) {
          return node;
        }
      }
    }
    return 1;
  }

  /** From now on nobody starts this node again. */
  public void leaveAlone(int node) {
    unattended.add(node);
  }

  /** From now on it is started again when it ends; at once, if it has. */
  public void lookAfter(int node) {
    if (!node(node).isAlive()) {
      launchAgain(node);
    }
    unattended.remove(node);
  }

  @Override
  public void close() {
    endAll();
    network.close();
    Runtime.getRuntime().removeShutdownHook(atExit);
  }

  private void endAll() {
    supervisor.shutdownNow();
    nodes.forEach(NodeProcess::end);
    postgres.close();
  }
}
