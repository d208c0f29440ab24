package io.carillon.http.bench;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Who was told what of one call. Everything a device must be told is written down when the call
 * begins, so what is missing at the end is lost, and everything else that comes is too much.
 *
 * <p>The protocol allows an event to be told again on a resume. Hence a repetition counts against
 * the engine only on one and the same socket and outside of a catch-up; so does a number smaller
 * than one told before.
 */
final class CallLedger {
  /** What to make of an event. */
  enum Verdict {
    /** The device did not know it yet. */
    NEW,
    /** Told before, on another socket or in a catch-up: allowed. */
    AGAIN,
    /** Told before on this socket. */
    DUPLICATE,
    /** An event that came later in the call was told before on this socket. */
    OUT_OF_ORDER,
    /** Not to be told to this device at all, or not any more. */
    UNEXPECTED
  }

  /** More events than any call of the load has; each is a bit of a long that stays positive. */
  static final int MAX_SEQ = 62;

  private static final EventType[] TYPES = EventType.values();
  private static final int[][] REQUIRED = table(true);
  private static final int[][] ALLOWED = table(false);

  private final Outcome outcome;
  private final int devicesPerUser;

  /** Kinds of event each device was told, one bit each. */
  private final int[] types;

  /** Numbers of the events each device was told, one bit each: ever, and on its present socket. */
  private final long[] ever;

  private final long[] onSocket;
  private final int[] socket;
  private int incomplete;

  /**
   * @param devicesPerUser devices are counted through: the caller's first, the acting one first
   */
  CallLedger(Outcome outcome, int devicesPerUser) {
    this.outcome = outcome;
    this.devicesPerUser = devicesPerUser;
    int devices = 2 * devicesPerUser;
    this.types = new int[devices];
    this.ever = new long[devices];
    this.onSocket = new long[devices];
    this.socket = new int[devices];
    this.incomplete = devices;
  }

  /** Writes down an event told to a device on the socket with this number. */
  Verdict told(int device, int socketNumber, EventType type, long seq, boolean catchup) {
    if (seq < 1 || seq > MAX_SEQ) {
      return Verdict.UNEXPECTED;
    }
    if (socket[device] != socketNumber) {
      socket[device] = socketNumber;
      onSocket[device] = 0;
    }
    long bit = 1L << seq;
    if ((onSocket[device] & bit) != 0) {
      return catchup ? Verdict.AGAIN : Verdict.DUPLICATE;
    }
    boolean late = onSocket[device] > bit;
    onSocket[device] |= bit;
    boolean again = (ever[device] & bit) != 0;
    ever[device] |= bit;
    boolean expected = again || expect(device, type);
    if (late) {
      return Verdict.OUT_OF_ORDER;
    }
    if (again) {
      return Verdict.AGAIN;
    }
    return expected ? Verdict.NEW : Verdict.UNEXPECTED;
  }

  private boolean expect(int device, EventType type) {
    if (type.isAboutConnections()) {
      return true;
    }
    int mine = 1 << type.ordinal();
    int required = REQUIRED[seat(device).ordinal()][outcome.ordinal()];
    int allowed = ALLOWED[seat(device).ordinal()][outcome.ordinal()];
    if ((types[device] & mine) != 0 || ((required | allowed) & mine) == 0 || isOver(device)) {
      return false;
    }
    types[device] |= mine;
    if ((required & mine) != 0 && (required & ~types[device]) == 0) {
      incomplete--;
    }
    return true;
  }

  private boolean isOver(int device) {
    for (EventType type : TYPES) {
      if (type.isLast() && (types[device] & 1 << type.ordinal()) != 0) {
        return true;
      }
    }
    return false;
  }

  private Seat seat(int device) {
    return Seat.of(device, devicesPerUser);
  }

  /** Whether a device was told an event of this kind. */
  boolean has(int device, EventType type) {
    return (types[device] & 1 << type.ordinal()) != 0;
  }

  /** Whether every device was told everything it must be told. */
  boolean isComplete() {
    return incomplete == 0;
  }

  /** What devices were not told yet, in words. */
  List<String> missing() {
    List<String> missing = new ArrayList<>();
    for (int device = 0; device < types.length; device++) {
      for (EventType type : seat(device).required(outcome)) {
        if (!has(device, type)) {
          missing.add(
              type.name().toLowerCase(Locale.ROOT)
                  + " to the "
                  + seat(device).name().toLowerCase(Locale.ROOT));
        }
      }
    }
    return missing;
  }

  private static int[][] table(boolean required) {
    int[][] table = new int[Seat.values().length][Outcome.values().length];
    for (Seat seat : Seat.values()) {
      for (Outcome outcome : Outcome.values()) {
        Set<EventType> types = EnumSet.noneOf(EventType.class);
        types.addAll(required ? seat.required(outcome) : seat.allowed(outcome));
        for (EventType type : types) {
          table[seat.ordinal()][outcome.ordinal()] |= 1 << type.ordinal();
        }
      }
    }
    return table;
  }
}
