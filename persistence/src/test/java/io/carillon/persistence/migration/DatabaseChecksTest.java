package io.carillon.persistence.migration;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carillon.persistence.database.Database;
import io.carillon.persistence.database.DatabaseSettings;
import io.carillon.persistence.testdatabase.TestDatabase;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DatabaseChecksTest {
  @Test
  void aServerThatCouldLoseAnAcknowledgedCallIsRefused() {
    TestDatabase database = TestDatabase.fresh();
    database.execute(
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off',"
            + " current_database()); END $$");
    assertThatThrownBy(() -> DatabaseChecks.run(database.dataSource()))
        .isInstanceOf(DatabaseUnfitException.class)
        .hasMessageContaining("synchronous_commit = on");
  }

  @Test
  void aJournalThatCannotBeWrittenIsRefused() {
    TestDatabase database = TestDatabase.fresh();
    database.execute(
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on',"
            + " current_database()); END $$");
    assertThatThrownBy(() -> DatabaseChecks.run(database.dataSource()))
        .isInstanceOf(DatabaseUnfitException.class)
        .hasMessageContaining("cannot be written");
  }

  @Test
  void aServerThatIsNotThereIsNamedAsTheReason() {
    DatabaseSettings real = TestDatabase.fresh().settings();
    DatabaseSettings nowhere =
        new DatabaseSettings(
            "jdbc:postgresql://localhost:1/carillon",
            real.username(),
            "",
            2,
            1,
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            Duration.ofSeconds(3),
            Duration.ofSeconds(2),
            Duration.ofMinutes(30));
    assertThatThrownBy(() -> DatabaseChecks.run(Database.unpooled(nowhere)))
        .isInstanceOf(DatabaseUnfitException.class)
        .hasMessageContaining("carillon.database.url");
  }
}
