package io.carillon.http.bench;

import java.util.Locale;

/** The protocol's kinds of event, as far as calls between two users lead to them. */
enum EventType {
  CALL_STARTED,
  PARTICIPANT_RINGING,
  CALL_ACCEPTED,
  CALL_STATUS_UPDATE,
  RING_STOPPED,
  CALL_REJECTED,
  CALL_ENDED,
  /** About a participant's connection: follows from sockets that come and go. */
  PARTICIPANT_JOINED,
  PARTICIPANT_RECONNECTING,
  /** Any other word. */
  OTHER;

  private static final EventType[] ALL = values();

  private final String word = name().toLowerCase(Locale.ROOT);

  /** The protocol's word for it. */
  String word() {
    return word;
  }

  static EventType of(Slice text) {
    for (EventType type : ALL) {
      if (text.is(type.word)) {
        return type;
      }
    }
    return OTHER;
  }

  /** Whether nothing more may follow for the device that is told. */
  boolean isLast() {
    return switch (this) {
      case RING_STOPPED, CALL_REJECTED, CALL_ENDED -> true;
      case CALL_STARTED,
          PARTICIPANT_RINGING,
          CALL_ACCEPTED,
          CALL_STATUS_UPDATE,
          PARTICIPANT_JOINED,
          PARTICIPANT_RECONNECTING,
          OTHER ->
          false;
    };
  }

  /** Whether it says something about sockets rather than about the call. */
  boolean isAboutConnections() {
    return this == PARTICIPANT_JOINED || this == PARTICIPANT_RECONNECTING;
  }
}
