package io.carillon.persistence.migration;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;

/**
 * Whether a server may be trusted with calls. A journal that cannot be written must stop us now.
 */
public final class DatabaseChecks {
  private static final int OLDEST = 15;

  /** Each of these off means that a power cut takes back what a client was told is done. */
  private static final List<String> DURABILITY =
      List.of("fsync", "synchronous_commit", "full_page_writes");

  private DatabaseChecks() {}

  /**
   * Refuses a server that is older than PostgreSQL 15, that could lose an acknowledged commit, or
   * whose journal cannot be written. To be run after {@link Migrations#run}.
   *
   * @throws DatabaseUnfitException with what to do
   */
  public static void run(DataSource source) {
    try (Connection connection = source.getConnection()) {
      version(connection);
      for (String setting : DURABILITY) {
        durable(connection, setting);
      }
      writable(connection);
    } catch (SQLException e) {
      throw new DatabaseUnfitException(
          "The database cannot be reached: check carillon.database.url, username and password. "
              + e.getMessage(),
          e);
    }
  }

  private static void version(Connection connection) throws SQLException {
    int major = connection.getMetaData().getDatabaseMajorVersion();
    if (major < OLDEST) {
      throw new DatabaseUnfitException(
          "The server is PostgreSQL " + major + "; use " + OLDEST + " or newer.", null);
    }
  }

  private static void durable(Connection connection, String setting) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SHOW " + setting)) {
      result.next();
      if (result.getString(1).equals("off")) {
        throw new DatabaseUnfitException(
            "The server runs with "
                + setting
                + " = off: calls that were acknowledged would be lost with the power. Set "
                + setting
                + " = on in postgresql.conf (or for this user or database) and start again.",
            null);
      }
    }
  }

  private static void writable(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "INSERT INTO event_journal (persistence_id, sequence_number, writer, write_timestamp,"
              + " adapter_manifest, event_ser_id, event_ser_manifest, event_payload)"
              + " VALUES ('check', 1, '', 0, '', 0, '', '')");
    } catch (SQLException e) {
      throw new DatabaseUnfitException(
          "The journal cannot be written. The user needs INSERT, UPDATE, DELETE and SELECT on all"
              + " tables, and the server must be the primary and not read only. "
              + e.getMessage(),
          e);
    } finally {
      connection.rollback();
    }
  }
}
