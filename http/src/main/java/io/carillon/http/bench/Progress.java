package io.carillon.http.bench;

import java.io.PrintStream;
import java.util.Locale;

/** The line that says how a run is going, written over once a second. */
final class Progress {
  private Progress() {}

  static void print(PrintStream out, Meter.Second second, long seconds, Tally tally) {
    Tally.Totals totals = tally.totals();
    String wrong =
        totals.isClean()
            ? ""
            : String.format(
                Locale.ROOT,
                "  lost %d, twice %d, out of order %d, unexpected %d, failed %d",
                totals.lostEvents() + totals.lostRelays(),
                totals.duplicated(),
                totals.outOfOrder(),
                totals.unexpected(),
                totals.failures());
    out.printf(
        Locale.ROOT,
        "\r%3d/%d s  %6d calls/s  callee told p50 %.2f ms, p99 %.2f ms%s%s  ",
        second.second() + 1,
        seconds,
        second.completed(),
        second.toldP50() / 1e6,
        second.toldP99() / 1e6,
        second.backlog() > 0 ? "  waiting " + second.backlog() : "",
        wrong);
    out.flush();
  }
}
