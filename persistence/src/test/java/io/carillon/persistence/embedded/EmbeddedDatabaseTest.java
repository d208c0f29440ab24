package io.carillon.persistence.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.carillon.persistence.database.Database;
import io.carillon.persistence.database.DatabaseSettings;
import io.carillon.persistence.migration.DatabaseChecks;
import io.carillon.persistence.migration.Migrations;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedDatabaseTest {
  @TempDir Path directory;

  /** What a test kills: an engine that started the server, says so, and waits for its death. */
  static final class Victim {
    private Victim() {}

    public static void main(String[] args) throws Exception {
      EmbeddedDatabase database = EmbeddedDatabase.start(Path.of(args[0]));
      execute(source(database), "CREATE TABLE kept (n integer)");
      execute(source(database), "INSERT INTO kept VALUES (42)");
      System.out.println("committed");
      Thread.currentThread().join();
    }
  }

  @Test
  void dataIsThereAfterARestartWhichIsQuick() throws Exception {
    try (EmbeddedDatabase database = EmbeddedDatabase.start(directory)) {
      execute(source(database), "CREATE TABLE kept (n integer)");
      execute(source(database), "INSERT INTO kept VALUES (42)");
    }
    long began = System.nanoTime();
    try (EmbeddedDatabase database = EmbeddedDatabase.start(directory)) {
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      assertThat(number(source(database), "SELECT n FROM kept")).isEqualTo(42);
      assertThat(took).isLessThan(Duration.ofSeconds(5));
    }
  }

  @Test
  void itIsADurableServerThatPassesTheChecks() {
    try (EmbeddedDatabase database = EmbeddedDatabase.start(directory)) {
      Migrations.run(source(database));
      Migrations.run(source(database));
      DatabaseChecks.run(source(database));
    }
  }

  @Test
  void aDirectoryInUseIsRefused() {
    try (EmbeddedDatabase database = EmbeddedDatabase.start(directory)) {
      assertThat(database.port()).isPositive();
      assertThatThrownBy(() -> EmbeddedDatabase.start(directory))
          .isInstanceOf(EmbeddedDatabaseException.class)
          .hasMessageContaining("in use");
    }
  }

  @Test
  void aServerLeftByAKilledEngineIsStoppedAndItsDataKept() throws Exception {
    Process victim =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Victim.class.getName(),
                directory.toString())
            .redirectErrorStream(true)
            .start();
    try (BufferedReader output =
        new BufferedReader(
            new InputStreamReader(victim.getInputStream(), StandardCharsets.UTF_8))) {
      assertThat(output.lines().anyMatch(line -> line.equals("committed"))).isTrue();
    } finally {
      victim.destroyForcibly();
    }
    assertThat(victim.waitFor(10, TimeUnit.SECONDS)).isTrue();
    Path data = directory.toRealPath().resolve("postgresql");
    assertThat(Orphan.of(data)).isPresent();
    try (EmbeddedDatabase database = EmbeddedDatabase.start(directory)) {
      assertThat(number(source(database), "SELECT n FROM kept")).isEqualTo(42);
    }
    assertThat(Orphan.of(data)).isEmpty();
  }

  private static DataSource source(EmbeddedDatabase database) {
    return Database.unpooled(
        DatabaseSettings.from(database.config().withFallback(ConfigFactory.load())));
  }

  private static void execute(DataSource source, String sql) throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static int number(DataSource source, String sql) throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      assertThat(result.next()).isTrue();
      return result.getInt(1);
    }
  }
}
