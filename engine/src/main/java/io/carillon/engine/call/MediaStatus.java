package io.carillon.engine.call;

/** A participant's in-call flags (R46); a participant has any subset of them. */
public enum MediaStatus {
  CONNECTED,
  ON_HOLD,
  MUTED,
  VIDEO_DISABLED,
  SCREEN_SHARING
}
