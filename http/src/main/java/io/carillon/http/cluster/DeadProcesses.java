package io.carillon.http.cluster;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.ClusterEvent;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Down;
import org.apache.pekko.cluster.typed.Subscribe;
import org.apache.pekko.coordination.lease.javadsl.Lease;
import org.apache.pekko.coordination.lease.javadsl.LeaseProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives nodes up at once whose processes are gone. Where a node is merely silent, the others wait
 * until all of them have the same picture before they decide who goes on; a port that refuses
 * connections leaves nothing to wait for.
 *
 * <p>It decides only where that holds for every node out of sight, and asks the database who goes
 * on as it is asked after every loss: a firewall that answers in a node's name can refuse for the
 * living, to both sides. In every other case it does nothing, and the split-brain resolver decides.
 */
public final class DeadProcesses {
  private static final Logger LOG = LoggerFactory.getLogger(DeadProcesses.class);

  private static final String RESOLVER = "pekko.cluster.split-brain-resolver.lease-majority.";
  private static final Duration AGAIN = Duration.ofMillis(200);

  /** What it hears. */
  public sealed interface Message {}

  private record Reached(ClusterEvent.ReachabilityEvent event) implements Message {}

  private record Became(ClusterEvent.MemberEvent event) implements Message {}

  private enum Tick implements Message {
    LOOK,
    /** The larger side, if there is one, has had its time. */
    HANDICAP
  }

  /** Whether each of them refuses connections. */
  private record Asked(Set<Address> lost, boolean all) implements Message {}

  private record Granted(Set<Address> dead, boolean granted) implements Message {}

  private final ActorContext<Message> context;
  private final TimerScheduler<Message> timers;
  private final Cluster cluster;
  private final Lease verdict;
  private final Duration handicap;

  /** Members out of sight. */
  private final Set<Address> lost = new HashSet<>();

  /** Those the database was asked about; once is enough. */
  private Set<Address> judged = Set.of();

  /** Whether this side has waited long enough for one that may be larger. */
  private boolean waited;

  private DeadProcesses(ActorContext<Message> context, TimerScheduler<Message> timers) {
    this.context = context;
    this.timers = timers;
    this.cluster = Cluster.get(context.getSystem());
    var settings = context.getSystem().settings().config();
    this.handicap = settings.getDuration(RESOLVER + "acquire-lease-delay-for-minority");
    // The same owner as the resolver's: what was granted here is granted there.
    this.verdict =
        LeaseProvider.get(Adapter.toClassic(context.getSystem()))
            .getLease(
                "dead-processes",
                settings.getString(RESOLVER + "lease-implementation"),
                cluster.selfMember().address().hostPort());
  }

  /** Runs for as long as the node does. */
  public static Behavior<Message> create() {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  DeadProcesses watch = new DeadProcesses(context, timers);
                  watch.hear(ClusterEvent.ReachabilityEvent.class, Reached::new);
                  watch.hear(ClusterEvent.MemberEvent.class, Became::new);
                  return Behaviors.receiveMessage(watch::onMessage);
                }));
  }

  private <E extends ClusterEvent.ClusterDomainEvent> void hear(
      Class<E> events, Function<E, Message> as) {
    cluster
        .subscriptions()
        .tell(Subscribe.create(context.messageAdapter(events, as::apply), events));
  }

  private Behavior<Message> onMessage(Message message) {
    switch (message) {
      case Reached(ClusterEvent.UnreachableMember m) -> {
        lost.add(m.member().address());
        look();
      }
      case Reached(var m) -> lost.remove(m.member().address());
      case Became(var m) -> {
        if (m instanceof ClusterEvent.MemberDowned || m instanceof ClusterEvent.MemberRemoved) {
          lost.remove(m.member().address());
        }
      }
      case Tick tick -> {
        waited |= tick == Tick.HANDICAP;
        look();
      }
      case Asked(var asked, boolean all) -> {
        if (all && asked.equals(lost) && !asked.equals(judged)) {
          decide();
        }
        timers.startSingleTimer(Tick.LOOK, AGAIN);
      }
      case Granted(var dead, boolean granted) -> {
        LOG.warn("Processes gone: {}; {}", dead, granted ? "given up" : "others decide");
        if (granted) {
          dead.forEach(address -> cluster.manager().tell(new Down(address)));
        }
      }
    }
    return Behaviors.same();
  }

  private void look() {
    if (lost.isEmpty()) {
      waited = false;
      judged = Set.of();
      timers.cancel(Tick.HANDICAP);
      return;
    }
    Set<Address> now = Set.copyOf(lost);
    context.pipeToSelf(refuses(now), (all, failure) -> new Asked(now, failure == null && all));
  }

  private static CompletionStage<Boolean> refuses(Set<Address> nodes) {
    return CompletableFuture.supplyAsync(
        () ->
            nodes.stream()
                .allMatch(node -> PeerPort.of(node).filter(PeerPort::refuses).isPresent()),
        task -> Thread.ofVirtual().name("dead-processes").start(task));
  }

  private void decide() {
    List<Address> voters =
        StreamSupport.stream(cluster.state().getMembers().spliterator(), false)
            .filter(m -> m.status() == MemberStatus.up() || m.status() == MemberStatus.leaving())
            .map(Member::address)
            .toList();
    List<Address> alive = voters.stream().filter(node -> !lost.contains(node)).toList();
    Address self = cluster.selfMember().address();
    if (!alive.stream().min(Member.addressOrdering()).equals(Optional.of(self))) {
      // One of each side asks.
      return;
    }
    if (alive.size() * 2 <= voters.size() && !waited) {
      if (!timers.isTimerActive(Tick.HANDICAP)) {
        timers.startSingleTimer(Tick.HANDICAP, handicap);
      }
      return;
    }
    Set<Address> dead = Set.copyOf(lost);
    judged = dead;
    context.pipeToSelf(
        verdict.acquire(), (granted, failure) -> new Granted(dead, failure == null && granted));
  }
}
