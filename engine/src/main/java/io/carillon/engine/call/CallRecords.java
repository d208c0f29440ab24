package io.carillon.engine.call;

import io.carillon.engine.identity.UserKey;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Where stored calls are read back: a port the persistence module fills. Every answer contains at
 * least what was acknowledged before the question was asked, on whichever node (I12). A stage fails
 * with {@link RecordsUnavailable} while the database cannot be reached.
 */
public interface CallRecords {
  /** One call's whole journal, in order; empty if there is no such call. */
  CompletionStage<List<StoredEvent>> events(CallKey key);

  /** The whole journals of the user's calls that are not over, oldest call first. */
  CompletionStage<List<List<StoredEvent>>> open(UserKey user);

  /**
   * The whole journals of the user's calls in which anything was stored at or after {@code since},
   * oldest change first, at most {@code limit} calls (the oldest changes then).
   */
  CompletionStage<List<List<StoredEvent>>> changedSince(UserKey user, Instant since, int limit);

  /**
   * Calls whose {@link StoredEvent#wakeAt} is at or before {@code now}, most overdue first (R7).
   */
  CompletionStage<List<CallKey>> due(Instant now, int limit);

  /** The database could not answer; asking again later may succeed. */
  final class RecordsUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Wraps what the database said. */
    public RecordsUnavailable(Throwable cause) {
      super("stored calls cannot be read now", cause);
    }
  }
}
