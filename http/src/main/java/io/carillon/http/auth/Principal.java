package io.carillon.http.auth;

import io.carillon.engine.identity.UserKey;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Somebody whose credential was accepted.
 *
 * @param user who, in which realm
 * @param name what to call them; empty where the credential does not say
 * @param roles what they may do
 * @param expiresAt when the credential stops being good; empty for keys, which are revoked instead
 * @param credential what was shown
 */
public record Principal(
    UserKey user,
    Optional<String> name,
    Set<Role> roles,
    Optional<Instant> expiresAt,
    Credential credential) {
  public Principal {
    roles = Set.copyOf(roles);
  }

  /** Whether the principal may read any call of its realm. */
  public boolean readsRealm() {
    return roles.contains(Role.ADMIN) || roles.contains(Role.ANALYST);
  }
}
