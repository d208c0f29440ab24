package io.carillon.http.bench;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Times of hops, over the whole measurement and second by second. What is recorded while it is not
 * measuring is forgotten.
 */
final class Meter {
  private static final long FINEST = 1_000;
  private static final long LONGEST = TimeUnit.SECONDS.toNanos(120);
  private static final int DIGITS = 3;

  /**
   * One second of the measurement, times in nanoseconds.
   *
   * @param second counted from the beginning of the measurement
   * @param backlog calls that were due and had no free pair to begin them
   */
  record Second(
      int second,
      long completed,
      int backlog,
      long toldP50,
      long toldP99,
      long relayP50,
      long relayP99) {}

  private final Map<Hop, Histogram> hops = new EnumMap<>(Hop.class);
  private final Histogram told = histogram();
  private final Histogram relay = histogram();
  private final List<Second> seconds = new ArrayList<>();
  private boolean measuring;
  private long beganAt;
  private long completed;
  private long completedBefore;

  Meter() {
    for (Hop hop : Hop.values()) {
      hops.put(hop, histogram());
    }
  }

  static Histogram histogram() {
    return new Histogram(FINEST, LONGEST, DIGITS);
  }

  void begin() {
    measuring = true;
    beganAt = System.nanoTime();
  }

  void end() {
    measuring = false;
  }

  boolean isMeasuring() {
    return measuring;
  }

  /**
   * Whether the times of a call that is begun now count: not if it should have begun in the
   * warm-up.
   */
  boolean counts(long intendedAt) {
    return measuring && intendedAt - beganAt >= 0;
  }

  /** A hop took so long. */
  void record(Hop hop, long nanos) {
    long bounded = Math.clamp(nanos, 1, LONGEST);
    histogram(hop).recordValue(bounded);
    if (hop == Hop.INITIATE_TOLD) {
      told.recordValue(bounded);
    } else if (hop == Hop.RELAY) {
      relay.recordValue(bounded);
    }
  }

  /** A call was completed. */
  void completed() {
    if (measuring) {
      completed++;
    }
  }

  /** A second of the measurement is over. */
  Second secondIsOver(int backlog) {
    Second second =
        new Second(
            seconds.size(),
            completed - completedBefore,
            backlog,
            told.getValueAtPercentile(50),
            told.getValueAtPercentile(99),
            relay.getValueAtPercentile(50),
            relay.getValueAtPercentile(99));
    seconds.add(second);
    completedBefore = completed;
    told.reset();
    relay.reset();
    return second;
  }

  /** Calls completed while it was measuring. */
  long completedCalls() {
    return completed;
  }

  Histogram histogram(Hop hop) {
    return Objects.requireNonNull(hops.get(hop));
  }

  List<Second> seconds() {
    return List.copyOf(seconds);
  }
}
