package io.carillon.persistence.connection;

import io.carillon.persistence.database.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down when the sockets of one node open and close: in the background, many at once, and
 * nobody waits for it. What does not fit the queue while the database is away is left out and
 * counted.
 */
public final class ConnectionLog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectionLog.class);

  /** What may wait to be written. */
  public static final int MOST_WAITING = 20_000;

  private static final int AT_ONCE = 500;
  private static final Duration BEAT = Duration.ofSeconds(5);
  private static final Duration IDLE = Duration.ofMillis(200);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration LAST_WORDS = Duration.ofSeconds(3);

  private static final String OPEN =
      """
      INSERT INTO device_connection
        (connection_id, realm, user_id, device_id, platform, node, opened_at)
      VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING""";

  private static final String CLOSE =
      "UPDATE device_connection SET closed_at = ?, close_reason = ? WHERE connection_id = ?";

  /**
   * What nodes left open that were killed: this one before it came back, and those that have been
   * silent for a while. They count as connected until the node was heard of last.
   */
  private static final String LOST =
      """
      UPDATE device_connection d SET close_reason = 'node_lost', closed_at = greatest(d.opened_at,
        coalesce((SELECT last_seen FROM connection_node n WHERE n.node = d.node), d.opened_at))
      WHERE d.closed_at IS NULL AND (d.node = ? OR NOT EXISTS (SELECT FROM connection_node n
        WHERE n.node = d.node AND n.last_seen > clock_timestamp() - interval '1 minute'))""";

  private static final String ALIVE =
      """
      INSERT INTO connection_node (node, last_seen) VALUES (?, clock_timestamp())
      ON CONFLICT (node) DO UPDATE SET last_seen = excluded.last_seen""";

  private sealed interface Entry {}

  private record Opened(DeviceConnection connection) implements Entry {}

  private record Closed(UUID connection, Instant at, String reason) implements Entry {}

  private final Database database;
  private final String node;
  private final BlockingQueue<Entry> queue = new ArrayBlockingQueue<>(MOST_WAITING);
  private final LongAdder leftOut = new LongAdder();
  private final Thread thread;
  private volatile boolean stopping;

  private ConnectionLog(Database database, String node) {
    this.database = database;
    this.node = node;
    this.thread = Thread.ofVirtual().name("connection-log").unstarted(this::work);
  }

  /**
   * Begins, and closes what the node left open when it was killed.
   *
   * @param node what this node is called
   */
  public static ConnectionLog start(Database database, String node) {
    ConnectionLog log = new ConnectionLog(database, node);
    log.thread.start();
    return log;
  }

  /** What this node is called. */
  public String node() {
    return node;
  }

  /** A socket is open. */
  public void opened(DeviceConnection connection) {
    add(new Opened(connection));
  }

  /** A socket is gone. */
  public void closed(UUID connection, Instant at, String reason) {
    add(new Closed(connection, at, reason));
  }

  /** How many entries were left out since the node started. */
  public long leftOut() {
    return leftOut.sum();
  }

  private void add(Entry entry) {
    if (!queue.offer(entry)) {
      leftOut.increment();
    }
  }

  private void work() {
    try {
      retried(List.of(), this::closeLost);
      List<Entry> batch = new ArrayList<>(AT_ONCE);
      long aliveAt = System.nanoTime();
      while (true) {
        if (System.nanoTime() - aliveAt > BEAT.toNanos()) {
          retried(List.of(), this::alive);
          aliveAt = System.nanoTime();
        }
        Entry first = queue.poll(IDLE.toMillis(), TimeUnit.MILLISECONDS);
        if (first != null) {
          batch.add(first);
          queue.drainTo(batch, AT_ONCE - 1);
          retried(List.copyOf(batch), this::write);
          batch.clear();
        } else if (stopping) {
          return;
        }
      }
    } catch (InterruptedException _) {
      // Only close() interrupts, when its patience is over.
      Thread.currentThread().interrupt();
    }
  }

  private interface Step {
    void run(Connection connection, List<Entry> batch) throws SQLException;
  }

  /** Until it is done: an entry written twice is the same entry. */
  private void retried(List<Entry> batch, Step step) throws InterruptedException {
    boolean told = false;
    while (true) {
      try (Connection connection = database.dataSource().getConnection()) {
        step.run(connection, batch);
        return;
      } catch (SQLException e) {
        if (!told) {
          LOG.warn("connections cannot be written down now: SQLSTATE {}", e.getSQLState());
          told = true;
        }
      }
      if (stopping) {
        leftOut.add(batch.size());
        return;
      }
      Thread.sleep(PAUSE);
    }
  }

  private void closeLost(Connection connection, List<Entry> none) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(LOST)) {
      statement.setString(1, node);
      statement.executeUpdate();
    }
    alive(connection, none);
  }

  private void alive(Connection connection, List<Entry> none) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(ALIVE)) {
      statement.setString(1, node);
      statement.executeUpdate();
    }
  }

  private void write(Connection connection, List<Entry> batch) throws SQLException {
    connection.setAutoCommit(false);
    try (PreparedStatement open = connection.prepareStatement(OPEN);
        PreparedStatement close = connection.prepareStatement(CLOSE)) {
      for (Entry entry : batch) {
        switch (entry) {
          case Opened(DeviceConnection c) -> {
            open.setObject(1, c.id());
            open.setString(2, c.user().realm().value());
            open.setString(3, c.user().user().value());
            open.setString(4, c.device().value());
            open.setString(5, c.platform());
            open.setString(6, c.node());
            open.setTimestamp(7, Timestamp.from(c.openedAt()));
            open.addBatch();
          }
          case Closed(UUID id, Instant at, String reason) -> {
            close.setTimestamp(1, Timestamp.from(at));
            close.setString(2, reason);
            close.setObject(3, id);
            close.addBatch();
          }
        }
      }
      open.executeBatch();
      close.executeBatch();
      connection.commit();
    } catch (SQLException e) {
      connection.rollback();
      throw e;
    } finally {
      connection.setAutoCommit(true);
    }
  }

  /** Writes what is waiting, for a few seconds at most, and takes no more. */
  @Override
  public void close() {
    stopping = true;
    try {
      if (!thread.join(LAST_WORDS)) {
        thread.interrupt();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
