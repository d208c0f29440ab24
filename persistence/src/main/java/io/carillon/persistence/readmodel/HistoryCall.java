package io.carillon.persistence.readmodel;

import io.carillon.engine.call.CallId;
import io.carillon.engine.call.CallKey;
import io.carillon.engine.call.CallMode;
import io.carillon.engine.call.CallType;
import io.carillon.engine.call.EndReason;
import io.carillon.engine.call.MediaPlane;
import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.Endpoint;
import io.carillon.engine.identity.UserId;
import io.carillon.persistence.words.CallStateWord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A call as its rows tell it: everything that the protocol's call object shows but what is of the
 * moment (flags, remaining times).
 *
 * @param key the call
 * @param type what was asked for
 * @param mode the mode now
 * @param mediaPlane where the media run
 * @param caller who called, and with which device
 * @param state one of the eight words
 * @param reason why it is over; present exactly when it is
 * @param createdAt when it was placed
 * @param ringingAt when the first device rang
 * @param answeredAt when it was first accepted
 * @param connectedAt when media were reported up
 * @param endedAt when it ended
 * @param endedBy who ended it
 * @param nearMiss whether somebody accepted after the end
 * @param note an administrator's text
 * @param successor the call that took its place
 * @param jitsiUrl the room
 * @param context the application's own JSON, as it came
 * @param metadata the application's own JSON, as it came
 * @param seq the number of its last event
 * @param parties the caller first, then in the order in which they were called
 */
public record HistoryCall(
    CallKey key,
    CallType type,
    CallMode mode,
    MediaPlane mediaPlane,
    Endpoint caller,
    CallStateWord state,
    Optional<EndReason> reason,
    Instant createdAt,
    Optional<Instant> ringingAt,
    Optional<Instant> answeredAt,
    Optional<Instant> connectedAt,
    Optional<Instant> endedAt,
    Optional<EndedBy> endedBy,
    boolean nearMiss,
    Optional<String> note,
    Optional<CallId> successor,
    Optional<String> jitsiUrl,
    Optional<String> context,
    Optional<String> metadata,
    long seq,
    List<HistoryParty> parties) {

  /**
   * Who ended it.
   *
   * @param kind {@code device}, {@code clock}, {@code engine}, {@code admin} or {@code service}
   * @param user whose device, which administrator, which service
   * @param device which device
   */
  public record EndedBy(String kind, Optional<UserId> user, Optional<DeviceId> device) {}

  /** Whether this user placed it. */
  public boolean isOutgoing(UserId reader) {
    return caller.user().equals(reader);
  }

  /** The user's own part. */
  public Optional<HistoryParty> party(UserId user) {
    return parties.stream().filter(p -> p.user().equals(user)).findFirst();
  }

  /** Who was called first; empty for a call that nobody was called to. */
  public Optional<UserId> receiver() {
    return parties.stream()
        .map(HistoryParty::user)
        .filter(user -> !user.equals(caller.user()))
        .findFirst();
  }

  /** The other one, as a history shows it: the receiver to the caller, the caller to others. */
  public Optional<UserId> peer(UserId reader) {
    return isOutgoing(reader) ? receiver() : Optional.of(caller.user());
  }

  /** Time talked, up to {@code now} for a call that goes on; zero before it is accepted (R20). */
  public Duration talk(Instant now) {
    return answeredAt.map(at -> Duration.between(at, endedAt.orElse(now))).orElse(Duration.ZERO);
  }

  /** Time rung, up to {@code now} for a call that rings; zero before the first device does. */
  public Duration ring(Instant now) {
    return ringingAt
        .map(at -> Duration.between(at, answeredAt.or(() -> endedAt).orElse(now)))
        .orElse(Duration.ZERO);
  }
}
