package io.carillon.engine.actor;

import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.ShardRegion.CurrentShardRegionState;
import org.apache.pekko.cluster.sharding.ShardRegion.ShardState;
import org.apache.pekko.cluster.sharding.typed.GetShardRegionState;
import org.apache.pekko.cluster.sharding.typed.HashCodeMessageExtractor;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;

/**
 * Which calls this node would own. A new call takes an id of one of them, so that placing it waits
 * for no other node, and least of all for the shards of one that has just died.
 *
 * <p>A hint, some seconds old: an id whose shard has moved meanwhile is as good as any other.
 */
final class HomeShards {
  private static final Duration REFRESH = Duration.ofSeconds(3);

  private final HashCodeMessageExtractor<CallEntity.Message> extractor;
  private volatile Set<String> home = Set.of();

  HomeShards(int shards) {
    this.extractor = new HashCodeMessageExtractor<>(shards);
  }

  /** Whether the entity's shard was last seen here. */
  boolean contains(String entityId) {
    return home.contains(extractor.shardId(entityId));
  }

  /** Of how many shards this node owns the calls; where none, there is no id to be found. */
  int size() {
    return home.size();
  }

  /** What keeps this up to date: one on every node. */
  Behavior<Message> watch(ClusterSharding sharding) {
    return Behaviors.setup(
        context -> {
          ActorRef<CurrentShardRegionState> answers =
              context.messageAdapter(CurrentShardRegionState.class, Message.Answer::new);
          GetShardRegionState question = new GetShardRegionState(ShardedEngine.CALLS, answers);
          return Behaviors.withTimers(
              timers -> {
                timers.startTimerWithFixedDelay(new Message.Ask(), Duration.ZERO, REFRESH);
                return Behaviors.receiveMessage(
                    message -> {
                      switch (message) {
                        case Message.Ask _ -> sharding.shardState().tell(question);
                        case Message.Answer(var state) ->
                            home =
                                state.getShards().stream()
                                    .map(ShardState::shardId)
                                    .collect(Collectors.toUnmodifiableSet());
                      }
                      return Behaviors.same();
                    });
              });
        });
  }

  /** What {@link #watch} is sent. */
  sealed interface Message {
    /** It is time to ask again. */
    record Ask() implements Message {}

    /** The shards of this node. */
    record Answer(CurrentShardRegionState state) implements Message {}
  }
}
