package io.carillon.engine.call;

import java.time.Instant;
import java.util.Optional;

/**
 * An event with its place in the journal: what is written and read back.
 *
 * @param key the call it belongs to
 * @param seq its number in that call: 1, 2, 3 … without holes
 * @param event what happened
 * @param wakeAt when the call has to be looked at next if nothing happens before; empty: never.
 *     Stored so that a call can be woken after its node died, whoever finds it (R7)
 */
public record StoredEvent(CallKey key, long seq, CallEvent event, Optional<Instant> wakeAt) {}
