package io.carillon.persistence.replay;

import io.carillon.engine.call.CallId;
import io.carillon.engine.identity.RealmId;
import java.time.Instant;
import java.util.Optional;

/**
 * Which calls to read. A call belongs to the period in which it was placed, with all its events.
 *
 * @param realm only this realm's
 * @param call only the call with this id; may be in several realms
 * @param from only calls placed at or after this
 * @param to only calls placed before this
 */
public record Selection(
    Optional<RealmId> realm, Optional<CallId> call, Optional<Instant> from, Optional<Instant> to) {
  /** Every call there is. */
  public static final Selection ALL =
      new Selection(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /** Whether a period is asked for. */
  public boolean hasPeriod() {
    return from.isPresent() || to.isPresent();
  }

  /** Whether a call is among those asked for; one that cannot be dated is in no period. */
  public boolean includes(CallJournal journal) {
    if (realm.isPresent() && !journal.key().map(k -> k.realm()).equals(realm)) {
      return false;
    }
    if (call.isPresent() && !journal.key().map(k -> k.call()).equals(call)) {
      return false;
    }
    return !hasPeriod() || journal.placedAt().map(this::includes).orElse(false);
  }

  private boolean includes(Instant placedAt) {
    return from.map(at -> !placedAt.isBefore(at)).orElse(true)
        && to.map(placedAt::isBefore).orElse(true);
  }
}
