package io.carillon.http.analyst;

import io.carillon.persistence.replay.Meter;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;

/**
 * A line on a terminal's standard error that tells how far long work has come; nothing where it is
 * no terminal, and nothing for work that is soon done.
 */
final class Progress implements Meter, AutoCloseable {
  private static final int WIDTH = 30;
  private static final long PATIENCE_NANOS = 400_000_000;
  private static final long PERIOD_NANOS = 150_000_000;

  private final PrintStream terminal;
  private final boolean shown;
  private final String what;
  private final long began = System.nanoTime();
  private long nextAt = began + PATIENCE_NANOS;
  private boolean drawn;
  private long expected;
  private long done;

  Progress(String what) {
    this.what = what;
    this.terminal = System.err;
    this.shown = isTerminal();
  }

  /**
   * Java only knows whether input and output are terminals, and the output of an export often is a
   * file; so Linux is asked about the error stream itself.
   */
  private static boolean isTerminal() {
    Path errors = Path.of("/proc/self/fd/2");
    try {
      String device = Files.readSymbolicLink(errors).toString();
      return device.startsWith("/dev/pts/") || device.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException _) {
      // Never null since Java 22, which not every checker knows.
      return Objects.requireNonNull(System.console()).isTerminal();
    }
  }

  @Override
  public void expect(long units) {
    expected = units;
  }

  @Override
  public void advance(long units) {
    done += units;
    if (shown && System.nanoTime() > nextAt) {
      nextAt = System.nanoTime() + PERIOD_NANOS;
      draw();
    }
  }

  private void draw() {
    drawn = true;
    double seconds = (System.nanoTime() - began) / 1e9;
    String rate = String.format(Locale.ROOT, "%,d, %,.0f/s", done, done / seconds);
    if (expected > 0) {
      // An estimate may be too small: it is never more than done.
      int share = (int) Math.min(100, done * 100 / expected);
      String bar = "█".repeat(share * WIDTH / 100) + "░".repeat(WIDTH - share * WIDTH / 100);
      terminal.printf("\r%s %s %3d %%  %s  ", what, bar, share, rate);
    } else {
      terminal.printf("\r%s  %s  ", what, rate);
    }
    terminal.flush();
  }

  @Override
  public void close() {
    if (drawn) {
      terminal.print("\r\u001b[K");
      terminal.flush();
    }
  }
}
