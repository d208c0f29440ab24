package io.carillon.persistence.journal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one JSON object, in whatever order they were written and whichever more there are.
 * Values are strings, longs, booleans, objects and lists of objects; the objects of {@link
 * #VERBATIM} are kept as the text they are, byte for byte.
 */
final class JsonFields {
  /** The applications' own JSON. */
  private static final Set<String> VERBATIM = Set.of("context", "metadata");

  private final Map<String, Object> values = new HashMap<>();

  private JsonFields() {}

  /** Reads the object the parser is at the start of. */
  static JsonFields read(JsonParser parser, byte[] source) throws IOException {
    JsonFields fields = new JsonFields();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      Object value = VERBATIM.contains(name) ? verbatim(parser, source) : value(parser, source);
      if (value != null) {
        fields.values.put(name, value);
      }
    }
    return fields;
  }

  private static @Nullable Object value(JsonParser parser, byte[] source) throws IOException {
    return switch (parser.currentToken()) {
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT -> parser.getLongValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case START_OBJECT -> read(parser, source);
      case START_ARRAY -> {
        List<Object> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          Object item = value(parser, source);
          if (item != null) {
            items.add(item);
          }
        }
        yield items;
      }
      // Null is how somebody may say absent; a fraction is no value of ours and so unknown.
      default -> null;
    };
  }

  private static String verbatim(JsonParser parser, byte[] source) throws IOException {
    int start = (int) parser.currentTokenLocation().getByteOffset();
    return switch (parser.currentToken()) {
      case START_OBJECT, START_ARRAY -> {
        parser.skipChildren();
        int end = (int) parser.currentLocation().getByteOffset();
        yield new String(source, start, end - start, StandardCharsets.UTF_8);
      }
      case VALUE_STRING -> {
        parser.finishToken();
        int end = (int) parser.currentLocation().getByteOffset();
        yield new String(source, start, end - start, StandardCharsets.UTF_8);
      }
      default -> parser.getText();
    };
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  String text(String name) {
    return required(name, String.class);
  }

  Optional<String> optionalText(String name) {
    return optional(name, String.class);
  }

  long number(String name) {
    return required(name, Long.class);
  }

  boolean flag(String name) {
    return optional(name, Boolean.class).orElse(false);
  }

  Instant moment(String name) {
    return Instant.ofEpochMilli(number(name));
  }

  Optional<Instant> optionalMoment(String name) {
    return optional(name, Long.class).map(Instant::ofEpochMilli);
  }

  Duration duration(String name) {
    return Duration.ofMillis(number(name));
  }

  JsonFields object(String name) {
    return required(name, JsonFields.class);
  }

  Optional<JsonFields> optionalObject(String name) {
    return optional(name, JsonFields.class);
  }

  <T> List<T> list(String name, Function<JsonFields, T> read) {
    List<T> items = new ArrayList<>();
    for (Object item : required(name, List.class)) {
      items.add(read.apply(cast(name, item, JsonFields.class)));
    }
    return List.copyOf(items);
  }

  private <T> T required(String name, Class<T> type) {
    Object value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("field '" + name + "' is missing");
    }
    return cast(name, value, type);
  }

  private <T> Optional<T> optional(String name, Class<T> type) {
    Object value = values.get(name);
    return value == null ? Optional.empty() : Optional.of(cast(name, value, type));
  }

  private static <T> T cast(String name, Object value, Class<T> type) {
    if (!type.isInstance(value)) {
      // Says nothing of the value itself: it may be anything, and this text may be logged.
      throw new IllegalArgumentException(
          "field '" + name + "' is not a " + type.getSimpleName().replace("JsonFields", "object"));
    }
    return type.cast(value);
  }
}
