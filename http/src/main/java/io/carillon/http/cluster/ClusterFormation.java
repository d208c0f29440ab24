package io.carillon.http.cluster;

import io.carillon.persistence.cluster.ClusterMembership;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.AddressFromURIString;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.cluster.typed.JoinSeedNodes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins this node to the cluster of its database, or forms it. With seed nodes the node joins by
 * those; then it is only said here that it is there, and looked who else is.
 *
 * <p>Every round a node that is not a member yet looks who is: it joins those, and only while
 * nobody is, asks to form the cluster, which the database grants to one. A member that died a
 * moment ago still counts for a while: a node that starts in that time waits and does not found a
 * second cluster beside one whose last nodes it merely cannot see.
 *
 * <p>Members go on looking. Should there be two clusters all the same (the members of the first
 * could not say that they were there, because the database was down when a node started; or there
 * are two lists of seed nodes), the one that was formed last sees that there are members who are
 * not its own, and leaves.
 */
public final class ClusterFormation {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterFormation.class);

  /** What it says to itself. */
  public sealed interface Message {}

  private record Round() implements Message {}

  private record Seen(ClusterMembership.Sight sight) implements Message {}

  private record Granted(boolean mayForm) implements Message {}

  private record Counted() implements Message {}

  private record Failed(String why) implements Message {}

  private final ActorContext<Message> context;
  private final TimerScheduler<Message> timers;
  private final ClusterMembership membership;
  private final Duration round;
  private final Duration fresh;
  private final boolean seeded;
  private final Runnable leave;
  private final Cluster cluster;
  private List<Address> joining = List.of();
  private boolean joinedOnce;

  /** How often the cluster had been formed when this node came to it. */
  private long generation;

  private boolean formed;

  /** Of a cluster formed by seed nodes, whether it is in the count. */
  private boolean counted;

  /** Since when there are members that are none of this node's; 0: there are none. */
  private long strangersSince;

  private boolean left;

  /**
   * Granted to form the cluster, and not a member yet. It counts as one from the grant on: if its
   * rounds took that back, another node that starts in these moments would be granted the same.
   */
  private boolean forming;

  private ClusterFormation(
      ActorContext<Message> context,
      TimerScheduler<Message> timers,
      ClusterMembership membership,
      Duration round,
      Duration fresh,
      boolean seeded,
      Runnable leave) {
    this.seeded = seeded;
    this.leave = leave;
    this.round = round;
    this.fresh = fresh;
    this.context = context;
    this.timers = timers;
    this.membership = membership;
    this.cluster = Cluster.get(context.getSystem());
  }

  /**
   * Runs for as long as the node does; the node is to have registered before.
   *
   * @param round how often it looks, and says that this node is there
   * @param fresh for how long others are believed to be there
   * @param seeded whether it joins by seed nodes, without this
   * @param leave sends this node away; run at most once
   */
  public static Behavior<Message> create(
      ClusterMembership membership,
      Duration round,
      Duration fresh,
      boolean seeded,
      Runnable leave) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  ClusterFormation formation =
                      new ClusterFormation(
                          context, timers, membership, round, fresh, seeded, leave);
                  context.getSelf().tell(new Round());
                  return Behaviors.receiveMessage(formation::onMessage);
                }));
  }

  private Behavior<Message> onMessage(Message message) {
    switch (message) {
      case Round _ -> round();
      case Seen m -> seen(m.sight());
      case Granted m -> form(m.mayForm());
      case Counted _ -> {
        counted = true;
        formed = true;
        again();
      }
      case Failed m -> {
        LOG.warn("The membership of nodes cannot be read or written now: {}", m.why());
        again();
      }
    }
    return Behaviors.same();
  }

  private void round() {
    MemberStatus status = cluster.selfMember().status();
    boolean member = status == MemberStatus.up() || status == MemberStatus.weaklyUp();
    joinedOnce |= member;
    forming &= !member;
    context.pipeToSelf(
        membership.heartbeat(member || forming).thenCompose(nothing -> membership.look(fresh)),
        (sight, failure) ->
            failure == null ? new Seen(sight) : new Failed(String.valueOf(failure.getMessage())));
  }

  private void seen(ClusterMembership.Sight sight) {
    List<Address> members =
        sight.others().stream()
            .filter(ClusterMembership.Node::member)
            .map(node -> AddressFromURIString.parse(node.address()))
            .toList();
    if (!joinedOnce) {
      generation = sight.generation();
      if (seeded) {
        again();
      } else {
        join(members);
      }
    } else if (seeded && !counted && isOldest()) {
      context.pipeToSelf(
          membership.countForming(),
          (nothing, failure) ->
              failure == null ? new Counted() : new Failed(String.valueOf(failure.getMessage())));
    } else {
      counted = true;
      compare(members, sight.generation());
    }
  }

  /** Who finds itself the oldest when it has just become a member has formed the cluster. */
  private boolean isOldest() {
    Member self = cluster.selfMember();
    for (Member member : cluster.state().getMembers()) {
      if (!member.equals(self) && !self.isOlderThan(member)) {
        return false;
      }
    }
    return true;
  }

  /** Whether members of the database's cluster are none of this node's, and what follows. */
  private void compare(List<Address> members, long latest) {
    if (formed) {
      // What it was granted counted the generation up.
      generation = latest;
      formed = false;
    }
    Set<Address> own = new HashSet<>();
    cluster.state().getMembers().forEach(member -> own.add(member.address()));
    if (own.containsAll(members) || generation < latest) {
      strangersSince = 0;
    } else if (strangersSince == 0) {
      strangersSince = System.nanoTime();
    } else if (System.nanoTime() - strangersSince > fresh.multipliedBy(2).toNanos() && !left) {
      // Longer than a member that died can still be listed.
      left = true;
      LOG.error("There is an older cluster on this database, of {}; this node leaves", members);
      leave.run();
    }
    again();
  }

  private void join(List<Address> members) {
    if (members.isEmpty()) {
      context.pipeToSelf(
          membership.tryForm(fresh),
          (mayForm, failure) ->
              failure == null
                  ? new Granted(mayForm)
                  : new Failed(String.valueOf(failure.getMessage())));
      return;
    }
    if (!members.equals(joining)) {
      LOG.info("Joining the cluster of {}", members);
      joining = members;
      cluster.manager().tell(new JoinSeedNodes(members));
    }
    again();
  }

  private void form(boolean mayForm) {
    if (mayForm) {
      LOG.info("Forming the cluster: no other node of this database is in one");
      cluster.manager().tell(new Join(cluster.selfMember().address()));
      joinedOnce = true;
      forming = true;
      formed = true;
    }
    again();
  }

  private void again() {
    timers.startSingleTimer(new Round(), round);
  }
}
