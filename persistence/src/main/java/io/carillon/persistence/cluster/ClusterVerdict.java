package io.carillon.persistence.cluster;

import io.carillon.persistence.database.Database;
import io.carillon.persistence.database.DatabaseSettings;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.coordination.lease.LeaseSettings;
import org.apache.pekko.coordination.lease.javadsl.Lease;

/**
 * Who goes on when nodes lose sight of each other: whoever takes one row of the database they
 * share. Of two nodes neither is a majority; without an umpire the death of one of them would, half
 * of the time, take the other down too.
 *
 * <p>Held for a time, not renewed: each side asks within seconds of the loss, acts on the answer,
 * and is done. A side the database does not answer does not go on; it could store nothing anyway.
 */
public final class ClusterVerdict extends Lease {
  private static final String TAKE =
      """
      INSERT INTO cluster_verdict (owner, held_until)
      VALUES (?, clock_timestamp() + ? * interval '1 millisecond')
      ON CONFLICT (only_row) DO UPDATE
        SET owner = excluded.owner, held_until = excluded.held_until
        WHERE cluster_verdict.owner = excluded.owner
          OR cluster_verdict.held_until < clock_timestamp()""";

  private final LeaseSettings settings;
  private final DataSource source;
  private final Duration held;

  /** One at a time, on a thread of its own: the cluster must not wait behind other questions. */
  private final Executor executor = task -> Thread.ofVirtual().name("verdict").start(task);

  private volatile boolean taken;

  /** Called by Pekko, see {@code carillon-journal.conf}. */
  public ClusterVerdict(LeaseSettings settings, ExtendedActorSystem system) {
    this.settings = settings;
    this.source = Database.unpooled(DatabaseSettings.from(system.settings().config()));
    this.held = settings.leaseConfig().getDuration("heartbeat-timeout");
  }

  @Override
  public LeaseSettings getSettings() {
    return settings;
  }

  @Override
  public CompletionStage<Boolean> acquire() {
    return run(TAKE, settings.ownerName(), held.toMillis())
        .thenApply(
            rows -> {
              taken = rows == 1;
              return taken;
            });
  }

  @Override
  public CompletionStage<Boolean> acquire(Consumer<Optional<Throwable>> lost) {
    return acquire();
  }

  @Override
  public CompletionStage<Boolean> release() {
    taken = false;
    return run("DELETE FROM cluster_verdict WHERE owner = ?", settings.ownerName())
        .thenApply(rows -> true);
  }

  @Override
  public boolean checkLease() {
    return taken;
  }

  private CompletableFuture<Integer> run(String sql, Object... values) {
    return CompletableFuture.supplyAsync(
        () -> {
          try (Connection connection = source.getConnection();
              PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
              statement.setObject(i + 1, values[i]);
            }
            return statement.executeUpdate();
          } catch (SQLException e) {
            throw new CompletionException(e);
          }
        },
        executor);
  }
}
