package io.carillon.http.bench;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/**
 * What a run has shown.
 *
 * @param command as it was typed
 * @param seconds how long it measured
 * @param completed calls completed in that time
 * @param backlog calls that were due at its end and had not begun
 * @param totals counted from the first call to the last, the warm-up included
 * @param hops only those that occurred
 * @param costs of each kind of process
 * @param overhead the part of the engine's processor time that its virtual machine took for itself
 * @param machineBusyCores how many cores worked, on average, for whatever
 * @param idle what idle sockets cost the server, where there were any
 * @param database what the database did in that time
 * @param timeline second by second
 */
record Report(
    Instant at,
    String command,
    BenchPlan plan,
    Machine machine,
    double seconds,
    long completed,
    int backlog,
    Tally.Totals totals,
    Map<Hop, Histogram> hops,
    List<Cost> costs,
    Optional<Overhead> overhead,
    Optional<Double> machineBusyCores,
    Optional<Idle> idle,
    Optional<DatabaseMeter.Work> database,
    List<Moment> timeline) {

  /** The part of the offered calls an open loop must complete to count as sustained. */
  private static final double SUSTAINED = 0.98;

  /** What the kernel does for the loopback is counted for nobody; this is more than that. */
  private static final double DISTURBING_CORES = 0.2;

  static final int EXIT_CLEAN = 0;
  static final int EXIT_WRONG = 1;
  static final int EXIT_NOT_SUSTAINED = 3;

  /**
   * What a kind of process cost.
   *
   * @param cores it kept busy, on average
   * @param cpuMillisPerCall processor time for each completed call
   * @param residentKib at the end
   */
  record Cost(Who who, double cores, double cpuMillisPerCall, long residentKib) {}

  /**
   * Processor time for each completed call.
   *
   * @param compilerMillisPerCall to compile what is used often: passes, where a node runs for long
   * @param collectorMillisPerCall to collect garbage
   */
  record Overhead(double compilerMillisPerCall, double collectorMillisPerCall) {}

  /** A kind of process. */
  enum Who {
    SERVER("engine"),
    DATABASE("PostgreSQL"),
    GENERATOR("generator");

    private final String label;

    Who(String label) {
      this.label = label;
    }

    String label() {
      return label;
    }
  }

  /**
   * @param sockets idle ones
   * @param kibEach what the server's memory grew by, divided among them
   */
  record Idle(int sockets, double kibEach) {}

  /**
   * One second of the measurement.
   *
   * @param cores each process kept busy, in the order of {@link Report#costs}
   */
  record Moment(Meter.Second load, List<Double> cores) {}

  double callsPerSecond() {
    return completed / seconds;
  }

  /** Cores that something else kept busy, on average; such a measurement is not worth much. */
  double foreignCores() {
    double ours = costs.stream().mapToDouble(Cost::cores).sum();
    return machineBusyCores.map(busy -> Math.max(0, busy - ours)).orElse(0.0);
  }

  /** Whether so much else was going on that times say little. */
  boolean isDisturbed() {
    // Where not all processes can be seen, what they do looks like something else.
    return costs.size() == Who.values().length && foreignCores() > DISTURBING_CORES;
  }

  /** Whether an open loop got through with what it was given. */
  boolean isSustained() {
    return plan.rate().map(rate -> callsPerSecond() >= rate * SUSTAINED).orElse(true);
  }

  int exitCode() {
    if (!totals.isClean()) {
      return EXIT_WRONG;
    }
    return isSustained() ? EXIT_CLEAN : EXIT_NOT_SUSTAINED;
  }

  /** Milliseconds at a percentile. */
  static double millis(Histogram histogram, double percentile) {
    return histogram.getValueAtPercentile(percentile) / 1e6;
  }
}
