package io.carillon.http.auth;

import io.carillon.engine.identity.RealmId;
import io.carillon.engine.identity.UserKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The tokens this node believes no longer. Kept in memory, since every request asks; read from
 * where they are stored when the node starts, and while it runs.
 */
public final class Revocations {
  /** One that was taken back. */
  public sealed interface Revocation {
    /** From when on it concerns nobody: what it is about has run out. */
    Instant keptUntil();

    /** One token. */
    record OfToken(RealmId realm, String id, Instant keptUntil) implements Revocation {}

    /** Every token of a user that was issued until {@code at}. */
    record OfUser(UserKey user, Instant at, Instant keptUntil) implements Revocation {}
  }

  private record TokenKey(RealmId realm, String id) {}

  private final Map<TokenKey, Instant> tokens = new ConcurrentHashMap<>();
  private final Map<UserKey, Revocation.OfUser> users = new ConcurrentHashMap<>();

  /**
   * Learns of revocations, the same ones as often as you like.
   *
   * @param now those that concern nobody any more are forgotten
   * @return whether any of them was new
   */
  public boolean learn(List<Revocation> revocations, Instant now) {
    boolean news = false;
    for (Revocation revocation : revocations) {
      switch (revocation) {
        case Revocation.OfToken r ->
            news |= tokens.put(new TokenKey(r.realm(), r.id()), r.keptUntil()) == null;
        case Revocation.OfUser r -> news |= !r.equals(users.put(r.user(), r));
      }
    }
    tokens.values().removeIf(until -> until.isBefore(now));
    users.values().removeIf(r -> r.keptUntil().isBefore(now));
    return news;
  }

  /** Whether what the principal showed was taken back. */
  public boolean concern(Principal principal) {
    return switch (principal.credential()) {
      case Credential.Token(var id, var issuedAt) -> {
        RealmId realm = principal.user().realm();
        if (id.isPresent() && tokens.containsKey(new TokenKey(realm, id.get()))) {
          yield true;
        }
        Optional<Instant> until =
            Optional.ofNullable(users.get(principal.user())).map(Revocation.OfUser::at);
        // Tokens tell their moment in whole seconds: one of the same second may be the old one.
        yield until.isPresent()
            && !issuedAt.filter(issued -> issued.isAfter(until.get())).isPresent();
      }
      case Credential.Key _ -> false;
    };
  }
}
