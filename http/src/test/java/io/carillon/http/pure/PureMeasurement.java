package io.carillon.http.pure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs {@link PureParts}, each in a virtual machine of its own; prints JMH's table. */
class PureMeasurement {
  @Test
  @Tag("measurement")
  void thePureParts() throws RunnerException {
    assertThat(new PureParts().isMeant()).isTrue();
    var results =
        new Runner(
                new OptionsBuilder()
                    .include(PureParts.class.getName() + "\\." + System.getProperty("part", ""))
                    .forks(Integer.getInteger("forks", 1))
                    .warmupIterations(5)
                    .warmupTime(TimeValue.seconds(1))
                    .measurementIterations(5)
                    .measurementTime(TimeValue.seconds(1))
                    .addProfiler(GCProfiler.class)
                    .jvmArgsAppend("--sun-misc-unsafe-memory-access=allow")
                    .build())
            .run();
    assertThat(results).isNotEmpty();
  }
}
