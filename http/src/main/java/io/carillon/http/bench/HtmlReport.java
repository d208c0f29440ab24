package io.carillon.http.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.HdrHistogram.Histogram;

/** A report as one page that needs nothing else: no script, no network. */
final class HtmlReport {
  private static final double[] PERCENTILES = {50, 90, 99, 99.9, 100};
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("d MMMM uuuu, HH:mm 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private final PrintWriter html;
  private final Report report;

  private HtmlReport(PrintWriter html, Report report) {
    this.html = html;
    this.report = report;
  }

  static void write(Report report, Path file) throws IOException {
    try (PrintWriter html = new PrintWriter(Files.newBufferedWriter(file))) {
      new HtmlReport(html, report).write();
      if (html.checkError()) {
        throw new IOException("could not write " + file);
      }
    }
  }

  private void write() throws IOException {
    html.println("<!doctype html>");
    html.println("<html lang=en><head><meta charset=utf-8>");
    html.println("<meta name=viewport content='width=device-width, initial-scale=1'>");
    html.println("<title>Carillon benchmark</title>");
    html.println("<style>");
    html.print(style());
    html.println("</style></head><body><main>");
    head();
    tiles();
    html.println("<div class=charts>");
    new Charts(report).write(html);
    html.println("</div>");
    html.println("<h2>Times in milliseconds</h2>");
    hops();
    html.println("<div class=two>");
    costs();
    ledger();
    html.println("</div>");
    wrongs();
    html.printf(Locale.ROOT, "<h2>Command</h2><pre>%s</pre>%n", Chart.escaped(report.command()));
    html.printf(
        Locale.ROOT,
        "<footer>%s · %s</footer>%n",
        Chart.escaped(report.machine().words()),
        DAY.format(report.at()));
    html.println("</main></body></html>");
  }

  private static String style() throws IOException {
    try (InputStream css = HtmlReport.class.getResourceAsStream("report.css")) {
      return new String(Objects.requireNonNull(css).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private void head() {
    boolean clean = report.totals().isClean();
    html.print("<header><h1>Carillon benchmark</h1>");
    html.printf(
        Locale.ROOT,
        "<span class='verdict %s'>%s</span>",
        clean ? "good" : "bad",
        clean ? "nothing lost, twice or out of order" : "not clean");
    if (!report.isSustained()) {
      html.printf(
          Locale.ROOT,
          "<span class='verdict bad'>rate not sustained, %,d calls waiting</span>",
          report.backlog());
    }
    if (report.isDisturbed()) {
      html.printf(
          Locale.ROOT,
          "<span class='verdict bad'>disturbed: other programs used %.1f cores</span>",
          report.foreignCores());
    }
    html.println("</header>");
    String words = report.plan().words();
    html.printf(
        Locale.ROOT,
        "<p class=about>%s%s; measured for %.0f s after %d s of warm-up</p>%n",
        Chart.escaped(words.substring(0, 1).toUpperCase(Locale.ROOT)),
        Chart.escaped(words.substring(1)),
        report.seconds(),
        report.plan().warmup().toSeconds());
  }

  // ---- The figures one looks for first

  private void tiles() {
    html.println("<div class=tiles>");
    tile(number(report.callsPerSecond()), "", "calls completed each second");
    hopTile(Hop.INITIATE_TOLD);
    hopTile(Hop.RELAY);
    double server =
        report.costs().stream()
            .filter(cost -> cost.who() != Report.Who.GENERATOR)
            .mapToDouble(Report.Cost::cpuMillisPerCall)
            .sum();
    if (server > 0) {
      tile(number(server), "ms", "CPU of engine and database, each call");
    }
    report
        .idle()
        .ifPresent(
            idle ->
                tile(number(idle.kibEach()), "KiB", "each of " + idle.sockets() + " idle sockets"));
    html.println("</div>");
  }

  private void hopTile(Hop hop) {
    Histogram times = report.hops().get(hop);
    if (times != null) {
      tile(
          number(Report.millis(times, 50)) + " / " + number(Report.millis(times, 99)),
          "ms",
          hop.label() + ", p50 / p99");
    }
  }

  private void tile(String figure, String unit, String label) {
    html.printf(
        Locale.ROOT,
        "<div class=tile><b>%s <small>%s</small></b><span>%s</span></div>%n",
        figure,
        unit,
        Chart.escaped(label));
  }

  /** Three digits are what a measurement on a busy machine can tell. */
  private static String number(double value) {
    if (value >= 100) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    return String.format(Locale.ROOT, value >= 10 ? "%.1f" : "%.2f", value);
  }

  // ---- Tables

  private void hops() {
    html.println("<div class=table><table><tr><th></th><th>count</th><th>p50</th><th>p90</th>");
    html.println("<th>p99</th><th>p99.9</th><th>max</th></tr>");
    Hop.Group group = Hop.Group.TOLD;
    for (Map.Entry<Hop, Histogram> entry : report.hops().entrySet()) {
      Hop hop = entry.getKey();
      html.printf(
          Locale.ROOT,
          "<tr%s><td>%s</td><td>%,d</td>",
          hop.group() == group ? "" : " class=gap",
          Chart.escaped(hop.label()),
          entry.getValue().getTotalCount());
      group = hop.group();
      for (double percentile : PERCENTILES) {
        html.printf(Locale.ROOT, "<td>%.2f</td>", Report.millis(entry.getValue(), percentile));
      }
      html.println("</tr>");
    }
    html.println("</table></div>");
  }

  private void costs() {
    html.println("<section><h2>What it cost</h2><div class=table><table>");
    html.println("<tr><th></th><th>cores</th><th>CPU ms per call</th><th>memory, MiB</th></tr>");
    for (Report.Cost cost : report.costs()) {
      html.printf(
          Locale.ROOT,
          "<tr><td>%s</td><td>%.2f</td><td>%.3f</td><td>%,.0f</td></tr>%n",
          cost.who().label(),
          cost.cores(),
          cost.cpuMillisPerCall(),
          cost.residentKib() / 1024.0);
      if (cost.who() == Report.Who.SERVER && report.overhead().isPresent()) {
        part("compiling", report.overhead().get().compilerMillisPerCall());
        part("collecting", report.overhead().get().collectorMillisPerCall());
      }
    }
    if (report.machineBusyCores().isPresent()) {
      html.printf(
          Locale.ROOT,
          "<tr class=gap><td>the whole machine</td><td>%.2f of %d</td><td></td><td></td></tr>%n",
          report.machineBusyCores().get(),
          report.machine().cores());
    }
    html.println("</table></div>");
    if (report.database().isPresent() && report.completed() > 0) {
      DatabaseMeter.Work work = report.database().get();
      double calls = report.completed();
      html.printf(
          Locale.ROOT,
          "<p class=about>Each call: %,.0f bytes of WAL, %.2f commits, %.1f rows written.</p>%n",
          work.walBytes() / calls,
          work.commits() / calls,
          work.rows() / calls);
    }
    html.println("</section>");
  }

  private void part(String label, double millisPerCall) {
    html.printf(
        Locale.ROOT,
        "<tr class=part><td>%s</td><td></td><td>%.3f</td><td></td></tr>%n",
        label,
        millisPerCall);
  }

  private void ledger() {
    Tally.Totals totals = report.totals();
    html.println("<section><h2>What was counted</h2><div class=table><table>");
    html.println("<tr><th>warm-up included</th><th></th></tr>");
    row("calls begun", totals.started());
    totals.completed().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(entry -> row(entry.getKey().word(), entry.getValue()));
    row("events told", totals.events());
    row("relays told", totals.relays());
    if (totals.droppedSockets() > 0) {
      row("sockets cut off", totals.droppedSockets());
      row("events told again on a resume", totals.again());
    }
    row("lost", totals.lostEvents() + totals.lostRelays());
    row("told twice", totals.duplicated());
    row("out of order", totals.outOfOrder());
    row("unexpected", totals.unexpected());
    row("failed", totals.failures());
    html.println("</table></div></section>");
  }

  private void row(String label, long count) {
    html.printf(Locale.ROOT, "<tr><td>%s</td><td>%,d</td></tr>%n", Chart.escaped(label), count);
  }

  private void wrongs() {
    Tally.Totals totals = report.totals();
    if (totals.failed().isEmpty() && totals.examples().isEmpty()) {
      return;
    }
    html.println("<h2>What went wrong</h2><pre>");
    totals
        .failed()
        .forEach(
            (what, count) -> html.printf(Locale.ROOT, "%6d  %s%n", count, Chart.escaped(what)));
    totals.examples().forEach(example -> html.println(Chart.escaped(example)));
    html.println("</pre>");
  }
}
