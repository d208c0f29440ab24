package io.carillon.http.bench;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Where values lie along an axis, from 0 to 1, and which of them are marked. */
sealed interface Scale {
  /** A marked value. */
  record Tick(double value, String label) {}

  double position(double value);

  List<Tick> ticks();

  private static String label(double value) {
    // Ten digits: what adding up steps leaves behind them is no part of the value.
    BigDecimal round = new BigDecimal(value, new MathContext(10)).stripTrailingZeros();
    return String.format(Locale.ROOT, "%,." + Math.max(0, round.scale()) + "f", round);
  }

  /** Equal steps. */
  record Linear(double min, double max, double step) implements Scale {
    private static final int USUAL_STEPS = 4;
    private static final double LEAST = 1e-3;

    /** From one whole number to another, marked at round ones. */
    static Linear between(int min, int max) {
      return new Linear(min, max, Math.max(1, round((max - min) / (double) USUAL_STEPS)));
    }

    /** From 0 to a round value at or above the largest. */
    static Linear upTo(double largest) {
      double step = round(Math.max(largest, LEAST) / USUAL_STEPS);
      return new Linear(0, step * Math.ceil(Math.max(largest, LEAST) / step - 1e-9), step);
    }

    /** The next round number. */
    private static double round(double value) {
      double power = Math.pow(10, Math.floor(Math.log10(Math.max(value, LEAST))));
      for (double round : new double[] {1, 2, 2.5, 5}) {
        // No half of a second, call or core is marked where whole ones will do.
        if (round * power >= value && !(round == 2.5 && power == 1)) {
          return round * power;
        }
      }
      return 10 * power;
    }

    @Override
    public double position(double value) {
      return max == min ? 0 : (value - min) / (max - min);
    }

    @Override
    public List<Tick> ticks() {
      List<Tick> ticks = new ArrayList<>();
      for (double value = Math.ceil(min / step) * step; value <= max + 1e-9; value += step) {
        ticks.add(new Tick(value, label(value)));
      }
      return ticks;
    }
  }

  /** Equal factors, from one power of ten to another. */
  record Powers(int lowest, int highest) implements Scale {
    static Powers around(double smallest, double largest) {
      int lowest = (int) Math.floor(Math.log10(Math.max(smallest, 1e-4)));
      int highest = (int) Math.ceil(Math.log10(Math.max(largest, 1e-3)));
      return new Powers(lowest, Math.max(highest, lowest + 1));
    }

    @Override
    public double position(double value) {
      double power = Math.log10(Math.max(value, 1e-9));
      return Math.clamp((power - lowest) / (highest - lowest), 0.0, 1.0);
    }

    @Override
    public List<Tick> ticks() {
      List<Tick> ticks = new ArrayList<>();
      for (int power = lowest; power <= highest; power++) {
        ticks.add(new Tick(Math.pow(10, power), label(Math.pow(10, power))));
      }
      return ticks;
    }
  }

  /** Each further nine takes as much room as the one before: the slow few get what they deserve. */
  record Nines(int nines) implements Scale {
    private static final double[] MARKED = {0, 50, 90, 99, 99.9, 99.99, 99.999};

    /** As many nines as so many values can tell apart. */
    static Nines of(long values) {
      return new Nines(
          Math.clamp((long) Math.ceil(Math.log10(Math.max((double) values, 10))), 2, 5));
    }

    double largest() {
      return 100 - Math.pow(10, 2.0 - nines);
    }

    @Override
    public double position(double percentile) {
      double left = Math.max(100 - percentile, 1e-9) / 100;
      return Math.clamp(-Math.log10(left) / nines, 0.0, 1.0);
    }

    @Override
    public List<Tick> ticks() {
      List<Tick> ticks = new ArrayList<>();
      for (double percentile : MARKED) {
        if (percentile <= largest()) {
          ticks.add(new Tick(percentile, "p" + label(percentile)));
        }
      }
      return ticks;
    }
  }
}
