package io.carillon.http.analyst;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * Columns of text, as wide as their widest entry; a title that begins with '>' is aligned right.
 */
final class TextTable {
  private final List<String> titles;
  private final List<List<String>> rows = new ArrayList<>();

  TextTable(String... titles) {
    this.titles = List.of(titles);
  }

  void row(String... cells) {
    rows.add(List.of(cells));
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  void print(PrintWriter out) {
    int[] widths = new int[titles.size()];
    List<String> heads = titles.stream().map(t -> isRight(t) ? t.substring(1) : t).toList();
    widen(widths, heads);
    rows.forEach(row -> widen(widths, row));
    line(out, widths, heads);
    rows.forEach(row -> line(out, widths, row));
  }

  private static boolean isRight(String title) {
    return title.startsWith(">");
  }

  private static void widen(int[] widths, List<String> cells) {
    for (int i = 0; i < cells.size(); i++) {
      widths[i] = Math.max(widths[i], cells.get(i).length());
    }
  }

  private void line(PrintWriter out, int[] widths, List<String> cells) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      String cell = cells.get(i);
      String blank = " ".repeat(widths[i] - cell.length());
      line.append(isRight(titles.get(i)) ? blank + cell : cell + blank).append("  ");
    }
    out.println(line.toString().stripTrailing());
  }
}
