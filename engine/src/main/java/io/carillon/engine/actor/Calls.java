package io.carillon.engine.actor;

import io.carillon.engine.call.CallCommand;
import io.carillon.engine.call.CallKey;
import io.carillon.engine.call.CallSnapshot;
import io.carillon.engine.call.RequestKey;
import io.carillon.engine.call.Signal;
import io.carillon.engine.identity.Endpoint;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;

/**
 * The cluster's calls, as everybody on this node asks them; from any thread. A stage fails when the
 * call has not answered within the timeout: of a command, the outcome is not known then.
 */
final class Calls {
  private final ClusterSharding sharding;
  private final Questions questions;

  Calls(ClusterSharding sharding, Questions questions) {
    this.sharding = sharding;
    this.questions = questions;
  }

  /** How a call stands. */
  CompletionStage<CallEntity.Described> describe(CallKey key, Duration timeout) {
    return questions.ask(call(key), CallEntity.Describe::new, timeout);
  }

  /** Whether it is over, or never was. */
  static boolean isOver(CallEntity.Described described) {
    return described.call().map(CallSnapshot::isEnded).orElse(true);
  }

  /** What a call answered to this request before; empty: nothing (R27). */
  CompletionStage<Optional<Reply>> recall(CallKey key, RequestKey request, Duration timeout) {
    return questions
        .<CallEntity.Message, CallEntity.Recalled>ask(
            call(key), replyTo -> new CallEntity.Recall(request, replyTo), timeout)
        .thenApply(CallEntity.Recalled::reply);
  }

  /**
   * Gives a call a command.
   *
   * @param offer of an initiate: the caller's description, as JSON
   */
  CompletionStage<Reply> submit(
      CallKey key, CallCommand command, Optional<String> offer, Duration timeout) {
    return questions.ask(
        call(key), replyTo -> new CallEntity.Submit(command, offer, replyTo), timeout);
  }

  /** Passes a signal on. Asked once: sent twice, it would reach the other side twice. */
  CompletionStage<Reply> relay(CallKey key, Endpoint from, Signal signal, Duration timeout) {
    return Questions.once(
        call(key), replyTo -> new CallEntity.Relay(from, signal, replyTo), timeout);
  }

  /** Gives a call a command whose answer nobody waits for. */
  void poke(CallKey key, CallCommand command) {
    call(key).tell(new CallEntity.Poke(command));
  }

  private EntityRef<CallEntity.Message> call(CallKey key) {
    return sharding.entityRefFor(ShardedEngine.CALLS, ShardedEngine.entityId(key));
  }
}
