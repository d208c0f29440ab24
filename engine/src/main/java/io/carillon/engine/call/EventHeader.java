package io.carillon.engine.call;

import java.time.Instant;
import java.util.Optional;

/**
 * What every event carries.
 *
 * @param at when it was decided, UTC, milliseconds; never before the call's previous event
 * @param actor who caused it
 * @param request the idempotency key of the request that caused it, if it had one (R27)
 */
public record EventHeader(Instant at, Actor actor, Optional<RequestKey> request) {}
