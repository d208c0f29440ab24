package io.carillon.persistence.migration;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a journal that was restored from a dump fit for readers in commit order. Its events carry
 * ids of transactions of the server they were written on; where those are ahead of this server's,
 * they would one day count as new.
 */
public final class RestoredJournal {
  private static final Logger LOG = LoggerFactory.getLogger(RestoredJournal.class);

  /** What this server wrote and we can see is always below: no transaction of ours is touched. */
  private static final String ADOPT =
      """
      UPDATE event_journal SET transaction_id = '0'
      WHERE transaction_id >= pg_snapshot_xmax(pg_current_snapshot())""";

  private RestoredJournal() {}

  /**
   * Counts such events as old; finds at once that there are none. To be run after {@link
   * Migrations#run}, before the node serves.
   *
   * @param source connections without a statement timeout
   * @throws DatabaseUnfitException when it cannot be done
   */
  public static void adopt(DataSource source) {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      int adopted = statement.executeUpdate(ADOPT);
      if (adopted > 0) {
        LOG.info("The journal comes from another server: {} events count as old", adopted);
      }
    } catch (SQLException e) {
      throw new DatabaseUnfitException("The journal cannot be written. " + e.getMessage(), e);
    }
  }
}
