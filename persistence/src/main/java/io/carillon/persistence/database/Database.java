package io.carillon.persistence.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The database for everything that is not the journal's own writing and replaying: one small pool
 * and the threads that wait on it. Opening needs no reachable server; using it does.
 */
public final class Database implements AutoCloseable {
  private final DatabaseSettings settings;
  private final HikariDataSource pool;
  // Callers are actors and must not block; a virtual thread may, and costs nothing while it does.
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

  private Database(DatabaseSettings settings) {
    this.settings = settings;
    this.pool = pool("carillon-read", settings, settings.readConnections(), KEYED_PLANS);
  }

  /** Opens the read pool; connections are made in the background. */
  public static Database open(DatabaseSettings settings) {
    return new Database(settings);
  }

  /** What this was opened with. */
  public DatabaseSettings settings() {
    return settings;
  }

  /** The read pool; connections are in auto-commit mode. */
  public DataSource dataSource() {
    return pool;
  }

  /** Something to do with a connection. */
  @FunctionalInterface
  public interface Work<T> {
    /** Does it; the connection is given back afterwards. */
    T with(Connection connection) throws SQLException;
  }

  /**
   * Does something with a connection in auto-commit mode, on a thread that may wait. The stage
   * fails with {@link DatabaseUnavailableException} where the database does not do it.
   */
  public <T> CompletableFuture<T> query(Work<T> work) {
    return submit(
        () -> {
          try (Connection connection = pool.getConnection()) {
            return work.with(connection);
          }
        });
  }

  /** The same in one transaction, committed at the end and rolled back where it fails. */
  public <T> CompletableFuture<T> transaction(Work<T> work) {
    return submit(
        () -> {
          try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            try {
              T result = work.with(connection);
              connection.commit();
              return result;
            } catch (SQLException | RuntimeException e) {
              connection.rollback();
              throw e;
            }
          }
        });
  }

  private <T> CompletableFuture<T> submit(Callable<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    try {
      executor.execute(
          () -> {
            try {
              result.complete(work.call());
            } catch (SQLException e) {
              result.completeExceptionally(new DatabaseUnavailableException(e));
            } catch (Exception e) {
              result.completeExceptionally(e);
            }
          });
    } catch (RejectedExecutionException e) {
      result.completeExceptionally(new DatabaseUnavailableException(e));
    }
    return result;
  }

  /** Ends the threads, waiting for the queries they are in, and closes the pool. */
  @Override
  public void close() {
    executor.close();
    pool.close();
  }

  /** A pool for the journal, to be closed by whoever asked for it. */
  public static HikariDataSource journalPool(DatabaseSettings settings) {
    return pool(
        "carillon-journal", settings, settings.journalConnections(), KEYED_PLANS + FRESH_PLANS);
  }

  /**
   * Single connections without a limit on statements, for work at start-up that takes as long as it
   * takes: migrations, checks, rebuilds.
   */
  public static DataSource unpooled(DatabaseSettings settings) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(settings.url());
    source.setUser(settings.username());
    source.setPassword(settings.password());
    source.setConnectTimeout((int) settings.connectTimeout().toSeconds());
    source.setTcpKeepAlive(true);
    source.setApplicationName("carillon");
    return source;
  }

  /**
   * Every statement of ours finds its rows by an index. The planner, which cannot know how long our
   * arrays are, would at times read a whole table instead, and keep doing so as the table grows.
   */
  private static final String KEYED_PLANS =
      " -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off";

  /**
   * The journal says itself from when on its plans may be kept: one made on an almost empty table,
   * where all indexes look the same, would read by the wrong one for as long as it is kept.
   */
  private static final String FRESH_PLANS = " -c plan_cache_mode=force_custom_plan";

  private static HikariDataSource pool(
      String name, DatabaseSettings settings, int size, String options) {
    HikariConfig config = new HikariConfig();
    config.setPoolName(name);
    config.setMaximumPoolSize(size);
    config.setMinimumIdle(size);
    config.setConnectionTimeout(settings.acquireTimeout().toMillis());
    config.setValidationTimeout(Math.min(1000, settings.acquireTimeout().toMillis()));
    config.setMaxLifetime(settings.maxLifetime().toMillis());
    // A server that is down when the pool opens is no different from one that goes down later.
    config.setInitializationFailTimeout(-1);
    Properties driver = new Properties();
    driver.setProperty("user", settings.username());
    driver.setProperty("password", settings.password());
    driver.setProperty("connectTimeout", Long.toString(settings.connectTimeout().toSeconds()));
    driver.setProperty("socketTimeout", Long.toString(settings.socketTimeout().toSeconds()));
    driver.setProperty("tcpKeepAlive", "true");
    driver.setProperty("ApplicationName", name);
    driver.setProperty(
        "options",
        "-c statement_timeout="
            + settings.statementTimeout().toMillis()
            + " -c idle_in_transaction_session_timeout="
            + settings.idleTransactionTimeout().toMillis()
            + options);
    // The server's error details quote the row: they would bring payloads into logs.
    driver.setProperty("logServerErrorDetail", "false");
    PatientSource source = new PatientSource(settings.url(), driver);
    config.setDataSource(source);
    HikariDataSource pool = new HikariDataSource(config);
    source.until(pool::isClosed);
    return pool;
  }
}
