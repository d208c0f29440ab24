package io.carillon.engine.call;

/** What the callee's line said when the call was placed (R17, R18). */
public enum Line {
  /** Ring. */
  FREE,
  /** In another call, call waiting off. */
  BUSY,
  /** Not to be disturbed: no device rings, the caller sees an unanswered call. */
  DO_NOT_DISTURB,
  /** The callee has blocked the caller: no device rings, the caller sees an unanswered call. */
  BLOCKED;

  /** Whether this answer keeps the call from the callee's devices without telling the caller. */
  public boolean isSuppressed() {
    return this == DO_NOT_DISTURB || this == BLOCKED;
  }
}
