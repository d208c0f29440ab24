package io.carillon.http.analyst;

import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The analysts' commands by themselves, without an engine. */
public final class AnalystProgram {
  private AnalystProgram() {}

  /** What a program that has other commands too adds to them. */
  public static List<Class<?>> commands() {
    return List.of(
        CallsCommand.class,
        AuditCommand.class,
        ProjectionsCommand.class);
  }

  /** Adds the commands to a command line; enum values may be written in any case. */
  public static void register(CommandLine line) {
    for (Class<?> command : commands()) {
      line.addSubcommand(command);
    }
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setOut(
        new PrintWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8), false));
  }

  @Command(name = "carillon", mixinStandardHelpOptions = true)
  private static final class Root implements Runnable {
    @Override
    public void run() {
      CommandLine.usage(this, System.out);
    }
  }

  /** Runs a command and exits with its code. */
  public static void main(String[] args) {
    CommandLine line = new CommandLine(new Root());
    register(line);
    System.exit(line.execute(args));
  }
}
