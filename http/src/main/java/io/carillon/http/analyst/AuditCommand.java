package io.carillon.http.analyst;

import io.carillon.persistence.replay.Audit;
import io.carillon.persistence.replay.AuditReport;
import io.carillon.persistence.replay.Finding;
import io.carillon.persistence.replay.JournalFile;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code audit}: everything against the invariants. */
@Command(
    name = "audit",
    description = {
      "Check each call's journal against the invariants, and its rows against its journal. Exit code"
          + " 1: something was found."
    })
public final class AuditCommand extends AnalystCommand {
  @Mixin private SourceOptions source = new SourceOptions();
  @Mixin private FilterOptions.Scope scope = new FilterOptions.Scope();

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "100",
      description = "Show at most so many findings, ${DEFAULT-VALUE} unless told; all are counted.")
  private long limit;

  private final Map<String, Long> rules = new TreeMap<>();
  private long shown;

  @Override
  int run() throws IOException, SQLException {
    AuditReport report;
    try (SourceOptions.Opened opened = source.open();
        Progress progress = new Progress("auditing")) {
      report =
          opened.journal() instanceof JournalFile file
              ? Audit.file(file, scope.selection(), progress, this::take)
              : Audit.database(
                  opened.database().orElseThrow().source(),
                  scope.selection(),
                  progress,
                  this::take);
    }
    if (report.findings() > shown) {
      out().printf("… and %,d more%n", report.findings() - shown);
    }
    out()
        .printf(
            "%,d calls, %,d events, %,d findings%s%n",
            report.calls(), report.events(), report.findings(), rules.isEmpty() ? "" : " " + rules);
    return report.isClean() ? FINE : FOUND;
  }

  private void take(Finding finding) {
    rules.merge(finding.rule(), 1L, Long::sum);
    if (shown < limit) {
      shown++;
      out().println(finding);
    }
  }
}
