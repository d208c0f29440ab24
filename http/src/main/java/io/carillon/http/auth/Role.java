package io.carillon.http.auth;

import java.util.Locale;
import java.util.Optional;

/** What a principal may be beyond a user. */
public enum Role {
  /** Calls and is called. */
  USER,
  /** Sees and ends the calls of the own realm. */
  ADMIN,
  /** Reads the journal of the own realm. */
  ANALYST,
  /** An application that acts for the realm. */
  SERVICE,
  /**
   * Runs the installation: of its nodes and not of any realm. Believed only of issuers that are not
   * bound to one realm.
   */
  OPERATOR;

  /** The role with this word, as it stands in tokens. */
  public static Optional<Role> find(String word) {
    for (Role role : values()) {
      if (role.name().toLowerCase(Locale.ROOT).equals(word)) {
        return Optional.of(role);
      }
    }
    return Optional.empty();
  }
}
