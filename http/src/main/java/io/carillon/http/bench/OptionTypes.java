package io.carillon.http.bench;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How what is typed behind the options is read. */
final class OptionTypes {
  private OptionTypes() {}

  /** {@code 500ms}, {@code 30s}, {@code 5m}; a number alone counts seconds. */
  static final class Time implements ITypeConverter<Duration> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,9})(ms|s|m|h)?");

    @Override
    public Duration convert(String text) {
      Matcher matcher = FORM.matcher(text.strip());
      if (!matcher.matches()) {
        throw new TypeConversionException("'" + text + "' is no time such as 500ms, 30s or 5m");
      }
      long number = Long.parseLong(matcher.group(1));
      String unit = matcher.group(2);
      return switch (unit == null ? "s" : unit) {
        case "ms" -> Duration.ofMillis(number);
        case "m" -> Duration.ofMinutes(number);
        case "h" -> Duration.ofHours(number);
        default -> Duration.ofSeconds(number);
      };
    }
  }

  /** See {@link Mix#parse}. */
  static final class Weights implements ITypeConverter<Mix> {
    @Override
    public Mix convert(String text) {
      try {
        return Mix.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    }
  }

  /** {@code rest} or {@code socket}. */
  static final class Way implements ITypeConverter<BenchPlan.StepsBy> {
    @Override
    public BenchPlan.StepsBy convert(String text) {
      return word(BenchPlan.StepsBy.values(), text);
    }
  }

  /** The name of a profile. */
  static final class Size implements ITypeConverter<BenchCommand.Profile> {
    @Override
    public BenchCommand.Profile convert(String text) {
      return word(BenchCommand.Profile.values(), text);
    }
  }

  private static <E extends Enum<E>> E word(E[] values, String text) {
    for (E value : values) {
      if (value.name().toLowerCase(Locale.ROOT).equals(text)) {
        return value;
      }
    }
    throw new TypeConversionException(
        "'"
            + text
            + "' is none of "
            + Arrays.stream(values)
                .map(value -> value.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", ")));
  }
}
