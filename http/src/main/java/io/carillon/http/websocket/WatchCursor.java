package io.carillon.http.websocket;

import io.carillon.persistence.realm.RealmFeed;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a watch stands, as its client keeps it: the same on every node.
 *
 * @param position in the feed
 * @param issued when it was given out
 */
record WatchCursor(RealmFeed.Position position, Instant issued) {
  private static final Pattern FORM =
      Pattern.compile("w1\\.(\\d{1,19})\\.(\\d{1,19})\\.(\\d{1,12})");

  String text() {
    return "w1."
        + position.transaction()
        + "."
        + position.ordering()
        + "."
        + issued.getEpochSecond();
  }

  /** Reads one; empty: it is none of ours. */
  static Optional<WatchCursor> parse(String text) {
    Matcher parts = FORM.matcher(text);
    try {
      return parts.matches()
          ? Optional.of(
              new WatchCursor(
                  new RealmFeed.Position(
                      Long.parseLong(parts.group(1)), Long.parseLong(parts.group(2))),
                  Instant.ofEpochSecond(Long.parseLong(parts.group(3)))))
          : Optional.empty();
    } catch (NumberFormatException _) {
      return Optional.empty(); // nineteen digits can be more than fits
    }
  }
}
