package io.carillon.persistence.journal;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the journal of one node: a bounded queue and a few threads, each of which takes what is
 * waiting, up to a batch, and commits it with the rows it implies.
 *
 * <pre>
 *   calls ──► queue ──► batch ──► one transaction ──► committed: all are answered
 *                                        │ a row is there already, or is refused
 *                                        ▼
 *                            one savepoint for each call ──► only the culprits fail
 * </pre>
 *
 * <p>Order: what one call submits together is stored together; what it submits while an earlier
 * write is waiting may overtake it, so a caller that cares waits, as persistent actors do.
 */
final class JournalWriter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(JournalWriter.class);

  /** A thread nearly always gets the same connection of the pool. */
  private static final int PLANS_EVERY = 500;

  private static final Duration IDLE_POLL = Duration.ofMillis(200);

  private final DataSource source;
  private final String node;
  private final JournalSettings settings;
  private final JournalMetrics metrics = new JournalMetrics();
  private final LinkedBlockingQueue<PendingWrite> queue = new LinkedBlockingQueue<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean stopping;

  /**
   * @param node what this node is called in the journal
   */
  JournalWriter(DataSource source, String node, JournalSettings settings) {
    this.source = source;
    this.node = node;
    this.settings = settings;
  }

  /** Starts the threads. */
  JournalWriter start() {
    for (int i = 1; i <= settings.writers(); i++) {
      threads.add(Thread.ofPlatform().name("journal-writer-" + i).daemon().start(this::work));
    }
    return this;
  }

  JournalMetrics metrics() {
    return metrics;
  }

  /** Takes a write, or fails it at once where the queue is full or the node stops. */
  void submit(PendingWrite write) {
    int events = write.rows().size();
    // Not refused where the queue is empty: a write larger than the queue has to get through too.
    int before = metrics.queued.getAndAdd(events);
    if (stopping || (before > 0 && before + events > settings.queueEvents())) {
      metrics.queued.addAndGet(-events);
      if (stopping) {
        fail(write, new JournalWriteException.Stopped());
      } else {
        metrics.overflows.increment();
        write
            .done()
            .completeExceptionally(new JournalWriteException.Overflow(settings.queueEvents()));
      }
      return;
    }
    queue.add(write);
  }

  private void work() {
    try {
      int batches = 0;
      while (true) {
        PendingWrite first = queue.poll(IDLE_POLL.toMillis(), TimeUnit.MILLISECONDS);
        if (first != null) {
          write(batch(first), ++batches % PLANS_EVERY == 0);
        } else if (stopping) {
          return;
        }
      }
    } catch (InterruptedException _) {
      // Only close() interrupts, when its patience is over.
      Thread.currentThread().interrupt();
    }
  }

  private List<PendingWrite> batch(PendingWrite first) {
    List<PendingWrite> batch = new ArrayList<>();
    batch.add(first);
    int events = first.rows().size();
    PendingWrite next = queue.peek();
    while (next != null && events + next.rows().size() <= settings.batchEvents()) {
      // Another thread may have taken the one seen: whichever comes is written all the same.
      PendingWrite taken = queue.poll();
      if (taken == null) {
        break;
      }
      batch.add(taken);
      events += taken.rows().size();
      next = queue.peek();
    }
    metrics.queued.addAndGet(-events);
    return batch;
  }

  private void write(List<PendingWrite> batch, boolean keepPlans) {
    long began = System.nanoTime();
    try (Connection connection = source.getConnection()) {
      connection.setAutoCommit(false);
      if (keepPlans) {
        JournalStatements.keepPlans(connection);
      }
      if (!storeTogether(connection, batch)) {
        storeApart(connection, batch);
      }
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      int stored = 0;
      for (PendingWrite write : batch) {
        if (!write.done().isDone()) {
          stored += write.rows().size();
        }
      }
      if (stored > 0) {
        metrics.committed(stored, took);
      }
      batch.forEach(write -> write.done().complete(null));
    } catch (SQLException | RuntimeException e) {
      // Whether the commit came through is unknown; whoever replays will see.
      LOG.warn("a journal batch of {} writes failed: {}", batch.size(), describe(e));
      batch.forEach(write -> fail(write, e));
    }
  }

  /** The usual way. False: something in the batch is wrong, nothing is stored, and it is undone. */
  private boolean storeTogether(Connection connection, List<PendingWrite> batch)
      throws SQLException {
    try {
      if (JournalStatements.store(connection, node, batch)) {
        connection.commit();
        return true;
      }
    } catch (SQLException e) {
      if (!isOfTheData(e)) {
        throw e;
      }
    }
    connection.rollback();
    return false;
  }

  /** Each write by itself within one transaction: what is wrong is undone alone. */
  private void storeApart(Connection connection, List<PendingWrite> batch) throws SQLException {
    for (PendingWrite write : batch) {
      var savepoint = connection.setSavepoint();
      JournalWriteException refusal = storeOne(connection, write);
      if (refusal == null) {
        connection.releaseSavepoint(savepoint);
      } else {
        connection.rollback(savepoint);
        LOG.warn("{}", refusal.getMessage());
        fail(write, refusal);
      }
    }
    connection.commit();
  }

  private @Nullable JournalWriteException storeOne(Connection connection, PendingWrite write)
      throws SQLException {
    try {
      return JournalStatements.storeApart(connection, node, write)
          ? null
          : new JournalWriteException.Conflict(write.rows().getFirst());
    } catch (SQLException e) {
      if (!isOfTheData(e)) {
        throw e;
      }
      return new JournalWriteException.Refused(
          write.rows().getFirst(), String.valueOf(e.getSQLState()));
    }
  }

  /**
   * Whether an error is of what was to be stored, and not of the connection or the server: bad data
   * (22), a violated constraint (23), a deadlock or serialization failure (40), too large (54).
   */
  private static boolean isOfTheData(SQLException e) {
    String state = e.getSQLState();
    return state != null
        && (state.startsWith("22")
            || state.startsWith("23")
            || state.startsWith("40")
            || state.startsWith("54"));
  }

  private void fail(PendingWrite write, Exception cause) {
    (cause instanceof JournalWriteException.Conflict ? metrics.conflicts : metrics.failures)
        .increment();
    write.done().completeExceptionally(cause);
  }

  private static String describe(Exception e) {
    return e instanceof SQLException sql
        ? sql.getClass().getSimpleName() + " with SQLSTATE " + sql.getSQLState()
        : e.getClass().getSimpleName();
  }

  /** Takes no more, writes what is waiting within the drain timeout, and fails the rest. */
  @Override
  public void close() {
    stopping = true;
    long deadline = System.nanoTime() + settings.drainTimeout().toNanos();
    boolean interrupted = false;
    for (Thread thread : threads) {
      try {
        thread.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
      } catch (InterruptedException _) {
        interrupted = true;
      }
      thread.interrupt();
    }
    for (PendingWrite left = queue.poll(); left != null; left = queue.poll()) {
      metrics.queued.addAndGet(-left.rows().size());
      fail(left, new JournalWriteException.Stopped());
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
