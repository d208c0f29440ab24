package io.carillon.persistence.database;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import java.util.Properties;
import java.util.function.BooleanSupplier;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Makes a pool's connections and does not give up while the server is down: the pool itself would
 * try ever more rarely, and be back five seconds after the database.
 */
final class PatientSource implements DataSource {
  private static final Duration PAUSE = Duration.ofMillis(200);

  private static final int CLOSING_SECONDS = 3;

  private final String url;
  private final Properties properties;
  private volatile BooleanSupplier closed = () -> false;

  PatientSource(String url, Properties properties) {
    this.url = url;
    this.properties = properties;
  }

  /** Says when nobody needs a connection any more. */
  void until(BooleanSupplier poolIsClosed) {
    closed = poolIsClosed;
  }

  @Override
  public Connection getConnection() throws SQLException {
    while (true) {
      try {
        return DriverManager.getConnection(url, properties);
      } catch (SQLException unreachable) {
        if (closed.getAsBoolean()) {
          throw unreachable;
        }
        pause(unreachable);
      }
    }
  }

  private static void pause(SQLException unreachable) throws SQLException {
    try {
      Thread.sleep(PAUSE.toMillis());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw unreachable;
    }
  }

  @Override
  public Connection getConnection(String username, String password) throws SQLException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public @Nullable PrintWriter getLogWriter() {
    return null;
  }

  @Override
  public void setLogWriter(PrintWriter out) {}

  @Override
  public void setLoginTimeout(int seconds) {}

  /** Also how long a pool that closes waits for the thread that makes its connections. */
  @Override
  public int getLoginTimeout() {
    return CLOSING_SECONDS;
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    throw new SQLException("nothing is wrapped here");
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return false;
  }
}
