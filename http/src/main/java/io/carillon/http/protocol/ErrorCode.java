package io.carillon.http.protocol;

import java.util.Locale;
import java.util.Optional;

/**
 * Every error there is, in one table: the code is part of the contract, the rest explains it. The
 * pages behind a problem's {@code type} and {@code docs/errors.md} are this table.
 */
public enum ErrorCode {
  MALFORMED(
      400,
      false,
      "The request could not be read",
      "Send one JSON object, in UTF-8, without repeated keys, nested no deeper than 16 and without"
          + " numbers of more than 32 characters. On a socket, each text message is one object with"
          + " a \"type\"."),
  UNAUTHENTICATED(
      401,
      false,
      "No valid credential",
      "Send Authorization: Bearer with a token of a configured issuer, or Basic with a user and an"
          + " API key. On a socket, send hello with a token within five seconds, or open it with a"
          + " ticket. What is wrong with a credential is not said."),
  TOKEN_EXPIRED(
      401,
      false,
      "The token has expired",
      "Get a new token where you got this one and send the request again with it."),
  FORBIDDEN(
      403,
      false,
      "Not yours to do",
      "You may see this, but another party has to do it, or your credential lacks a role."),
  NOT_INVITED(
      403, false, "Not called by this call", "Only users the call rings may accept or decline it."),
  OWN_CALL(
      403,
      false,
      "Your own call",
      "The caller cannot answer their own call. To take it back, cancel it."),
  BLOCKED(
      403,
      false,
      "Put out of this call",
      "A host has removed you from this call for good. It cannot be joined again."),
  CALL_NOT_FOUND(
      404,
      false,
      "No such call",
      "There is no call with this id among your calls. A call of other people answers the same."),
  CALLEE_NOT_FOUND(
      404,
      false,
      "No such user",
      "The user you call is not known in your realm. Check the id, or have the user sign in once."),
  NOT_FOUND(404, false, "No such resource", "Check the path against the API's description."),
  METHOD_NOT_ALLOWED(
      405, false, "Wrong method", "The Allow header names the methods this path takes."),
  CALL_ENDED(
      409,
      false,
      "The call is over",
      "Nothing changes any more. The call in this reply says how and why it ended."),
  ANSWERED_ELSEWHERE(
      409,
      false,
      "Answered on another device",
      "Another of your devices took the call. Stop ringing; there is nothing else to do."),
  DECLINED_ELSEWHERE(
      409,
      false,
      "Declined on another device",
      "Another of your devices declined the call. Stop ringing; there is nothing else to do."),
  ALREADY_IN_CALL(
      409,
      false,
      "Already in a call",
      "You or the user you call is in another call. End that one first, or try later."),
  INVALID_STATE(
      409,
      false,
      "Not in this state",
      "The call is not at a point where this can be done. The call in this reply is its state"
          + " now."),
  NEGOTIATION_PENDING(
      409,
      true,
      "A negotiation is open",
      "The other side is negotiating. Wait retry_after_ms, then offer again if it is still"
          + " needed."),
  IDEMPOTENCY_KEY_REUSED(
      409,
      false,
      "The key was used for something else",
      "An Idempotency-Key belongs to one request with one body. Take a new key for a new"
          + " request."),
  PAYLOAD_TOO_LARGE(
      413,
      false,
      "Too large",
      "A body or a frame has at most 65536 bytes. On a socket the connection is closed with 1009."),
  UNSUPPORTED_MEDIA_TYPE(
      415,
      false,
      "Not a type that is read here",
      "Send application/json or application/x-www-form-urlencoded, without Content-Encoding."),
  VALIDATION(
      422,
      false,
      "Something in the request is wrong",
      "Each entry of errors points at a place in the request and says what is expected there."),
  UNSUPPORTED_MEDIA(
      422,
      false,
      "This type of call is switched off",
      "Your realm does not allow audio, video or this media plane. The configuration at"
          + " /api/v1/config says what it allows."),
  SELF_CALL(422, false, "Nobody calls themself", "Name another user as the receiver."),
  RATE_LIMITED(
      429,
      true,
      "Too many requests",
      "Wait retry_after_ms (or Retry-After, in seconds) before the next one."),
  INTERNAL_ERROR(
      500,
      false,
      "A defect",
      "The server failed in a way it should not. Report request_id; it is in the server's log."),
  UNAVAILABLE(
      503,
      true,
      "Not now",
      "Nobody can say now what became of the request. Send the same request again, with the same"
          + " Idempotency-Key, after Retry-After.");

  private final int status;
  private final boolean retryable;
  private final String title;
  private final String advice;
  private final String code = name().toLowerCase(Locale.ROOT);

  ErrorCode(int status, boolean retryable, String title, String advice) {
    this.status = status;
    this.retryable = retryable;
    this.title = title;
    this.advice = advice;
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** Whether the same request may succeed later without a change. */
  public boolean retryable() {
    return retryable;
  }

  /** What went wrong, in a few words, the same for every occurrence. */
  public String title() {
    return title;
  }

  /** What the reader of the error should do. */
  public String advice() {
    return advice;
  }

  /** The word on the wire. */
  public String code() {
    return code;
  }

  /** The error with this word. */
  public static Optional<ErrorCode> find(String code) {
    for (ErrorCode known : values()) {
      if (known.code.equals(code)) {
        return Optional.of(known);
      }
    }
    return Optional.empty();
  }
}
