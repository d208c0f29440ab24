package io.carillon.engine.actor;

import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.ClusterEvent;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Subscribe;

/**
 * What a node does when another one of the cluster is gone. One on every node.
 *
 * <p>It tells the sessions here, so that they read what the lost node's calls stored and could not
 * tell any more (I11): by the node's event stream, so nothing has to know which of them are awake.
 * Twice, when a node is given up and when it is removed: what it wrote in between, not knowing that
 * it was given up, is found the second time.
 *
 * <p>And it has the questions repeated that wait for somebody who lived there.
 */
final class LostNodes extends AbstractBehavior<LostNodes.Message> {
  /**
   * When questions are repeated after a node was removed. The shards it had are given away one
   * after the other, and what is sent before this node knows of it is lost once more.
   */
  private static final List<Duration> REPEATS =
      List.of(Duration.ofMillis(100), Duration.ofMillis(400), Duration.ofMillis(1000));

  /** What it is told. */
  sealed interface Message {
    /** Something became of a node. */
    record Heard(ClusterEvent.MemberEvent event) implements Message {}

    /** It is time to repeat what waits. */
    record Repeat() implements Message {}
  }

  private final Questions questions;
  private final TimerScheduler<Message> timers;

  static Behavior<Message> create(Questions questions) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  ActorRef<ClusterEvent.MemberEvent> events =
                      context.messageAdapter(ClusterEvent.MemberEvent.class, Message.Heard::new);
                  Cluster.get(context.getSystem())
                      .subscriptions()
                      .tell(Subscribe.create(events, ClusterEvent.MemberEvent.class));
                  return new LostNodes(context, timers, questions);
                }));
  }

  private LostNodes(
      ActorContext<Message> context, TimerScheduler<Message> timers, Questions questions) {
    super(context);
    this.timers = timers;
    this.questions = questions;
  }

  @Override
  public Receive<Message> createReceive() {
    return newReceiveBuilder()
        .onMessage(Message.Heard.class, heard -> heard(heard.event()))
        .onMessage(
            Message.Repeat.class,
            _ -> {
              questions.repeat();
              return this;
            })
        .build();
  }

  private Behavior<Message> heard(ClusterEvent.MemberEvent event) {
    boolean removed = event instanceof ClusterEvent.MemberRemoved;
    if (removed || event instanceof ClusterEvent.MemberDowned) {
      getContext()
          .getSystem()
          .eventStream()
          .tell(new EventStream.Publish<>(new SessionMessage.Reconcile()));
    }
    if (removed) {
      REPEATS.forEach(after -> timers.startSingleTimer(after, new Message.Repeat(), after));
    }
    return this;
  }
}
