package io.carillon.http.analyst.ladder;

import io.carillon.persistence.replay.Ladder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The ladder for a terminal: a line for each event, and one for each device that hears of it. */
public final class LadderText {
  private static final int LANE = 18;
  private static final int MARGIN = 15;

  private LadderText() {}

  /** Draws it. */
  public static String of(Ladder ladder) {
    StringBuilder text = new StringBuilder();
    heads(ladder, text);
    Instant start = ladder.rungs().getFirst().at();
    int call = ladder.lanes().indexOf(new Ladder.TheCall());
    for (Ladder.Rung rung : ladder.rungs()) {
      String label = rung.name() + (rung.detail().isEmpty() ? "" : ": " + rung.detail());
      String time = String.format(Locale.ROOT, "%3d %9s  ", rung.seq(), since(start, rung.at()));
      int from = rung.from().map(lane -> ladder.lanes().indexOf(lane)).orElse(call);
      if (from == call) {
        String by = rung.from().isPresent() ? "" : " [" + rung.by() + "]";
        text.append(time).append(note(ladder, call, label + by)).append('\n');
      } else {
        text.append(time).append(arrow(ladder, from, call, label)).append('\n');
      }
      for (Ladder.Told told : rung.told()) {
        text.append(" ".repeat(MARGIN))
            .append(arrow(ladder, call, ladder.lanes().indexOf(told.to()), told.what()))
            .append('\n');
      }
    }
    return text.toString();
  }

  private static void heads(Ladder ladder, StringBuilder text) {
    List<List<String>> lines = List.of(new ArrayList<>(), new ArrayList<>());
    for (Ladder.Lane lane : ladder.lanes()) {
      lines.get(0).add(lane.head());
      lines.get(1).add(lane.foot());
    }
    for (List<String> line : lines) {
      StringBuilder row = new StringBuilder(" ".repeat(MARGIN));
      line.forEach(cell -> row.append(centred(cell)));
      text.append(row.toString().stripTrailing()).append('\n');
    }
  }

  private static String centred(String cell) {
    String cut = cell.length() > LANE - 2 ? cell.substring(0, LANE - 3) + "…" : cell;
    int left = (LANE - cut.length()) / 2;
    return " ".repeat(left) + cut + " ".repeat(LANE - cut.length() - left);
  }

  /** Lanes as vertical lines, with an arrow between two of them and its label beside it. */
  private static String arrow(Ladder ladder, int from, int to, String label) {
    char[] line = lanes(ladder);
    int left = middle(Math.min(from, to));
    int right = middle(Math.max(from, to));
    Arrays.fill(line, left + 1, right, '─');
    line[middle(from)] = from < to ? '├' : '┤';
    line[from < to ? right - 1 : left + 1] = from < to ? '▶' : '◀';
    return new String(line).stripTrailing() + "  " + label;
  }

  private static String note(Ladder ladder, int lane, String label) {
    char[] line = lanes(ladder);
    line[middle(lane)] = '●';
    return new String(line).stripTrailing() + "  " + label;
  }

  private static char[] lanes(Ladder ladder) {
    char[] line = new char[ladder.lanes().size() * LANE];
    Arrays.fill(line, ' ');
    for (int i = 0; i < ladder.lanes().size(); i++) {
      line[middle(i)] = '│';
    }
    return line;
  }

  private static int middle(int lane) {
    return lane * LANE + LANE / 2;
  }

  private static String since(Instant start, Instant at) {
    return String.format(Locale.ROOT, "+%.3f", Duration.between(start, at).toMillis() / 1000.0);
  }
}
