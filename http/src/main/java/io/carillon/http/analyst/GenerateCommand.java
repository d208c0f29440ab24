package io.carillon.http.analyst;

import io.carillon.engine.call.StoredEvent;
import io.carillon.engine.identity.RealmId;
import io.carillon.persistence.migration.Migrations;
import io.carillon.persistence.sample.SampleCalls;
import io.carillon.persistence.sample.SampleWriter;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code calls generate}: fills a database of a developer with made-up calls. */
@Command(
    name = "generate",
    hidden = true,
    description = "Fill a database with made-up calls that the real rules decided.")
final class GenerateCommand extends AnalystCommand {
  @Mixin private DatabaseOptions database = new DatabaseOptions();

  @Option(
      names = "--events",
      defaultValue = "10000",
      description = "About so many; ${DEFAULT-VALUE}.")
  private long events;

  @Option(names = "--seed", defaultValue = "1", description = "The same seed, the same calls.")
  private long seed;

  @Option(names = "--users", defaultValue = "400", description = "Of each realm; ${DEFAULT-VALUE}.")
  private int users;

  @Option(
      names = "--days",
      defaultValue = "30",
      description = "Length of the period; ${DEFAULT-VALUE}.")
  private int days;

  @Option(
      names = "--from",
      converter = Moments.Converter.class,
      defaultValue = "2026-03-02",
      description = "Its beginning; ${DEFAULT-VALUE}.")
  private Instant from = Instant.EPOCH;

  @Option(
      names = "--realm",
      split = ",",
      defaultValue = "acme,globex",
      description = "${DEFAULT-VALUE}.")
  private List<String> realms = List.of();

  @Override
  int run() throws IOException, SQLException {
    SampleCalls sample =
        new SampleCalls(
            seed, realms.stream().map(RealmId::new).toList(), users, from, Duration.ofDays(days));
    long calls = 0;
    long written = 0;
    long began = System.nanoTime();
    try (DatabaseOptions.Opened opened = database.open()) {
      Migrations.run(opened.source());
      try (Progress progress = new Progress("generating");
          SampleWriter writer = new SampleWriter(opened.source())) {
        progress.expect(events);
        while (written < events) {
          List<StoredEvent> journal = sample.next();
          writer.add(journal);
          written += journal.size();
          calls++;
          progress.advance(journal.size());
        }
      }
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    out().printf("%,d calls, %,d events in %.1f s%n", calls, written, seconds);
    return FINE;
  }
}
