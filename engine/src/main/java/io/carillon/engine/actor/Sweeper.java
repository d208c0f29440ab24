package io.carillon.engine.actor;

import io.carillon.engine.call.CallCommand;
import io.carillon.engine.call.CallKey;
import io.carillon.engine.call.CallRecords;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;

/**
 * Wakes calls whose deadline has passed while they slept: their node died and nobody spoke to them
 * since (R7). Runs on every node, so that it needs no fail-over of its own; a call poked twice, or
 * poked although it is awake, decides that nothing is due.
 */
final class Sweeper {
  /** How many calls are woken in one sweep, so that a cold start does not recover all at once. */
  private static final int BATCH = 500;

  sealed interface Message {}

  private record Sweep() implements Message {}

  private record Due(List<CallKey> keys) implements Message {}

  private Sweeper() {}

  static Behavior<Message> create(
      Calls calls, CallRecords records, InstantSource clock, Duration interval) {
    Behavior<Message> sweeper =
        Behaviors.setup(
            context ->
                Behaviors.withTimers(
                    timers -> {
                      again(timers, interval);
                      return sweeping(context, timers, calls, records, clock, interval);
                    }));
    // Nobody would notice a node that no longer sweeps until a call rings for ever.
    return Behaviors.supervise(sweeper).onFailure(SupervisorStrategy.restart());
  }

  private static Behavior<Message> sweeping(
      ActorContext<Message> context,
      TimerScheduler<Message> timers,
      Calls calls,
      CallRecords records,
      InstantSource clock,
      Duration interval) {
    return Behaviors.receiveMessage(
        message -> {
          switch (message) {
            case Sweep _ when !isMember(context) -> again(timers, interval);
            case Sweep _ ->
                context.pipeToSelf(
                    records.due(clock.instant(), BATCH),
                    // A database that cannot answer now is asked again in the next round.
                    (keys, failure) -> new Due(failure == null ? keys : List.of()));
            case Due(List<CallKey> keys) -> {
              for (CallKey key : keys) {
                calls.poke(key, new CallCommand.CheckDeadlines());
              }
              again(timers, interval);
            }
          }
          return Behaviors.same();
        });
  }

  /**
   * Before it is one, sharding would keep every poke of every sweep, and deliver them all at once
   * to a node that is at its slowest.
   */
  private static boolean isMember(ActorContext<Message> context) {
    return Cluster.get(context.getSystem()).selfMember().status() == MemberStatus.up();
  }

  private static void again(TimerScheduler<Message> timers, Duration interval) {
    timers.startSingleTimer(new Sweep(), interval);
  }
}
