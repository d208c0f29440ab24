package io.carillon.http.analyst.report;

import io.carillon.persistence.statistics.CallFigures;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How long things took, on one logarithmic scale from 10 ms to 10 hours. */
final class SpreadPlot {
  private static final int WIDTH = 1080;
  private static final int LEFT = 96;
  private static final int RIGHT = 24;
  private static final int ROW = 44;
  private static final double SHORTEST = 1;
  private static final double LONGEST = 7.56;

  private static final Map<Long, String> TICKS =
      Map.of(
          10L, "10 ms",
          100L, "100 ms",
          1000L, "1 s",
          10_000L, "10 s",
          60_000L, "1 min",
          600_000L, "10 min",
          3_600_000L, "1 h",
          36_000_000L, "10 h");

  /** A row of the plot. */
  record Row(String name, CallFigures.Spread spread) {}

  private SpreadPlot() {}

  static String of(List<Row> rows) {
    int height = 34 + rows.size() * ROW;
    StringBuilder svg = Svg.open(WIDTH, height, "Percentiles of times");
    TICKS.forEach(
        (ms, label) -> {
          svg.append(Svg.line("grid", x(ms), 8, x(ms), height - 26));
          svg.append(Svg.text("tick middle", x(ms), height - 8, label));
        });
    for (int i = 0; i < rows.size(); i++) {
      CallFigures.Spread s = rows.get(i).spread();
      double y = 30 + i * (double) ROW;
      svg.append(Svg.text("name end", LEFT - 12, y + 4, rows.get(i).name()));
      if (s.count() == 0) {
        continue;
      }
      svg.append(Svg.line("range", x(s.p50()), y, x(s.p99()), y));
      List<Long> values = List.of(s.p50(), s.p90(), s.p95(), s.p99());
      List<String> names = List.of("p50", "p90", "p95", "p99");
      double last = Double.NEGATIVE_INFINITY;
      for (int v = 0; v < values.size(); v++) {
        String tip =
            String.format(
                Locale.ROOT, "%s %s: %,d ms", rows.get(i).name(), names.get(v), values.get(v));
        svg.append("<g><title>%s</title>".formatted(tip));
        svg.append(Svg.circle(v == 0 ? "median" : "rank", x(values.get(v)), y, v == 0 ? 6 : 4.5));
        svg.append("</g>\n");
        // Names that would lie on each other are left to the pointer.
        if (x(values.get(v)) - last > 26) {
          svg.append(Svg.text("tick middle", x(values.get(v)), y - 11, names.get(v)));
          last = x(values.get(v));
        }
      }
    }
    return svg.append("</svg>\n").toString();
  }

  private static double x(long ms) {
    double place = (Math.log10((double) Math.max(10, ms)) - SHORTEST) / (LONGEST - SHORTEST);
    return LEFT + Math.min(1, place) * (WIDTH - LEFT - RIGHT);
  }
}
