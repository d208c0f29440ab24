package io.carillon.http.analyst.report;

import io.carillon.http.analyst.ladder.Markup;
import java.util.Locale;

/** The few shapes the plots are made of; their looks are in the page's style. */
final class Svg {
  private Svg() {}

  static StringBuilder open(int width, int height, String title) {
    return new StringBuilder()
        .append("<svg class=\"plot\" viewBox=\"0 0 %d %d\" role=\"img\">".formatted(width, height))
        .append("<title>%s</title>%n".formatted(Markup.escape(title)));
  }

  static String line(String kind, double x1, double y1, double x2, double y2) {
    return String.format(
        Locale.ROOT,
        "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>%n",
        kind,
        x1,
        y1,
        x2,
        y2);
  }

  static String rect(String kind, double x, double y, double width, double height) {
    return String.format(
        Locale.ROOT,
        "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>",
        kind,
        x,
        y,
        width,
        height);
  }

  static String circle(String kind, double x, double y, double radius) {
    return String.format(
        Locale.ROOT,
        "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"/>",
        kind,
        x,
        y,
        radius);
  }

  static String text(String kind, double x, double y, String text) {
    return String.format(
        Locale.ROOT,
        "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>%n",
        kind,
        x,
        y,
        Markup.escape(text));
  }
}
