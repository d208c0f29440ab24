package io.carillon.http.app;

import io.carillon.http.settings.HttpSettings;
import io.carillon.http.websocket.Sockets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.ServerBinding;

/**
 * How a node goes, whoever sends it: it is not ready from the first moment on; its sockets are told
 * and closed in waves while requests are still answered; then it listens no more, finishes the
 * requests it has, hands its calls and sessions over and leaves the cluster. Every step has a
 * bound, and so has the whole.
 */
final class Leaving {
  /** What follows the edge: handing over, leaving the cluster, the last writes. */
  private static final Duration CLUSTER = Duration.ofSeconds(25);

  /** How long a node that had to leave by itself may take for all of it. */
  private static final Duration HURRY = Duration.ofSeconds(8);

  /** How long such a node works on the requests it has. */
  private static final Duration LAST_REQUESTS = Duration.ofSeconds(1);

  private final ActorSystem<?> system;
  private final Sockets sockets;
  private final ServerBinding binding;
  private final HttpSettings settings;

  Leaving(ActorSystem<?> system, Sockets sockets, ServerBinding binding, HttpSettings settings) {
    this.system = system;
    this.sockets = sockets;
    this.binding = binding;
    this.settings = settings;
  }

  /** Why a node goes, where neither the operating system nor the cluster made it. */
  enum Reason implements CoordinatedShutdown.Reason {
    /** An operator asked it to. */
    DRAINED,
    /** The database answers the other nodes and not this one. */
    CUT_OFF_FROM_DATABASE,
    /** An older cluster on the same database was found. */
    SECOND_CLUSTER
  }

  /** Makes the steps part of the node's shutdown. */
  void arrange() {
    CoordinatedShutdown shutdown = CoordinatedShutdown.get(system);
    shutdown.addTask(
        CoordinatedShutdown.PhaseBeforeServiceUnbind(),
        "drain-sockets",
        () -> {
          boolean hurry = !wasWanted(system);
          if (hurry) {
            endWithin(HURRY);
          }
          return sockets
              .drain(hurry ? Duration.ZERO : settings.drain(), settings.drainSpread(), !hurry)
              .thenApply(Leaving::done);
        });
    shutdown.addTask(
        CoordinatedShutdown.PhaseServiceUnbind(),
        "unbind",
        () -> binding.unbind().thenApply(Leaving::done));
    shutdown.addTask(
        CoordinatedShutdown.PhaseServiceRequestsDone(),
        "finish-requests",
        () ->
            binding
                .terminate(wasWanted(system) ? settings.drainRequests() : LAST_REQUESTS)
                .<Done>handle((terminated, failure) -> Done.getInstance()));
  }

  /**
   * What waits for nodes that have given this one up would wait in vain; it may be gone, and come
   * back, sooner.
   */
  private void endWithin(Duration time) {
    Executor later = CompletableFuture.delayedExecutor(time.toMillis(), TimeUnit.MILLISECONDS);
    later.execute(system::terminate);
  }

  private static Done done(Object whatever) {
    return Done.getInstance();
  }

  /** Sends a node away and returns at once. */
  static void now(ActorSystem<?> system, Reason reason) {
    var _ = CoordinatedShutdown.get(system).runAll(reason);
  }

  /** Sends a node away, or joins its going. Completes when it has gone; never exceptionally. */
  static CompletionStage<Optional<String>> begin(
      ActorSystem<?> system, CoordinatedShutdown.Reason reason, Duration atMost) {
    CompletionStage<?> inOrder = CoordinatedShutdown.get(system).runAll(reason);
    return CompletableFuture.anyOf(
            inOrder.toCompletableFuture(), system.getWhenTerminated().toCompletableFuture())
        .orTimeout(atMost.toMillis(), TimeUnit.MILLISECONDS)
        .handle(
            (done, failure) ->
                failure == null ? Optional.empty() : Optional.of(failure.toString()));
  }

  /** Within which time a node has gone. */
  static Duration bound(HttpSettings settings) {
    return settings.drain().plus(settings.drainRequests()).plus(CLUSTER);
  }

  /**
   * Whether a node that has gone was sent away by those who run it. Otherwise it went by itself,
   * and whoever looks after it should start it again.
   */
  static boolean wasWanted(ActorSystem<?> system) {
    Optional<CoordinatedShutdown.Reason> reason =
        CoordinatedShutdown.get(system).getShutdownReason();
    return reason.isEmpty()
        || reason.get() == Reason.DRAINED
        || reason.get() == CoordinatedShutdown.jvmExitReason()
        || reason.get() == CoordinatedShutdown.actorSystemTerminateReason();
  }
}
