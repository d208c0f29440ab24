package io.carillon.persistence.journal;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What the journal of one node does, for whoever measures it. Safe to use from any thread. */
public final class JournalMetrics {
  /** Is told of each transaction; quick, and on the writing thread. */
  @FunctionalInterface
  public interface BatchListener {
    /** One transaction was committed: so many events, so long from its begin to its commit. */
    void committed(int events, Duration took);
  }

  /**
   * Counts since the node started, but for the first, which is of now.
   *
   * @param queuedEvents waiting to be written
   * @param batches transactions committed
   * @param events stored
   * @param conflicts writes that somebody else had written first
   * @param overflows writes turned away because the queue was full
   * @param failures other writes that failed
   */
  public record Snapshot(
      int queuedEvents, long batches, long events, long conflicts, long overflows, long failures) {}

  final AtomicInteger queued = new AtomicInteger();
  final LongAdder batches = new LongAdder();
  final LongAdder events = new LongAdder();
  final LongAdder conflicts = new LongAdder();
  final LongAdder overflows = new LongAdder();
  final LongAdder failures = new LongAdder();
  private final List<BatchListener> listeners = new CopyOnWriteArrayList<>();

  /** Adds a listener, for good. */
  public void listen(BatchListener listener) {
    listeners.add(listener);
  }

  /** The counts now. */
  public Snapshot snapshot() {
    return new Snapshot(
        queued.get(),
        batches.sum(),
        events.sum(),
        conflicts.sum(),
        overflows.sum(),
        failures.sum());
  }

  void committed(int stored, Duration took) {
    batches.increment();
    events.add(stored);
    for (BatchListener listener : listeners) {
      listener.committed(stored, took);
    }
  }
}
