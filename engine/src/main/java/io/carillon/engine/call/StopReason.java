package io.carillon.engine.call;

/** Why a device stops ringing while the call goes on or others hear something else (R12, R13). */
public enum StopReason {
  ANSWERED_ELSEWHERE,
  DECLINED_ELSEWHERE,
  BUSY_ELSEWHERE,
  PICKED_UP,
  HANDOFF,
  IGNORED,
  NO_ANSWER,
  CANCELLED
}
