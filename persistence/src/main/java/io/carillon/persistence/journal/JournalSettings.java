package io.carillon.persistence.journal;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * How the journal is written; the keys of {@code carillon.journal}, which {@code reference.conf}
 * explains.
 *
 * @param writers threads that write, 1 to 32
 * @param batchEvents the most events in one transaction, 1 to 1000
 * @param queueEvents the most events waiting, at least one batch
 * @param drainTimeout how long a stopping node may take to write what is waiting
 */
public record JournalSettings(
    int writers, int batchEvents, int queueEvents, Duration drainTimeout) {
  private static final String PATH = "carillon.journal";

  /** Checks the values; the message of what is thrown names the key. */
  public JournalSettings {
    require(writers >= 1 && writers <= 32, "writers", "must be 1 to 32");
    require(batchEvents >= 1 && batchEvents <= 1000, "batch-events", "must be 1 to 1000");
    require(queueEvents >= batchEvents, "queue-events", "must be at least batch-events");
    require(!drainTimeout.isNegative(), "drain-timeout", "must not be negative");
  }

  /**
   * Reads {@code carillon.journal} of a whole configuration.
   *
   * @throws IllegalArgumentException when a value is out of bounds; the message names its key
   */
  public static JournalSettings from(Config root) {
    Config config = root.getConfig(PATH);
    return new JournalSettings(
        config.getInt("writers"),
        config.getInt("batch-events"),
        config.getInt("queue-events"),
        config.getDuration("drain-timeout"));
  }

  private static void require(boolean holds, String key, String rule) {
    if (!holds) {
      throw new IllegalArgumentException(PATH + "." + key + " " + rule);
    }
  }
}
