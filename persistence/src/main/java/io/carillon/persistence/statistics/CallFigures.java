package io.carillon.persistence.statistics;

import io.carillon.engine.call.EndReason;
import java.util.Map;
import java.util.Optional;

/**
 * The figures of a group of calls.
 *
 * @param group which, in the words of the {@link Grouping}; "all" where there is one group
 * @param attempts calls placed
 * @param reached of those, where a device rang (any acknowledgement)
 * @param answered of those, accepted
 * @param open not over yet
 * @param nearMisses where somebody accepted too late
 * @param peakOpen the most calls that were going on at one moment, rung or talked in
 * @param peakTalking the most calls that were talked in at one moment
 * @param postDialMs from placing a call to the first device that rang
 * @param ringMs from the first ring to the accept or the end, of calls that came to either
 * @param talkMs from the accept to the end, of calls that are over
 * @param reasons how many ended for each reason, without those that did not occur
 */
public record CallFigures(
    String group,
    long attempts,
    long reached,
    long answered,
    long open,
    long nearMisses,
    long peakOpen,
    long peakTalking,
    Spread postDialMs,
    Spread ringMs,
    Spread talkMs,
    Map<EndReason, Long> reasons) {

  /**
   * How times are spread, in milliseconds: values that occurred, by nearest rank, except the mean.
   *
   * @param count of how many
   * @param mean rounded to the millisecond, halves up
   */
  public record Spread(long count, long mean, long p50, long p90, long p95, long p99, long max) {
    /** Of nothing. */
    public static final Spread NONE = new Spread(0, 0, 0, 0, 0, 0, 0);
  }

  /** Answered of placed, 0 to 1; empty: none was placed. */
  public Optional<Double> answerRate() {
    return share(answered);
  }

  /** Reached of placed, 0 to 1; empty: none was placed. */
  public Optional<Double> reachRate() {
    return share(reached);
  }

  private Optional<Double> share(long part) {
    return attempts == 0 ? Optional.empty() : Optional.of((double) part / attempts);
  }
}
