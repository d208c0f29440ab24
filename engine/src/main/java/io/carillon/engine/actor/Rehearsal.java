package io.carillon.engine.actor;

import io.carillon.engine.call.CallId;
import io.carillon.engine.call.CallKey;
import io.carillon.engine.identity.RealmId;
import io.carillon.engine.identity.UserId;
import io.carillon.engine.identity.UserKey;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.AskPattern;

/**
 * What a node does before it is given calls of others: everything that is slow the first time, with
 * a call and a user that do not exist. It stores nothing and tells nobody.
 */
final class Rehearsal {
  /** Both are only read, so it does no harm should somebody have these names. */
  private static final RealmId NOWHERE = new RealmId("-");

  private static final CallKey NO_CALL = new CallKey(NOWHERE, new CallId("rehearsal"));
  private static final UserKey NOBODY = new UserKey(NOWHERE, new UserId("nobody"));
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private Rehearsal() {}

  /** Completes when all is done, exceptionally where the database does not answer. */
  static CompletionStage<Void> play(
      ActorSystem<?> system, CallEntity.Surroundings forCalls, UserSession.Surroundings forUsers) {
    ActorRef<CallEntity.Message> call =
        system.systemActorOf(
            CallEntity.create(NO_CALL, forCalls, system.ignoreRef()), "no-call", Props.empty());
    ActorRef<SessionMessage> session =
        system.systemActorOf(
            UserSession.create(NOBODY, forUsers, system.ignoreRef()), "nobody", Props.empty());
    CompletionStage<?> described =
        AskPattern.<CallEntity.Message, CallEntity.Described>ask(
            call, CallEntity.Describe::new, PATIENCE, system.scheduler());
    CompletionStage<?> listed =
        AskPattern.<SessionMessage, SessionMessage.Devices>ask(
            session, SessionMessage.ListDevices::new, PATIENCE, system.scheduler());
    return CompletableFuture.allOf(
            described.toCompletableFuture(),
            listed.toCompletableFuture(),
            forUsers.records().open(NOBODY).toCompletableFuture(),
            forUsers.store().read(NOBODY).toCompletableFuture())
        .orTimeout(2 * PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .whenComplete(
            (done, failure) -> {
              call.tell(CallEntity.STOP);
              session.tell(UserSession.STOP);
            });
  }
}
