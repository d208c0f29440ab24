package io.carillon.http.analyst.report;

import io.carillon.engine.call.EndReason;
import io.carillon.engine.identity.RealmId;
import io.carillon.http.analyst.ladder.Markup;
import io.carillon.persistence.statistics.CallFigures;
import io.carillon.persistence.words.Vocabulary;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** The page. */
public final class ReportPage {
  /**
   * What it shows.
   *
   * @param realm whose calls; empty: all realms'
   * @param from the period's beginning, where it was asked for
   * @param to its end, where it was asked for
   */
  public record Figures(
      Optional<RealmId> realm,
      Optional<Instant> from,
      Optional<Instant> to,
      CallFigures all,
      List<CallFigures> days,
      List<CallFigures> hours,
      List<CallFigures> realms,
      List<CallFigures> types) {}

  /** A period of fewer days is shown by the hour. */
  private static final int DAYS_BY_HOUR = 4;

  private final Figures figures;
  private final StringBuilder page = new StringBuilder();

  private ReportPage(Figures figures) {
    this.figures = figures;
  }

  /** Writes it. */
  public static String of(Figures figures) {
    return new ReportPage(figures).write();
  }

  private String write() {
    String first = figures.days().getFirst().group();
    String last = figures.days().getLast().group();
    String period = first.equals(last) ? first : first + " to " + last;
    page.append(head(Markup.escape(period)));
    page.append("<h1>Calls, %s</h1>%n".formatted(Markup.escape(period)));
    String whose =
        figures.realm().map(r -> "realm " + r).orElse(figures.realms().size() + " realms");
    page.append(
        "<p>%s · by the time of placing, UTC%s</p>%n"
            .formatted(Markup.escape(whose), Markup.escape(asked())));
    cards();
    attempts();
    section("Answered of placed", "");
    panel(BarPlot.of("Answer rate", rates(), new Axis(100, 25), " %"));
    section(
        "When in the week", "Calls placed in each hour, all weeks together; the darker the more.");
    panel(WeekPlot.of(figures.hours()));
    section("Why calls ended", "");
    reasons();
    section("How long it took", "The median in orange, then 90, 95 and 99 of 100; logarithmic.");
    times();
    section("At once", "The most calls that were open at one moment, and of them those talked in.");
    panel(
        BarPlot.of(
            "Most calls at once",
            bars(
                f -> f.peakTalking(),
                f -> Math.max(0, f.peakOpen() - f.peakTalking()),
                ReportPage::atOnce),
            Axis.counting(most(CallFigures::peakOpen)),
            ""));
    groups("By realm", figures.realms());
    groups("By type", figures.types());
    return page.append("</body>\n</html>\n").toString();
  }

  private String asked() {
    return figures.from().map(at -> " · from " + at).orElse("")
        + figures.to().map(at -> " · before " + at).orElse("");
  }

  private void cards() {
    CallFigures all = figures.all();
    page.append("<div class=\"cards\">\n");
    card(count(all.attempts()), "placed");
    card(percent(all.answerRate()), "answered");
    card(percent(all.reachRate()), "reached a device");
    card(Times.shown(all.postDialMs().p50()), "to the first ring, median");
    card(Times.shown(all.ringMs().p50()), "rung, median");
    card(Times.shown(all.talkMs().p50()), "talked, median");
    card(count(all.peakOpen()), "most at once");
    card(count(all.nearMisses()), "near misses");
    page.append("</div>\n");
  }

  private void card(String value, String name) {
    page.append(
        "<div class=\"card\"><b>%s</b><span>%s</span></div>%n"
            .formatted(Markup.escape(value), Markup.escape(name)));
  }

  private void section(String title, String note) {
    page.append("<h2>%s</h2>%n".formatted(Markup.escape(title)));
    if (!note.isEmpty()) {
      page.append("<p class=\"legend\">%s</p>%n".formatted(Markup.escape(note)));
    }
  }

  private void panel(String content) {
    page.append("<div class=\"panel\">").append(content).append("</div>\n");
  }

  private void attempts() {
    section(byHour() ? "Calls by hour" : "Calls by day", "");
    page.append(
        "<p class=\"legend\"><i style=\"background:var(--main)\"></i>answered"
            + "<i style=\"background:var(--soft)\"></i>not answered</p>\n");
    panel(
        BarPlot.of(
            "Calls",
            bars(CallFigures::answered, f -> f.attempts() - f.answered(), ReportPage::placed),
            Axis.counting(most(CallFigures::attempts)),
            ""));
  }

