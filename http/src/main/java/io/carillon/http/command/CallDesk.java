package io.carillon.http.command;

import io.carillon.engine.actor.CallEngine;
import io.carillon.engine.actor.Reply;
import io.carillon.engine.call.CallKey;
import io.carillon.engine.call.CallRecords;
import io.carillon.engine.call.Decision;
import io.carillon.engine.call.Signal;
import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.Endpoint;
import io.carillon.engine.identity.UserId;
import io.carillon.http.auth.Principal;
import io.carillon.http.protocol.ClientFrame;
import io.carillon.http.protocol.ErrorCode;
import io.carillon.http.protocol.Problem;
import io.carillon.http.settings.RealmSettings;
import io.carillon.http.settings.Realms;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Carries out orders. A command that may be repeated is repeated while nobody can say what became
 * of it, within the retry budget; then it is the client's turn.
 */
public final class CallDesk {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(500);

  /** What a client is told to wait after {@code unavailable}. */
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final CallEngine engine;
  private final Realms realms;
  private final JitsiTokens jitsi;
  private final KnownUsers knownUsers;
  private final OtherCalls others;
  private final Duration retryBudget;

  /** Says which of some users of the principal's realm nobody has heard of. */
  @FunctionalInterface
  public interface KnownUsers {
    /** The unknown ones among these. */
    CompletionStage<List<UserId>> unknown(Principal asker, List<UserId> users);
  }

  /**
   * @param records where a user's other calls are read
   * @param retryBudget how long one order is tried in all; zero: once
   */
  public CallDesk(
      CallEngine engine,
      Realms realms,
      JitsiTokens jitsi,
      KnownUsers knownUsers,
      CallRecords records,
      Duration retryBudget) {
    this.engine = engine;
    this.realms = realms;
    this.jitsi = jitsi;
    this.knownUsers = knownUsers;
    this.retryBudget = retryBudget;
    this.others =
        new OtherCalls(records, (key, command) -> tried(() -> engine.submit(key, command), true));
  }

  /** The answer to an order. */
  public sealed interface Outcome {
    /**
     * It was carried out.
     *
     * @param jitsiToken what lets this one user into the call's room, with an accept (R44)
     */
    record Done(Reply.Done reply, Optional<String> jitsiToken) implements Outcome {
      @Override
      public String toString() {
        return reply.toString();
      }
    }

    /** It was not. */
    record Failed(Problem problem) implements Outcome {}
  }

  /**
   * Carries out an order of this principal. Never completes exceptionally but for a defect.
   *
   * @param device the device that asks; empty: the one the order names, else the user's only
   *     connected one
   */
  public CompletionStage<Outcome> carryOut(
      ClientFrame.Order order, Principal principal, Optional<DeviceId> device) {
    Optional<DeviceId> named = device.or(() -> order.tag().device());
    if (named.isPresent() || order instanceof ClientFrame.Initiate) {
      return carryOutAs(order, principal, named);
    }
    return engine
        .actingDevice(principal.user())
        .thenCompose(acting -> carryOutAs(order, principal, Optional.of(acting)));
  }

  private CompletionStage<Outcome> carryOutAs(
      ClientFrame.Order order, Principal principal, Optional<DeviceId> device) {
    RealmSettings realm = realms.of(principal.user().realm());
    return switch (Translator.meaning(order, principal, device, realm)) {
      case Translator.Meaning.Refused(Problem problem) ->
          CompletableFuture.completedFuture(new Outcome.Failed(problem));
      case Translator.Meaning.Place(var initiation) ->
          amongKnown(
                  principal,
                  realm,
                  initiation.callees(),
                  () -> engine.initiate(initiation),
                  order.tag().idempotencyKey().isPresent())
              .thenApply(outcome -> admittedByGlare(outcome, principal));
      case Translator.Meaning.Submit(var call, var command, var answer) -> {
        CallKey key = new CallKey(principal.user().realm(), call);
        // Twice as long is not the same as once.
        boolean repeatable =
            order.tag().idempotencyKey().isPresent() || !(order instanceof ClientFrame.Extend);
        CompletionStage<Outcome> outcome =
            tried(() -> engine.submit(key, command), repeatable).thenApply(CallDesk::outcome);
        yield order instanceof ClientFrame.Accept accept
            ? outcome
                .thenCompose(o -> accepted(o, key, principal, device, answer))
                .thenCompose(o -> withoutOthers(o, accept, principal))
            : outcome;
      }
      case Translator.Meaning.Invite(var call, var by, var callees, var requestKey) -> {
        CallKey key = new CallKey(principal.user().realm(), call);
        yield amongKnown(
            principal,
            realm,
            callees,
            () -> engine.invite(key, by, callees, requestKey),
            order.tag().idempotencyKey().isPresent());
      }
      case Translator.Meaning.Relay(var call, var signal) -> {
        CallKey key = new CallKey(principal.user().realm(), call);
        Endpoint from = new Endpoint(principal.user().user(), device.orElse(DeviceId.REST));
        yield tried(() -> engine.signal(key, from, signal), false).thenApply(CallDesk::outcome);
      }
    };
  }

