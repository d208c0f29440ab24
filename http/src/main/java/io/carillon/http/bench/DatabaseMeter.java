package io.carillon.http.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What the database had to do, as it counts itself. */
final class DatabaseMeter {
  /**
   * Counters of a server, all since some beginning of their own.
   *
   * @param walBytes written ahead
   * @param commits transactions committed
   * @param rows inserted, updated or deleted
   */
  record Work(long walBytes, long commits, long rows) {
    Work minus(Work earlier) {
      return new Work(walBytes - earlier.walBytes, commits - earlier.commits, rows - earlier.rows);
    }
  }

  private static final int POSTMASTER_FILE_DEPTH = 6;
  private static final int PORT_LINE = 3;

  private static final String QUERY =
      "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0'),"
          + " sum(xact_commit), sum(tup_inserted + tup_updated + tup_deleted)"
          + " FROM pg_stat_database";

  private final String url;

  private DatabaseMeter(String url) {
    this.url = url;
  }

  /** Of the server at a JDBC URL. */
  static DatabaseMeter at(String url) {
    return new DatabaseMeter(url);
  }

  /** Of the server that keeps its data somewhere below a directory. */
  static Optional<DatabaseMeter> below(Path directory) {
    try (Stream<Path> files = Files.walk(directory, POSTMASTER_FILE_DEPTH)) {
      Optional<Path> file = files.filter(path -> path.endsWith("postmaster.pid")).findFirst();
      if (file.isEmpty()) {
        return Optional.empty();
      }
      List<String> lines = Files.readAllLines(file.get());
      return Optional.of(
          new DatabaseMeter(
              "jdbc:postgresql://localhost:" + lines.get(PORT_LINE) + "/postgres?user=postgres"));
    } catch (IOException none) {
      return Optional.empty();
    }
  }

  /** The counters now; empty where they cannot be had. */
  Optional<Work> work() {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(QUERY)) {
      row.next();
      return Optional.of(new Work(row.getLong(1), row.getLong(2), row.getLong(3)));
    } catch (SQLException unreachable) {
      return Optional.empty();
    }
  }
}
