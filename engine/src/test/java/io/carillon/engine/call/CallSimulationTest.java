package io.carillon.engine.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/**
 * Thousands of random histories of the rules as they are. {@code -Dsim.seconds=600} runs longer,
 * {@code -Dsim.seed=…} tells one history.
 */
class CallSimulationTest {
  private static final Rules REAL = new Rules.Real();

  @Test
  void noHistoryBreaksAnInvariant() {
    String one = System.getProperty("sim.seed");
    if (one != null) {
      CallSimulation.tell(Long.parseLong(one), REAL).forEach(System.out::println);
      CallSimulation.run(Long.parseLong(one), REAL);
      return;
    }
    long seconds = Long.getLong("sim.seconds", 10);
    long first = System.nanoTime();
    long end = first + seconds * 1_000_000_000L;
    long busy = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    long histories = 0;
    while (System.nanoTime() - end < 0) {
      for (int i = 0; i < 100; i++) {
        play(first + histories);
        histories++;
      }
    }
    double took = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - busy) / 1e9;
    System.out.printf(
        Locale.ROOT,
        "simulation: %d histories from seed %d, %.0f for each second of one core%n",
        histories,
        first,
        histories / took);
    assertThat(histories).isPositive();
  }

  private static void play(long seed) {
    try {
      CallSimulation.run(seed, REAL);
    } catch (Objection | RuntimeException e) {
      throw new AssertionError(
          "history -Dsim.seed=" + seed + "\n" + String.join("\n", CallSimulation.tell(seed, REAL)),
          e);
    }
  }
}
