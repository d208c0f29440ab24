package io.carillon.http.cluster;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.pubsub.Topic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does something on every node every so often, and at once when any node says so. The word may be
 * lost; what it was about is then found at the next turn.
 */
public final class Prompter {
  private static final Logger LOG = LoggerFactory.getLogger(Prompter.class);

  /** What it hears. */
  public sealed interface Message {}

  /** Tell every node, this one too, to do it now. */
  public record Everywhere() implements Message {}

  /** A node has told all. */
  record Now() implements Message, PeerMessage {}

  private enum Tick implements Message {
    TURN
  }

  private record Done(boolean ok, String why) implements Message {}

  private final ActorContext<Message> context;
  private final String topic;
  private final ActorRef<Topic.Command<Message>> all;
  private final Supplier<? extends CompletionStage<?>> work;
  private boolean working;
  private boolean again;

  private Prompter(
      ActorContext<Message> context, String topic, Supplier<? extends CompletionStage<?>> work) {
    this.context = context;
    this.topic = topic;
    this.work = work;
    this.all = context.spawn(Topic.create(Message.class, topic), "topic");
    all.tell(Topic.subscribe(context.getSelf()));
  }

  /**
   * Runs for as long as the node does.
   *
   * @param topic names what is done; the same on every node
   * @param work what is done; never twice at the same time
   */
  public static Behavior<Message> create(
      String topic, Duration every, Supplier<? extends CompletionStage<?>> work) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  Prompter prompter = new Prompter(context, topic, work);
                  timers.startTimerWithFixedDelay(Tick.TURN, every);
                  return Behaviors.receiveMessage(prompter::onMessage);
                }));
  }

  private Behavior<Message> onMessage(Message message) {
    switch (message) {
      case Everywhere _ -> all.tell(Topic.publish(new Now()));
      case Tick _ -> work();
      case Now _ -> {
        // What is being done may have begun before what this is about.
        again = working;
        work();
      }
      case Done(boolean ok, String why) -> {
        working = false;
        if (!ok) {
          LOG.debug("{}: {}", topic, why);
        }
        if (again) {
          again = false;
          work();
        }
      }
    }
    return Behaviors.same();
  }

  private void work() {
    if (!working) {
      working = true;
      context.pipeToSelf(
          work.get(), (done, failure) -> new Done(failure == null, String.valueOf(failure)));
    }
  }
}
