package io.carillon.http.analyst;

import io.carillon.engine.call.CallEvent;
import io.carillon.engine.call.CallId;
import io.carillon.engine.call.StoredEvent;
import io.carillon.persistence.replay.Audit;
import io.carillon.persistence.replay.AuditReport;
import io.carillon.persistence.replay.EventWords;
import io.carillon.persistence.replay.JournalFile;
import io.carillon.persistence.replay.Playback;
import io.carillon.persistence.replay.Selection;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code calls replay}: fold and compare, or play a period back in the order of time. */
@Command(
    name = "replay",
    description = {
      "Play the events of a call or a period back, in the order of time; or, with --verify, fold"
          + " each journal and say where the stored rows differ."
    })
final class ReplayCommand extends AnalystCommand {
  /** Waiting is broken into pieces of this length, so that an interrupt is noticed. */
  private static final Duration LONGEST_WAIT = Duration.ofMillis(500);

  @Mixin private SourceOptions source = new SourceOptions();
  @Mixin private FilterOptions.Scope scope = new FilterOptions.Scope();

  @Parameters(paramLabel = "CALL", arity = "0..1", description = "Only this call.")
  @Nullable
  private String id;

  @Option(
      names = "--verify",
      description = "Compare with the stored rows; exit code 1: they differ.")
  private boolean verify;

  @Option(
      names = "--speed",
      paramLabel = "N",
      defaultValue = "0",
      description = "N times as fast as it was; 0, which is usual: without waiting.")
  private double speed;

  private int open;
  private @Nullable Instant clock;

  @Override
  int run() throws IOException, SQLException {
    Selection period = scope.selection();
    Selection selection =
        new Selection(
            period.realm(), Optional.ofNullable(id).map(CallId::new), period.from(), period.to());
    try (SourceOptions.Opened opened = source.open()) {
      return verify ? verify(opened, selection) : play(opened, selection);
    }
  }

  private int verify(SourceOptions.Opened opened, Selection selection)
      throws IOException, SQLException {
    AuditReport report;
    try (Progress progress = new Progress("verifying")) {
      report =
          opened.journal() instanceof JournalFile file
              ? Audit.file(file, selection, progress, out()::println)
              : Audit.database(
                  opened.database().orElseThrow().source(), selection, progress, out()::println);
    }
    if (report.calls() == 0) {
      throw new NotFoundException("there is no such call");
    }
    out()
        .printf(
            "%,d calls, %,d events: %s%n",
            report.calls(),
            report.events(),
            report.isClean()
                ? "journals and rows agree"
                : String.format("%,d differences", report.findings()));
    return report.isClean() ? FINE : FOUND;
  }

  private int play(SourceOptions.Opened opened, Selection selection)
      throws IOException, SQLException {
    if (opened.journal() instanceof JournalFile file) {
      Playback.of(file, selection, this::event);
    } else {
      Playback.of(opened.database().orElseThrow().source(), selection, this::event);
    }
    if (clock == null) {
      throw new NotFoundException("nothing happened then");
    }
    return FINE;
  }

  private void event(StoredEvent stored) {
    CallEvent event = stored.event();
    Instant at = event.header().at();
    waitUntil(at);
    clock = at;
    if (event instanceof CallEvent.Initiated) {
      open++;
    } else if (event instanceof CallEvent.Ended) {
      open--;
    }
    out()
        .printf(
            "%s  %4d open  %s  #%-3d %-19s %-24s %s%n",
            Moments.full(at),
            open,
            stored.key().call(),
            stored.seq(),
            EventWords.name(event),
            EventWords.actor(event.header().actor()),
            EventWords.detail(event));
    if (speed > 0) {
      out().flush();
    }
  }

  private void waitUntil(Instant at) {
    Instant last = clock;
    if (speed <= 0 || last == null || !at.isAfter(last)) {
      return;
    }
    long until = System.nanoTime() + (long) (Duration.between(last, at).toNanos() / speed);
    for (long left = until - System.nanoTime();
        left > 0 && !Thread.currentThread().isInterrupted();
        left = until - System.nanoTime()) {
      LockSupport.parkNanos(Math.min(left, LONGEST_WAIT.toNanos()));
    }
  }
}
