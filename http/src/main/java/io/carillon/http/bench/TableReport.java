package io.carillon.http.bench;

import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** A report for the terminal. */
final class TableReport {
  private static final double[] PERCENTILES = {50, 90, 99, 99.9, 100};

  private TableReport() {}

  static String of(Report report) {
    StringBuilder text = new StringBuilder();
    line(text, report.machine().words());
    line(text, report.plan().words());
    line(text, "");
    line(
        text,
        "%.1f calls/s: %d calls in %.0f s%s",
        report.callsPerSecond(),
        report.completed(),
        report.seconds(),
        report.plan().rate().isPresent() && !report.isSustained()
            ? "; NOT SUSTAINED, " + report.backlog() + " waiting at the end"
            : "");
    line(text, "");
    line(
        text,
        "%-28s %9s %8s %8s %8s %8s %8s",
        "milliseconds",
        "count",
        "p50",
        "p90",
        "p99",
        "p99.9",
        "max");
    Hop.Group group = null;
    for (Map.Entry<Hop, Histogram> entry : report.hops().entrySet()) {
      if (group != null && group != entry.getKey().group()) {
        line(text, "");
      }
      group = entry.getKey().group();
      hop(text, entry.getKey(), entry.getValue());
    }
    line(text, "");
    costs(text, report);
    line(text, "");
    ledger(text, report.totals());
    return text.toString();
  }

  private static void hop(StringBuilder text, Hop hop, Histogram times) {
    String label = hop.group() == Hop.Group.STEP ? hop.label() + ", reply" : hop.label();
    text.append(String.format(Locale.ROOT, "%-28s %9d", label, times.getTotalCount()));
    for (double percentile : PERCENTILES) {
      text.append(String.format(Locale.ROOT, " %8.2f", Report.millis(times, percentile)));
    }
    text.append(System.lineSeparator());
  }

  private static void costs(StringBuilder text, Report report) {
    if (!report.costs().isEmpty()) {
      line(text, "%-28s %9s %16s %12s", "", "cores", "CPU ms per call", "memory MiB");
    }
    for (Report.Cost cost : report.costs()) {
      line(
          text,
          "%-28s %9.2f %16.3f %12.0f",
          cost.who(),
          cost.cores(),
          cost.cpuMillisPerCall(),
          cost.residentKib() / 1024.0);
    }
    report
        .machineBusyCores()
        .ifPresent(
            busy ->
                line(
                    text,
                    "%-28s %9.2f of %d",
                    "the whole machine",
                    busy,
                    report.machine().cores()));
    report
        .database()
        .filter(work -> report.completed() > 0)
        .ifPresent(
            work ->
                line(
                    text,
                    "per call: %.0f bytes of WAL, %.2f commits, %.1f rows written",
                    work.walBytes() / (double) report.completed(),
                    work.commits() / (double) report.completed(),
                    work.rows() / (double) report.completed()));
    report
        .idle()
        .ifPresent(
            idle -> line(text, "%d idle sockets: %.1f KiB each", idle.sockets(), idle.kibEach()));
  }

  private static void ledger(StringBuilder text, Tally.Totals totals) {
    line(
        text,
        "of all %d calls: %d events and %d relays told%s",
        totals.started(),
        totals.events(),
        totals.relays(),
        totals.droppedSockets() == 0
            ? ""
            : ", "
                + totals.droppedSockets()
                + " sockets cut off, "
                + totals.again()
                + " events told again");
    line(
        text,
        "lost %d, told twice %d, out of order %d, unexpected %d, failed %d%s",
        totals.lostEvents() + totals.lostRelays(),
        totals.duplicated(),
        totals.outOfOrder(),
        totals.unexpected(),
        totals.failures(),
        totals.isClean() ? "" : "   << NOT CLEAN");
    totals.failed().forEach((what, count) -> line(text, "  %6d  %s", count, what));
    if (totals.failed().keySet().stream().anyMatch(what -> what.contains("rate_limited"))) {
      line(text, "  (the node's limits on one user: take more --pairs, or lift them)");
    }
    totals.examples().forEach(example -> line(text, "  %s", example));
  }

  private static void line(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append(System.lineSeparator());
  }
}
