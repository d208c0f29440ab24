package io.carillon.http.analyst.report;

import io.carillon.http.analyst.ladder.Markup;
import io.carillon.persistence.statistics.CallFigures;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.format.TextStyle;
import java.util.List;
import java.util.Locale;

/** When in the week people call: a square for each hour of each day of the week. */
final class WeekPlot {
  private static final int LEFT = 56;
  private static final int TOP = 22;
  private static final int SIDE = 42;
  private static final int ROW = 26;

  private WeekPlot() {}

  /** Of figures by hour. */
  static String of(List<CallFigures> hours) {
    long[][] calls = new long[7][24];
    long most = 1;
    for (CallFigures hour : hours) {
      DayOfWeek day = LocalDate.parse(hour.group().substring(0, 10)).getDayOfWeek();
      int at = Integer.parseInt(hour.group().substring(11, 13));
      calls[day.getValue() - 1][at] += hour.attempts();
      most = Math.max(most, calls[day.getValue() - 1][at]);
    }
    StringBuilder svg = Svg.open(LEFT + 24 * SIDE + 16, TOP + 7 * ROW + 8, "Calls by day and hour");
    for (int hour = 0; hour < 24; hour++) {
      svg.append(
          Svg.text("tick middle", LEFT + hour * SIDE + SIDE / 2.0, 14, Integer.toString(hour)));
    }
    for (DayOfWeek day : DayOfWeek.values()) {
      double y = TOP + (day.getValue() - 1) * ROW;
      String name = day.getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
      svg.append(Svg.text("tick end", LEFT - 8, y + 17, name));
      for (int hour = 0; hour < 24; hour++) {
        long count = calls[day.getValue() - 1][hour];
        svg.append(
            String.format(
                Locale.ROOT,
                "<g><title>%s</title><rect class=\"none\" x=\"%d\" y=\"%.0f\" width=\"%d\""
                    + " height=\"%d\" rx=\"3\"/><rect class=\"heat\" x=\"%d\" y=\"%.0f\" width=\"%d\""
                    + " height=\"%d\" rx=\"3\" fill-opacity=\"%.3f\"/></g>%n",
                Markup.escape("%s %02d:00: %,d calls".formatted(name, hour, count)),
                LEFT + hour * SIDE + 1,
                y + 1,
                SIDE - 3,
                ROW - 3,
                LEFT + hour * SIDE + 1,
                y + 1,
                SIDE - 3,
                ROW - 3,
                (double) count / most));
      }
    }
    return svg.append("</svg>\n").toString();
  }
}
