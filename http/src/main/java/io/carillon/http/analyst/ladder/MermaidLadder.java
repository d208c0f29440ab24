package io.carillon.http.analyst.ladder;

import io.carillon.persistence.replay.Ladder;

/** The ladder as a Mermaid sequence diagram, for a wiki page or an issue. */
public final class MermaidLadder {
  private MermaidLadder() {}

  /** Writes it. */
  public static String of(Ladder ladder) {
    StringBuilder text = new StringBuilder("sequenceDiagram\n");
    for (int i = 0; i < ladder.lanes().size(); i++) {
      Ladder.Lane lane = ladder.lanes().get(i);
      String foot = lane.foot().isEmpty() ? "" : "<br/>" + plain(lane.foot());
      text.append("  participant L%d as %s%s%n".formatted(i, plain(lane.head()), foot));
    }
    String call = "L" + ladder.lanes().indexOf(new Ladder.TheCall());
    for (Ladder.Rung rung : ladder.rungs()) {
      String detail = rung.detail().isEmpty() ? "" : ": " + rung.detail();
      String label = plain(rung.seq() + " " + rung.name() + detail);
      if (rung.from().isPresent()) {
        String from = "L" + ladder.lanes().indexOf(rung.from().get());
        text.append("  %s->>%s: %s%n".formatted(from, call, label));
      } else {
        text.append("  Note over %s: %s (%s)%n".formatted(call, label, plain(rung.by())));
      }
      for (Ladder.Told told : rung.told()) {
        String to = "L" + ladder.lanes().indexOf(told.to());
        text.append("  %s-->>%s: %s%n".formatted(call, to, plain(told.what())));
      }
    }
    return text.toString();
  }

  /** What would end a line or a label of the diagram is written as the code of its character. */
  private static String plain(String text) {
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '#' || c == ';' || c == ':' || c == '<' || c == '>' || c == '"') {
        plain.append('#').append((int) c).append(';');
      } else {
        plain.append(Character.isISOControl(c) ? ' ' : c);
      }
    }
    return plain.toString();
  }
}
