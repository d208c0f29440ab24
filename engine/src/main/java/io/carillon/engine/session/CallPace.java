package io.carillon.engine.session;

import io.carillon.engine.call.CallId;
import io.carillon.engine.call.CallSnapshot;
import io.carillon.engine.call.EndReason;
import io.carillon.engine.call.Participant;
import io.carillon.engine.identity.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How fast one user may call: so many calls a minute, and somebody who does not answer only so
 * often (R72).
 */
final class CallPace {
  private final UserId user;
  private final LineLimits limits;
  private final Deque<Instant> placed = new ArrayDeque<>();
  private final Map<UserId, Map<CallId, Instant>> unanswered = new HashMap<>();

  CallPace(UserId user, LineLimits limits) {
    this.user = user;
    this.limits = limits;
  }

  /** The user calls these: counted, unless it is too soon; then how long to wait. */
  Optional<Duration> take(Collection<UserId> callees, Instant now) {
    Optional<Duration> wait = tooFast(callees, now);
    if (wait.isEmpty()) {
      placed.add(now);
    }
    return wait;
  }

  private Optional<Duration> tooFast(Collection<UserId> callees, Instant now) {
    Instant minuteAgo = now.minus(Duration.ofMinutes(1));
    while (!placed.isEmpty() && !placed.getFirst().isAfter(minuteAgo)) {
      placed.removeFirst();
    }
    if (limits.initiatesPerMinute() > 0 && placed.size() >= limits.initiatesPerMinute()) {
      return Optional.of(Duration.between(minuteAgo, placed.getFirst()));
    }
    for (UserId callee : callees) {
      Collection<Instant> tries = unanswered.getOrDefault(callee, Map.of()).values();
      if (limits.redials() > 0 && tries.size() >= limits.redials()) {
        Instant oldest = Collections.min(tries);
        return Optional.of(Duration.between(now, oldest.plus(limits.redialWindow())));
      }
    }
    return Optional.empty();
  }

  /**
   * One of the user's calls was heard of: if it is over, it counts once, or makes up for others.
   */
  void heard(CallSnapshot call) {
    boolean mine = call.facts().caller().user().equals(user);
    if (!mine || call.ending().isEmpty() || limits.redials() <= 0) {
      return;
    }
    CallSnapshot.Ending ending = call.ending().get();
    for (Participant participant : call.roster().participants()) {
      UserId other = participant.user();
      if (other.equals(user)) {
        continue;
      }
      if (call.answeredAt().isPresent()) {
        Instant answered = call.answeredAt().get();
        unanswered.getOrDefault(other, new HashMap<>()).values().removeIf(answered::isAfter);
      } else if (ending.reason().outcome() != EndReason.Outcome.ENDED) {
        // By call and by its own time: a call is heard of again whenever its journal is read.
        remember(
            unanswered.computeIfAbsent(other, u -> new LinkedHashMap<>()),
            call.facts().key().call(),
            ending.at());
      }
    }
  }

  /** More than would be refused anyway need not be counted. */
  private void remember(Map<CallId, Instant> tries, CallId id, Instant at) {
    tries.put(id, at);
    if (tries.size() > limits.redials()) {
      tries.remove(tries.keySet().iterator().next());
    }
  }

  /** Forgets what counts no longer. */
  void forget(Instant now) {
    Instant oldest = now.minus(limits.redialWindow());
    unanswered.values().forEach(tries -> tries.values().removeIf(at -> !at.isAfter(oldest)));
    unanswered.values().removeIf(Map::isEmpty);
  }
}
