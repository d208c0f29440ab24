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
    Optional<Double> machineBusyCores,
    Optional<Idle> idle,
    Optional<DatabaseMeter.Work> database,
    List<Moment> timeline) {

  /** The part of the offered calls an open loop must complete to count as sustained. */
  private static final double SUSTAINED = 0.98;

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
  record Cost(String who, double cores, double cpuMillisPerCall, long residentKib) {}

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
