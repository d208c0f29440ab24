package io.carillon.http.analyst.ladder;

import io.carillon.persistence.replay.Ladder;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/**
 * The ladder as an SVG image that brings its own style, light or dark as its reader's screen is.
 */
public final class LadderSvg {
  private static final int LANE = 216;
  private static final int TIMES = 136;
  private static final int HEAD = 64;
  private static final int EVENT = 30;
  private static final int NOTICE = 22;
  private static final int GAP = 8;

  private static final String STYLE =
      """
      <style>
      .ladder{font:12px system-ui,"Segoe UI",Roboto,sans-serif;--ink:#1c2733;--dim:#66778a;--line:#c9d3dd;
        --say:#1660c4;--tell:#8a949e;--stop:#c2410c;--good:#13803c;--paper:#ffffff;--box:#eef3f8}
      @media (prefers-color-scheme:dark){.ladder{--ink:#e6edf3;--dim:#93a1b0;--line:#3a4653;--say:#6cb0ff;
        --tell:#8b97a3;--stop:#ff9d5c;--good:#5bd389;--paper:#0f1620;--box:#1d2835}}
      .ladder .paper{fill:var(--paper)} .ladder text{fill:var(--ink)} .ladder .dim{fill:var(--dim)}
      .ladder .lane{stroke:var(--line);stroke-dasharray:3 4} .ladder .box{fill:var(--box);stroke:var(--line)}
      .ladder .head{font-weight:600;text-anchor:middle} .ladder .foot{text-anchor:middle;fill:var(--dim)}
      .ladder .time{text-anchor:end;fill:var(--dim);font-variant-numeric:tabular-nums}
      .ladder .label{text-anchor:middle;paint-order:stroke;stroke:var(--paper);stroke-width:4px}
      .ladder .say{stroke:var(--say);stroke-width:1.8} .ladder .saytip{fill:var(--say)}
      .ladder .tell{stroke:var(--tell);stroke-width:1.2} .ladder .telltip{fill:var(--tell)}
      .ladder .stop{stroke:var(--stop);stroke-width:1.2} .ladder .stoptip{fill:var(--stop)}
      .ladder .event{font-weight:600} .ladder .t{font-size:11px} .ladder .dot{fill:var(--say)}
      </style>
      """;

  private final Ladder ladder;
  private final StringBuilder svg = new StringBuilder();
  private final int call;
  private int y = HEAD + 20;

  private LadderSvg(Ladder ladder) {
    this.ladder = ladder;
    this.call = ladder.lanes().indexOf(new Ladder.TheCall());
  }

  /** Draws it. */
  public static String of(Ladder ladder) {
    return new LadderSvg(ladder).draw();
  }

  private String draw() {
    StringBuilder rungs = new StringBuilder();
    Instant start = ladder.rungs().getFirst().at();
    for (Ladder.Rung rung : ladder.rungs()) {
      rung(rungs, rung, start);
    }
    int width = TIMES + ladder.lanes().size() * LANE;
    int height = y + 16;
    svg.append(
        "<svg class=\"ladder\" xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\""
                .formatted(width, height)
            + " viewBox=\"0 0 %d %d\" role=\"img\">%n".formatted(width, height));
    svg.append(
        "<title>%s</title>%n".formatted(Markup.escape(ladder.call().facts().key().call().value())));
    svg.append(STYLE);
    svg.append("<rect class=\"paper\" width=\"%d\" height=\"%d\"/>%n".formatted(width, height));
    for (int i = 0; i < ladder.lanes().size(); i++) {
      lane(i, height);
    }
    return svg.append(rungs).append("</svg>\n").toString();
  }

  private void lane(int lane, int height) {
    int x = x(lane);
    svg.append(
        "<line class=\"lane\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>%n"
            .formatted(x, HEAD, x, height - 8));
    svg.append(
        "<rect class=\"box\" x=\"%d\" y=\"12\" width=\"%d\" height=\"%d\" rx=\"7\"/>%n"
            .formatted(x - LANE / 2 + 14, LANE - 28, HEAD - 18));
    Ladder.Lane shown = ladder.lanes().get(lane);
    boolean alone = shown.foot().isEmpty();
    svg.append(text("head", x, alone ? 40 : 32, Markup.cut(shown.head(), 24)));
    if (!alone) {
      svg.append(text("foot", x, 48, Markup.cut(shown.foot(), 26)));
    }
  }

  private void rung(StringBuilder out, Ladder.Rung rung, Instant start) {
    out.append(
        "<g><title>%s</title>%n"
            .formatted(Markup.escape(rung.at() + " " + label(rung) + ", by " + rung.by())));
    y += EVENT;
    String label = label(rung);
    double seconds = Duration.between(start, rung.at()).toMillis() / 1000.0;
    out.append(text("time", TIMES - 14, y + 4, String.format(Locale.ROOT, "+%.3f s", seconds)));
    out.append(text("time t", 26, y + 4, Long.toString(rung.seq())));
    int from = rung.from().map(lane -> ladder.lanes().indexOf(lane)).orElse(call);
    if (from == call) {
      out.append("<circle class=\"dot\" cx=\"%d\" cy=\"%d\" r=\"4.5\"/>%n".formatted(x(call), y));
      out.append(
          text("label event", x(call), y - 8, Markup.cut(label + " [" + rung.by() + "]", 60)));
    } else {
      arrow(out, "say", from, call, y);
      out.append(
          text("label event", middle(from, call), y - 5, Markup.cut(label, room(from, call))));
    }
    for (Ladder.Told told : rung.told()) {
      y += NOTICE;
      int to = ladder.lanes().indexOf(told.to());
      boolean ends =
          told.what().startsWith("ring_stopped")
              || told.what().endsWith("ended")
              || told.what().endsWith("rejected");
      arrow(out, ends ? "stop" : "tell", call, to, y);
      out.append(text("label t", middle(call, to), y - 4, Markup.cut(told.what(), room(call, to))));
    }
    y += GAP;
    out.append("</g>\n");
  }

  private static void arrow(StringBuilder out, String kind, int from, int to, int y) {
    int left = from < to ? 1 : -1;
    int tip = x(to);
    out.append(
        "<line class=\"%s\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>%n"
            .formatted(kind, x(from), y, tip - left * 7, y));
    out.append(
        "<path class=\"%stip\" d=\"M%d %d l%d -4 v8 z\"/>%n".formatted(kind, tip, y, -left * 8));
  }

  private static String label(Ladder.Rung rung) {
    return rung.name() + (rung.detail().isEmpty() ? "" : ": " + rung.detail());
  }

  private static int room(int from, int to) {
    return Math.abs(from - to) * LANE / 6 - 2;
  }

  private static int middle(int from, int to) {
    return (x(from) + x(to)) / 2;
  }

  private static int x(int lane) {
    return TIMES + lane * LANE + LANE / 2;
  }

  private static String text(String kind, int x, int y, String text) {
    return "<text class=\"%s\" x=\"%d\" y=\"%d\">%s</text>%n"
        .formatted(kind, x, y, Markup.escape(text));
  }
}
