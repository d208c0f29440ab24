package io.carillon.persistence.connection;

import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.UserKey;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * One socket of one device.
 *
 * @param platform what the client said it runs on
 * @param node which node it was connected to, {@code host:port}
 * @param closedAt empty: it is open, as far as anybody knows
 * @param closeReason in a word: {@code client}, one of the protocol's close codes, or {@code
 *     node_lost}
 */
public record DeviceConnection(
    UUID id,
    UserKey user,
    DeviceId device,
    String platform,
    String node,
    Instant openedAt,
    Optional<Instant> closedAt,
    Optional<String> closeReason) {

  /** Whether it was open at a moment. */
  public boolean isOpenAt(Instant moment) {
    return !openedAt.isAfter(moment) && closedAt.map(moment::isBefore).orElse(true);
  }
}
