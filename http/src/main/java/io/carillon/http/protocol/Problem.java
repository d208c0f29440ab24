package io.carillon.http.protocol;

import io.carillon.engine.call.CallId;
import io.carillon.engine.call.CallSnapshot;
import io.carillon.engine.call.Rejection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What went wrong, for the one who asked (RFC 9457): the same object over REST and in frames.
 *
 * @param code which error
 * @param detail this occurrence in a sentence; never a secret, never an internal
 * @param call the call as it is now, where that lets the client go on without asking (R10)
 * @param other the id of another call that stands in the way (R17)
 * @param retryAfter when to try again
 * @param outcome with {@code unavailable}: whether it may have been done nevertheless
 * @param errors the places that are wrong
 */
public record Problem(
    ErrorCode code,
    String detail,
    Optional<CallSnapshot> call,
    Optional<String> other,
    Optional<Duration> retryAfter,
    Optional<Outcome> outcome,
    List<FieldError> errors) {

  /** What is known of a request that could not be answered. */
  public enum Outcome {
    /** Nothing was done. */
    NONE,
    /** It may have been done, or still be done. */
    UNKNOWN
  }

  /**
   * One wrong place.
   *
   * @param pointer a JSON pointer (RFC 6901) into the request; for a form, the field's name
   * @param detail what is expected there
   */
  public record FieldError(String pointer, String detail) {}

  public Problem {
    errors = List.copyOf(errors);
  }

  /** A problem that needs no more than its code and a sentence. */
  public static Problem of(ErrorCode code, String detail) {
    return new Problem(
        code,
        detail,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  /** A problem with its code's own words. */
  public static Problem of(ErrorCode code) {
    return of(code, code.title() + ".");
  }

  /** A problem that passes: try again after this long. */
  public static Problem retry(ErrorCode code, Duration after) {
    return new Problem(
        code,
        code.title() + ".",
        Optional.empty(),
        Optional.empty(),
        Optional.of(after),
        code == ErrorCode.UNAVAILABLE ? Optional.of(Outcome.NONE) : Optional.empty(),
        List.of());
  }

  /** Nobody can say now; the same request may be sent again. */
  public static Problem unavailable(boolean outcomeUnknown, Duration after) {
    Problem passing = retry(ErrorCode.UNAVAILABLE, after);
    return outcomeUnknown
        ? new Problem(
            passing.code,
            passing.detail,
            passing.call,
            passing.other,
            passing.retryAfter,
            Optional.of(Outcome.UNKNOWN),
            passing.errors)
        : passing;
  }

  /** One wrong place in the request. */
  public static Problem invalid(String pointer, String detail) {
    return invalid(List.of(new FieldError(pointer, detail)));
  }

  /** Some wrong places in the request. */
  public static Problem invalid(List<FieldError> errors) {
    return new Problem(
        ErrorCode.VALIDATION,
        errors.size() == 1
            ? errors.getFirst().pointer() + ": " + errors.getFirst().detail()
            : errors.size() + " places are wrong.",
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        errors);
  }

  private static Problem with(ErrorCode code, CallSnapshot call) {
    return new Problem(
        code,
        code.title() + ".",
        Optional.of(call),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  /** The problem that tells of a refusal by the rules (R49). */
  public static Problem of(Rejection rejection) {
    return switch (rejection) {
      case Rejection.CallNotFound _ -> of(ErrorCode.CALL_NOT_FOUND);
      case Rejection.NotInvited _ -> of(ErrorCode.NOT_INVITED);
      case Rejection.OwnCall _ -> of(ErrorCode.OWN_CALL);
      case Rejection.Forbidden(String why) -> of(ErrorCode.FORBIDDEN, why);
      case Rejection.Blocked _ -> of(ErrorCode.BLOCKED);
      case Rejection.CallOver(CallSnapshot call) -> with(ErrorCode.CALL_ENDED, call);
      case Rejection.AnsweredElsewhere(CallSnapshot call) ->
          with(ErrorCode.ANSWERED_ELSEWHERE, call);
      case Rejection.DeclinedElsewhere(CallSnapshot call) ->
          with(ErrorCode.DECLINED_ELSEWHERE, call);
      case Rejection.AlreadyInCall(var other) ->
          new Problem(
              ErrorCode.ALREADY_IN_CALL,
              ErrorCode.ALREADY_IN_CALL.title() + ".",
              Optional.empty(),
              other.map(CallId::value),
              Optional.empty(),
              Optional.empty(),
              List.of());
      case Rejection.InvalidState(String why, CallSnapshot call) ->
          new Problem(
              ErrorCode.INVALID_STATE,
              why,
              Optional.of(call),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              List.of());
      case Rejection.NegotiationPending(Duration after) ->
          retry(ErrorCode.NEGOTIATION_PENDING, after);
      case Rejection.KeyReused _ -> of(ErrorCode.IDEMPOTENCY_KEY_REUSED);
      case Rejection.SelfCall _ -> of(ErrorCode.SELF_CALL);
      case Rejection.UnsupportedMedia _ -> of(ErrorCode.UNSUPPORTED_MEDIA);
      case Rejection.Invalid(String pointer, String why) -> invalid(pointer, why);
      case Rejection.RateLimited(Duration after) -> retry(ErrorCode.RATE_LIMITED, after);
    };
  }
}
