package io.carillon.persistence.journal;

import com.zaxxer.hikari.HikariDataSource;
import io.carillon.persistence.database.Database;
import io.carillon.persistence.database.DatabaseSettings;
import org.apache.pekko.actor.AbstractExtensionId;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.Extension;
import slick.jdbc.JdbcBackend;
import slick.jdbc.PostgresProfile$;
import slick.util.AsyncExecutor;

/**
 * The journal's pool and its writer, one of each for an actor system however often the plugin's
 * actor is restarted. Both close when the system has stopped: first the writer, with what is
 * waiting.
 */
public final class JournalDatabase implements Extension {
  private static final Id ID = new Id();

  private final HikariDataSource pool;
  private final JdbcBackend.JdbcDatabaseDef slick;
  private final JournalWriter writer;
  private final JournalReader reader;

  private JournalDatabase(ExtendedActorSystem system) {
    DatabaseSettings database = DatabaseSettings.from(system.settings().config());
    JournalSettings journal = JournalSettings.from(system.settings().config());
    pool = Database.journalPool(database);
    slick = slick(pool, Math.max(1, database.journalConnections() - journal.writers()));
    writer = new JournalWriter(pool, node(system), journal).start();
    reader = new JournalReader(pool);
    system.registerOnTermination(this::close);
  }

  /** The journal of a system. Opens it if nobody has yet; needs no reachable server. */
  public static JournalDatabase get(ClassicActorSystemProvider system) {
    return ID.get(system);
  }

  /** What the journal of this node does. */
  public JournalMetrics metrics() {
    return writer.metrics();
  }

  JournalWriter writer() {
    return writer;
  }

  JournalReader reader() {
    return reader;
  }

  JdbcBackend.JdbcDatabaseDef slick() {
    return slick;
  }

  /** What a node is called in the journal and wherever else it is named: {@code host:port}. */
  public static String node(ClassicActorSystemProvider system) {
    Address address = ((ExtendedActorSystem) system.classicSystem()).provider().getDefaultAddress();
    return address.hasGlobalScope() ? address.hostPort().replaceFirst("^.*@", "") : "local";
  }

  private void close() {
    writer.close();
    reader.close();
    slick.close();
    pool.close();
  }

  /** The pool as the plugin's reading side knows it; the writer's connections are not its own. */
  private static JdbcBackend.JdbcDatabaseDef slick(HikariDataSource pool, int threads) {
    return PostgresProfile$.MODULE$
        .backend()
        .Database()
        .forDataSource(
            pool,
            scala.Option.apply(pool.getMaximumPoolSize()),
            AsyncExecutor.apply("journal-read", threads, threads, 10_000, threads, false),
            false);
  }

  private static final class Id extends AbstractExtensionId<JournalDatabase> {
    @Override
    public JournalDatabase createExtension(ExtendedActorSystem system) {
      return new JournalDatabase(system);
    }

    @Override
    public JournalDatabase get(ActorSystem system) {
      return super.get(system);
    }
  }
}
