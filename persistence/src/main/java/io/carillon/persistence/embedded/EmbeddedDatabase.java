package io.carillon.persistence.embedded;

import com.typesafe.config.Config;
import io.carillon.persistence.database.DatabaseSettings;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running PostgreSQL with its data in a directory of ours. The owner closes it, after everything
 * that uses it; where the owner is killed first, the next {@link #start} on the same directory
 * finds the server and stops it.
 */
public final class EmbeddedDatabase implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedDatabase.class);
  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
  private static final String SUPERUSER = "postgres";
  private static final String DATABASE = "carillon";

  /**
   * What the library would set otherwise is fast and loses acknowledged calls with the power; these
   * make it a real database. Connections: one engine and its tools.
   */
  private static final Map<String, String> SERVER =
      Map.of(
          "fsync", "on",
          "synchronous_commit", "on",
          "full_page_writes", "on",
          "max_connections", "200",
          "unix_socket_directories", "");

  private final DirectoryLock lock;
  private final EmbeddedPostgres server;

  private EmbeddedDatabase(DirectoryLock lock, EmbeddedPostgres server) {
    this.lock = lock;
    this.server = server;
  }

  /**
   * Starts a server on the directory, with the data of the last run if there was one: about 0.5 s,
   * the first time on a machine a few seconds more.
   *
   * @throws EmbeddedDatabaseException when it does not start; the message says what to do
   */
  public static EmbeddedDatabase start(Path directory) {
    try {
      Path root = Files.createDirectories(directory).toRealPath();
      DirectoryLock lock = DirectoryLock.take(root);
      try {
        return new EmbeddedDatabase(lock, startServer(root.resolve("postgresql")));
      } catch (IOException | SQLException | RuntimeException e) {
        lock.close();
        throw e;
      }
    } catch (IOException | SQLException | IllegalStateException e) {
      throw new EmbeddedDatabaseException(
          "The embedded PostgreSQL did not start in "
              + directory
              + ": "
              + e.getMessage()
              + ". Where it cannot run (a container that forbids 'unshare', a read-only directory),"
              + " set carillon.database.url to a PostgreSQL 15 or newer.",
          e);
    }
  }

  private static EmbeddedPostgres startServer(Path data) throws IOException, SQLException {
    var orphan = Orphan.of(data);
    if (orphan.isPresent()) {
      orphan.get().stop();
    }
    EmbeddedPostgres.Builder builder =
        EmbeddedPostgres.builder()
            .setDataDirectory(data)
            .setCleanDataDirectory(false)
            .setPGStartupWait(START_TIMEOUT)
            .setLocaleConfig("locale", "C")
            // The engine closes the server itself, after its last write; a hook would race with it.
            .setRegisterShutdownHook(false)
            .setOutputRedirector(ProcessBuilder.Redirect.DISCARD)
            .setErrorRedirector(ProcessBuilder.Redirect.DISCARD);
    SERVER.forEach(builder::setServerConfig);
    EmbeddedPostgres server = builder.start();
    try {
      prepare(server.getPostgresDatabase(), data);
      LOG.info("embedded PostgreSQL runs on port {} with its data in {}", server.getPort(), data);
      return server;
    } catch (SQLException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /**
   * Makes sure that the server that answers is ours before anything is written to it: between our
   * choice of a free port and the server's start, somebody else's may have taken it.
   */
  private static void prepare(DataSource source, Path data) throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      String served = text(statement, "SHOW data_directory");
      if (!Path.of(served).equals(data)) {
        throw new IllegalStateException(
            "another PostgreSQL answers on its port, with its data in " + served);
      }
      String exists = "SELECT count(*) FROM pg_database WHERE datname = '" + DATABASE + "'";
      if (text(statement, exists).equals("0")) {
        statement.execute("CREATE DATABASE " + DATABASE);
      }
    }
  }

  private static String text(Statement statement, String query) throws SQLException {
    try (ResultSet result = statement.executeQuery(query)) {
      result.next();
      return result.getString(1);
    }
  }

  /** Where it listens. */
  public int port() {
    return server.getPort();
  }

  /** The JDBC URL of a database of this server. */
  public String url(String database) {
    return "jdbc:postgresql://localhost:" + port() + "/" + database;
  }

  /** {@code carillon.database.url} and the rest: to be put in front of the configuration. */
  public Config config() {
    return config(DATABASE);
  }

  /** The same for another database of this server. */
  public Config config(String database) {
    return DatabaseSettings.location(url(database), SUPERUSER, "");
  }

  /** Single connections to the server's own database, as its superuser. */
  public DataSource administration() {
    return server.getPostgresDatabase();
  }

  /** Stops the server: clients are cut off, what was committed is on disk. */
  @Override
  public void close() {
    try (lock) {
      checkpoint();
      server.close();
    } catch (IOException e) {
      LOG.warn("the embedded PostgreSQL did not stop as it should", e);
    }
  }

  /** Writes out beforehand what stopping would have to: stopping is given five seconds only. */
  private void checkpoint() {
    try (Connection connection = administration().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CHECKPOINT");
    } catch (SQLException e) {
      LOG.warn("the embedded PostgreSQL cannot be reached while stopping it: {}", e.getMessage());
    }
  }
}
