/**
 * The rules of a call, pure: no clock, no randomness, no input or output.
 *
 * <p>{@link io.carillon.engine.call.Call#decide} answers a command with events or a typed refusal,
 * {@link io.carillon.engine.call.Call#evolve} applies an event (it never refuses, on replay as in
 * life), {@link io.carillon.engine.call.Call#deadline} says when the call has to be looked at
 * again, and {@link io.carillon.engine.call.Fanout} says who is told what. Whatever stores, sends
 * or waits lives elsewhere and adds no rule. Rule numbers (R1 to R78) are those of {@code
 * docs/call-lifecycle.md}. Start reading at {@link io.carillon.engine.call.Call}.
 */
@NullMarked
package io.carillon.engine.call;

import org.jspecify.annotations.NullMarked;
