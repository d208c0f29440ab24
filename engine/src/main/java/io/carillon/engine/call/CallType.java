package io.carillon.engine.call;

/** What the caller asked for; the media themselves run elsewhere. */
public enum CallType {
  AUDIO,
  VIDEO
}
