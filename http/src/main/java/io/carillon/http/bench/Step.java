package io.carillon.http.bench;

import java.util.Locale;

/** A request one of the two parties makes in a call. */
enum Step {
  INITIATE(Hop.INITIATE, Hop.INITIATE_TOLD),
  ACKNOWLEDGE(Hop.ACKNOWLEDGE, Hop.ACKNOWLEDGE_TOLD),
  ACCEPT(Hop.ACCEPT, Hop.ACCEPT_TOLD),
  STATUS(Hop.STATUS, Hop.STATUS_TOLD),
  END(Hop.END, Hop.END_TOLD),
  REJECT(Hop.REJECT, Hop.REJECT_TOLD),
  CANCEL(Hop.CANCEL, Hop.CANCEL_TOLD);

  private final Hop reply;
  private final Hop told;
  private final String word = name().toLowerCase(Locale.ROOT);

  Step(Hop reply, Hop told) {
    this.reply = reply;
    this.told = told;
  }

  /** From the request to its reply. */
  Hop reply() {
    return reply;
  }

  /** From the request to the moment the other party knows. */
  Hop told() {
    return told;
  }

  /** The end of its route, and of its frame's type. */
  String word() {
    return word;
  }
}
