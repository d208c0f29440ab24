package io.carillon.http.settings;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The STUN and TURN servers clients are told of (R45).
 *
 * @param stunUrls without credentials
 * @param turnUrls with credentials made for each user
 * @param turnSecret the secret shared with the TURN servers; empty: no TURN
 * @param validFor how long a user's TURN credentials are good
 */
public record IceSettings(
    List<String> stunUrls, List<String> turnUrls, Optional<String> turnSecret, Duration validFor) {

  static IceSettings from(Config config) {
    Optional<String> secret = Checks.text(config, "turn-secret");
    List<String> turn = List.copyOf(config.getStringList("turn-urls"));
    Checks.require(
        turn.isEmpty() || secret.isPresent(),
        "calls.ice.turn-secret",
        "must be set where turn-urls is");
    return new IceSettings(
        List.copyOf(config.getStringList("stun-urls")),
        turn,
        secret,
        config.getDuration("turn-valid-for"));
  }

  @Override
  public String toString() {
    return "IceSettings[" + stunUrls + ", " + turnUrls + "]";
  }
}
