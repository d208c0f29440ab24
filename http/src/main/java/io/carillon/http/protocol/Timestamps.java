package io.carillon.http.protocol;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** Times as the protocol writes them: RFC 3339, UTC, milliseconds. */
public final class Timestamps {
  private Timestamps() {}

  /** The time as 24 characters, {@code 2026-01-31T23:59:59.999Z}, for years 0 to 9999. */
  public static String text(Instant at) {
    // By hand: a frame holds three to five of these, and DateTimeFormatter was most of its cost.
    LocalDateTime t =
        LocalDateTime.ofEpochSecond(at.getEpochSecond(), at.getNano(), ZoneOffset.UTC);
    char[] out = new char[24];
    digits(out, 0, 4, t.getYear());
    out[4] = '-';
    digits(out, 5, 2, t.getMonthValue());
    out[7] = '-';
    digits(out, 8, 2, t.getDayOfMonth());
    out[10] = 'T';
    digits(out, 11, 2, t.getHour());
    out[13] = ':';
    digits(out, 14, 2, t.getMinute());
    out[16] = ':';
    digits(out, 17, 2, t.getSecond());
    out[19] = '.';
    digits(out, 20, 3, t.getNano() / 1_000_000);
    out[23] = 'Z';
    return new String(out);
  }

  private static void digits(char[] out, int from, int count, int value) {
    int rest = value;
    for (int i = from + count - 1; i >= from; i--) {
      out[i] = (char) ('0' + rest % 10);
      rest /= 10;
    }
  }
}
