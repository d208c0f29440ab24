package io.carillon.http.protocol;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.carillon.engine.identity.Ids;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The fields of one JSON object or form, read once, handed out by what they should be. A field that
 * is not what it should be is noted with its place; {@link #check} then refuses them all together.
 * Fields nobody asks for are ignored.
 */
final class Fields {
  private sealed interface Value {}

  private record Text(String text) implements Value {}

  private record Digits(String digits) implements Value {}

  private record Bool(boolean value) implements Value {}

  /** An object or an array, as it came. */
  private record Raw(String json) implements Value {}

  /** A form's field: a text that stands for whatever is wanted there. */
  private record FormText(String text) implements Value {}

  private final Map<String, Value> values;
  private final String prefix;
  private final List<Problem.FieldError> errors;

  private Fields(Map<String, Value> values, String prefix, List<Problem.FieldError> errors) {
    this.values = values;
    this.prefix = prefix;
    this.errors = errors;
  }

  /** Reads a JSON object; empty bytes are an empty object. Throws {@link BadInput}. */
  static Fields json(byte[] bytes) {
    return json(bytes, "", new ArrayList<>());
  }

  private static Fields json(byte[] bytes, String prefix, List<Problem.FieldError> errors) {
    if (bytes.length == 0) {
      return new Fields(Map.of(), prefix, errors);
    }
    if (!Json.isText(bytes)) {
      throw BadInput.malformed("Not UTF-8 text.");
    }
    Map<String, Value> values = new HashMap<>(16);
    try (JsonParser parser = Json.parser(bytes)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw BadInput.malformed("Not a JSON object.");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        JsonToken token = parser.nextToken();
        switch (token) {
          case START_OBJECT, START_ARRAY -> {
            int from = (int) parser.currentTokenLocation().getByteOffset();
            parser.skipChildren();
            int to = (int) parser.currentLocation().getByteOffset();
            values.put(name, new Raw(new String(bytes, from, to - from, StandardCharsets.UTF_8)));
          }
          case VALUE_STRING -> values.put(name, new Text(parser.getText()));
          case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
              values.put(name, new Digits(parser.getText()));
          case VALUE_TRUE, VALUE_FALSE -> values.put(name, new Bool(token == JsonToken.VALUE_TRUE));
          case VALUE_NULL -> {} // says the same as leaving it out
          default -> throw BadInput.malformed("Not JSON.");
        }
      }
      if (parser.nextToken() != null) {
        throw BadInput.malformed("More than one JSON value.");
      }
    } catch (StreamConstraintsException tooMuch) {
      throw BadInput.malformed(
          "Nested deeper than "
              + Json.MAX_DEPTH
              + ", or a number of more than "
              + Json.MAX_NUMBER_LENGTH
              + " characters.");
    } catch (JsonProcessingException notJson) {
      // Jackson's own message quotes what was sent; it may be a token or an SDP.
      String message = notJson.getOriginalMessage();
      throw BadInput.malformed(
          message != null && message.startsWith("Duplicate") ? "A repeated key." : "Not JSON.");
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible); // reads from memory
    }
    return new Fields(values, prefix, errors);
  }

  /** Takes a form's fields. A field given twice is refused with {@link BadInput}. */
  static Fields form(List<Map.Entry<String, String>> pairs) {
    Map<String, Value> values = new HashMap<>();
    for (Map.Entry<String, String> pair : pairs) {
      if (values.put(pair.getKey(), new FormText(pair.getValue())) != null) {
        throw BadInput.malformed("A repeated key.");
      }
    }
    return new Fields(values, "", new ArrayList<>());
  }

  /** Throws {@link BadInput} with every wrong place found so far. */
  void check() {
    if (!errors.isEmpty()) {
      throw new BadInput(Problem.invalid(errors));
    }
  }

  /** Notes a wrong place. */
  void wrong(String name, String detail) {
    String pointer = prefix + "/" + name.replace("~", "~0").replace("/", "~1");
    errors.add(new Problem.FieldError(pointer, detail));
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  /** A text of 1 to {@code max} characters. */
  Optional<String> text(String name, int max) {
    Optional<String> text =
        switch (values.get(name)) {
          case null -> Optional.empty();
          case Text(String t) -> Optional.of(t);
          case FormText(String t) -> Optional.of(t);
          case Digits _, Bool _, Raw _ -> {
            wrong(name, "must be a text");
            yield Optional.empty();
          }
        };
    return text.filter(
        t -> {
          boolean fits = !t.isEmpty() && t.length() <= max;
          if (!fits) {
            wrong(name, "must have 1 to " + max + " characters");
          }
          return fits;
        });
  }

  /** An id: a well-formed text, or a whole number, which is read as its decimal text. */
  <T> Optional<T> id(String name, Function<String, T> make) {
    Optional<String> text =
        switch (values.get(name)) {
          case null -> Optional.empty();
          case Text(String t) -> Optional.of(t);
          case FormText(String t) -> Optional.of(t);
          case Digits(String digits) -> Optional.of(digits);
          case Bool _, Raw _ -> Optional.of("");
        };
    return text.flatMap(t -> id(name, t, values.get(name) instanceof Digits, make));
  }

  private <T> Optional<T> id(String name, String text, boolean number, Function<String, T> make) {
    if (!Ids.isWellFormed(text) || (number && !isWhole(text))) {
      wrong(name, "must be a text of 1 to " + Ids.MAX_LENGTH + " characters, or a whole number");
      return Optional.empty();
    }
    return Optional.of(make.apply(text));
  }

  private static boolean isWhole(String digits) {
    return digits.chars().allMatch(c -> c == '-' || (c >= '0' && c <= '9'));
  }

  /** A list of ids. */
  <T> Optional<List<T>> ids(String name, int max, Function<String, T> make) {
    Optional<String> raw = json(name, '[', "must be a list of ids");
    if (raw.isEmpty()) {
      return Optional.empty();
    }
    List<T> ids = new ArrayList<>();
    try (JsonParser parser = Json.parser(raw.get().getBytes(StandardCharsets.UTF_8))) {
      parser.nextToken();
      for (JsonToken token = parser.nextToken();
          token != null && token != JsonToken.END_ARRAY;
          token = parser.nextToken()) {
        String place = name + "/" + ids.size();
        boolean number = token == JsonToken.VALUE_NUMBER_INT;
        String text = number || token == JsonToken.VALUE_STRING ? parser.getText() : "";
        if (ids.size() == max) {
          wrong(name, "must have at most " + max + " entries");
          return Optional.empty();
        }
        Optional<T> id = listed(place, text, number, make);
        if (id.isEmpty()) {
          return Optional.empty();
        }
        ids.add(id.get());
      }
    } catch (IOException notJson) {
      wrong(name, "must be a list of ids");
      return Optional.empty();
    }
    if (ids.isEmpty()) {
      wrong(name, "must not be empty");
      return Optional.empty();
    }
    return Optional.of(ids);
  }

  private <T> Optional<T> listed(
      String place, String text, boolean number, Function<String, T> make) {
    if (!Ids.isWellFormed(text) || (number && !isWhole(text))) {
      // The place holds a slash of its own here, so it is not escaped.
      errors.add(new Problem.FieldError(prefix + "/" + place, "must be an id"));
      return Optional.empty();
    }
    return Optional.of(make.apply(text));
  }

  /** One of a list of words. */
  <E extends Enum<E>> Optional<E> word(String name, Words<E> words) {
    Optional<String> given = text(name, 64);
    Optional<E> found = given.flatMap(words::find);
    if (given.isPresent() && found.isEmpty()) {
      wrong(name, "must be one of: " + String.join(", ", words.all()));
    }
    return found;
  }

  Optional<Boolean> bool(String name) {
    return switch (values.get(name)) {
      case null -> Optional.empty();
      case Bool(boolean value) -> Optional.of(value);
      case FormText(String t) when t.equals("true") || t.equals("false") ->
          Optional.of(t.equals("true"));
      case FormText _, Text _, Digits _, Raw _ -> {
        wrong(name, "must be true or false");
        yield Optional.empty();
      }
    };
  }

  /** A duration in whole milliseconds, at least 0. */
  Optional<Duration> millis(String name) {
    Optional<String> digits =
        switch (values.get(name)) {
          case null -> Optional.empty();
          case Digits(String d) -> Optional.of(d);
          case FormText(String d) -> Optional.of(d);
          case Text _, Bool _, Raw _ -> Optional.of("");
        };
    return digits.flatMap(
        d -> {
          if (d.isEmpty() || d.length() > 12 || !d.chars().allMatch(c -> c >= '0' && c <= '9')) {
            wrong(name, "must be a whole number of milliseconds");
            return Optional.empty();
          }
          return Optional.of(Duration.ofMillis(Long.parseLong(d)));
        });
  }

  /** An object's JSON, byte for byte; at most {@code max} characters. */
  Optional<String> object(String name, int max) {
    return bounded(name, json(name, '{', "must be an object"), max);
  }

  /** An array's JSON, byte for byte; at most {@code max} characters. */
  Optional<String> array(String name, int max) {
    return bounded(name, json(name, '[', "must be a list"), max);
  }

  private Optional<String> bounded(String name, Optional<String> json, int max) {
    if (json.isPresent() && json.get().length() > max) {
      wrong(name, "must have at most " + max + " characters");
      return Optional.empty();
    }
    return json;
  }

  private Optional<String> json(String name, char begin, String expected) {
    Optional<String> json =
        switch (values.get(name)) {
          case null -> Optional.empty();
          case Raw(String raw) -> Optional.of(raw);
          case FormText(String raw) when isJson(raw) -> Optional.of(raw.strip());
          case FormText _, Text _, Digits _, Bool _ -> Optional.of("");
        };
    if (json.isPresent() && (json.get().isEmpty() || json.get().charAt(0) != begin)) {
      wrong(name, expected);
      return Optional.empty();
    }
    return json;
  }

  /** Whether a form's text is one JSON value under the same limits as a body. */
  private static boolean isJson(String text) {
    byte[] bytes = text.strip().getBytes(StandardCharsets.UTF_8);
    if (bytes.length == 0 || !Json.isText(bytes)) {
      return false;
    }
    try (JsonParser parser = Json.parser(bytes)) {
      parser.nextToken();
      parser.skipChildren();
      return parser.nextToken() == null;
    } catch (IOException notJson) {
      return false;
    }
  }

  /** The fields of an object within this one; an absent object has none. */
  Fields nested(String name) {
    return json(name, '{', "must be an object")
        .map(raw -> json(raw.getBytes(StandardCharsets.UTF_8), prefix + "/" + name, errors))
        .orElseGet(() -> new Fields(Map.of(), prefix + "/" + name, errors));
  }

  /** A scalar as JSON, a text staying a text and a number a number. */
  Optional<com.fasterxml.jackson.databind.JsonNode> scalar(String name) {
    var nodes = Json.trees().getNodeFactory();
    return switch (values.get(name)) {
      case null -> Optional.empty();
      case Text(String t) -> Optional.of(nodes.textNode(t));
      case FormText(String t) -> Optional.of(nodes.textNode(t));
      case Digits(String digits) when isWhole(digits) ->
          Optional.of(nodes.numberNode(new java.math.BigInteger(digits)));
      case Digits _, Bool _, Raw _ -> {
        wrong(name, "must be a text or a whole number");
        yield Optional.empty();
      }
    };
  }

  /** The value of a field that has to be there; notes its absence. */
  <T> Optional<T> required(String name, Optional<T> value) {
    if (value.isEmpty() && !has(name)) {
      wrong(name, "is required");
    }
    return value;
  }

  /** The value of a required field, once {@link #check} has passed. */
  <T> T present(Optional<T> value) {
    check();
    return value.orElseThrow();
  }
}
