package io.carillon.http.faults;

/**
 * Something an episode measured.
 *
 * @param unit after the number; empty for a count
 * @param atMost what it may be at most; negative: it is only told
 */
public record Figure(String name, double value, String unit, double atMost) {
  /** Only told. */
  public static Figure told(String name, double value, String unit) {
    return new Figure(name, value, unit, -1);
  }

  /** Held against a limit. */
  public static Figure limited(String name, double value, String unit, double atMost) {
    return new Figure(name, value, unit, atMost);
  }

  /** Whether the limit is missed. */
  public boolean isMissed() {
    return atMost >= 0 && value > atMost;
  }
}