  /** Does something that rings these users, or refuses where the realm knows one of them not. */
  private CompletionStage<Outcome> amongKnown(
      Principal principal,
      RealmSettings realm,
      List<UserId> callees,
      Supplier<CompletionStage<Reply>> attempt,
      boolean repeatable) {
    CompletionStage<List<UserId>> unknown =
        realm.requireKnownCallee()
            ? knownUsers.unknown(principal, callees)
            : CompletableFuture.completedFuture(List.of());
    return unknown.thenCompose(
        strangers ->
            strangers.isEmpty()
                ? tried(attempt, repeatable).thenApply(CallDesk::outcome)
                : CompletableFuture.completedFuture(
                    new Outcome.Failed(Problem.of(ErrorCode.CALLEE_NOT_FOUND))));
  }

  /** Whose initiate became an accept (R16) is let into the room as by an accept. */
  private Outcome admittedByGlare(Outcome outcome, Principal principal) {
    return outcome instanceof Outcome.Done(Reply.Done reply, var _)
            && reply.effect() == Decision.Effect.GLARE
        ? new Outcome.Done(reply, jitsi.issue(reply.call(), principal))
        : outcome;
  }

  /** Once the new call is taken, and only then, the others are treated as the accept says. */
  private CompletionStage<Outcome> withoutOthers(
      Outcome outcome, ClientFrame.Accept accept, Principal principal) {
    return outcome instanceof Outcome.Done
        ? others
            .treat(accept.existing(), principal.user(), accept.call())
            .thenApply(done -> outcome)
        : CompletableFuture.completedFuture(outcome);
  }

  /** Passes on the answer that came with an accept, and lets the user into the room. */
  private CompletionStage<Outcome> accepted(
      Outcome outcome,
      CallKey key,
      Principal principal,
      Optional<DeviceId> device,
      Optional<Signal> answer) {
    return switch (outcome) {
      case Outcome.Failed failed -> CompletableFuture.completedFuture(failed);
      case Outcome.Done done -> {
        Outcome admitted =
            new Outcome.Done(done.reply(), jitsi.issue(done.reply().call(), principal));
        if (answer.isEmpty()) {
          yield CompletableFuture.completedFuture(admitted);
        }
        Endpoint from = new Endpoint(principal.user().user(), device.orElse(DeviceId.REST));
        // The accept is a fact whatever becomes of the answer; the media's own retries mend that.
        yield engine.signal(key, from, answer.get()).thenApply(relayed -> admitted);
      }
    };
  }

  private static Outcome outcome(Reply reply) {
    return switch (reply) {
      case Reply.Done done -> new Outcome.Done(done, Optional.empty());
      case Reply.Refused(var rejection) -> new Outcome.Failed(Problem.of(rejection));
      case Reply.Unavailable(boolean outcomeUnknown) ->
          new Outcome.Failed(Problem.unavailable(outcomeUnknown, RETRY_AFTER));
    };
  }

  private CompletionStage<Reply> tried(
      Supplier<CompletionStage<Reply>> attempt, boolean repeatable) {
    CompletionStage<Reply> reply =
        attempt(attempt, repeatable, System.nanoTime() + retryBudget.toNanos(), FIRST_PAUSE);
    // The last attempt has a budget of its own, and its client would wait for both.
    return retryBudget.isZero()
        ? reply
        : reply
            .toCompletableFuture()
            .copy()
            .completeOnTimeout(
                new Reply.Unavailable(true), retryBudget.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static CompletionStage<Reply> attempt(
      Supplier<CompletionStage<Reply>> attempt, boolean repeatable, long until, Duration pause) {
    return attempt
        .get()
        .thenCompose(
            reply -> {
              boolean again =
                  reply instanceof Reply.Unavailable(boolean outcomeUnknown)
                      && (repeatable || !outcomeUnknown)
                      && System.nanoTime() + pause.toNanos() < until;
              if (!again) {
                return CompletableFuture.completedFuture(reply);
              }
              // Jittered: everybody whose call was on the lost node asks again at the same moment.
              long wait =
                  pause.toMillis() / 2 + ThreadLocalRandom.current().nextLong(pause.toMillis());
              Executor later = CompletableFuture.delayedExecutor(wait, TimeUnit.MILLISECONDS);
              Duration longer = pause.multipliedBy(2);
              Duration next = longer.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : longer;
              return CompletableFuture.supplyAsync(
                      () -> attempt(attempt, repeatable, until, next), later)
                  .thenCompose(stage -> stage);
            });
  }
}
