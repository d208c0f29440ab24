package io.carillon.engine.session;

import io.carillon.engine.call.CallId;
import io.carillon.engine.call.CallSnapshot;
import io.carillon.engine.call.Leg;
import io.carillon.engine.call.RingStyle;
import io.carillon.engine.identity.UserId;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The calls a user's session knows of, and up to which event. A call stays open in it only while
 * its user is still told of it: what ends unheard would otherwise count as going on for ever. Of
 * the others it remembers the newest, so that a message that comes late, or twice, or an older
 * reading of the journal, does not bring a call that is over back to life. One owner, no locks.
 */
public final class CallBook {
  /** How many calls that are over, or no longer the user's, are remembered. */
  static final int MAX_CLOSED = 128;

  private final UserId user;
  private final Map<CallId, CallSnapshot> open = new LinkedHashMap<>();
  private final Map<CallId, Instant> heardAt = new HashMap<>();

  private final Map<CallId, Long> closed =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<CallId, Long> eldest) {
          return size() > MAX_CLOSED;
        }
      };

  /** The book of a user who has no calls yet. */
  public CallBook(UserId user) {
    this.user = user;
  }

  /** The calls that go on, the longest known first: a live view. */
  public Map<CallId, CallSnapshot> open() {
    return Collections.unmodifiableMap(open);
  }

  /** Number of the newest event known of a call; 0: it is not known. */
  public long lastOf(CallId call) {
    CallSnapshot known = open.get(call);
    return known != null ? known.seq() : closed.getOrDefault(call, 0L);
  }

  /** Takes in a call as it was told or read; says whether that was new. */
  public boolean learn(CallSnapshot call, Instant now) {
    CallId id = call.facts().key().call();
    if (open.containsKey(id)) {
      heardAt.put(id, now);
    }
    if (lastOf(id) >= call.seq()) {
      return false;
    }
    if (isToldOf(call)) {
      closed.remove(id);
      open.put(id, call);
      heardAt.put(id, now);
    } else {
      close(id, call.seq());
    }
    return true;
  }

  /** The call is over, says the call itself, or never was. */
  public void drop(CallId call) {
    CallSnapshot known = open.get(call);
    if (known != null) {
      close(call, known.seq());
    }
  }

  /** The open calls nothing was heard of since {@code then}: their end may have been lost. */
  public List<CallSnapshot> unheardSince(Instant then) {
    return open.values().stream()
        .filter(call -> heardAt.getOrDefault(call.facts().key().call(), then).isBefore(then))
        .toList();
  }

  private void close(CallId id, long seq) {
    open.remove(id);
    heardAt.remove(id);
    closed.remove(id);
    closed.put(id, seq);
  }

  /** Whether the fan-out still has something to say to this user: the end at the latest. */
  private boolean isToldOf(CallSnapshot call) {
    return !call.isEnded()
        && call.roster()
            .find(user)
            .map(
                p ->
                    switch (p.leg()) {
                      case Leg.Joined _ -> true;
                      case Leg.Invited _, Leg.Ringing _ -> call.facts().ring() != RingStyle.SILENT;
                      case Leg.Suppressed _, Leg.Closed _, Leg.Barred _ -> false;
                    })
            .orElse(false);
  }
}
