package io.carillon.http.faults;

import io.carillon.http.faults.check.Checks;
import io.carillon.http.faults.check.Evidence;
import io.carillon.http.faults.check.Violation;
import io.carillon.http.faults.record.Item.Answered;
import io.carillon.http.faults.record.Item.Fault;
import io.carillon.http.faults.record.Item.Heard;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a run has shown, as a table for people. */
public final class FaultReport {
  /** Of one kind of violation so many are printed; the record has them all. */
  private static final int SHOWN = 12;

  private final FaultOptions options;
  private final Map<String, List<List<Figure>>> played = new LinkedHashMap<>();
  private final Map<String, String> whats = new LinkedHashMap<>();
  private final Map<String, String> skipped = new LinkedHashMap<>();
  private final List<String> failed = new ArrayList<>();
  private final List<String> tooLittle = new ArrayList<>();
  private List<Violation> violations = List.of();
  private String setting = "";
  private String amount = "";

  FaultReport(FaultOptions options) {
    this.options = options;
  }

  void setting(String what) {
    setting = what;
  }

  void skip(Episode episode, String why) {
    skipped.put(episode.id() + " " + episode.what(), why);
  }

  void played(Episode episode, int inFlight, List<Figure> figures) {
    whats.put(episode.id(), episode.what());
    played.computeIfAbsent(episode.id(), _ -> new ArrayList<>()).add(figures);
    if (inFlight < (options.pairs() + options.anchors()) / 2) {
      tooLittle.add(episode.id() + ": only " + inFlight + " calls went on when it began");
    }
  }

  void failed(Episode episode, String why) {
    failed.add(episode.id() + " did not come to its end: " + why);
  }

  void judged(Evidence evidence, List<Violation> found) {
    violations = List.copyOf(found);
    long answers = evidence.items().stream().filter(Answered.class::isInstance).count();
    long frames = evidence.items().stream().filter(Heard.class::isInstance).count();
    long restarts =
        evidence.items().stream()
            .filter(i -> i instanceof Fault f && f.what().startsWith("ended by itself"))
            .count();
    amount =
        "%d calls, %d stored events, %d answers, %d events heard, %d calls read back, %d nodes that ended by themselves"
            .formatted(
                evidence.calls().size(),
                evidence.journal().size(),
                answers,
                frames,
                evidence.reads().size(),
                restarts);
    if (evidence.calls().size() < options.pairs() || evidence.reads().isEmpty()) {
      tooLittle.add("there were only " + evidence.calls().size() + " calls");
    }
  }

  /** Every promise that was broken. */
  public List<Violation> violations() {
    return violations;
  }

  /** What happened too little to prove anything. */
  public List<String> tooLittle() {
    return List.copyOf(tooLittle);
  }

  /** Every limit that was missed, by its median. */
  public List<String> missed() {
    List<String> missed = new ArrayList<>(failed);
    medians()
        .forEach(
            (id, figures) ->
                figures.stream()
                    .filter(Figure::isMissed)
                    .forEach(figure -> missed.add(id + " " + text(figure))));
    return missed;
  }

  private Map<String, List<Figure>> medians() {
    Map<String, List<Figure>> medians = new LinkedHashMap<>();
    played.forEach(
        (id, runs) -> {
          List<Figure> figures = new ArrayList<>();
          for (int i = 0; i < runs.getFirst().size(); i++) {
            Figure figure = runs.getFirst().get(i);
            int index = i;
            List<Double> values =
                runs.stream().map(run -> run.get(index).value()).sorted().toList();
            double median = values.get(values.size() / 2);
            figures.add(new Figure(figure.name(), median, figure.unit(), figure.atMost()));
          }
          medians.put(id, figures);
        });
    return medians;
  }

  static String text(Figure figure) {
    return figure.name()
        + ": "
        + number(figure.value())
        + unit(figure)
        + (figure.atMost() < 0 ? "" : " (at most " + number(figure.atMost()) + unit(figure) + ")")
        + (figure.isMissed() ? " MISSED" : "");
  }

  private static String unit(Figure figure) {
    return figure.unit().isEmpty() ? "" : " " + figure.unit();
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e9
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, "%.2f", value);
  }

  /** For a terminal. */
  public String text() {
    StringBuilder text = new StringBuilder("\n");
    text.append(amount).append("\n\n");
    medians()
        .forEach(
            (id, figures) -> {
              text.append(String.format(Locale.ROOT, "%-4s %s", id, whats.get(id)));
              text.append(" (").append(runs(id)).append(")\n");
              figures.forEach(f -> text.append("       ").append(text(f)).append('\n'));
            });
    skipped.forEach((what, why) -> text.append(what).append(" SKIPPED: ").append(why).append('\n'));
    text.append('\n').append(verdict());
    return text.toString();
  }

  private String runs(String id) {
    int runs = played.getOrDefault(id, List.of()).size();
    return runs == 1 ? "one run" : "median of " + runs + " runs";
  }

  private String verdict() {
    StringBuilder text = new StringBuilder();
    Map<String, List<Violation>> byInvariant = new LinkedHashMap<>();
    violations.forEach(
        v -> byInvariant.computeIfAbsent(v.invariant(), _ -> new ArrayList<>()).add(v));
    byInvariant.forEach(
        (invariant, found) -> {
          text.append(invariant).append(" BROKEN ").append(found.size()).append(" times\n");
          found.stream().limit(SHOWN).forEach(v -> text.append("  ").append(v).append('\n'));
        });
    tooLittle.forEach(what -> text.append("TOO LITTLE HAPPENED: ").append(what).append('\n'));
    if (violations.isEmpty()) {
      text.append("Held: ").append(String.join(" ", Checks.INVARIANTS)).append('\n');
    }
    missed().forEach(what -> text.append("MISSED: ").append(what).append('\n'));
    return text.toString();
  }

  /** As a document. */
  public String markdown() {
    StringBuilder text = new StringBuilder("# Fault suite\n\n");
    text.append("Seed ").append(options.seed()).append(", on ").append(setting).append(". ");
    text.append(amount).append(".\n\n");
    text.append("| fault | measured | value | limit | runs |\n|---|---|---|---|---|\n");
    medians()
        .forEach(
            (id, figures) ->
                figures.forEach(
                    f ->
                        text.append("| ")
                            .append(id)
                            .append(' ')
                            .append(whats.get(id))
                            .append(" | ")
                            .append(f.name())
                            .append(" | ")
                            .append(number(f.value()))
                            .append(unit(f))
                            .append(f.isMissed() ? " **missed**" : "")
                            .append(" | ")
                            .append(f.atMost() < 0 ? "" : number(f.atMost()) + unit(f))
                            .append(" | ")
                            .append(played.getOrDefault(id, List.of()).size())
                            .append(" |\n")));
    skipped.forEach(
        (w, why) ->
            text.append("| ").append(w).append(" | skipped: ").append(why).append(" | | | |\n"));
    text.append("\n```\n").append(verdict()).append("```\n");
    return text.toString();
  }
}
