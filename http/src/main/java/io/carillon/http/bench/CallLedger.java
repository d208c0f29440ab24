package io.carillon.http.bench;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
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

  /** What one device was told. */
  private static final class Told {
    final Seat seat;
    final Set<EventType> missing;
    final Set<EventType> allowed;
    final Set<EventType> types = EnumSet.noneOf(EventType.class);

    /** Numbers of events, one bit each: told ever, and told on the present socket. */
    long ever;

    long onSocket;
    int socket;
    boolean over;

    Told(Seat seat, Outcome outcome) {
      this.seat = seat;
      this.missing = seat.required(outcome);
      this.allowed = seat.allowed(outcome);
    }
  }

  private final List<Told> devices;
  private int incomplete;

  /**
   * @param devicesPerUser devices are counted through: the caller's first, the acting one first
   */
  CallLedger(Outcome outcome, int devicesPerUser) {
    this.incomplete = 2 * devicesPerUser;
    this.devices = new ArrayList<>(incomplete);
    for (int device = 0; device < 2 * devicesPerUser; device++) {
      devices.add(new Told(Seat.of(device, devicesPerUser), outcome));
    }
  }

  /** Writes down an event told to a device on the socket with this number. */
  Verdict told(int device, int socketNumber, EventType type, long seq, boolean catchup) {
    if (seq < 1 || seq > MAX_SEQ) {
      return Verdict.UNEXPECTED;
    }
    Told told = devices.get(device);
    if (told.socket != socketNumber) {
      told.socket = socketNumber;
      told.onSocket = 0;
    }
    long bit = 1L << seq;
    if ((told.onSocket & bit) != 0) {
      return catchup ? Verdict.AGAIN : Verdict.DUPLICATE;
    }
    boolean late = told.onSocket > bit;
    told.onSocket |= bit;
    boolean again = (told.ever & bit) != 0;
    told.ever |= bit;
    if (type.isLast() && socketNumber > 1) {
      // A device that was away while it rang is told what became of it, and not that it rings.
      told.missing.remove(EventType.CALL_STARTED);
    }
    boolean expected = again || expect(told, type);
    if (late) {
      return Verdict.OUT_OF_ORDER;
    }
    if (again) {
      return Verdict.AGAIN;
    }
    return expected ? Verdict.NEW : Verdict.UNEXPECTED;
  }

  private boolean expect(Told told, EventType type) {
    if (type.isAboutConnections()) {
      return true;
    }
    boolean required = told.missing.remove(type);
    if (told.over || !(required || told.allowed.remove(type))) {
      return false;
    }
    told.types.add(type);
    told.over = type.isLast();
    if (required && told.missing.isEmpty()) {
      incomplete--;
    }
    return true;
  }

  /** Whether a device was told an event of this kind. */
  boolean has(int device, EventType type) {
    return devices.get(device).types.contains(type);
  }

  /** Whether every device was told everything it must be told. */
  boolean isComplete() {
    return incomplete == 0;
  }

  /** What a device was not told. */
  record Missing(Seat seat, EventType type) {
    @Override
    public String toString() {
      return type.word() + " to the " + seat.word();
    }
  }

  /** What devices were not told yet. */
  List<Missing> missing() {
    return devices.stream()
        .flatMap(told -> told.missing.stream().map(type -> new Missing(told.seat, type)))
        .toList();
  }
}
