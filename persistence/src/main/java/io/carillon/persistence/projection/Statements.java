package io.carillon.persistence.projection;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Several statements over arrays, sent as one: the driver sends them all before it waits for an
 * answer, so that a batch costs one round trip and not one for each table.
 */
public final class Statements {
  // Handed on to the driver and never compared.
  @SuppressWarnings("ArrayRecordComponent")
  private record Parameter(String type, @Nullable Object[] values) {}

  private final StringBuilder sql = new StringBuilder();
  private final List<Parameter> parameters = new ArrayList<>();
  private int count;

  /** Begins a statement; its parameters are arrays added after it, in their order. */
  public Statements statement(String text) {
    if (count++ > 0) {
      sql.append(";\n");
    }
    sql.append(text);
    return this;
  }

  /** An array of {@code text}. */
  public Statements texts(@Nullable String[] values) {
    return add("text", values);
  }

  /** An array of {@code bigint}. */
  public Statements numbers(@Nullable Long[] values) {
    return add("bigint", values);
  }

  /** An array of {@code bytea}. */
  public Statements bytes(byte[][] values) {
    return add("bytea", values);
  }

  private Statements add(String type, @Nullable Object[] values) {
    parameters.add(new Parameter(type, values));
    return this;
  }

  /** How many statements there are. */
  public int count() {
    return count;
  }

  /**
   * Runs them in their order; nothing but the connection's transaction makes them one.
   *
   * @return how many rows each changed
   */
  public int[] run(Connection connection) throws SQLException {
    int[] changed = new int[count];
    if (count == 0) {
      return changed;
    }
    try (PreparedStatement statement = connection.prepareStatement(sql.toString())) {
      for (int i = 0; i < parameters.size(); i++) {
        Parameter parameter = parameters.get(i);
        Array array = connection.createArrayOf(parameter.type(), parameter.values());
        statement.setArray(i + 1, array);
      }
      statement.execute();
      for (int i = 0; i < count; i++) {
        changed[i] = statement.getUpdateCount();
        statement.getMoreResults();
      }
    }
    return changed;
  }
}
