package io.carillon.engine.call;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The moments of a call that is over; empty where it never came to that. Never decreasing in the
 * order of the components (J4, I23).
 *
 * @param createdAt when it was placed
 * @param ringingAt when the first device rang
 * @param answeredAt when it was first accepted
 * @param connectedAt when media were reported up
 * @param endedAt when it ended
 */
public record Timeline(
    Instant createdAt,
    Optional<Instant> ringingAt,
    Optional<Instant> answeredAt,
    Optional<Instant> connectedAt,
    Instant endedAt) {

  /**
   * Time talked: from the accept to the end; zero if never accepted. Never counts the ring (R20).
   */
  public Duration talk() {
    return answeredAt.map(at -> Duration.between(at, endedAt)).orElse(Duration.ZERO);
  }

  /** Time rung: from the first ringing device to the accept or the end; zero if none rang. */
  public Duration ring() {
    return ringingAt
        .map(at -> Duration.between(at, answeredAt.orElse(endedAt)))
        .orElse(Duration.ZERO);
  }
}
