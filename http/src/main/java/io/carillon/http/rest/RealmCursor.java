package io.carillon.http.rest;

import io.carillon.engine.call.CallId;
import io.carillon.engine.identity.Ids;
import io.carillon.http.protocol.Problem;
import io.carillon.persistence.readmodel.CallRows.Place;
import io.carillon.persistence.readmodel.HistoryCall;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;

/** Where a page of a realm's calls ended. */
final class RealmCursor {
  private RealmCursor() {}

  static String after(HistoryCall last) {
    String text = last.createdAt().toEpochMilli() + "|" + last.key().call().value();
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  static Place decode(String cursor) {
    try {
      String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
      int bar = text.indexOf('|');
      String call = text.substring(bar + 1);
      if (bar > 0 && Ids.isWellFormed(call)) {
        long millis = Long.parseLong(text.substring(0, bar));
        return new Place(Instant.ofEpochMilli(millis), new CallId(call));
      }
    } catch (IllegalArgumentException _) {
      // Not ours: refused below, like one that is half of ours.
    }
    throw new Refusal(Problem.invalid("/cursor", "must be a next_cursor of an earlier page"));
  }
}
