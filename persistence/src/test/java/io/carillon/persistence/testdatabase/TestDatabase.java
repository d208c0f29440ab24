package io.carillon.persistence.testdatabase;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.carillon.persistence.database.Database;
import io.carillon.persistence.database.DatabaseSettings;
import io.carillon.persistence.embedded.EmbeddedDatabase;
import io.carillon.persistence.journal.JournalPlugin;
import io.carillon.persistence.migration.Migrations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.sql.DataSource;

/**
 * A fresh database with all tables, on a server that the tests of one JVM share. The server and its
 * data are gone when the JVM ends.
 */
public final class TestDatabase {
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private final String name;

  private TestDatabase(String name) {
    this.name = name;
  }

  /** Starts the server the first time. */
  private static final class Shared {
    static final EmbeddedDatabase SERVER = start();

    private static EmbeddedDatabase start() {
      try {
        Path directory = Files.createTempDirectory("carillon-test-");
        EmbeddedDatabase server = EmbeddedDatabase.start(directory);
        Runtime.getRuntime()
            .addShutdownHook(new Thread(() -> discard(directory), "test-database-stop"));
        // Every fresh database is a copy of this one, which is faster than migrating each.
        execute(server, "CREATE DATABASE template_carillon");
        Migrations.run(
            Database.unpooled(DatabaseSettings.from(layers(server.config("template_carillon")))));
        return server;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** A database nobody else uses. */
  public static TestDatabase fresh() {
    String name = "test_" + NUMBER.incrementAndGet();
    execute(Shared.SERVER, "CREATE DATABASE " + name + " TEMPLATE template_carillon");
    return new TestDatabase(name);
  }

  /** The server itself. */
  public static EmbeddedDatabase server() {
    return Shared.SERVER;
  }

  /** {@code carillon.database} of this database, to be put in front of other configuration. */
  public Config location() {
    return Shared.SERVER.config(name);
  }

  /** A whole configuration with which an actor system uses this database as its journal. */
  public Config config() {
    return JournalPlugin.over(location());
  }

  /** The same with some of a test's own settings in front. */
  public Config config(String hocon) {
    return JournalPlugin.over(ConfigFactory.parseString(hocon).withFallback(location()));
  }

  /** The settings of this database. */
  public DatabaseSettings settings() {
    return DatabaseSettings.from(layers(location()));
  }

  /** Opens its read pool; the caller closes it. */
  public Database open() {
    return Database.open(settings());
  }

  /** Single connections to it. */
  public DataSource dataSource() {
    return Database.unpooled(settings());
  }

  /** Runs a statement. */
  public void execute(String sql) {
    try (Connection connection = dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** Runs a query: each row's columns as text, null as "null", separated by bars. */
  public List<String> query(String sql) {
    List<String> rows = new ArrayList<>();
    try (Connection connection = dataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      int columns = result.getMetaData().getColumnCount();
      while (result.next()) {
        StringBuilder row = new StringBuilder();
        for (int i = 1; i <= columns; i++) {
          row.append(i > 1 ? "|" : "").append(result.getString(i));
        }
        rows.add(row.toString());
      }
      return rows;
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  private static Config layers(Config location) {
    return location.withFallback(ConfigFactory.load());
  }

  private static void execute(EmbeddedDatabase server, String sql) {
    try (Connection connection = server.administration().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** Nobody will want the data: the server is stopped at once, without waiting for the disk. */
  private static void discard(Path directory) {
    try {
      Path file = directory.resolve("postgresql").resolve("postmaster.pid");
      String pid = Files.readAllLines(file).getFirst().strip();
      new ProcessBuilder("kill", "-QUIT", pid).start();
      ProcessHandle.of(Long.parseLong(pid)).ifPresent(server -> server.onExit().join());
      delete(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
