package io.carillon.http.bench;

import java.util.Locale;

/** A stretch of a call whose time is taken. */
enum Hop {
  INITIATE_TOLD("initiate → callee told", Group.TOLD),
  ACKNOWLEDGE_TOLD("acknowledge → caller told", Group.TOLD),
  ACCEPT_TOLD("accept → caller told", Group.TOLD),
  STATUS_TOLD("status → callee told", Group.TOLD),
  END_TOLD("end → callee told", Group.TOLD),
  REJECT_TOLD("reject → caller told", Group.TOLD),
  CANCEL_TOLD("cancel → callee told", Group.TOLD),
  RELAY("relay, one way", Group.TOLD),
  INITIATE("initiate, reply", Group.STEP),
  ACKNOWLEDGE("acknowledge, reply", Group.STEP),
  ACCEPT("accept, reply", Group.STEP),
  STATUS("status, reply", Group.STEP),
  END("end, reply", Group.STEP),
  REJECT("reject, reply", Group.STEP),
  CANCEL("cancel, reply", Group.STEP),
  RESUME("reconnect → caught up", Group.WHOLE),
  CALL("whole answered call", Group.WHOLE);

  /** What kind of stretch it is. */
  enum Group {
    /** From one party's request to the other party's socket. */
    TOLD,
    /** From a request to its reply. */
    STEP,
    /** Longer than one request. */
    WHOLE
  }

  private final String label;
  private final Group group;

  Hop(String label, Group group) {
    this.label = label;
    this.group = group;
  }

  /** What it is called in tables. */
  String label() {
    return label;
  }

  Group group() {
    return group;
  }

  /** What it is called in JSON. */
  String word() {
    return (group == Group.STEP ? "step_" : "") + name().toLowerCase(Locale.ROOT);
  }
}
