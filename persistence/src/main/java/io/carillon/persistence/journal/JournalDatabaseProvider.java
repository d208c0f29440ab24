package io.carillon.persistence.journal;

import com.typesafe.config.Config;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.persistence.jdbc.db.SlickDatabase;
import org.apache.pekko.persistence.jdbc.db.SlickDatabaseProvider;
import slick.jdbc.JdbcBackend;
import slick.jdbc.JdbcProfile;
import slick.jdbc.PostgresProfile$;

/** Gives the plugin our pool in place of the three of twenty connections that it would open. */
public final class JournalDatabaseProvider implements SlickDatabaseProvider {
  private final ActorSystem system;

  /** Made by the plugin. */
  public JournalDatabaseProvider(ActorSystem system) {
    this.system = system;
  }

  @Override
  public SlickDatabase database(Config config) {
    JournalDatabase journal = JournalDatabase.get(system);
    return new SlickDatabase() {
      @Override
      public JdbcBackend.JdbcDatabaseDef database() {
        return journal.slick();
      }

      @Override
      public JdbcProfile profile() {
        return PostgresProfile$.MODULE$;
      }

      @Override
      public boolean allowShutdown() {
        return false;
      }
    };
  }
}
