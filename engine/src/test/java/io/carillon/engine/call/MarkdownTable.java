package io.carillon.engine.call;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A table of a document that a test reads, named by a comment before it: {@code <!-- checked:
 * calls, placed as direct ring bob -->}.
 *
 * @param kind the word after {@code checked:}
 * @param about the rest of the comment
 * @param header the cells of the first row
 * @param rows the cells of the others
 */
record MarkdownTable(String kind, String about, List<String> header, List<List<String>> rows) {
  private static final String MARK = "<!-- checked: ";

  /** All checked tables of a document in {@code docs}. */
  static List<MarkdownTable> in(String document) {
    List<MarkdownTable> tables = new ArrayList<>();
    List<String> lines = read(document);
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).startsWith(MARK)) {
        tables.add(parse(lines, i));
      }
    }
    return tables;
  }

  private static MarkdownTable parse(List<String> lines, int mark) {
    String[] name =
        lines.get(mark).substring(MARK.length()).replace("-->", "").strip().split(", ", 2);
    int first = mark + 1;
    while (!lines.get(first).startsWith("|")) {
      first++;
    }
    List<List<String>> rows = new ArrayList<>();
    for (int i = first + 2; i < lines.size() && lines.get(i).startsWith("|"); i++) {
      rows.add(cells(lines.get(i)));
    }
    return new MarkdownTable(
        name[0], name.length == 2 ? name[1] : "", cells(lines.get(first)), rows);
  }

  private static List<String> cells(String line) {
    String inner = line.strip();
    inner = inner.substring(1, inner.endsWith("|") ? inner.length() - 1 : inner.length());
    return Arrays.stream(inner.split("\\|", -1))
        .map(cell -> cell.replace("`", "").strip())
        .toList();
  }

  private static List<String> read(String document) {
    try {
      return Files.readAllLines(docs().resolve(document));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** Tests run in their module's directory, or at the root. */
  private static Path docs() {
    Path here = Path.of("docs");
    return Files.isDirectory(here) ? here : Path.of("..", "docs");
  }
}
