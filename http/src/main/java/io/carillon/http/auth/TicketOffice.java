package io.carillon.http.auth;

import io.carillon.engine.identity.DeviceId;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Single-use tickets that open a socket where no header can be sent: a port. */
public interface TicketOffice {
  /** How long a ticket is good for. */
  Duration VALIDITY = Duration.ofSeconds(30);

  /** What a ticket stood for. */
  record Ticket(Principal principal, Optional<DeviceId> device) {}

  /** Makes a ticket. */
  CompletionStage<String> issue(Principal principal, Optional<DeviceId> device);

  /** Takes a ticket, once; empty if it is unknown, used or too old. */
  CompletionStage<Optional<Ticket>> redeem(String ticket);
}
