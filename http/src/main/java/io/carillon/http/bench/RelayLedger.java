package io.carillon.http.bench;

import java.util.BitSet;

/**
 * The media signals of one call, numbered from 0: the offer, the answer, and then candidates, the
 * even ones from the caller, the odd ones from the callee. A signal has no id of its own, so its
 * number travels in its payload.
 */
final class RelayLedger {
  private final long[] sentAt;
  private final BitSet arrived;
  private final int[] latest = {-1, -1};
  private int missing;

  RelayLedger(int count) {
    sentAt = new long[count];
    arrived = new BitSet(count);
    missing = count;
  }

  int count() {
    return sentAt.length;
  }

  /** Whether it goes from the caller to the callee. */
  static boolean isFromCaller(int number) {
    return number % 2 == 0;
  }

  /** It was sent now. */
  void sent(int number, long now) {
    sentAt[number] = now;
  }

  /** When it was sent. */
  long sentAt(int number) {
    return sentAt[number];
  }

  /** It came to the caller or to the callee. */
  CallLedger.Verdict arrived(int number, boolean atCallee) {
    if (number < 0 || number >= sentAt.length || isFromCaller(number) != atCallee) {
      return CallLedger.Verdict.UNEXPECTED;
    }
    if (sentAt[number] == 0) {
      return CallLedger.Verdict.UNEXPECTED;
    }
    if (arrived.get(number)) {
      return CallLedger.Verdict.DUPLICATE;
    }
    arrived.set(number);
    missing--;
    int direction = number % 2;
    if (number < latest[direction]) {
      return CallLedger.Verdict.OUT_OF_ORDER;
    }
    latest[direction] = number;
    return CallLedger.Verdict.NEW;
  }

  boolean isComplete() {
    return missing == 0;
  }

  /** How many were sent and have not arrived. */
  int underway() {
    int sent = 0;
    for (long at : sentAt) {
      if (at != 0) {
        sent++;
      }
    }
    return sent - arrived.cardinality();
  }
}
