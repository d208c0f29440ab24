package io.carillon.http.settings;

import com.typesafe.config.Config;
import java.util.Optional;

/** What several settings are checked for. */
final class Checks {
  private Checks() {}

  /** Throws, naming the key, unless the rule holds. */
  static void require(boolean holds, String key, String rule) {
    if (!holds) {
      throw new IllegalArgumentException("carillon." + key + " " + rule);
    }
  }

  /** A text, empty where the setting is the empty text. */
  static Optional<String> text(Config config, String key) {
    return Optional.of(config.getString(key)).filter(value -> !value.isBlank());
  }
}
