package io.carillon.persistence.readmodel;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;

/** Where a page ended: in the order of the index, so that what is inserted moves nothing. */
record HistoryCursor(Instant calledAt, String callId) {
  String encode() {
    String text = calledAt.toEpochMilli() + "|" + callId;
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  static HistoryCursor decode(String cursor) {
    try {
      String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
      int bar = text.indexOf('|');
      return new HistoryCursor(
          Instant.ofEpochMilli(Long.parseLong(text.substring(0, Math.max(bar, 0)))),
          text.substring(bar + 1));
    } catch (IllegalArgumentException _) {
      throw new InvalidCursorException();
    }
  }
}
