package io.carillon.http.bench;

import java.nio.charset.StandardCharsets;

/**
 * Finds in a JSON object the few fields the generator needs, and skips the rest without building
 * anything. It sees the object's own fields only, never those of objects within, and takes texts as
 * they are written: ids and cursors have nothing to unescape.
 *
 * <p>It trusts that it is given JSON: what the server writes is checked by other tests. Anything
 * else ends in {@code false}, not in a wrong field.
 */
final class FrameScan {
  private static final byte[] TRUE = {'t', 'r', 'u', 'e'};
  private static final byte[] CALL = ascii("call");

  /** Fields by name. Few enough to be compared one after another, the frequent ones first. */
  private static final byte[][] NAMES = {
    ascii("type"),
    ascii("call_id"),
    ascii("event_type"),
    ascii("event_id"),
    ascii("call_seq"),
    ascii("cursor"),
    ascii("catchup"),
    ascii("id"),
    ascii("ok"),
    ascii("offer"),
    ascii("answer"),
    ascii("candidates"),
    ascii("recovered"),
    ascii("reason"),
    ascii("code"),
    ascii("error"),
    ascii("token"),
  };

  final Slice type = new Slice();
  final Slice callId = new Slice();
  final Slice eventType = new Slice();
  final Slice eventId = new Slice();
  final Slice callSeq = new Slice();
  final Slice cursor = new Slice();
  final Slice catchup = new Slice();
  final Slice id = new Slice();
  final Slice ok = new Slice();
  final Slice offer = new Slice();
  final Slice answer = new Slice();
  final Slice candidates = new Slice();
  final Slice recovered = new Slice();
  final Slice reason = new Slice();
  final Slice code = new Slice();
  final Slice error = new Slice();
  final Slice token = new Slice();

  private final Slice[] values = {
    type,
    callId,
    eventType,
    eventId,
    callSeq,
    cursor,
    catchup,
    id,
    ok,
    offer,
    answer,
    candidates,
    recovered,
    reason,
    code,
    error,
    token,
  };

  private byte[] bytes = {};
  private int at;
  private int end;

  /** Looks through the object in {@code text}; false if there is none. */
  boolean scan(byte[] text, int from, int to) {
    for (Slice value : values) {
      value.clear();
    }
    bytes = text;
    at = from;
    end = to;
    try {
      return object();
    } catch (ArrayIndexOutOfBoundsException tornOff) {
      return false;
    }
  }

  private boolean object() {
    if (next() != '{') {
      return false;
    }
    at++;
    while (next() == '"') {
      int name = at + 1;
      string();
      int nameEnd = at - 1;
      if (next() != ':') {
        return false;
      }
      at++;
      next();
      // A call object is the bulk of a frame, and comes last. Once what is needed is known, so is
      // the frame.
      if (nameEnd - name == CALL.length && isEnough() && isCall(name, nameEnd)) {
        return true;
      }
      int value = at;
      boolean text = bytes[at] == '"';
      skip();
      keep(name, nameEnd, text ? value + 1 : value, text ? at - 1 : at);
      if (next() == ',') {
        at++;
      } else if (bytes[at] == '}') {
        return true;
      } else {
        return false;
      }
    }
    return bytes[at] == '}';
  }

  private boolean isEnough() {
    return !type.isEmpty() && (!cursor.isEmpty() || !ok.isEmpty());
  }

  private boolean isCall(int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] != CALL[i - from]) {
        return false;
      }
    }
    return true;
  }

  private void keep(int name, int nameEnd, int value, int valueEnd) {
    int length = nameEnd - name;
    for (int i = 0; i < NAMES.length; i++) {
      byte[] candidate = NAMES[i];
      if (candidate.length == length && candidate[0] == bytes[name]) {
        int k = 1;
        while (k < length && candidate[k] == bytes[name + k]) {
          k++;
        }
        if (k == length) {
          values[i].set(bytes, value, valueEnd);
          return;
        }
      }
    }
  }

  /** The next character that is no blank. */
  private byte next() {
    while (at < end) {
      byte b = bytes[at];
      if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
        return b;
      }
      at++;
    }
    throw new ArrayIndexOutOfBoundsException(at);
  }

  /** Skips one value. */
  private void skip() {
    switch (bytes[at]) {
      case '"' -> string();
      case '{', '[' -> nested();
      default -> {
        while (at < end && bytes[at] != ',' && bytes[at] != '}' && bytes[at] != ']') {
          at++;
        }
      }
    }
  }

  private void nested() {
    int depth = 0;
    while (at < end) {
      switch (bytes[at]) {
        case '"' -> {
          string();
          continue;
        }
        case '{', '[' -> depth++;
        case '}', ']' -> depth--;
        default -> {}
      }
      at++;
      if (depth == 0) {
        return;
      }
    }
    throw new ArrayIndexOutOfBoundsException(at);
  }

  private void string() {
    at++;
    while (at < end) {
      byte b = bytes[at++];
      if (b == '"') {
        return;
      }
      if (b == '\\') {
        at++;
      }
    }
    throw new ArrayIndexOutOfBoundsException(at);
  }

  /** The event's number within its call; 0 if there is none. */
  long seq() {
    long number = 0;
    for (int i = callSeq.from(); i < callSeq.to(); i++) {
      byte digit = callSeq.array()[i];
      if (digit < '0' || digit > '9') {
        return 0;
      }
      number = number * 10 + (digit - '0');
    }
    return number;
  }

  boolean isCatchup() {
    return catchup.is(TRUE);
  }

  boolean isOk() {
    return ok.is(TRUE);
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
