package io.carillon.engine.call;

/** Why a call, or one participant's part in it, is over (R29). */
public enum EndReason {
  HANGUP(Outcome.ENDED),
  CANCELLED(Outcome.CANCELLED),
  CALLER_LOST(Outcome.CANCELLED),
  DECLINED(Outcome.REJECTED),
  BUSY(Outcome.REJECTED),
  UNAVAILABLE(Outcome.REJECTED),
  NO_ANSWER(Outcome.MISSED),
  UNREACHABLE(Outcome.TIMEOUT),
  GLARE_MERGED(Outcome.ENDED),
  REPLACED(Outcome.ENDED),
  ICE_FAILED(Outcome.ENDED),
  MEDIA_TIMEOUT(Outcome.ENDED),
  MEDIA_FAILED(Outcome.ENDED),
  MAX_DURATION(Outcome.ENDED),
  CONNECTION_LOST(Outcome.ENDED),
  ADMIN_ENDED(Outcome.ENDED),
  ENDED_BY_HOST(Outcome.ENDED),
  REMOVED(Outcome.ENDED),
  TRANSFERRED(Outcome.ENDED),
  PICKED_UP(Outcome.ENDED),
  EMPTY(Outcome.ENDED),
  SERVER_SHUTDOWN(Outcome.ENDED),
  SERVER_ERROR(Outcome.ENDED);

  /** The five terminal words of the wire's {@code state}. */
  public enum Outcome {
    REJECTED,
    CANCELLED,
    MISSED,
    TIMEOUT,
    ENDED
  }

  private final Outcome outcome;

  EndReason(Outcome outcome) {
    this.outcome = outcome;
  }

  /** The terminal state a client of the wire sees for this reason. */
  public Outcome outcome() {
    return outcome;
  }
}
