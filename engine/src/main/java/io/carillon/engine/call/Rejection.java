package io.carillon.engine.call;

import java.time.Duration;
import java.util.Optional;

/**
 * A refusal: a value, with what the asker needs to go on. One case, one wire code, one documented
 * row (R49). Nothing is stored for a refusal except {@link CallEvent.LateAccepted}.
 */
public sealed interface Rejection {
  /** No such call, or none the asker may know of (404 {@code call_not_found}). */
  record CallNotFound() implements Rejection {}

  /** The asker is not called by this call (403 {@code not_invited}). */
  record NotInvited() implements Rejection {}

  /** The caller tried to answer their own call (403 {@code own_call}). */
  record OwnCall() implements Rejection {}

  /** A party, but not one that may do this (403 {@code forbidden}). */
  record Forbidden(String why) implements Rejection {}

  /** Put out of this call for good (403 {@code blocked}). */
  record Blocked() implements Rejection {}

  /** The call is over (409 {@code call_ended}). */
  record CallOver(CallSnapshot call) implements Rejection {}

  /** Another device of the same user took the call (409 {@code answered_elsewhere}). */
  record AnsweredElsewhere(CallSnapshot call) implements Rejection {}

  /** Another device of the same user declined it (409 {@code declined_elsewhere}). */
  record DeclinedElsewhere(CallSnapshot call) implements Rejection {}

  /**
   * The asker or the callee is in another call (409 {@code already_in_call}).
   *
   * @param other the asker's own other call; empty where it is the callee's, which is nobody's
   *     business
   */
  record AlreadyInCall(Optional<CallId> other) implements Rejection {}

  /** The call is not in a state for this (409 {@code invalid_state}). */
  record InvalidState(String why, CallSnapshot call) implements Rejection {}

  /** Another negotiation is open (409 {@code negotiation_pending}, R43). */
  record NegotiationPending(Duration retryAfter) implements Rejection {}

  /** The key was used for something else (409 {@code idempotency_key_reused}, R27). */
  record KeyReused() implements Rejection {}

  /** Nobody calls themself (422 {@code self_call}). */
  record SelfCall() implements Rejection {}

  /** This type of call is switched off (422 {@code unsupported_media}). */
  record UnsupportedMedia() implements Rejection {}

  /** Something about the request is out of bounds (422 {@code validation}). */
  record Invalid(String pointer, String why) implements Rejection {}

  /** Too much, too fast (429 {@code rate_limited}, R72). */
  record RateLimited(Duration retryAfter) implements Rejection {}
}
