package io.carillon.engine.actor;

import java.util.function.BiConsumer;
import org.apache.pekko.actor.DeadLetter;
import org.apache.pekko.actor.Dropped;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.ShardingEnvelope;

/**
 * Sends again what the library drops when a shard leaves this node: messages that came between the
 * announcement of the move and the move. Whoever asked would learn of it only by a timeout, and
 * each move costs some questions. Nothing of it was delivered, so nothing arrives twice.
 *
 * <p>The library drops it because it could arrive behind what was sent later. Calls and sessions
 * bear that, for their news are numbered and commands are decided one by one; signals do not, and
 * stay dropped: whoever sent one is told.
 */
final class DroppedInMove {
  /** What the library says, and nothing else: what a full buffer dropped must not come back. */
  private static final String REASON = "Avoiding reordering of buffered messages at shard handoff";

  private DroppedInMove() {}

  /**
   * One on every node.
   *
   * @param toCall sends a message to the call with this id
   * @param toSession sends a message to the session with this id
   */
  static Behavior<DeadLetter> create(
      BiConsumer<String, CallEntity.Message> toCall, BiConsumer<String, SessionMessage> toSession) {
    return Behaviors.setup(
        context -> {
          ActorRef<DeadLetter> self = context.getSelf();
          context
              .getSystem()
              .eventStream()
              .tell(new EventStream.Subscribe<>(DeadLetter.class, self));
          return Behaviors.receiveMessage(
              letter -> {
                if (letter.message() instanceof Dropped dropped
                    && dropped.reason().equals(REASON)
                    && dropped.message() instanceof ShardingEnvelope<?> envelope) {
                  switch (envelope.message()) {
                    case CallEntity.Relay _, SessionMessage.Signalled _ -> {}
                    case CallEntity.Message m -> toCall.accept(envelope.entityId(), m);
                    case SessionMessage m -> toSession.accept(envelope.entityId(), m);
                    default -> {}
                  }
                }
                return Behaviors.same();
              });
        });
  }
}
