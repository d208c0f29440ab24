package io.carillon.http.auth;

import java.util.Optional;

/** The signatures that are accepted; a key is good for exactly one of them. */
public enum Algorithm {
  HS256("HS256"),
  RS256("RS256"),
  ES256("ES256"),
  EDDSA("EdDSA");

  private final String word;

  Algorithm(String word) {
    this.word = word;
  }

  /** The name in a token's header, compared exactly. */
  public String word() {
    return word;
  }

  /** The algorithm with this name. */
  public static Optional<Algorithm> find(String word) {
    for (Algorithm algorithm : values()) {
      if (algorithm.word.equals(word)) {
        return Optional.of(algorithm);
      }
    }
    return Optional.empty();
  }
}
