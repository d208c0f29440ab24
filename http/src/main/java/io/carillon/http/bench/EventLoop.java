package io.carillon.http.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * One thread, one selector, and what is to be done later. Everything the generator keeps is touched
 * by this thread only, so nothing needs a lock.
 */
final class EventLoop implements AutoCloseable {
  /** Holds a frame of the largest size the protocol knows, and what was left over before it. */
  private static final int INPUT_BYTES = 256 * 1024;

  private record Timer(long at, Runnable task) {}

  private final Selector selector;
  private final PriorityQueue<Timer> timers =
      new PriorityQueue<>(Comparator.comparingLong(Timer::at));
  private final byte[] input = new byte[INPUT_BYTES];
  private final ByteBuffer inputBuffer = ByteBuffer.wrap(input);
  private Runnable afterEvents = () -> {};

  EventLoop() throws IOException {
    selector = Selector.open();
  }

  /** Where all connections read into; one at a time. */
  byte[] input() {
    return input;
  }

  ByteBuffer inputBuffer() {
    return inputBuffer;
  }

  Selector selector() {
    return selector;
  }

  /** Runs a task after so many milliseconds. */
  void after(long millis, Runnable task) {
    timers.add(new Timer(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis), task));
  }

  /** Runs a task again and again, until the loop ends. */
  void every(long millis, Runnable task) {
    after(
        millis,
        () -> {
          every(millis, task);
          task.run();
        });
  }

  /** Has a task done in each round, after what came in and what was due. */
  void inEachRound(Runnable task) {
    afterEvents = task;
  }

  /** Wakes the loop from another thread. */
  void wake() {
    selector.wakeup();
  }

  /** Works until {@code over} says so. */
  void run(BooleanSupplier over) {
    try {
      while (!over.getAsBoolean()) {
        selector.select(EventLoop::ready, waitMillis());
        long now = System.nanoTime();
        for (Timer next = timers.peek(); next != null && next.at() <= now; next = timers.peek()) {
          timers.remove();
          next.task().run();
        }
        afterEvents.run();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void ready(SelectionKey key) {
    ((Wire) key.attachment()).ready(key);
  }

  /** At least 1: 0 would mean for ever. */
  private long waitMillis() {
    Timer next = timers.peek();
    if (next == null) {
      return 100;
    }
    long left = TimeUnit.NANOSECONDS.toMillis(next.at() - System.nanoTime());
    return Math.clamp(left, 1, 100);
  }

  @Override
  public void close() {
    try {
      for (SelectionKey key : selector.keys()) {
        key.channel().close();
      }
      selector.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
