package io.carillon.http.analyst;

import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;

/** What the analysts' commands add to the program's. */
public final class AnalystProgram {
  private AnalystProgram() {}

  /** What a program that has other commands too adds to them. */
  public static List<Class<?>> commands() {
    return List.of(
        CallsCommand.class,
        AuditCommand.class,
        ProjectionsCommand.class,
        RetentionCommand.class,
        CleanupCallsCommand.class,
        EraseCommand.class);
  }

  /** Adds the commands to a command line; enum values may then be written in any case. */
  public static CommandLine register(CommandLine line) {
    commands().forEach(line::addSubcommand);
    return line.setCaseInsensitiveEnumValuesAllowed(true)
        .setOut(new PrintWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8)));
  }
}
