package io.carillon.http.analyst;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Times as the commands read and show them: UTC. */
final class Moments {
  private static final DateTimeFormatter SHORT =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter FULL =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private Moments() {}

  /** {@code 2026-03-02 14:05:09}. */
  static String toSecond(Instant moment) {
    return SHORT.format(moment);
  }

  /** {@code 14:05:09.123}. */
  static String clock(Instant moment) {
    return CLOCK.format(moment);
  }

  /** {@code 2026-03-02T14:05:09.123Z}. */
  static String full(Instant moment) {
    return FULL.format(moment);
  }

  /** {@code 850 ms}, {@code 4.2 s}, {@code 3:05}, {@code 1:02:03}. */
  static String duration(Duration duration) {
    long ms = duration.toMillis();
    if (ms < 1000) {
      return ms + " ms";
    }
    if (ms < 60_000) {
      return String.format(Locale.ROOT, "%.1f s", ms / 1000.0);
    }
    return duration.toHours() == 0
        ? String.format(Locale.ROOT, "%d:%02d", duration.toMinutes(), duration.toSecondsPart())
        : String.format(
            Locale.ROOT,
            "%d:%02d:%02d",
            duration.toHours(),
            duration.toMinutesPart(),
            duration.toSecondsPart());
  }

  /** Reads {@code 2026-03-02}, {@code 2026-03-02T14:00:00Z} or {@code -7d}, {@code -24h}. */
  static final class Converter implements ITypeConverter<Instant> {
    @Override
    public Instant convert(String text) {
      try {
        if (text.startsWith("-") && text.length() > 2) {
          long number = Long.parseLong(text.substring(1, text.length() - 1));
          Duration ago =
              switch (text.charAt(text.length() - 1)) {
                case 'd' -> Duration.ofDays(number);
                case 'h' -> Duration.ofHours(number);
                case 'm' -> Duration.ofMinutes(number);
                default -> throw new TypeConversionException("use d, h or m, as in -7d");
              };
          return Instant.now().minus(ago);
        }
        return text.contains("T")
            ? OffsetDateTime.parse(text).toInstant()
            : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
      } catch (DateTimeParseException | NumberFormatException _) {
        throw new TypeConversionException(
            "'" + text + "' is no time: use 2026-03-02, 2026-03-02T14:00:00Z, -7d or -24h");
      }
    }
  }
}
