package io.carillon.persistence.journal;

/**
 * A write that is known not to have been stored. Other failures of a write (a lost connection, a
 * timeout) leave its outcome unknown: it may be found on replay.
 */
public abstract sealed class JournalWriteException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private JournalWriteException(String message) {
    super(message);
  }

  /** Somebody else has stored an event of this number: this writer does not own the call. */
  public static final class Conflict extends JournalWriteException {
    private static final long serialVersionUID = 1L;

    Conflict(JournalRow first) {
      super(
          "somebody else has stored events of "
              + first.persistenceId()
              + " from number "
              + first.seq()
              + " on: this writer does not own it");
    }
  }

  /** The queue is full: more is asked of the database than it does. */
  public static final class Overflow extends JournalWriteException {
    private static final long serialVersionUID = 1L;

    Overflow(int limit) {
      super("the journal's queue is full (" + limit + " events): nothing was stored");
    }
  }

  /** The node stops and takes no more writes. */
  public static final class Stopped extends JournalWriteException {
    private static final long serialVersionUID = 1L;

    Stopped() {
      super("the journal of this node has stopped: nothing was stored");
    }
  }

  /** The database refuses the data itself. */
  public static final class Refused extends JournalWriteException {
    private static final long serialVersionUID = 1L;

    Refused(JournalRow first, String sqlState) {
      // Not the database's own message: it may quote the data.
      super(
          "the database refuses an event of "
              + first.persistenceId()
              + " ("
              + first.manifest()
              + ") with SQLSTATE "
              + sqlState);
    }
  }
}
