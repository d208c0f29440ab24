package io.carillon.http.testnode;

import io.carillon.engine.identity.RealmId;
import io.carillon.engine.identity.UserId;
import io.carillon.engine.identity.UserKey;
import io.carillon.http.auth.DevTokens;
import io.carillon.http.auth.Role;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;

/** Tokens that every node of these tests believes, since all share one secret. */
public final class Tokens {
  private static final DevTokens TOKENS =
      new DevTokens(TestNode.SECRET.getBytes(StandardCharsets.UTF_8), InstantSource.system());

  private Tokens() {}

  /** A user's, good for an hour. */
  public static String of(String user, Role... roles) {
    return TOKENS.issue(
        new UserKey(new RealmId(TestNode.REALM), new UserId(user)),
        Optional.of(user),
        roles.length == 0 ? Set.of(Role.USER) : Set.of(roles),
        Duration.ofHours(1));
  }
}
