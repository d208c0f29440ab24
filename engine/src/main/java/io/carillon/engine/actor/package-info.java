/**
 * The shell around the rules: sharded actors that hold calls and sessions, and the door in front of
 * them. It stores, sends, waits and retries; it decides nothing about a call. No HTTP, no SQL.
 * Start reading at {@link io.carillon.engine.actor.CallEngine}, then {@code CallEntity}.
 */
@NullMarked
package io.carillon.engine.actor;

import org.jspecify.annotations.NullMarked;
