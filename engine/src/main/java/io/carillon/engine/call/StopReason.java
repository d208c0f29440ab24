package io.carillon.engine.call;

/** Why one device stops ringing while others hear something else (R12, R13, R30a). */
public enum StopReason {
  ANSWERED_ELSEWHERE,
  DECLINED_ELSEWHERE,
  BUSY_ELSEWHERE,
  PICKED_UP,
  HANDOFF,
  IGNORED
}
