package io.carillon.persistence.migration;

import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** Brings a database's tables to the form this version of the engine works with. */
public final class Migrations {
  private Migrations() {}

  /**
   * Applies what has not been applied yet. Several nodes may do so at once: one works, the others
   * wait for it.
   *
   * @param source connections without a statement timeout ({@code Database.unpooled})
   * @throws DatabaseUnfitException when it cannot be done
   */
  public static void run(DataSource source) {
    try {
      Flyway.configure()
          .dataSource(source)
          .locations("classpath:io/carillon/persistence/migration")
          .table("schema_history")
          .connectRetries(5)
          .connectRetriesInterval(1)
          .load()
          .migrate();
    } catch (FlywayException e) {
      throw new DatabaseUnfitException(
          "The tables could not be brought up to date. Is the database there, may the user create"
              + " tables in it, and is this version of the engine not older than its tables? "
              + e.getMessage(),
          e);
    }
  }
}
