package io.carillon.engine.actor;

import io.carillon.engine.call.CallCommand;
import io.carillon.engine.call.CallKey;
import io.carillon.engine.call.CallSnapshot;
import io.carillon.engine.call.EndReason;
import io.carillon.engine.call.Rejection;
import io.carillon.engine.identity.Endpoint;
import io.carillon.engine.session.CrossedCalls;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * What a session does to calls that cross: takes the other's, or ends one of two. Talks to calls
 * only and remembers nothing, so it may run on any thread.
 */
final class Crossing {
  /** How often a crossing call that is being stored just now is asked for. */
  private static final int STORED_TRIES = 20;

  private static final Duration STORED_PAUSE = Duration.ofMillis(50);

  /** How often a call is told to give way before that is left to its clocks. */
  private static final int SUPERSEDE_TRIES = 3;

  private final Calls calls;
  private final Duration timeout;
  private final ActorSystem<?> system;

  Crossing(Calls calls, Duration timeout, ActorSystem<?> system) {
    this.calls = calls;
    this.timeout = timeout;
    this.system = system;
  }

  /** Accepts a crossing call, which the other side may be storing this moment. */
  CompletionStage<Reply> take(CallKey key, CallCommand.Accept accept) {
    return insist(
        () -> submit(key, accept),
        reply -> !(reply instanceof Reply.Refused(Rejection.CallNotFound _)),
        STORED_TRIES);
  }

  /** Ends a call that another one takes the place of; done already is done. */
  CompletionStage<Reply> supersede(CallKey old, CallCommand.Supersede command) {
    Supplier<CompletionStage<Reply>> attempt =
        () -> submit(old, command).exceptionally(failure -> new Reply.Unavailable(true));
    return insist(attempt, reply -> !(reply instanceof Reply.Unavailable), SUPERSEDE_TRIES);
  }

  /**
   * Makes one of two calls that were both stored, because a session died between question and
   * answer. Both are asked how they stand, for news may have been overtaken, and what follows from
   * that is the same whoever asks: one that was taken stays before one that rings, the lower id
   * before the higher (R16). A survivor that rings is accepted at once: both sides were still
   * calling each other.
   */
  void merge(CrossedCalls.Merge merge) {
    CallKey one = merge.givesWay().facts().key();
    CallKey other = merge.survives().facts().key();
    calls.describe(one, timeout).thenAcceptBoth(calls.describe(other, timeout), this::merge);
  }

  private void merge(CallEntity.Described one, CallEntity.Described other) {
    if (one.call().isEmpty() || other.call().isEmpty()) {
      return;
    }
    CrossedCalls.choose(one.call().get(), other.call().get())
        .ifPresent(
            chosen ->
                supersede(
                        chosen.givesWay().facts().key(),
                        new CallCommand.Supersede(
                            EndReason.GLARE_MERGED, chosen.survives().facts().key().call()))
                    .thenAccept(reply -> acceptAfter(reply, chosen)));
  }

  private void acceptAfter(Reply reply, CrossedCalls.Merge merge) {
    boolean rings = merge.survives().answeredAt().isEmpty();
    if (rings && reply instanceof Reply.Done done && wasCalling(done.call())) {
      Endpoint by = merge.givesWay().facts().caller();
      calls.poke(
          merge.survives().facts().key(), new CallCommand.Accept(by, false, Optional.empty()));
    }
  }

  /** It gave way to the other, rather than being taken back by its caller in the same moment. */
  private static boolean wasCalling(CallSnapshot call) {
    return call.answeredAt().isEmpty()
        && call.ending().map(e -> e.reason() == EndReason.GLARE_MERGED).orElse(false);
  }

  private CompletionStage<Reply> submit(CallKey key, CallCommand command) {
    return calls.submit(key, command, Optional.empty(), timeout);
  }

  private CompletionStage<Reply> insist(
      Supplier<CompletionStage<Reply>> attempt, Predicate<Reply> enough, int tries) {
    return attempt
        .get()
        .thenCompose(
            reply -> {
              if (enough.test(reply) || tries <= 1) {
                return CompletableFuture.completedFuture(reply);
              }
              CompletableFuture<Void> pause = new CompletableFuture<>();
              system
                  .scheduler()
                  .scheduleOnce(
                      STORED_PAUSE, () -> pause.complete(null), system.executionContext());
              return pause.thenCompose(done -> insist(attempt, enough, tries - 1));
            });
  }
}
