package io.carillon.persistence.database;

import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one wall clock of all nodes: the database's, kept between readings by this machine's
 * monotonic clock. A machine whose own clock is an hour off, or is set while it runs, decides as
 * the others do. Never goes backwards; a reading that would take it back makes it stand still until
 * caught up.
 */
public final class DatabaseClock implements InstantSource, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DatabaseClock.class);
  private static final Duration INTERVAL = Duration.ofSeconds(10);

  /** A reading that took longer says too little about now. */
  private static final Duration SLOWEST_READING = Duration.ofMillis(250);

  private final Database database;
  private final ScheduledExecutorService scheduler =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("carillon-clock").factory());

  /** Database time at {@link System#nanoTime} zero, in nanoseconds since the epoch. */
  private volatile long zero;

  private long latest;

  private DatabaseClock(Database database, long zero) {
    this.database = database;
    this.zero = zero;
  }

  /**
   * Reads the database's clock, and again every few seconds until closed. Until a first reading
   * succeeds it is this machine's clock.
   */
  public static DatabaseClock start(Database database) {
    Instant own = InstantSource.system().instant();
    DatabaseClock clock = new DatabaseClock(database, nanos(own) - System.nanoTime());
    // The first reading opens the connection and may be too slow to count.
    clock.read();
    clock.read();
    // Ends with the scheduler; read() lets nothing out.
    var _ =
        clock.scheduler.scheduleWithFixedDelay(
            clock::read, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    return clock;
  }

  @Override
  public Instant instant() {
    long now = System.nanoTime() + zero;
    synchronized (this) {
      latest = Math.max(latest, now);
      now = latest;
    }
    return Instant.ofEpochSecond(
        Math.floorDiv(now, 1_000_000_000L), Math.floorMod(now, 1_000_000_000L));
  }

  private void read() {
    try {
      long before = System.nanoTime();
      Instant there =
          database
              .query(
                  connection -> {
                    try (Statement statement = connection.createStatement();
                        ResultSet row = statement.executeQuery("SELECT clock_timestamp()")) {
                      row.next();
                      return row.getObject(1, OffsetDateTime.class).toInstant();
                    }
                  })
              .join();
      long after = System.nanoTime();
      if (after - before <= SLOWEST_READING.toNanos()) {
        zero = nanos(there) - (before + (after - before) / 2);
      }
    } catch (RuntimeException e) {
      // The monotonic clock goes on; drift in the meantime is microseconds a second.
      LOG.debug("The database's clock cannot be read now", e);
    }
  }

  private static long nanos(Instant instant) {
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), 1_000_000_000L), instant.getNano());
  }

  /** Stops reading; the clock goes on from its last reading. */
  @Override
  public void close() {
    scheduler.shutdownNow();
  }
}
