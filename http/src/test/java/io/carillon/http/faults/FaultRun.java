package io.carillon.http.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The whole suite, as {@code ./carillon faults} runs it; its name keeps it out of the normal build.
 */
class FaultRun {
  @Test
  void everyPromiseHoldsWhateverBreaks() throws IOException {
    String arguments = System.getProperty("faults.arguments", "").strip();
    FaultReport report =
        run(arguments.isEmpty() ? List.of() : List.of(arguments.split("\\s+", -1)));
    assertThat(report.violations()).as("broken promises").isEmpty();
    assertThat(report.tooLittle()).as("what happened too little").isEmpty();
    assertThat(report.missed()).as("missed targets").isEmpty();
  }

  private static FaultReport run(List<String> arguments) throws IOException {
    Path directory = Files.createTempDirectory("carillon-faults-");
    return new FaultSuite(FaultOptions.parse(arguments), directory, System.out).run();
  }

  /** The same without a test runner. */
  public static void main(String[] arguments) throws IOException {
    FaultReport report = run(List.of(arguments));
    System.exit(report.violations().isEmpty() ? 0 : 1);
  }
}
