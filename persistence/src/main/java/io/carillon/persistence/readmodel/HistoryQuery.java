package io.carillon.persistence.readmodel;

import io.carillon.engine.call.CallType;
import io.carillon.engine.identity.UserId;
import io.carillon.engine.identity.UserKey;
import io.carillon.persistence.words.CallStateWord;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Which of a user's calls to show.
 *
 * @param user whose calls
 * @param limit at most so many, 1 to {@value #MAX_LIMIT}
 * @param cursor where the page before ended, as it was given then
 * @param states only calls in one of these; empty: in any
 * @param type only calls of this type
 * @param peer only calls that this user is a party to as well
 * @param from only calls to which the user was called at or after this
 * @param to only calls to which the user was called before this
 */
public record HistoryQuery(
    UserKey user,
    int limit,
    Optional<String> cursor,
    Set<CallStateWord> states,
    Optional<CallType> type,
    Optional<UserId> peer,
    Optional<Instant> from,
    Optional<Instant> to) {

  /** The longest page. */
  public static final int MAX_LIMIT = 200;

  /** Checks the limit. */
  public HistoryQuery {
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new IllegalArgumentException("limit must be 1 to " + MAX_LIMIT);
    }
    states = Set.copyOf(states);
  }

  /** The user's newest calls. */
  public static HistoryQuery newest(UserKey user, int limit) {
    return new HistoryQuery(
        user,
        limit,
        Optional.empty(),
        Set.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** The page after the one that ended with this cursor. */
  public HistoryQuery after(String end) {
    return new HistoryQuery(user, limit, Optional.of(end), states, type, peer, from, to);
  }

  /** Only calls in one of these states. */
  public HistoryQuery inStates(Set<CallStateWord> only) {
    return new HistoryQuery(user, limit, cursor, only, type, peer, from, to);
  }

  /** Only calls of this type. */
  public HistoryQuery ofType(CallType only) {
    return new HistoryQuery(user, limit, cursor, states, Optional.of(only), peer, from, to);
  }

  /** Only calls with this user. */
  public HistoryQuery with(UserId other) {
    return new HistoryQuery(user, limit, cursor, states, type, Optional.of(other), from, to);
  }

  /** Only calls in this span; the end is not in it. */
  public HistoryQuery between(Optional<Instant> start, Optional<Instant> end) {
    return new HistoryQuery(user, limit, cursor, states, type, peer, start, end);
  }
}
