package io.carillon.engine.call;

/** Who may join a call (R31). */
public enum CallMode {
  /** Exactly two users. */
  DIRECT,
  /** Many are rung, the first to accept takes the call. */
  HUNT,
  /** Many are rung, everyone may join. */
  CONFERENCE
}
