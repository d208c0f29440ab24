package io.carillon.http.analyst.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A vertical axis from zero with a few round ticks.
 *
 * @param top its end, a tick at or above the largest value
 * @param step between ticks
 */
record Axis(double top, double step) {
  private static final int TICKS = 4;

  /** An axis on which a value fits. */
  static Axis upTo(double largest) {
    double rough = Math.max(largest, 1e-9) / TICKS;
    double magnitude = Math.pow(10, Math.floor(Math.log10(rough)));
    double step = magnitude * 10;
    for (double round : new double[] {1, 2, 2.5, 5}) {
      if (round * magnitude >= rough) {
        step = round * magnitude;
        break;
      }
    }
    return new Axis(Math.ceil(largest / step) * step, step);
  }

  /** An axis of counts has whole ticks. */
  static Axis counting(long largest) {
    Axis axis = upTo((double) Math.max(1, largest));
    return axis.step() < 1 ? new Axis(Math.max(1, largest), 1) : axis;
  }

  List<Double> ticks() {
    List<Double> ticks = new ArrayList<>();
    for (int i = 0; i * step <= top + step / 1000; i++) {
      ticks.add(i * step);
    }
    return ticks;
  }

  static String label(double value) {
    return value == Math.rint(value)
        ? String.format(Locale.ROOT, "%,d", (long) value)
        : String.format(Locale.ROOT, "%.1f", value);
  }
}
