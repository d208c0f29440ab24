package io.carillon.engine.call;

import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.UserId;
import java.util.Optional;

/**
 * A media signal (SDP, ICE, DTMF) on its way through a call. Its text is opaque JSON, passed on
 * byte for byte, never stored and never logged (R41, R42).
 *
 * @param kind what it is
 * @param payload the JSON of the frame's payload field; at most 64 KiB with its frame
 * @param toUser whom it is for; empty: the other party of a direct call
 * @param toDevice which device; empty: the one the user is in the call with
 */
public record Signal(
    Kind kind, String payload, Optional<UserId> toUser, Optional<DeviceId> toDevice) {

  /**
   * The frames that carry signals; the payload field is {@code offer}, {@code answer} and so on.
   */
  public enum Kind {
    OFFER,
    ANSWER,
    CANDIDATES,
    /** A new offer in a running call (R43). */
    NEGOTIATE,
    /** The answer to one. */
    NEGOTIATE_ANSWER,
    DTMF
  }

  @Override
  public String toString() {
    // SDP holds addresses and credentials of the media path: it must not reach a log by accident.
    return "Signal[" + kind + ", " + payload.length() + " characters]";
  }
}
