package io.carillon.http.analyst;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.carillon.persistence.database.Database;
import io.carillon.persistence.database.DatabaseSettings;
import io.carillon.persistence.embedded.EmbeddedDatabase;
import io.carillon.persistence.embedded.RunningDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Where the database is: the options, else {@code --data}, else the environment, else the
 * operator's {@code application.conf}.
 */
final class DatabaseOptions {
  @Option(
      names = "--database-url",
      paramLabel = "URL",
      description = "jdbc:postgresql://host:5432/carillon; or $CARILLON_DATABASE_URL.")
  @Nullable String url;

  @Option(
      names = "--database-user",
      paramLabel = "USER",
      description = "Who connects; or $CARILLON_DATABASE_USER. May be one that can only select.")
  @Nullable String user;

  @Option(
      names = "--database-password",
      paramLabel = "PASSWORD",
      description = "Better given as $CARILLON_DATABASE_PASSWORD.")
  @Nullable String password;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The data directory of a development node, running or not.")
  @Nullable Path data;

  /** A database that is open until it is closed. */
  record Opened(DataSource source, Optional<EmbeddedDatabase> server) implements AutoCloseable {
    @Override
    public void close() {
      server.ifPresent(EmbeddedDatabase::close);
    }
  }

  /**
   * Finds the database.
   *
   * @throws IOException when none is named anywhere
   */
  Opened open() throws IOException {
    Path directory = data;
    if (url == null && directory != null) {
      return attach(directory);
    }
    Config config = located();
    if (config.getString("carillon.database.url").isEmpty()) {
      throw new IOException(
          "no database is named: use --database-url or $CARILLON_DATABASE_URL, --data DIR for a"
              + " development node, or carillon.database.url in application.conf");
    }
    return opened(config, Optional.empty());
  }

  private static Opened attach(Path directory) throws IOException {
    Optional<String> running = RunningDatabase.url(directory);
    if (running.isPresent()) {
      return opened(
          DatabaseSettings.location(running.get(), RunningDatabase.USER, "")
              .withFallback(ConfigFactory.load()),
          Optional.empty());
    }
    EmbeddedDatabase server = EmbeddedDatabase.start(directory);
    return opened(server.config().withFallback(ConfigFactory.load()), Optional.of(server));
  }

  private static Opened opened(Config config, Optional<EmbeddedDatabase> server) {
    return new Opened(Database.unpooled(DatabaseSettings.from(config)), server);
  }

  private Config located() {
    Config config = ConfigFactory.load();
    config = over(config, "url", System.getenv("CARILLON_DATABASE_URL"));
    config = over(config, "username", System.getenv("CARILLON_DATABASE_USER"));
    config = over(config, "password", System.getenv("CARILLON_DATABASE_PASSWORD"));
    config = over(config, "url", url);
    config = over(config, "username", user);
    return over(config, "password", password);
  }

  private static Config over(Config config, String key, @Nullable String value) {
    return value == null
        ? config
        : ConfigFactory.parseMap(Map.of("carillon.database." + key, value)).withFallback(config);
  }
}
