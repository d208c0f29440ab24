package io.carillon.http.websocket;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.pekko.util.ByteString;

/** How frames are written in {@code text/event-stream}; pure. */
final class EventText {
  /** A comment: keeps the connection, and says nothing. */
  static final ByteString HEARTBEAT = ByteString.fromString(": \n\n");

  private static final byte[] ID = bytes("id: ");
  private static final byte[] DATA = bytes("data: ");
  private static final byte[] END = bytes("\n\n");

  private EventText() {}

  /**
   * A frame, with where the client stands once it has seen it. What applications put into a call
   * may be JSON over several lines; here a frame is one.
   */
  static ByteString event(Optional<String> cursor, byte[] json) {
    for (int i = 0; i < json.length; i++) {
      if (json[i] == '\n' || json[i] == '\r') {
        // Within a text it would be escaped, so this one is between things.
        json[i] = ' ';
      }
    }
    ByteString id =
        cursor.isPresent()
            ? ByteString.fromArrayUnsafe(ID).concat(ByteString.fromString(cursor.get() + "\n"))
            : ByteString.emptyByteString();
    return id.concat(ByteString.fromArrayUnsafe(DATA))
        .concat(ByteString.fromArrayUnsafe(json))
        .concat(ByteString.fromArrayUnsafe(END))
        .compact();
  }

  /** When to come back after the stream has ended. */
  static ByteString retry(long millis) {
    return ByteString.fromString("retry: " + millis + "\n\n");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
