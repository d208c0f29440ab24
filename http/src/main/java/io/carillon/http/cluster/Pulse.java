package io.carillon.http.cluster;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * Notices that this process stood still (a stopped process, a frozen machine, an endless garbage
 * collection) for so long that the others may have gone on without it. What it believed before is
 * then not to be told to anybody.
 *
 * <p>Whoever asks {@link #isSteady()} learns of a stop at once, before the next beat: the beat
 * before it is too long ago.
 */
public final class Pulse implements AutoCloseable {
  private static final Duration BEAT = Duration.ofMillis(100);

  private final long limit;
  private final Consumer<Duration> missed;
  private final Thread thread;
  private volatile long last = System.nanoTime();
  private volatile boolean lost;

  private Pulse(Duration limit, Consumer<Duration> missed) {
    this.limit = limit.toNanos();
    this.missed = missed;
    this.thread = Thread.ofPlatform().daemon().name("pulse").unstarted(this::beat);
  }

  /**
   * Begins to beat.
   *
   * @param limit the longest stop that is nothing
   * @param missed is told, once, of a longer one
   */
  public static Pulse start(Duration limit, Consumer<Duration> missed) {
    Pulse pulse = new Pulse(limit, missed);
    pulse.thread.start();
    return pulse;
  }

  /** Whether the process has not stood still for longer than the limit, ever. */
  public boolean isSteady() {
    return !lost && System.nanoTime() - last <= limit;
  }

  private void beat() {
    try {
      while (true) {
        Thread.sleep(BEAT.toMillis());
        long now = System.nanoTime();
        long gap = now - last;
        if (gap > limit) {
          lost = true;
          missed.accept(Duration.ofNanos(gap));
          return;
        }
        last = now;
      }
    } catch (InterruptedException closed) {
      // the node is going; nobody asks any more
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
