package io.carillon.http.auth;

import java.time.Instant;
import java.util.Optional;

/** What a principal showed, as far as taking it back needs to know. */
public sealed interface Credential {
  /**
   * A token, or a ticket that was bought with one.
   *
   * @param id its {@code jti}; empty: it can only be revoked with all of its user's
   * @param issuedAt its {@code iat}; empty: it counts as issued before anything
   */
  record Token(Optional<String> id, Optional<Instant> issuedAt) implements Credential {}

  /** An API key, which is revoked where keys are. */
  record Key() implements Credential {}
}
