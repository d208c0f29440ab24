package io.carillon.http.cluster;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Notices that this process stood still (a stopped process, a frozen machine, an endless garbage
 * collection) for so long that the others may have gone on without it. What it believed before is
 * then not to be told to anybody, until it is clear that nobody has: they would have said so within
 * the probation.
 *
 * <p>Whoever asks {@link #isSteady()} learns of a stop at once, before the next beat: the beat
 * before it is too long ago.
 */
public final class Pulse implements AutoCloseable {
  private static final Duration BEAT = Duration.ofMillis(100);

  private final LongSupplier clock;
  private final long limit;
  private final long probation;
  private final BooleanSupplier undisputed;
  private final Listener listener;
  private final Thread thread;
  private volatile long last;
  private volatile boolean doubtful;
  private long stoodStillAt;

  /** Who is told of it. */
  public interface Listener {
    /** The process stood still for so long, and answers nothing from now on. */
    void stoodStill(Duration gap);

    /** Nobody had given it up: it answers again. */
    void goesOn();
  }

  Pulse(
      LongSupplier clock,
      Duration limit,
      Duration probation,
      BooleanSupplier undisputed,
      Listener listener) {
    this.clock = clock;
    this.limit = limit.toNanos();
    this.probation = probation.toNanos();
    this.undisputed = undisputed;
    this.listener = listener;
    this.last = clock.getAsLong();
    this.thread = Thread.ofPlatform().daemon().name("pulse").unstarted(this::run);
  }

  /**
   * Begins to beat.
   *
   * @param limit the longest stop that is nothing
   * @param probation how long it answers nothing after a longer one, at least
   * @param undisputed whether, as far as this process knows, it belongs to its cluster and sees all
   *     of it; as long as it does not, the probation lasts
   */
  public static Pulse start(
      Duration limit, Duration probation, BooleanSupplier undisputed, Listener listener) {
    Pulse pulse = new Pulse(System::nanoTime, limit, probation, undisputed, listener);
    pulse.thread.start();
    return pulse;
  }

  /** Whether what this process believes may be told to anybody. */
  public boolean isSteady() {
    return !doubtful && clock.getAsLong() - last <= limit;
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(BEAT.toMillis());
        beat();
      }
    } catch (InterruptedException closed) {
      // the node is going; nobody asks any more
    }
  }

  void beat() {
    long now = clock.getAsLong();
    long gap = now - last;
    if (gap > limit) {
      doubtful = true;
      stoodStillAt = now;
      listener.stoodStill(Duration.ofNanos(gap));
    } else if (doubtful && now - stoodStillAt > probation && undisputed.getAsBoolean()) {
      doubtful = false;
      listener.goesOn();
    }
    last = now;
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
