package io.carillon.http.bench;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * A device's part in a call of the load, and with that what it must be told of the call: the
 * protocol's table of events, seen from one device.
 */
enum Seat {
  /** The device that calls. */
  CALLER,
  /** Another device of the caller. */
  CALLER_OTHER,
  /** The device that answers. */
  CALLEE,
  /** Another device of the callee. */
  CALLEE_OTHER;

  /** The seat of a pair's device: the caller's devices come first, and of each user the acting. */
  static Seat of(int device, int devicesPerUser) {
    if (device < devicesPerUser) {
      return device == 0 ? CALLER : CALLER_OTHER;
    }
    return device == devicesPerUser ? CALLEE : CALLEE_OTHER;
  }

  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** What a device in this seat must be told of a call that goes like this, each exactly once. */
  Set<EventType> required(Outcome outcome) {
    return switch (this) {
      case CALLER ->
          switch (outcome) {
            case ANSWERED ->
                EnumSet.of(
                    EventType.PARTICIPANT_RINGING, EventType.CALL_ACCEPTED, EventType.CALL_ENDED);
            case DECLINED -> EnumSet.of(EventType.PARTICIPANT_RINGING, EventType.CALL_REJECTED);
            case CANCELLED, MISSED ->
                EnumSet.of(EventType.PARTICIPANT_RINGING, EventType.CALL_ENDED);
          };
      case CALLER_OTHER -> {
        Set<EventType> told = CALLER.required(outcome);
        told.add(EventType.CALL_STARTED);
        // Whether a device that is not in the call hears of its middle is left open.
        told.remove(EventType.CALL_ACCEPTED);
        yield told;
      }
      case CALLEE ->
          switch (outcome) {
            case ANSWERED ->
                EnumSet.of(
                    EventType.CALL_STARTED,
                    EventType.CALL_ACCEPTED,
                    EventType.CALL_STATUS_UPDATE,
                    EventType.CALL_ENDED);
            case DECLINED -> EnumSet.of(EventType.CALL_STARTED, EventType.CALL_REJECTED);
            case CANCELLED, MISSED -> EnumSet.of(EventType.CALL_STARTED, EventType.CALL_ENDED);
          };
      case CALLEE_OTHER ->
          switch (outcome) {
            case ANSWERED, DECLINED -> EnumSet.of(EventType.CALL_STARTED, EventType.RING_STOPPED);
            case CANCELLED, MISSED -> EnumSet.of(EventType.CALL_STARTED, EventType.CALL_ENDED);
          };
    };
  }

  /** What it may be told besides. */
  Set<EventType> allowed(Outcome outcome) {
    return switch (this) {
      case CALLER_OTHER ->
          switch (outcome) {
            case ANSWERED -> EnumSet.of(EventType.CALL_ACCEPTED, EventType.CALL_STATUS_UPDATE);
            case DECLINED, CANCELLED, MISSED -> EnumSet.noneOf(EventType.class);
          };
      case CALLER, CALLEE, CALLEE_OTHER -> EnumSet.noneOf(EventType.class);
    };
  }
}
