package io.carillon.http.protocol;

import java.util.Optional;
import java.util.function.Function;

/** The body of a request that asks nothing of a call, field by field. */
public final class SimpleBody {
  private final Fields fields;

  SimpleBody(Fields fields) {
    this.fields = fields;
  }

  /** A text of 1 to {@code max} characters. */
  public Optional<String> text(String name, int max) {
    return fields.text(name, max);
  }

  /** A text that has to be there. */
  public Optional<String> required(String name, int max) {
    return fields.required(name, fields.text(name, max));
  }

  /** An id; a whole number counts as its decimal text. */
  public <T> Optional<T> id(String name, Function<String, T> make) {
    return fields.id(name, make);
  }

  /** A list of at most {@code max} ids. */
  public Optional<java.util.List<String>> words(String name, int max) {
    return fields.ids(name, max, text -> text);
  }

  /** Everything that was wrong with the fields asked for. */
  public Optional<Problem> check() {
    try {
      fields.check();
      return Optional.empty();
    } catch (BadInput bad) {
      return Optional.of(bad.problem());
    }
  }
}
