package io.carillon.persistence.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Asks whether the database answers, over a connection of its own: a pool that is busy is no
 * database that is gone.
 */
public final class DatabaseProbe implements AutoCloseable {
  private final PGSimpleDataSource source = new PGSimpleDataSource();
  private final Duration patience;
  private final AtomicBoolean asking = new AtomicBoolean();
  private volatile CompletableFuture<Boolean> underWay = CompletableFuture.completedFuture(false);
  private volatile @Nullable Connection open;

  /**
   * @param patience after which no answer is one; whole seconds are what the driver knows
   */
  public DatabaseProbe(DatabaseSettings settings, Duration patience) {
    this.patience = patience;
    int seconds = (int) Math.max(1, patience.plusMillis(999).toSeconds());
    source.setUrl(settings.url());
    source.setUser(settings.username());
    source.setPassword(settings.password());
    source.setLoginTimeout(seconds);
    source.setConnectTimeout(seconds);
    source.setSocketTimeout(seconds);
    source.setApplicationName("carillon-probe");
  }

  /**
   * Whether the database answered a question put after now. Completes within the patience, never
   * exceptionally; false too while an earlier question hangs.
   */
  public CompletionStage<Boolean> ask() {
    if (!asking.compareAndSet(false, true)) {
      return CompletableFuture.completedFuture(false);
    }
    CompletableFuture<Boolean> answer = new CompletableFuture<>();
    underWay = answer;
    Thread.ofVirtual()
        .name("database-probe")
        .start(
            () -> {
              boolean answered = answers();
              asking.set(false);
              answer.complete(answered);
            });
    return answer.copy().completeOnTimeout(false, patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Whether the database answers after now, and not merely whether it did not before: while an
   * earlier question hangs, what becomes of that is waited for, and then asked anew. Completes
   * within the patience, never exceptionally.
   */
  public CompletionStage<Boolean> askThrough() {
    return untilAsked().copy().completeOnTimeout(false, patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  private CompletableFuture<Boolean> untilAsked() {
    return asking.get()
        ? underWay.thenCompose(ok -> ok ? CompletableFuture.completedFuture(true) : untilAsked())
        : ask().toCompletableFuture();
  }

  private boolean answers() {
    Connection kept = open;
    // A kept connection that broke says nothing about the database; a new one does.
    return (kept != null && answers(kept)) || answersAnew();
  }

  private boolean answersAnew() {
    try {
      Connection fresh = source.getConnection();
      open = fresh;
      return answers(fresh);
    } catch (SQLException unreachable) {
      return false;
    }
  }

  private boolean answers(Connection connection) {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SELECT 1");
      return true;
    } catch (SQLException broken) {
      close();
      return false;
    }
  }

  @Override
  public void close() {
    Connection connection = open;
    open = null;
    if (connection != null) {
      try {
        connection.close();
      } catch (SQLException alreadyGone) {
        // nothing is lost with it
      }
    }
  }
}
