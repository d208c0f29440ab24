package io.carillon.http.faults;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.http.faults.inject.Dial;
import io.carillon.http.faults.inject.FaultCluster;
import io.carillon.http.faults.inject.SmallDisk;
import io.carillon.http.faults.load.Anchor;
import io.carillon.http.faults.load.Api;
import io.carillon.http.faults.load.Crowd;
import io.carillon.http.faults.load.Phone;
import io.carillon.http.faults.record.Item;
import io.carillon.http.faults.record.Recorder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.awaitility.Awaitility;

/** What episodes play on: a cluster under load, and what can be seen of it. */
public final class Stage {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** For so long nobody may have felt anything before all counts as steady, microseconds. */
  private static final long QUIET = 3_000_000;

  /** Requests on their way when a fault begins count too; microseconds. */
  private static final long JUST_BEFORE = 1_000_000;

  private final FaultCluster cluster;
  private final Crowd crowd;
  private final Api api;
  private final Recorder recorder;
  private final SplittableRandom random;
  private String episode = "";
  private long startedAt;
  private int restartsBefore;

  Stage(FaultCluster cluster, Crowd crowd, Api api, Recorder recorder, SplittableRandom random) {
    this.cluster = cluster;
    this.crowd = crowd;
    this.api = api;
    this.recorder = recorder;
    this.random = random;
  }

  /** What is broken. */
  public FaultCluster cluster() {
    return cluster;
  }

  /** Who feels it. */
  public Crowd crowd() {
    return crowd;
  }

  /** The way in. */
  public Api api() {
    return api;
  }

  /** The record. */
  public Recorder recorder() {
    return recorder;
  }

  /** Chance, from the run's seed. */
  public SplittableRandom random() {
    return random;
  }

  /** An order with a key of its own. */
  public Api.Order order(String op, String call, ObjectNode body) {
    return new Api.Order(op, "stage-" + op + "-" + crowd.number(), call, body);
  }

  /** A node by chance. */
  public int anyNode() {
    return 1 + random.nextInt(FaultCluster.NODES);
  }

  /** A node by chance, but not this one. */
  public int nodeOtherThan(int node) {
    int other = 1 + random.nextInt(FaultCluster.NODES - 1);
    return other >= node ? other + 1 : other;
  }

  void begin(String id) {
    episode = id;
    startedAt = recorder.now();
    restartsBefore = cluster.restarts();
  }

  /** The fault begins now. Returns the moment in the record. */
  public long start(String what) {
    recorder.mark(episode, what, "");
    startedAt = recorder.mark(episode, "start", "").at();
    return startedAt;
  }

  /** A node is about to be frozen: who asks it waits. */
  public void silent(int node) {
    recorder.mark(episode, "silent", "node-" + node);
  }

  /** How many nodes ended by themselves in this episode. */
  public int restarts() {
    return cluster.restarts() - restartsBefore;
  }

  /** The fault is over now. Returns the moment in the record. */
  public long stop() {
    return recorder.mark(episode, "stop", "").at();
  }

  /** Undoes everything an episode that failed may have left broken. */
  void recover() {
    cluster.postgres().thaw();
    cluster.postgres().dial().ifPresent(Dial::reset);
    cluster.postgres().disk().ifPresent(SmallDisk::empty);
    for (int node = 1; node <= FaultCluster.NODES; node++) {
      cluster.node(node).signal("CONT");
      cluster.network().heal(node);
      cluster.dial(node).ifPresent(Dial::reset);
      cluster.lookAfter(node);
      api.use(node);
    }
    api.echo(false);
    stop();
  }

  /** Lets the fault last. */
  public void hold(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /**
   * Returns when nodes are ready and have their share of the calls, devices are connected and
   * nobody has felt anything lately.
   */
  public void awaitSteady() {
    cluster.awaitReady();
    cluster.awaitShared();
    Awaitility.await("a steady cluster")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(this::isSteady);
  }

  /** Returns when nobody has felt anything lately, whoever is missing. */
  public void awaitCalm() {
    Awaitility.await("operable calls")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(this::isCalm);
  }

  private boolean isSteady() {
    return isCalm()
        && crowd.phones().stream().allMatch(Phone::isConnected)
        && crowd.anchors().stream().allMatch(Anchor::isUp);
  }

  private boolean isCalm() {
    long since = recorder.now() - QUIET;
    return since > startedAt
        && crowd.anchors().stream()
            .allMatch(
                anchor -> {
                  var trials = anchor.trialsSince(since);
                  return !trials.isEmpty() && trials.stream().noneMatch(Anchor.Trial::isBad);
                });
  }

  /**
   * Until when a fault was felt, in seconds after a moment: the end of the last use of a long call,
   * begun at or after {@code from}, that was slow or failed; 0 if none was. Who waits at a node
   * that stands still or is cut off waits as long as that lasts, and is left out by a {@code from}
   * that is not before the fault.
   */
  public double feltUntil(long from, long after) {
    long last = after;
    for (Anchor anchor : crowd.anchors()) {
      for (Anchor.Trial trial : anchor.trialsSince(from)) {
        if (trial.began() >= from && trial.isBad()) {
          last = Math.max(last, trial.ended());
        }
      }
    }
    return (last - after) / 1e6;
  }

  /**
   * Until when a fault that began at {@code start} was felt, in seconds after a moment; by requests
   * that were on their way when it began, too.
   */
  public double felt(long start, long after) {
    return feltUntil(start - JUST_BEFORE, after);
  }

  /** The slowest use of a long call begun at or after a moment, in seconds. */
  public double slowest(long from) {
    long most = 0;
    for (Anchor anchor : crowd.anchors()) {
      for (Anchor.Trial trial : anchor.trialsSince(from)) {
        most = Math.max(most, trial.ended() - trial.began());
      }
    }
    return most / 1e6;
  }

  /** The time below which 99 % of the uses of long calls were, since a moment; milliseconds. */
  public double usesP99(long from) {
    List<Long> millis = new ArrayList<>();
    for (Anchor anchor : crowd.anchors()) {
      anchor.trialsSince(from).forEach(t -> millis.add((t.ended() - t.began()) / 1000));
    }
    millis.sort(null);
    return Readings.p99(millis);
  }

  /** What lives in each node's memory now, in bytes; recorded, for it has to be given back. */
  public List<Long> heaps() {
    List<Long> heaps = new ArrayList<>();
    for (int node = 1; node <= FaultCluster.NODES; node++) {
      String name = "node-" + node;
      long process = cluster.node(node).pid();
      long bytes = cluster.node(node).liveHeap();
      recorder.add(at -> new Item.Heap(at, episode, name, process, bytes));
      heaps.add(bytes);
    }
    return heaps;
  }

  /** What everybody saw since a moment. */
  public Readings readings(long from) {
    return Readings.of(recorder.items(), from);
  }
}
