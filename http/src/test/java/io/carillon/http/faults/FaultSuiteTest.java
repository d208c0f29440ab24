package io.carillon.http.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The fault suite in short: a node and then the database are killed under a light load. Promises
 * have to hold; how fast it goes is told and not judged, for whoever shares the machine.
 */
class FaultSuiteTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  @Test
  void everyPromiseHoldsWhenNodeAndDatabaseAreKilled() {
    FaultOptions options = FaultOptions.brief(List.of("F1", "F11"));
    FaultReport report = new FaultSuite(options, directory, System.out).run();
    assertThat(report.violations()).as("broken promises").isEmpty();
    assertThat(report.tooLittle()).as("what happened too little").isEmpty();
  }
}
