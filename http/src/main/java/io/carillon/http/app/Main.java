package io.carillon.http.app;

import io.carillon.http.analyst.AnalystProgram;
import io.carillon.http.bench.BenchCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program: reads the command line and runs the command it names. */
@Command(
    name = "carillon",
    description = "A clustered call-signalling engine.",
    mixinStandardHelpOptions = true,
    version = "carillon 0.1.0",
    subcommands = {
      DevCommand.class,
      ServeCommand.class,
      NodeCommand.class,
      BenchCommand.class,
      TokenCommand.class,
      ApiKeyCommand.class
    })
public final class Main implements Runnable {

  /**
   * Runs the command named by {@code args} and exits with its code: 0 for success, 1 for a failure
   * that the message on the error stream explains, 2 for wrong usage.
   */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return AnalystProgram.register(new CommandLine(new Main()))
        .setExecutionExceptionHandler(
            (failure, command, parsed) -> {
              // The operator gets the sentences, not the stack: what is wrong is theirs to mend.
              System.err.println("carillon: " + failure.getMessage());
              for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
                System.err.println("  because: " + cause.getMessage());
              }
              if (System.getenv("CARILLON_DEBUG") != null) {
                failure.printStackTrace(System.err);
              }
              return 1;
            });
  }

  @Override
  public void run() {
    CommandLine.usage(this, System.out);
  }
}
