package io.carillon.http.app;

import com.typesafe.config.Config;
import io.carillon.http.settings.Environment;
import io.carillon.persistence.journal.JournalPlugin;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;

/** A node as the configuration says. */
@Command(
    name = "serve",
    description = "One node as application.conf and the environment say.",
    mixinStandardHelpOptions = true)
final class ServeCommand implements Runnable {

  @Override
  public void run() {
    // Read by the log's configuration, which is loaded with the first logger.
    if (System.getProperty("carillon.log") == null) {
      System.setProperty("carillon.log", "json");
    }
    Config application = Environment.overFile();
    check(JournalPlugin.over(application));
    Running.untilStopped(Node.start(application), () -> {});
  }

  /** Throws with everything that is missing, in one message. */
  static void check(Config config) {
    List<String> missing = new ArrayList<>();
    if (config.getString("carillon.database.url").isBlank()) {
      missing.add(
          "carillon.database.url (or CARILLON_DATABASE_URL): where PostgreSQL is, as"
              + " jdbc:postgresql://host:5432/carillon");
    }
    if (!AuthSettings.knowsAnybody(config)) {
      missing.add(
          "carillon.auth.secret (or CARILLON_AUTH_SECRET) or carillon.auth.issuers: whose tokens"
              + " are believed");
    }
    if (config.getBoolean("carillon.dev.enabled")) {
      missing.add("carillon.dev.enabled must be false: it hands out tokens to whoever asks");
    }
    if (!missing.isEmpty()) {
      throw new IllegalArgumentException(
          "the configuration is not complete:\n  - " + String.join("\n  - ", missing));
    }
  }
}
