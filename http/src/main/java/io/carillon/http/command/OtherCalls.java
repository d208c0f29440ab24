package io.carillon.http.command;

import io.carillon.engine.actor.Reply;
import io.carillon.engine.call.Call;
import io.carillon.engine.call.CallCommand;
import io.carillon.engine.call.CallId;
import io.carillon.engine.call.CallKey;
import io.carillon.engine.call.CallRecords;
import io.carillon.engine.call.CallSnapshot;
import io.carillon.engine.call.CallState;
import io.carillon.engine.call.EndReason;
import io.carillon.engine.call.Leg;
import io.carillon.engine.call.MediaStatus;
import io.carillon.engine.identity.Endpoint;
import io.carillon.engine.identity.UserKey;
import io.carillon.http.protocol.ClientFrame.ExistingCalls;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The accepted calls a user is in beside the one just taken: hold, end or keep them (R10). */
final class OtherCalls {
  private static final Logger LOG = LoggerFactory.getLogger(OtherCalls.class);

  private final CallRecords records;
  private final BiFunction<CallKey, CallCommand, CompletionStage<Reply>> submit;

  OtherCalls(CallRecords records, BiFunction<CallKey, CallCommand, CompletionStage<Reply>> submit) {
    this.records = records;
    this.submit = submit;
  }

  /**
   * Completes when every other call was told, never exceptionally: that one call was taken stays
   * true whatever becomes of the others, and each can still be ended by itself.
   */
  CompletionStage<Void> treat(ExistingCalls choice, UserKey user, CallId taken) {
    return switch (choice) {
      case KEEP -> CompletableFuture.completedFuture(null);
      case HOLD ->
          eachOther(
              user,
              taken,
              by -> new CallCommand.ChangeStatus(by, MediaStatus.ON_HOLD, true, Optional.empty()));
      case END ->
          eachOther(
              user, taken, by -> new CallCommand.Hangup(by, EndReason.HANGUP, Optional.empty()));
    };
  }

  /** What is asked of one call on behalf of the device its user is in it with. */
  @FunctionalInterface
  private interface Wish {
    CallCommand by(Endpoint device);
  }

  private CompletionStage<Void> eachOther(UserKey user, CallId taken, Wish wish) {
    return records
        .open(user)
        .thenCompose(
            journals ->
                CompletableFuture.allOf(
                    journals.stream()
                        .map(Call::replay)
                        .filter(CallState.Known.class::isInstance)
                        .map(state -> CallSnapshot.of((CallState.Known) state))
                        .filter(call -> !call.facts().key().call().equals(taken))
                        .map(call -> one(call, user, wish).toCompletableFuture())
                        .toArray(CompletableFuture<?>[]::new)))
        .exceptionally(
            failure -> {
              LOG.warn("the other calls of a user could not be treated: {}", failure.toString());
              return null;
            });
  }

  private CompletionStage<List<Reply>> one(CallSnapshot call, UserKey user, Wish wish) {
    boolean goesOn = !call.isEnded() && call.answeredAt().isPresent();
    return call.roster()
        .find(user.user())
        .filter(own -> goesOn)
        .map(own -> own.leg())
        .filter(Leg.Joined.class::isInstance)
        .map(leg -> new Endpoint(user.user(), ((Leg.Joined) leg).device()))
        .map(by -> submit.apply(call.facts().key(), wish.by(by)).thenApply(List::of))
        .orElseGet(() -> CompletableFuture.completedFuture(List.of()));
  }
}
