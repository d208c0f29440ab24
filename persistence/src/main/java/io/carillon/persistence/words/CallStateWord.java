package io.carillon.persistence.words;

import io.carillon.engine.call.EndReason;

/**
 * The eight words of a call's state, as tables and the wire have them, in the order a call can pass
 * them.
 */
public enum CallStateWord {
  CALLING,
  RINGING,
  ACCEPTED,
  REJECTED,
  CANCELLED,
  MISSED,
  TIMEOUT,
  ENDED;

  /** The word for a call that is over. */
  public static CallStateWord of(EndReason reason) {
    return switch (reason.outcome()) {
      case REJECTED -> REJECTED;
      case CANCELLED -> CANCELLED;
      case MISSED -> MISSED;
      case TIMEOUT -> TIMEOUT;
      case ENDED -> ENDED;
    };
  }

  /** Whether a call in this state is over. */
  public boolean isTerminal() {
    return compareTo(ACCEPTED) > 0;
  }
}
