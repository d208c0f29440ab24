package io.carillon.http.analyst.export;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A column of an export.
 *
 * @param name as in the protocol
 * @param type what its values are
 * @param value the value of a row; null: none. Of a text a {@link String}, of a number a {@link
 *     Long}, of a flag a {@link Boolean}, of a moment an {@link java.time.Instant}
 */
public record Column<T>(String name, Type type, Function<T, @Nullable Object> value) {
  /** What a column holds, and what DuckDB calls it. */
  public enum Type {
    TEXT("VARCHAR"),
    NUMBER("BIGINT"),
    FLAG("BOOLEAN"),
    MOMENT("TIMESTAMPTZ"),
    /** JSON as it came. */
    JSON("VARCHAR");

    private final String sql;

    Type(String sql) {
      this.sql = sql;
    }

    String sql() {
      return sql;
    }
  }
}
