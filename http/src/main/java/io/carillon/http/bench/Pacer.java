package io.carillon.http.bench;

import java.util.concurrent.locks.LockSupport;

/**
 * Wakes the loop at the moments calls are to begin. The selector's own timeout counts in
 * milliseconds, and being up to one too late would look as if the engine were.
 */
final class Pacer extends Thread implements AutoCloseable {
  private final EventLoop loop;
  private final Load.Open schedule;
  private volatile boolean over;

  Pacer(EventLoop loop, Load.Open schedule) {
    super("bench-pacer");
    this.loop = loop;
    this.schedule = schedule;
    setDaemon(true);
  }

  @Override
  public void run() {
    for (long number = 0; !over; number++) {
      long left = schedule.intendedAt(number) - System.nanoTime();
      while (left > 0 && !over) {
        LockSupport.parkNanos(left);
        left = schedule.intendedAt(number) - System.nanoTime();
      }
      loop.wake();
    }
  }

  @Override
  public void close() {
    over = true;
    LockSupport.unpark(this);
  }
}
