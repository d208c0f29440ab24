package io.carillon.persistence.readmodel;

import io.carillon.engine.call.CallMode;
import io.carillon.engine.call.CallType;
import io.carillon.engine.call.EndReason;
import io.carillon.engine.identity.RealmId;
import io.carillon.engine.identity.UserId;
import io.carillon.persistence.words.CallStateWord;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Which calls of a realm, or of all, to show.
 *
 * @param realm only this realm's
 * @param user only calls this user is a party to
 * @param states only in one of these; empty: in any
 * @param reasons only ended for one of these; empty: for any, or not ended
 * @param type only of this type
 * @param mode only in this mode
 * @param nearMisses only those somebody accepted too late
 * @param shortestTalk only those talked in at least so long
 * @param from only placed at or after this
 * @param to only placed before this
 * @param before only those that come after this place, newest first
 * @param limit at most so many; empty: all
 */
public record CallFilter(
    Optional<RealmId> realm,
    Optional<UserId> user,
    Set<CallStateWord> states,
    Set<EndReason> reasons,
    Optional<CallType> type,
    Optional<CallMode> mode,
    boolean nearMisses,
    Optional<Duration> shortestTalk,
    Optional<Instant> from,
    Optional<Instant> to,
    Optional<CallRows.Place> before,
    Optional<Integer> limit) {

  /** Whether a call that was read elsewhere passes; its place and the limit are not looked at. */
  public boolean passes(HistoryCall call, Instant now) {
    return realm.map(r -> call.key().realm().equals(r)).orElse(true)
        && user.map(u -> call.party(u).isPresent()).orElse(true)
        && (states.isEmpty() || states.contains(call.state()))
        && (reasons.isEmpty() || call.reason().map(reasons::contains).orElse(false))
        && type.map(t -> call.type() == t).orElse(true)
        && mode.map(m -> call.mode() == m).orElse(true)
        && (!nearMisses || call.nearMiss())
        && shortestTalk
            .map(d -> call.answeredAt().isPresent() && call.talk(now).compareTo(d) >= 0)
            .orElse(true)
        && from.map(at -> !call.createdAt().isBefore(at)).orElse(true)
        && to.map(at -> call.createdAt().isBefore(at)).orElse(true);
  }
}
