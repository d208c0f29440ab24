package io.carillon.http.app;

import io.carillon.engine.identity.UserId;
import io.carillon.engine.identity.UserKey;
import io.carillon.http.auth.Principal;
import io.carillon.http.auth.RevocationOffice;
import io.carillon.http.auth.Revocations;
import io.carillon.http.auth.Revocations.Revocation;
import io.carillon.http.cluster.Prompter;
import io.carillon.persistence.database.Database;
import io.carillon.persistence.directory.RevokedTokens;
import io.carillon.persistence.directory.RevokedTokens.Kind;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;

/**
 * Keeps this node's revocations as the database has them: all of them before it serves, then what
 * is new every second, and at once when a node has revoked something.
 */
final class StoredRevocations implements RevocationOffice {
  private static final Duration EVERY = Duration.ofSeconds(1);

  /** How far back it looks each time: a row is stamped before it can be seen. */
  private static final Duration MARGIN = Duration.ofSeconds(30);

  private final RevokedTokens stored;
  private final Revocations known;
  private final Duration kept;
  private final InstantSource clock;
  private final ActorRef<Prompter.Message> prompter;
  private volatile Runnable learned = () -> {};
  private volatile Instant upTo = Instant.EPOCH;

  /**
   * Reads what there is; throws where it cannot be read.
   *
   * @param kept how long a revocation is remembered
   * @param clock the database's
   */
  StoredRevocations(
      ActorSystem<?> system,
      Database database,
      Revocations known,
      Duration kept,
      InstantSource clock) {
    this.stored = new RevokedTokens(database);
    this.known = known;
    this.kept = kept;
    this.clock = clock;
    look().toCompletableFuture().join();
    this.prompter =
        system.systemActorOf(
            Prompter.create("revocations", EVERY, this::look), "revocations", Props.empty());
  }

  /** Says what to do whenever something new was learned. */
  void onLearned(Runnable then) {
    learned = then;
  }

  private CompletionStage<Void> look() {
    Instant begun = clock.instant();
    return stored
        .since(upTo)
        .thenAccept(
            found -> {
              upTo = begun.minus(MARGIN);
              learn(found.stream().map(StoredRevocations::revocation).toList());
            });
  }

  private void learn(List<Revocation> revocations) {
    if (known.learn(revocations, clock.instant())) {
      learned.run();
    }
  }

  private static Revocation revocation(RevokedTokens.Revoked r) {
    return switch (r.kind()) {
      case TOKEN -> new Revocation.OfToken(r.realm(), r.subject(), r.keptUntil());
      case USER ->
          new Revocation.OfUser(
              new UserKey(r.realm(), new UserId(r.subject())), r.at(), r.keptUntil());
    };
  }

  @Override
  public CompletionStage<Instant> revokeToken(Principal by, String tokenId) {
    return revoke(by, Kind.TOKEN, tokenId);
  }

  @Override
  public CompletionStage<Instant> revokeUser(Principal by, UserId user) {
    return revoke(by, Kind.USER, user.value());
  }

  private CompletionStage<Instant> revoke(Principal by, Kind kind, String subject) {
    return stored
        .revoke(by.user().realm(), kind, subject, kept, by.user())
        .thenApply(
            revoked -> {
              learn(List.of(revocation(revoked)));
              prompter.tell(new Prompter.Everywhere());
              return revoked.at();
            });
  }
}
