package io.carillon.http.bench;

import java.util.Locale;

/** How a call of the load goes. */
enum Outcome {
  /** Rings, is accepted, carries its relays and a status, and is ended by the caller. */
  ANSWERED,
  /** Rings and is declined by the callee. */
  DECLINED,
  /** Rings and is given up by the caller. */
  CANCELLED,
  /** Rings until its time is up. */
  MISSED;

  /** The word for it on the command line and in reports. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
