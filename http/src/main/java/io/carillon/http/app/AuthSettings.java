package io.carillon.http.app;

import com.typesafe.config.Config;
import io.carillon.engine.identity.RealmId;
import io.carillon.http.auth.Algorithm;
import io.carillon.http.auth.Issuer;
import io.carillon.http.auth.KeySet;
import io.carillon.http.auth.TokenVerifier;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads {@code carillon.auth}: whose tokens are believed. */
final class AuthSettings {
  /** Shorter secrets can be guessed from one token. */
  static final int MIN_SECRET = 32;

  private AuthSettings() {}

  /** The shared secret's bytes, where there is one; throws where it is too short. */
  static Optional<byte[]> secret(Config root) {
    String secret = root.getString("carillon.auth.secret");
    if (secret.isEmpty()) {
      return Optional.empty();
    }
    if (secret.length() < MIN_SECRET) {
      throw new IllegalArgumentException(
          "carillon.auth.secret must have at least " + MIN_SECRET + " characters");
    }
    return Optional.of(secret.getBytes(StandardCharsets.UTF_8));
  }

  /** Whether anybody could ever present a good token. */
  static boolean knowsAnybody(Config root) {
    return !root.getString("carillon.auth.secret").isEmpty()
        || !root.getConfigList("carillon.auth.issuers").isEmpty();
  }

  static TokenVerifier verifier(Config root, InstantSource clock) {
    Config config = root.getConfig("carillon.auth");
    List<Issuer> issuers = new ArrayList<>();
    secret(root)
        .ifPresent(
            secret ->
                issuers.add(
                    new Issuer(
                        Optional.empty(),
                        Optional.empty(),
                        text(config, "audience"),
                        KeySet.secret(secret))));
    for (Config one : config.getConfigList("issuers")) {
      issuers.add(issuer(one, clock));
    }
    return new TokenVerifier(issuers, config.getDuration("clock-skew"), clock);
  }

  private static Issuer issuer(Config config, InstantSource clock) {
    String name = config.getString("issuer");
    String word = config.getString("algorithm");
    Algorithm algorithm =
        Algorithm.find(word)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "carillon.auth.issuers: '" + word + "' is no algorithm we accept"));
    return new Issuer(
        Optional.of(name),
        text(config, "realm").map(RealmId::new),
        text(config, "audience"),
        keys(config, name, algorithm, clock));
  }

  private static KeySet keys(Config config, String name, Algorithm algorithm, InstantSource clock) {
    Optional<String> secret = text(config, "secret");
    if (secret.isPresent() != (algorithm == Algorithm.HS256)) {
      throw new IllegalArgumentException(
          "carillon.auth.issuers: " + name + " needs a secret with HS256 and only with it");
    }
    if (secret.isPresent()) {
      return KeySet.secret(secret.get().getBytes(StandardCharsets.UTF_8));
    }
    Optional<String> file = text(config, "jwks-file");
    if (file.isPresent()) {
      try {
        return KeySet.file(Path.of(file.get()), algorithm);
      } catch (IOException unreadable) {
        throw new IllegalArgumentException(
            "carillon.auth.issuers: the keys of " + name + " cannot be read", unreadable);
      }
    }
    String url =
        text(config, "jwks-url")
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "carillon.auth.issuers: " + name + " needs jwks-url, jwks-file or secret"));
    return KeySet.url(URI.create(url), algorithm, clock);
  }

  private static Optional<String> text(Config config, String key) {
    return config.hasPath(key)
        ? Optional.of(config.getString(key)).filter(t -> !t.isBlank())
        : Optional.empty();
  }
}
