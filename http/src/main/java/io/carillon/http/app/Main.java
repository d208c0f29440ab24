package io.carillon.http.app;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program: reads the command line and runs the command it names. */
@Command(
    name = "carillon",
    description = "A clustered call-signalling engine.",
    mixinStandardHelpOptions = true,
    version = "carillon 0.1.0")
public final class Main implements Runnable {

  /**
   * Runs the command named by {@code args} and exits with its code: 0 for success, 2 for wrong
   * usage.
   */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Main()).execute(args));
  }

  @Override
  public void run() {
    CommandLine.usage(this, System.out);
  }
}
