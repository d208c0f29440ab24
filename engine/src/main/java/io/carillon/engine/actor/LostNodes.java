package io.carillon.engine.actor;

import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.ClusterEvent;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Subscribe;

/**
 * Tells the sessions of its own node that a node of the cluster is gone, so that they read what its
 * calls stored and could not tell any more (I11). One on every node: sessions listen to the node's
 * event stream, so nothing has to know which of them are awake.
 *
 * <p>Twice, when a node is given up and when it is removed: what it wrote in between, not knowing
 * that it was given up, is found the second time.
 */
final class LostNodes {
  private LostNodes() {}

  static Behavior<ClusterEvent.MemberEvent> create() {
    return Behaviors.setup(
        context -> {
          ActorRef<ClusterEvent.MemberEvent> self = context.getSelf();
          Cluster.get(context.getSystem())
              .subscriptions()
              .tell(Subscribe.create(self, ClusterEvent.MemberEvent.class));
          return Behaviors.receiveMessage(event -> heard(context, event));
        });
  }

  private static Behavior<ClusterEvent.MemberEvent> heard(
      ActorContext<ClusterEvent.MemberEvent> context, ClusterEvent.MemberEvent event) {
    boolean gone =
        event instanceof ClusterEvent.MemberDowned || event instanceof ClusterEvent.MemberRemoved;
    if (gone) {
      context
          .getSystem()
          .eventStream()
          .tell(new EventStream.Publish<>(new SessionMessage.Reconcile()));
    }
    return Behaviors.same();
  }
}
