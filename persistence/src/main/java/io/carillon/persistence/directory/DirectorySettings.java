package io.carillon.persistence.directory;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * The keys of {@code carillon.directory}, which {@code reference.conf} explains.
 *
 * @param cachedUsers how many users one node keeps at hand
 * @param cacheTtl for how long
 */
public record DirectorySettings(int cachedUsers, Duration cacheTtl) {
  private static final String PATH = "carillon.directory";

  /** Checks the values; the message of what is thrown names the key. */
  public DirectorySettings {
    if (cachedUsers < 1) {
      throw new IllegalArgumentException(PATH + ".cached-users must be at least 1");
    }
    if (cacheTtl.isNegative()) {
      throw new IllegalArgumentException(PATH + ".cache-ttl must not be negative");
    }
  }

  /** Reads {@code carillon.directory} of a whole configuration. */
  public static DirectorySettings from(Config root) {
    Config config = root.getConfig(PATH);
    return new DirectorySettings(config.getInt("cached-users"), config.getDuration("cache-ttl"));
  }
}
