package io.carillon.http.analyst.report;

import io.carillon.http.analyst.ladder.Markup;
import java.util.List;
import java.util.Locale;

/** Bars over time, each of one or two parts that stand on each other. */
final class BarPlot {
  private static final int WIDTH = 1080;
  private static final int HEIGHT = 230;
  private static final int LEFT = 56;
  private static final int RIGHT = 10;
  private static final int TOP = 12;
  private static final int BOTTOM = 30;
  private static final int LABELS = 12;

  /**
   * One bar.
   *
   * @param name what it is of
   * @param label below it, where there is room
   * @param lower its lower part
   * @param upper what stands on that
   * @param tip shown when pointed at
   */
  record Bar(String name, String label, double lower, double upper, String tip) {}

  private BarPlot() {}

  static String of(String title, List<Bar> bars, Axis axis, String unit) {
    double plotted = WIDTH - LEFT - RIGHT;
    double slot = plotted / bars.size();
    double width = Math.min(46, Math.max(0.8, slot * 0.78));
    StringBuilder svg = Svg.open(WIDTH, HEIGHT, title);
    for (double tick : axis.ticks()) {
      double y = y(axis, tick);
      svg.append(Svg.line("grid", LEFT, y, WIDTH - RIGHT, y));
      svg.append(Svg.text("tick end", LEFT - 8, y + 4, Axis.label(tick) + unit));
    }
    int every = Math.max(1, (int) Math.ceil(bars.size() / (double) LABELS));
    for (int i = 0; i < bars.size(); i++) {
      Bar bar = bars.get(i);
      double x = LEFT + slot * i + (slot - width) / 2;
      svg.append("<g><title>%s</title>".formatted(Markup.escape(bar.tip())));
      // The whole slot answers to the pointer, not only a thin bar.
      svg.append(Svg.rect("hit", LEFT + slot * i, TOP, slot, HEIGHT - TOP - BOTTOM));
      double low = y(axis, bar.lower());
      svg.append(Svg.rect("lower", x, low, width, y(axis, 0) - low));
      double high = y(axis, bar.lower() + bar.upper());
      if (bar.upper() > 0) {
        svg.append(Svg.rect("upper", x, high, width, Math.max(0, low - high - 1)));
      }
      svg.append("</g>\n");
      if (i % every == 0) {
        svg.append(Svg.text("tick middle", LEFT + slot * (i + 0.5), HEIGHT - 10, bar.label()));
      }
    }
    return svg.append("</svg>\n").toString();
  }

  private static double y(Axis axis, double value) {
    return TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / axis.top());
  }

  static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", share * 100);
  }
}
