package io.carillon.http.bench;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleFunction;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;

/** The plots of a report. */
final class Charts {
  /** Points along a curve of percentiles. */
  private static final int CURVE_POINTS = 60;

  private static final int COLOURS = 8;

  private final Report report;

  Charts(Report report) {
    this.report = report;
  }

  void write(PrintWriter html) {
    if (report.timeline().size() > 1) {
      throughput().write(html);
      told().write(html);
    }
    curves().write(html);
    if (report.timeline().size() > 1 && !report.costs().isEmpty()) {
      cores().write(html);
    }
  }

  private Chart throughput() {
    Chart chart =
        new Chart(
            "Calls completed", "each second", seconds(), upTo(m -> (double) m.load().completed()));
    List<Chart.Point> points =
        points(m -> m.load().completed(), value -> String.format(Locale.ROOT, "%.0f", value));
    return chart.area("calls", 1, points, flat(points));
  }

  private Chart told() {
    return new Chart(
            Hop.INITIATE_TOLD.label(), "ms, second by second", seconds(), upTo(Charts::toldP99))
        .line("p50", 1, points(m -> m.load().toldP50() / 1e6, Charts::millis))
        .line("p99", 2, points(Charts::toldP99, Charts::millis));
  }

  private static double toldP99(Report.Moment moment) {
    return moment.load().toldP99() / 1e6;
  }

  /** How slow the slow ones are, hop by hop. */
  private Chart curves() {
    List<Map.Entry<Hop, Histogram>> told =
        report.hops().entrySet().stream()
            .filter(entry -> entry.getKey().group() == Hop.Group.TOLD)
            .toList();
    long most = 10;
    double fastest = 1;
    double slowest = 1;
    for (Map.Entry<Hop, Histogram> entry : told) {
      most = Math.max(most, entry.getValue().getTotalCount());
      fastest = Math.min(fastest, Report.millis(entry.getValue(), 1));
      slowest = Math.max(slowest, Report.millis(entry.getValue(), 99.99));
    }
    Scale.Nines across = Scale.Nines.of(most);
    Chart chart = new Chart("Slowest hops", "ms", across, Scale.Powers.around(fastest, slowest));
    int colour = 0;
    for (Map.Entry<Hop, Histogram> entry : told) {
      colour = colour % COLOURS + 1;
      chart.line(entry.getKey().label(), colour, curve(entry.getValue(), across));
    }
    return chart;
  }

  private static List<Chart.Point> curve(Histogram times, Scale.Nines across) {
    List<Chart.Point> points = new ArrayList<>();
    double nines = -Math.log10(1 - across.largest() / 100);
    for (int i = 0; i <= CURVE_POINTS; i++) {
      double percentile = 100 * (1 - Math.pow(10, -nines * i / CURVE_POINTS));
      double millis = Report.millis(times, percentile);
      points.add(
          new Chart.Point(
              percentile,
              millis,
              String.format(Locale.ROOT, "p%.4g %s", percentile, millis(millis))));
    }
    return points;
  }

  /** Processors kept busy, one kind of process on top of the other. */
  private Chart cores() {
    Chart chart =
        new Chart(
            "Cores at work",
            "of " + report.machine().cores(),
            seconds(),
            upTo(m -> m.cores().stream().mapToDouble(Double::doubleValue).sum()));
    List<Report.Moment> known =
        report.timeline().stream()
            .filter(moment -> moment.cores().size() == report.costs().size())
            .toList();
    List<Chart.Point> below =
        known.stream().map(m -> new Chart.Point(m.load().second() + 1, 0, "")).toList();
    for (int who = 0; who < report.costs().size(); who++) {
      List<Chart.Point> top = new ArrayList<>();
      for (int i = 0; i < known.size(); i++) {
        double cores = known.get(i).cores().get(who);
        top.add(
            new Chart.Point(
                below.get(i).x(),
                below.get(i).y() + cores,
                String.format(Locale.ROOT, "%.2f cores", cores)));
      }
      chart.area(report.costs().get(who).who().label(), who + 1, top, below);
      below = top;
    }
    return chart;
  }

  // ---- What they share

  /** The end of each second, counted from 1. */
  private Scale seconds() {
    return Scale.Linear.between(1, report.timeline().size());
  }

  private Scale upTo(ToDoubleFunction<Report.Moment> value) {
    return Scale.Linear.upTo(report.timeline().stream().mapToDouble(value).max().orElse(1));
  }

  private List<Chart.Point> points(
      ToDoubleFunction<Report.Moment> value, DoubleFunction<String> words) {
    return report.timeline().stream()
        .map(
            moment -> {
              double y = value.applyAsDouble(moment);
              int second = moment.load().second() + 1;
              return new Chart.Point(second, y, words.apply(y) + " in second " + second);
            })
        .toList();
  }

  private static List<Chart.Point> flat(List<Chart.Point> points) {
    return points.stream().map(point -> new Chart.Point(point.x(), 0, "")).toList();
  }

  private static String millis(double value) {
    return String.format(Locale.ROOT, "%.2f ms", value);
  }
}
