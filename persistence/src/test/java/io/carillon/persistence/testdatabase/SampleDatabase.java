package io.carillon.persistence.testdatabase;

import io.carillon.engine.identity.RealmId;
import io.carillon.persistence.sample.SampleCalls;
import io.carillon.persistence.sample.SampleWriter;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A week of made-up calls of two realms, the same each time. */
public final class SampleDatabase {
  /** When the week begins: a Monday. */
  public static final Instant MONDAY = Instant.parse("2026-03-02T00:00:00Z");

  private SampleDatabase() {}

  /** Puts so many calls into a database. */
  public static void fill(TestDatabase database, int calls) throws SQLException {
    SampleCalls sample =
        new SampleCalls(
            7, List.of(new RealmId("acme"), new RealmId("beta")), 50, MONDAY, Duration.ofDays(7));
    try (SampleWriter writer = new SampleWriter(database.dataSource())) {
      for (int i = 0; i < calls; i++) {
        writer.add(sample.next());
      }
    }
  }
}
