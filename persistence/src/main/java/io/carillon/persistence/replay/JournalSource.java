package io.carillon.persistence.replay;

import java.io.IOException;
import java.sql.SQLException;

/** Where journals are read from: {@link JournalTable} or {@link JournalFile}. */
public sealed interface JournalSource permits JournalTable, JournalFile {
  /** Takes calls one after the other. */
  @FunctionalInterface
  interface CallReader {
    /** Takes one; it is not kept anywhere else. */
    void take(CallJournal journal) throws IOException, SQLException;
  }

  /**
   * Reads the selected calls, each whole, ordered by realm and call id, with one call in memory at
   * a time.
   */
  void read(Selection selection, Meter meter, CallReader reader) throws IOException, SQLException;
}
