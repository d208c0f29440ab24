package io.carillon.engine.actor;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;
import org.jspecify.annotations.Nullable;

/**
 * The questions of one node to calls and sessions that wait for their answers. One that was on its
 * way to a node that died is lost, and whoever asked would learn so only by its timeout; so when a
 * node is gone, what still waits is sent once more. Only for questions that may arrive twice.
 */
final class Questions {
  /** With less time left nothing is asked. */
  private static final Duration LEAST = Duration.ofMillis(10);

  private static final Executor LATER =
      CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS);

  private final Set<Waiting<?>> waiting = ConcurrentHashMap.newKeySet();

  /** Known by its identity: the equal questions of two who ask are two. */
  private static final class Waiting<M> {
    private final EntityRef<M> entity;
    private @Nullable M message;

    Waiting(EntityRef<M> entity) {
      this.entity = entity;
    }

    void send() {
      if (message != null) {
        entity.tell(message);
      }
    }
  }

  /**
   * Asks an entity.
   *
   * @param question with whom to answer
   * @param timeout after which the stage fails
   */
  <M, R> CompletionStage<R> ask(
      EntityRef<M> entity, Function<ActorRef<R>, M> question, Duration timeout) {
    Waiting<M> asked = new Waiting<>(entity);
    return Questions.<M, R>once(
            entity,
            replyTo -> {
              M message = question.apply(replyTo);
              asked.message = message;
              waiting.add(asked);
              return message;
            },
            timeout)
        .whenComplete((_, _) -> waiting.remove(asked));
  }

  /**
   * Asks what must not arrive twice: it is never repeated.
   *
   * @param question with whom to answer
   * @param timeout after which the stage fails
   */
  static <M, R> CompletionStage<R> once(
      EntityRef<M> entity, Function<ActorRef<R>, M> question, Duration timeout) {
    return entity
        .<R>ask(question::apply, timeout)
        // What an ask returns does everything that follows on threads of another pool; a copy of it
        // goes on where the answer came, without waking anybody.
        .toCompletableFuture()
        .copy();
  }

  /**
   * Asks until there is an answer. Where a node leaves, questions fail at once and all of them:
   * each is asked again after a pause, and never from within its own failure.
   *
   * @param ask with the time that is left
   * @param silence the answer when there is none in time
   * @param until when, as {@link System#nanoTime}
   */
  static <R> CompletionStage<R> untilAnswered(
      Function<Duration, CompletionStage<R>> ask, Supplier<R> silence, long until) {
    Duration left = Duration.ofNanos(until - System.nanoTime());
    if (left.compareTo(LEAST) < 0) {
      return CompletableFuture.completedFuture(silence.get());
    }
    return ask.apply(left)
        .handle(
            (answer, failure) ->
                failure == null
                    ? CompletableFuture.completedFuture(answer)
                    : CompletableFuture.supplyAsync(() -> untilAnswered(ask, silence, until), LATER)
                        .thenCompose(stage -> stage))
        .thenCompose(stage -> stage);
  }

  /** Sends what waits once more, to wherever its entity lives by now. */
  void repeat() {
    waiting.forEach(Waiting::send);
  }
}
