package io.carillon.http.analyst;

import io.carillon.persistence.journal.EventCodec;
import io.carillon.persistence.projection.Rebuild;
import java.io.IOException;
import java.sql.SQLException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code projections}: the rows beside the journal. */
@Command(
    name = "projections",
    description = "The rows that are derived from the journal.",
    mixinStandardHelpOptions = true,
    subcommands = ProjectionsCommand.RebuildCommand.class)
public final class ProjectionsCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: rebuild");
  }

  /** {@code projections rebuild}. */
  @Command(
      name = "rebuild",
      description = {
        "Make all rows anew from the journal, in one transaction. Calls cannot go on meanwhile: stop"
            + " the nodes first."
      })
  static final class RebuildCommand extends AnalystCommand {
    @Mixin private DatabaseOptions database = new DatabaseOptions();

    @Override
    int run() throws IOException, SQLException {
      EventCodec codec = new EventCodec();
      Rebuild.Report report;
      try (DatabaseOptions.Opened opened = database.open();
          Progress progress = new Progress("rebuilding")) {
        report =
            Rebuild.run(
                opened.source(),
                (manifest, payload) -> {
                  progress.advance(1);
                  return codec.decode(manifest, payload);
                });
      }
      report.unreadable().forEach(id -> out().println("cannot be read to its end: " + id));
      out().printf("%,d events%n", report.events());
      return report.unreadable().isEmpty() ? FINE : FOUND;
    }
  }
}
