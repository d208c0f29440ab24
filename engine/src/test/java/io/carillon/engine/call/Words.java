package io.carillon.engine.call;

import java.util.Locale;

/** The words of the wire, as the documents write them. */
final class Words {
  private Words() {}

  static String of(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT);
  }

  /** Status and code of a refusal, as in {@code 409 call_ended} (R49). */
  static String code(Rejection rejection) {
    return switch (rejection) {
      case Rejection.CallNotFound _ -> "404 call_not_found";
      case Rejection.NotInvited _ -> "403 not_invited";
      case Rejection.OwnCall _ -> "403 own_call";
      case Rejection.Forbidden _ -> "403 forbidden";
      case Rejection.Blocked _ -> "403 blocked";
      case Rejection.CallOver _ -> "409 call_ended";
      case Rejection.AnsweredElsewhere _ -> "409 answered_elsewhere";
      case Rejection.DeclinedElsewhere _ -> "409 declined_elsewhere";
      case Rejection.AlreadyInCall _ -> "409 already_in_call";
      case Rejection.InvalidState _ -> "409 invalid_state";
      case Rejection.NegotiationPending _ -> "409 negotiation_pending";
      case Rejection.KeyReused _ -> "409 idempotency_key_reused";
      case Rejection.SelfCall _ -> "422 self_call";
      case Rejection.UnsupportedMedia _ -> "422 unsupported_media";
      case Rejection.Invalid _ -> "422 validation";
      case Rejection.RateLimited _ -> "429 rate_limited";
    };
  }
}
