package io.carillon.http.analyst.ladder;

/** Text in SVG and HTML. */
public final class Markup {
  private Markup() {}

  /** The text as it has to be written so that it is read as text, in content and attributes. */
  public static String escape(String text) {
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> escaped.append("&amp;");
        case '<' -> escaped.append("&lt;");
        case '>' -> escaped.append("&gt;");
        case '"' -> escaped.append("&quot;");
        case '\'' -> escaped.append("&#39;");
        default -> escaped.append(Character.isISOControl(c) ? ' ' : c);
      }
    }
    return escaped.toString();
  }

  /** The text in at most so many characters. */
  public static String cut(String text, int length) {
    return text.length() <= length ? text : text.substring(0, Math.max(1, length - 1)) + "…";
  }
}