  private boolean byHour() {
    return figures.days().size() < DAYS_BY_HOUR;
  }

  private long most(ToLongFunction<CallFigures> value) {
    return (byHour() ? figures.hours() : figures.days()).stream().mapToLong(value).max().orElse(1);
  }

  /** A bar for every day or hour of the period, also for those without a call. */
  private List<BarPlot.Bar> bars(
      ToLongFunction<CallFigures> lower,
      ToLongFunction<CallFigures> upper,
      Function<CallFigures, String> tip) {
    List<BarPlot.Bar> bars = new ArrayList<>();
    series()
        .forEach(
            (name, f) ->
                bars.add(
                    new BarPlot.Bar(
                        name,
                        byHour()
                            ? name.substring(8, 10) + ". " + name.substring(11) + "h"
                            : name.substring(5),
                        f.map(lower::applyAsLong).orElse(0L),
                        f.map(upper::applyAsLong).orElse(0L),
                        name + ": " + f.map(tip).orElse("no calls"))));
    return bars;
  }

  private List<BarPlot.Bar> rates() {
    List<BarPlot.Bar> bars = new ArrayList<>();
    series()
        .forEach(
            (name, f) -> {
              double rate = f.flatMap(CallFigures::answerRate).orElse(0.0);
              bars.add(
                  new BarPlot.Bar(
                      name,
                      byHour()
                          ? name.substring(8, 10) + ". " + name.substring(11) + "h"
                          : name.substring(5),
                      rate * 100,
                      0,
                      name
                          + ": "
                          + BarPlot.percent(rate)
                          + " of "
                          + f.map(x -> count(x.attempts())).orElse("0")));
            });
    return bars;
  }

  private Map<String, Optional<CallFigures>> series() {
    Map<String, Optional<CallFigures>> series = new TreeMap<>();
    LocalDate last = LocalDate.parse(figures.days().getLast().group());
    for (LocalDate day = LocalDate.parse(figures.days().getFirst().group());
        !day.isAfter(last);
        day = day.plusDays(1)) {
      if (byHour()) {
        for (int hour = 0; hour < 24; hour++) {
          series.put(String.format(Locale.ROOT, "%sT%02d", day, hour), Optional.empty());
        }
      } else {
        series.put(day.toString(), Optional.empty());
      }
    }
    (byHour() ? figures.hours() : figures.days())
        .forEach(f -> series.put(f.group(), Optional.of(f)));
    return series;
  }

  private static String placed(CallFigures f) {
    return count(f.attempts()) + " placed, " + count(f.answered()) + " answered";
  }

  private static String atOnce(CallFigures f) {
    return count(f.peakOpen()) + " open, " + count(f.peakTalking()) + " talked in";
  }

  private void reasons() {
    CallFigures all = figures.all();
    long ended = Math.max(1, all.attempts() - all.open());
    List<Map.Entry<EndReason, Long>> reasons =
        all.reasons().entrySet().stream()
            .sorted(Map.Entry.<EndReason, Long>comparingByValue().reversed())
            .toList();
    long most = reasons.stream().mapToLong(Map.Entry::getValue).max().orElse(1);
    page.append("<div class=\"panel\"><table>\n");
    for (Map.Entry<EndReason, Long> reason : reasons) {
      page.append(
          String.format(
              Locale.ROOT,
              "<tr><td>%s</td><td class=\"bar\"><div style=\"width:%.2f%%\"></div></td><td>%s</td><td>%s</td></tr>%n",
              Vocabulary.REASONS.word(reason.getKey()),
              100.0 * reason.getValue() / most,
              count(reason.getValue()),
              BarPlot.percent((double) reason.getValue() / ended)));
    }
    page.append("</table></div>\n");
  }

  private void times() {
    CallFigures all = figures.all();
    List<SpreadPlot.Row> rows =
        List.of(
            new SpreadPlot.Row("post-dial", all.postDialMs()),
            new SpreadPlot.Row("ring", all.ringMs()),
            new SpreadPlot.Row("talk", all.talkMs()));
    page.append("<div class=\"panel\">").append(SpreadPlot.of(rows));
    page.append(
        "<table><tr><th></th><th>calls</th><th>mean</th><th>p50</th><th>p90</th><th>p95</th><th>p99</th><th>longest</th></tr>\n");
    for (SpreadPlot.Row row : rows) {
      CallFigures.Spread s = row.spread();
      page.append("<tr><td>%s</td><td>%s</td>".formatted(row.name(), count(s.count())));
      for (long ms : List.of(s.mean(), s.p50(), s.p90(), s.p95(), s.p99(), s.max())) {
        page.append("<td>%s</td>".formatted(Times.shown(ms)));
      }
      page.append("</tr>\n");
    }
    page.append("</table></div>\n");
  }

