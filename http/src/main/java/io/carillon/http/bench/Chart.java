package io.carillon.http.bench;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Lines over two axes, drawn as SVG. Colours come from the page, so that it can be dark too. */
final class Chart {
  private static final int WIDTH = 560;
  private static final int HEIGHT = 250;
  private static final int LEFT = 46;
  private static final int RIGHT = 14;
  private static final int TOP = 12;
  private static final int BOTTOM = 28;

  /** A point, and what is said about it when it is pointed at. */
  record Point(double x, double y, String words) {}

  private record Line(String name, int colour, List<Point> points, List<Point> base) {}

  private final String title;
  private final String unit;
  private final Scale across;
  private final Scale up;
  private final List<Line> lines = new ArrayList<>();

  /**
   * @param unit of what goes up
   */
  Chart(String title, String unit, Scale across, Scale up) {
    this.title = title;
    this.unit = unit;
    this.across = across;
    this.up = up;
  }

  /**
   * Adds a line.
   *
   * @param colour counted from 1
   */
  Chart line(String name, int colour, List<Point> points) {
    lines.add(new Line(name, colour, points, List.of()));
    return this;
  }

  /** Adds a line and fills what is between it and another one below. */
  Chart area(String name, int colour, List<Point> points, List<Point> base) {
    lines.add(new Line(name, colour, points, base));
    return this;
  }

  /** Writes the figure, with its legend. */
  void write(PrintWriter html) {
    html.printf(
        Locale.ROOT,
        "<figure><figcaption>%s <span class=unit>%s</span></figcaption>%n",
        escaped(title),
        escaped(unit));
    if (lines.size() > 1) {
      html.print("<p class=legend>");
      for (Line line : lines) {
        html.printf(
            Locale.ROOT, "<span class=c%d><i></i>%s</span>", line.colour(), escaped(line.name()));
      }
      html.println("</p>");
    }
    html.printf(
        Locale.ROOT,
        "<svg viewBox='0 0 %d %d' role=img aria-label='%s'>%n",
        WIDTH,
        HEIGHT,
        escaped(title));
    axes(html);
    lines.forEach(line -> fill(html, line));
    lines.forEach(line -> stroke(html, line));
    lines.forEach(line -> points(html, line));
    html.println("</svg></figure>");
  }

  private void axes(PrintWriter html) {
    for (Scale.Tick tick : up.ticks()) {
      double y = y(tick.value());
      html.printf(Locale.ROOT, "<path class=grid d='M%d %.1fH%d'/>", LEFT, y, WIDTH - RIGHT);
      html.printf(
          Locale.ROOT,
          "<text class=tick x=%d y=%.1f text-anchor=end>%s</text>%n",
          LEFT - 6,
          y + 4,
          tick.label());
    }
    for (Scale.Tick tick : across.ticks()) {
      boolean atTheEdge = x(tick.value()) > WIDTH - RIGHT - LEFT / 2.0;
      html.printf(
          Locale.ROOT,
          "<text class=tick x=%.1f y=%d text-anchor=%s>%s</text>%n",
          x(tick.value()),
          HEIGHT - 8,
          atTheEdge ? "end" : "middle",
          tick.label());
    }
  }

  private void fill(PrintWriter html, Line line) {
    if (line.base().isEmpty() || line.points().isEmpty()) {
      return;
    }
    html.printf(Locale.ROOT, "<path class='fill c%d' d='", line.colour());
    path(html, line.points(), 'M');
    path(html, line.base().reversed(), 'L');
    html.println("Z'/>");
  }

  private void stroke(PrintWriter html, Line line) {
    html.printf(Locale.ROOT, "<path class='line c%d' d='", line.colour());
    path(html, line.points(), 'M');
    html.println("'/>");
  }

  private void path(PrintWriter html, List<Point> points, char first) {
    char command = first;
    for (Point point : points) {
      html.printf(Locale.ROOT, "%c%.1f %.1f", command, x(point.x()), y(point.y()));
      command = 'L';
    }
  }

  /** Larger than what is seen of them, so that they can be hit. */
  private void points(PrintWriter html, Line line) {
    for (Point point : line.points()) {
      html.printf(
          Locale.ROOT,
          "<circle class='hit c%d' cx=%.1f cy=%.1f r=6><title>%s: %s</title></circle>%n",
          line.colour(),
          x(point.x()),
          y(point.y()),
          escaped(line.name()),
          escaped(point.words()));
    }
  }

  private double x(double value) {
    return LEFT + across.position(value) * (WIDTH - LEFT - RIGHT);
  }

  private double y(double value) {
    return HEIGHT - BOTTOM - up.position(value) * (HEIGHT - TOP - BOTTOM);
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("'", "&#39;")
        .replace("\"", "&quot;");
  }
}
