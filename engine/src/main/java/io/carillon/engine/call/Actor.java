package io.carillon.engine.call;

import io.carillon.engine.identity.Endpoint;
import io.carillon.engine.identity.UserId;
import java.time.Instant;

/** Who caused an event. */
public sealed interface Actor {
  /** A participant's device. */
  record Device(Endpoint endpoint) implements Actor {}

  /** A deadline that passed; {@code due} is when it was to fire (it may have fired later). */
  record Clock(Instant due) implements Actor {}

  /** The engine itself, on what it saw: a lost or regained connection, a busy line. */
  record Engine() implements Actor {}

  /** An administrator of the realm (R22). */
  record Admin(UserId user) implements Actor {}

  /** An application with a service credential. */
  record Service(UserId user) implements Actor {}
}
