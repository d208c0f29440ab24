package io.carillon.http.analyst;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code carillon calls}: what happened, of one call or of many. */
@Command(
    name = "calls",
    description = "Look at calls: list, show, draw, replay, compare, export, count.",
    mixinStandardHelpOptions = true,
    subcommands = {
      ListCommand.class,
      ShowCommand.class,
      LadderCommand.class,
      ReplayCommand.class,
      DiffCommand.class,
      ExportCommand.class,
      StatsCommand.class,
      ReportCommand.class,
      GenerateCommand.class
    })
public final class CallsCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do with the calls");
  }
}
