package io.carillon.persistence.readmodel;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * The keys of {@code carillon.records}, which {@code reference.conf} explains.
 *
 * @param changeMargin how much earlier than asked to look for changed calls
 * @param openCalls the most calls of one answer about a user's open calls
 */
public record RecordsSettings(Duration changeMargin, int openCalls) {
  private static final String PATH = "carillon.records";

  /** Checks the values; the message of what is thrown names the key. */
  public RecordsSettings {
    if (changeMargin.isNegative()) {
      throw new IllegalArgumentException(PATH + ".change-margin must not be negative");
    }
    if (openCalls < 1) {
      throw new IllegalArgumentException(PATH + ".open-calls must be at least 1");
    }
  }

  /** Reads {@code carillon.records} of a whole configuration. */
  public static RecordsSettings from(Config root) {
    Config config = root.getConfig(PATH);
    return new RecordsSettings(config.getDuration("change-margin"), config.getInt("open-calls"));
  }
}
