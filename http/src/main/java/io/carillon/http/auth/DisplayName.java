package io.carillon.http.auth;

import java.util.Optional;

/** What people are called, as far as it may be shown to others. */
public final class DisplayName {
  private DisplayName() {}

  /**
   * The name without control characters and halves of characters, cut to {@code max} characters;
   * empty where nothing is left.
   */
  public static Optional<String> clean(String name, int max) {
    StringBuilder kept = new StringBuilder();
    name.codePoints()
        .filter(c -> !Character.isISOControl(c) && (c < 0xD800 || c > 0xDFFF))
        .limit(max)
        .forEach(kept::appendCodePoint);
    String text = kept.toString().strip();
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }
}
