package io.carillon.engine.call;

import io.carillon.engine.identity.UserId;

/**
 * A client's idempotency key, bound to the user who sent it and to what was asked (R27).
 *
 * @param user who sent the request
 * @param key the client's key
 * @param fingerprint of the request; the same key with another fingerprint is refused
 */
public record RequestKey(UserId user, String key, String fingerprint) {}
