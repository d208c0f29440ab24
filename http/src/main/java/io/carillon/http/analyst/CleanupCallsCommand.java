package io.carillon.http.analyst;

import io.carillon.persistence.readmodel.OverdueCalls;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code cleanup_calls}, under the name and with the options that operators of its forerunners have
 * in their crontabs. Calls end by their own deadlines here, on any node, so the first half of it
 * ends none: it tells of calls that are late, which means that no node is running.
 */
@Command(
    name = "cleanup_calls",
    description = {
      "Say which calls are open beyond their deadline, and remove old ones. Calls end by themselves:"
          + " one that is overdue means that no node runs. Exit code 1: there is one."
    })
public final class CleanupCallsCommand extends AnalystCommand {
  @Mixin private DatabaseOptions database = new DatabaseOptions();

  @Option(
      names = "--timeout-minutes",
      defaultValue = "10",
      description = "How long after its deadline a call is called overdue; ${DEFAULT-VALUE}.")
  private int timeoutMinutes;

  @Option(names = "--cleanup-old-calls", description = "Remove calls that ended long ago.")
  private boolean cleanupOldCalls;

  @Option(
      names = "--old-calls-days",
      defaultValue = "365",
      description = "How many days those are kept; ${DEFAULT-VALUE}.")
  private int oldCallsDays;

  @Option(names = "--dry-run", description = "Remove nothing, only say how many it would be.")
  private boolean dry;

  @Override
  int run() throws IOException, SQLException {
    List<OverdueCalls.Overdue> overdue;
    try (DatabaseOptions.Opened opened = database.open()) {
      overdue = OverdueCalls.find(opened.source(), Duration.ofMinutes(timeoutMinutes), 100);
    }
    for (OverdueCalls.Overdue call : overdue) {
      out()
          .printf(
              "overdue: %s in realm %s since %s%n",
              call.key().call(), call.key().realm(), Moments.full(call.dueAt()));
    }
    if (cleanupOldCalls) {
      int removed = RetentionCommand.remove(this, database, Optional.empty(), oldCallsDays, dry);
      return overdue.isEmpty() ? removed : FOUND;
    }
    return overdue.isEmpty() ? FINE : FOUND;
  }
}