  private void groups(String title, List<CallFigures> groups) {
    section(title, "");
    page.append(
        "<div class=\"panel\"><table>\n<tr><th></th><th>placed</th><th>answered</th><th>reached</th><th>ring p50</th><th>ring p95</th><th>talk p50</th><th>talk p95</th><th>at once</th><th>near misses</th></tr>\n");
    for (CallFigures f : groups) {
      page.append("<tr><td>%s</td>".formatted(Markup.escape(f.group())));
      for (String cell :
          List.of(
              count(f.attempts()),
              percent(f.answerRate()),
              percent(f.reachRate()),
              Times.shown(f.ringMs().p50()),
              Times.shown(f.ringMs().p95()),
              Times.shown(f.talkMs().p50()),
              Times.shown(f.talkMs().p95()),
              count(f.peakOpen()),
              count(f.nearMisses()))) {
        page.append("<td>%s</td>".formatted(cell));
      }
      page.append("</tr>\n");
    }
    page.append("</table></div>\n");
  }

  private static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  private static String percent(Optional<Double> share) {
    return share.map(BarPlot::percent).orElse("");
  }

  private static String head(String title) {
    return """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Calls %s</title>
        <style>
        :root{color-scheme:light dark;--ink:#17212b;--dim:#5d6d7e;--line:#dde5ec;--paper:#fff;--back:#f3f6f9;
          --main:#2268c8;--soft:#a9c7ee;--warm:#c2570c}
        @media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--dim:#97a6b5;--line:#263240;--paper:#111923;
          --back:#0a0f16;--main:#5b9df0;--soft:#2f4d74;--warm:#f0934d}}
        *{box-sizing:border-box}
        body{margin:0 auto;max-width:1180px;padding:2rem 1.2rem 4rem;font:15px/1.5 system-ui,"Segoe UI",Roboto,sans-serif;
          color:var(--ink);background:var(--back)}
        h1{font-size:1.5rem;margin:0} h2{font-size:1.05rem;margin:2.2rem 0 .6rem} p{margin:.2rem 0;color:var(--dim)}
        .cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(125px,1fr));gap:.7rem;margin-top:1.3rem}
        .card{background:var(--paper);border:1px solid var(--line);border-radius:10px;padding:.7rem .9rem}
        .card b{display:block;font-size:1.4rem;line-height:1.3;font-variant-numeric:tabular-nums;white-space:nowrap}
        .card span{color:var(--dim);font-size:.83rem}
        .panel{background:var(--paper);border:1px solid var(--line);border-radius:10px;padding:.9rem;overflow:auto}
        .legend{font-size:.83rem;color:var(--dim);margin:0 0 .4rem} .legend i{display:inline-block;width:.8em;height:.8em;
          border-radius:2px;margin:0 .35em 0 .9em;vertical-align:-.05em} .legend i:first-child{margin-left:0}
        svg.plot{display:block;width:100%%;min-width:640px;height:auto}
        .plot text{font:12px system-ui,"Segoe UI",Roboto,sans-serif;fill:var(--dim)} .plot .name{fill:var(--ink);font-size:13px}
        .plot .end{text-anchor:end} .plot .middle{text-anchor:middle} .plot .grid{stroke:var(--line)} .plot .hit{fill:transparent}
        .plot g:hover .hit{fill:var(--line);fill-opacity:.5} .lower,.heat,.rank,.median{fill:var(--main)} .upper{fill:var(--soft)}
        .plot .none{fill:var(--line);fill-opacity:.45} .plot .range{stroke:var(--soft);stroke-width:6;stroke-linecap:round}
        .plot .median{fill:var(--warm)}
        table{border-collapse:collapse;width:100%%;font-variant-numeric:tabular-nums;font-size:.92rem}
        th,td{padding:.32rem .7rem;text-align:right;border-bottom:1px solid var(--line);white-space:nowrap}
        th{color:var(--dim);font-weight:500} th:first-child,td:first-child{text-align:left} tr:last-child td{border:0}
        td.bar{width:45%%} td.bar div{background:var(--main);height:.75em;border-radius:3px;min-width:1px}
        @media print{body{background:#fff} .panel,.card{break-inside:avoid}}
        </style>
        </head>
        <body>
        """
        .formatted(title);
  }
}
