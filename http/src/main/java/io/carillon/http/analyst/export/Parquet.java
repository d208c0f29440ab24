package io.carillon.http.analyst.export;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A CSV export as Parquet. DuckDB does it, in this process, within a bound of memory: it reads and
 * writes in pieces.
 */
public final class Parquet {
  private Parquet() {}

  /** Converts a CSV file with these columns. */
  public static void convert(Path csv, List<? extends Column<?>> columns, Path parquet)
      throws SQLException {
    String types =
        columns.stream()
            .map(c -> "'" + c.name() + "': '" + c.type().sql() + "'")
            .collect(Collectors.joining(", ", "{", "}"));
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute("SET memory_limit = '192MB'; SET threads = 1; SET TimeZone = 'UTC'");
      statement.execute("SET preserve_insertion_order = true");
      statement.execute(
          "COPY (SELECT * FROM read_csv("
              + quoted(csv)
              + ", header = true, delim = ',', quote = '\"', escape = '\"', columns = "
              + types
              + ")) TO "
              + quoted(parquet)
              + " (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 50000)");
    }
  }

  private static String quoted(Path file) {
    return "'" + file.toAbsolutePath().toString().replace("'", "''") + "'";
  }
}
