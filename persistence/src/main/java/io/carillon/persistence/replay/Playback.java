package io.carillon.persistence.replay;

import io.carillon.engine.call.StoredEvent;
import io.carillon.persistence.journal.EventCodec;
import io.carillon.persistence.journal.UnreadableEventException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import javax.sql.DataSource;

/** Events of many calls in the order of time, which is not the order they are stored in. */
public final class Playback {
  /** How many events of a file can be put in order: they have to be in memory for it. */
  public static final int MOST_FROM_FILE = 200_000;

  private static final int ROWS_AT_ONCE = 1000;
  private static final EventCodec CODEC = new EventCodec();

  private Playback() {}

  /** Plays from a database, which does the sorting; what cannot be read is left out. */
  public static void of(DataSource source, Selection selection, Consumer<StoredEvent> reader)
      throws SQLException {
    String sql =
        "SELECT event_ser_manifest, event_payload FROM ("
            + JournalTable.sql(selection)
            + ") events ORDER BY write_timestamp, persistence_id, sequence_number";
    try (Connection connection = JournalTable.snapshot(source);
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setFetchSize(ROWS_AT_ONCE);
      JournalTable.bind(statement, selection);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          StoredEvent event;
          try {
            event = CODEC.decode(row.getString(1), row.getBytes(2));
          } catch (UnreadableEventException _) {
            continue;
          }
          reader.accept(event);
        }
      }
    }
  }

  /**
   * Plays from a file.
   *
   * @throws IOException also where more than {@value #MOST_FROM_FILE} events are selected
   */
  public static void of(JournalFile file, Selection selection, Consumer<StoredEvent> reader)
      throws IOException, SQLException {
    List<StoredEvent> events = new ArrayList<>();
    file.read(
        selection,
        Meter.NONE,
        journal -> {
          events.addAll(journal.events());
          if (events.size() > MOST_FROM_FILE) {
            throw new IOException(
                "more than "
                    + MOST_FROM_FILE
                    + " events of a file cannot be put in order: ask for a shorter period, or play"
                    + " from the database");
          }
        });
    events.sort(Comparator.comparing(e -> e.event().header().at()));
    events.forEach(reader);
  }
}
