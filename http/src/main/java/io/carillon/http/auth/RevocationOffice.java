package io.carillon.http.auth;

import io.carillon.engine.identity.UserId;
import java.time.Instant;
import java.util.concurrent.CompletionStage;

/** Where tokens are taken back, for every node and for good: a port. */
public interface RevocationOffice {
  /**
   * Takes back one token of the administrator's realm. Once the stage completes this node does not
   * believe it any more, and the others do not within a second.
   *
   * @return when
   */
  CompletionStage<Instant> revokeToken(Principal by, String tokenId);

  /** The same with every token of a user that was issued until now. */
  CompletionStage<Instant> revokeUser(Principal by, UserId user);
}
