package io.carillon.persistence.journal;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;

/** How Pekko Persistence has to be set up to use this journal. */
public final class JournalPlugin {
  private JournalPlugin() {}

  /**
   * Our settings of keys that are Pekko's: the layer between the operator's file and the libraries'
   * defaults. Contains substitutions: resolve after putting the layers together.
   */
  public static Config settings() {
    return ConfigFactory.parseResources(
        JournalPlugin.class.getClassLoader(), "carillon-journal.conf");
  }

  /** All layers, for a system that has no others: ours over every library's defaults. */
  public static Config over(Config application) {
    return ConfigFactory.defaultOverrides()
        .withFallback(application)
        .withFallback(settings())
        .withFallback(ConfigFactory.defaultReferenceUnresolved())
        .resolve();
  }
}
