package io.carillon.engine.actor;

import io.carillon.engine.call.Line;
import io.carillon.engine.identity.RealmId;
import io.carillon.engine.identity.UserId;
import io.carillon.engine.session.LineDesk;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;

/** Asks the sessions of those who are to be rung how their lines are. */
final class Lines {
  /** A session that does not answer by then must not keep a call waiting. */
  static final Duration TIMEOUT = Duration.ofSeconds(1);

  private Lines() {}

  /**
   * All answers, in the order of the users; never completes exceptionally. Whose session is just
   * moving counts as free: it rings later.
   */
  static CompletionStage<List<SessionMessage.LineAnswer>> of(
      Collection<UserId> users,
      RealmId realm,
      ClusterSharding sharding,
      Questions questions,
      Function<ActorRef<SessionMessage.LineAnswer>, SessionMessage> question) {
    CompletionStage<List<SessionMessage.LineAnswer>> all =
        CompletableFuture.completedFuture(new ArrayList<>());
    for (UserId user : users) {
      CompletionStage<SessionMessage.LineAnswer> answer =
          questions
              .ask(
                  sharding.entityRefFor(UserSession.TYPE, UserSession.entityId(realm, user)),
                  question,
                  TIMEOUT)
              .exceptionally(
                  failure ->
                      new SessionMessage.LineAnswer(user, new LineDesk.Proceed(Line.FREE), false));
      all =
          all.thenCombine(
              answer,
              (answers, one) -> {
                answers.add(one);
                return answers;
              });
    }
    return all;
  }
}
