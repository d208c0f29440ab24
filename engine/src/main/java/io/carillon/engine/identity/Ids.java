package io.carillon.engine.identity;

/** What every id has to look like; the one place that says so. */
public final class Ids {
  /** The longest id in characters. */
  public static final int MAX_LENGTH = 128;

  private Ids() {}

  /**
   * Says whether a text may serve as an id: 1 to {@value #MAX_LENGTH} characters, no control
   * characters, no blank first or last, no {@code |} (it separates the parts of stored keys).
   */
  public static boolean isWellFormed(String text) {
    if (text.isEmpty() || text.length() > MAX_LENGTH) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '|' || Character.isISOControl(c) || Character.isSurrogate(c)) {
        return false;
      }
    }
    return !Character.isWhitespace(text.charAt(0))
        && !Character.isWhitespace(text.charAt(text.length() - 1));
  }

  /** Returns the text, or throws when it may not serve as an id: reaching this is a bug. */
  public static String require(String kind, String text) {
    if (!isWellFormed(text)) {
      throw new IllegalArgumentException(
          kind + " must be 1 to " + MAX_LENGTH + " printable characters without '|'");
    }
    return text;
  }
}
