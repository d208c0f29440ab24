package io.carillon.http.bench;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** A report for the terminal. */
final class TableReport {
  private static final double[] PERCENTILES = {50, 90, 99, 99.9, 100};

  private final PrintWriter out;
  private final Report report;

  private TableReport(PrintWriter out, Report report) {
    this.out = out;
    this.report = report;
  }

  static String of(Report report) {
    StringWriter text = new StringWriter();
    new TableReport(new PrintWriter(text), report).print();
    return text.toString();
  }

  private void print() {
    out.println(report.machine().words());
    out.println(report.plan().words());
    out.println();
    rate();
    out.println();
    hops();
    out.println();
    costs();
    out.println();
    ledger(report.totals());
    out.flush();
  }

  private void rate() {
    out.printf(
        Locale.ROOT,
        "%.1f calls/s: %d calls in %.0f s",
        report.callsPerSecond(),
        report.completed(),
        report.seconds());
    if (!report.isSustained()) {
      out.printf(Locale.ROOT, "; NOT SUSTAINED, %d waiting at the end", report.backlog());
    }
    out.println();
  }

  private void hops() {
    out.printf(
        Locale.ROOT,
        "%-28s %9s %8s %8s %8s %8s %8s%n",
        "milliseconds",
        "count",
        "p50",
        "p90",
        "p99",
        "p99.9",
        "max");
    Hop.Group group = Hop.Group.TOLD;
    for (Map.Entry<Hop, Histogram> entry : report.hops().entrySet()) {
      if (group != entry.getKey().group()) {
        out.println();
      }
      group = entry.getKey().group();
      hop(entry.getKey(), entry.getValue());
    }
  }

  private void hop(Hop hop, Histogram times) {
    out.printf(Locale.ROOT, "%-28s %9d", hop.label(), times.getTotalCount());
    for (double percentile : PERCENTILES) {
      out.printf(Locale.ROOT, " %8.2f", Report.millis(times, percentile));
    }
    out.println();
  }

  private void costs() {
    if (!report.costs().isEmpty()) {
      out.printf(
          Locale.ROOT, "%-28s %9s %16s %12s%n", "", "cores", "CPU ms per call", "memory MiB");
    }
    for (Report.Cost cost : report.costs()) {
      out.printf(
          Locale.ROOT,
          "%-28s %9.2f %16.3f %12.0f%n",
          cost.who().label(),
          cost.cores(),
          cost.cpuMillisPerCall(),
          cost.residentKib() / 1024.0);
      if (cost.who() == Report.Who.SERVER && report.overhead().isPresent()) {
        Report.Overhead overhead = report.overhead().get();
        out.printf(Locale.ROOT, "  %-36s %16.3f%n", "compiling", overhead.compilerMillisPerCall());
        out.printf(
            Locale.ROOT, "  %-36s %16.3f%n", "collecting", overhead.collectorMillisPerCall());
      }
    }
    if (report.machineBusyCores().isPresent()) {
      out.printf(
          Locale.ROOT,
          "%-28s %9.2f of %d%n",
          "the whole machine",
          report.machineBusyCores().get(),
          report.machine().cores());
    }
    if (report.isDisturbed()) {
      out.printf(
          Locale.ROOT,
          "%-28s %9.2f   << the machine was not idle: the times say little%n",
          "other programs",
          report.foreignCores());
    }
    if (report.database().isPresent() && report.completed() > 0) {
      DatabaseMeter.Work work = report.database().get();
      double calls = report.completed();
      out.printf(
          Locale.ROOT,
          "each call: %.0f bytes of WAL, %.2f commits, %.1f rows written%n",
          work.walBytes() / calls,
          work.commits() / calls,
          work.rows() / calls);
    }
    if (report.idle().isPresent()) {
      Report.Idle idle = report.idle().get();
      out.printf(Locale.ROOT, "%d idle sockets: %.1f KiB each%n", idle.sockets(), idle.kibEach());
    }
  }

  private void ledger(Tally.Totals totals) {
    out.printf(
        Locale.ROOT,
        "of all %d calls, the warm-up's included: %d events and %d relays told",
        totals.started(),
        totals.events(),
        totals.relays());
    if (totals.droppedSockets() > 0) {
      out.printf(
          Locale.ROOT,
          ", %d sockets cut off, %d events told again",
          totals.droppedSockets(),
          totals.again());
    }
    out.println();
    out.printf(
        Locale.ROOT,
        "lost %d, told twice %d, out of order %d, unexpected %d, failed %d%s%n",
        totals.lostEvents() + totals.lostRelays(),
        totals.duplicated(),
        totals.outOfOrder(),
        totals.unexpected(),
        totals.failures(),
        totals.isClean() ? "" : "   << NOT CLEAN");
    totals.failed().forEach((what, count) -> out.printf(Locale.ROOT, "  %6d  %s%n", count, what));
    if (totals.failed().keySet().stream().anyMatch(what -> what.contains("rate_limited"))) {
      out.println("  (the node's limits on one user: take more --pairs, or lift them)");
    }
    for (String example : totals.examples()) {
      out.println("  " + example);
    }
  }
}
