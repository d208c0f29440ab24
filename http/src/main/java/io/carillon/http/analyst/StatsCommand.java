package io.carillon.http.analyst;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.carillon.engine.call.EndReason;
import io.carillon.persistence.statistics.CallFigures;
import io.carillon.persistence.statistics.Grouping;
import io.carillon.persistence.words.Vocabulary;
import java.io.IOException;
import java.io.StringWriter;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code calls stats}. */
@Command(
    name = "stats",
    description = {
      "Count: attempts, answered, reached, how long it took and was talked, why calls ended, how many"
          + " at once. Percentiles are values that occurred (nearest rank)."
    })
final class StatsCommand extends AnalystCommand {
  @Mixin private SourceOptions source = new SourceOptions();
  @Mixin private FilterOptions.Scope scope = new FilterOptions.Scope();

  @Option(
      names = "--by",
      defaultValue = "none",
      description = "${COMPLETION-CANDIDATES}; all calls as one unless told.")
  private Grouping by = Grouping.NONE;

  @Option(names = "--json", description = "One JSON object a line, with all figures.")
  private boolean json;

  @Override
  int run() throws IOException, SQLException {
    List<CallFigures> figures;
    try (SourceOptions.Opened opened = source.open()) {
      figures = new FigureReader(opened).figures(scope, by);
    }
    if (figures.isEmpty()) {
      throw new NotFoundException("no calls were placed then");
    }
    if (json) {
      for (CallFigures group : figures) {
        out().println(json(group));
      }
    } else if (by == Grouping.NONE) {
      one(figures.getFirst());
    } else {
      many(figures);
    }
    return FINE;
  }

  private void one(CallFigures f) {
    out().printf("attempts      %,d%n", f.attempts());
    out().printf("reached       %,d  %s%n", f.reached(), percent(f.reachRate()));
    out().printf("answered      %,d  %s%n", f.answered(), percent(f.answerRate()));
    out().printf("open          %,d%n", f.open());
    out().printf("near misses   %,d%n", f.nearMisses());
    out().printf("most at once  %,d open, %,d talking%n%n", f.peakOpen(), f.peakTalking());
    TextTable times =
        new TextTable("", ">calls", ">mean", ">p50", ">p90", ">p95", ">p99", ">longest");
    spread(times, "post-dial", f.postDialMs());
    spread(times, "ring", f.ringMs());
    spread(times, "talk", f.talkMs());
    times.print(out());
    out().println();
    TextTable reasons = new TextTable("ended", ">calls", ">share");
    long ended = f.attempts() - f.open();
    for (Map.Entry<EndReason, Long> reason : byNumber(f)) {
      reasons.row(
          Vocabulary.REASONS.word(reason.getKey()),
          String.format(Locale.ROOT, "%,d", reason.getValue()),
          percent(Optional.of((double) reason.getValue() / ended)));
    }
    reasons.print(out());
  }

  private void many(List<CallFigures> figures) {
    TextTable table =
        new TextTable(
            by.name().toLowerCase(Locale.ROOT),
            ">attempts",
            ">answered",
            ">rate",
            ">reached",
            ">post-dial p50",
            ">ring p50",
            ">ring p95",
            ">talk p50",
            ">talk p95",
            ">at once",
            ">near misses",
            "most ended");
    for (CallFigures f : figures) {
      table.row(
          f.group(),
          Long.toString(f.attempts()),
          Long.toString(f.answered()),
          percent(f.answerRate()),
          percent(f.reachRate()),
          time(f.postDialMs().p50()),
          time(f.ringMs().p50()),
          time(f.ringMs().p95()),
          time(f.talkMs().p50()),
          time(f.talkMs().p95()),
          Long.toString(f.peakOpen()),
          Long.toString(f.nearMisses()),
          byNumber(f).stream()
              .limit(2)
              .map(e -> Vocabulary.REASONS.word(e.getKey()) + " " + e.getValue())
              .collect(Collectors.joining(", ")));
    }
    table.print(out());
  }

  private static List<Map.Entry<EndReason, Long>> byNumber(CallFigures figures) {
    return figures.reasons().entrySet().stream()
        .sorted(Map.Entry.<EndReason, Long>comparingByValue().reversed())
        .toList();
  }

  private static void spread(TextTable table, String name, CallFigures.Spread s) {
    table.row(
        name,
        String.format(Locale.ROOT, "%,d", s.count()),
        time(s.mean()),
        time(s.p50()),
        time(s.p90()),
        time(s.p95()),
        time(s.p99()),
        time(s.max()));
  }

  private static String time(long ms) {
    return Moments.duration(Duration.ofMillis(ms));
  }

  private static String percent(Optional<Double> share) {
    return share.map(s -> String.format(Locale.ROOT, "%.1f %%", s * 100)).orElse("");
  }

  private static String json(CallFigures f) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = new JsonFactory().createGenerator(text)) {
      out.writeStartObject();
      out.writeStringField("group", f.group());
      out.writeNumberField("attempts", f.attempts());
      out.writeNumberField("reached", f.reached());
      out.writeNumberField("answered", f.answered());
      out.writeNumberField("open", f.open());
      out.writeNumberField("near_misses", f.nearMisses());
      out.writeNumberField("peak_open", f.peakOpen());
      out.writeNumberField("peak_talking", f.peakTalking());
      json(out, "post_dial_ms", f.postDialMs());
      json(out, "ring_ms", f.ringMs());
      json(out, "talk_ms", f.talkMs());
      out.writeObjectFieldStart("reasons");
      for (Map.Entry<EndReason, Long> reason : byNumber(f)) {
        out.writeNumberField(Vocabulary.REASONS.word(reason.getKey()), reason.getValue());
      }
      out.writeEndObject();
      out.writeEndObject();
    }
    return text.toString();
  }

  private static void json(JsonGenerator out, String name, CallFigures.Spread s)
      throws IOException {
    out.writeObjectFieldStart(name);
    out.writeNumberField("count", s.count());
    out.writeNumberField("mean", s.mean());
    out.writeNumberField("p50", s.p50());
    out.writeNumberField("p90", s.p90());
    out.writeNumberField("p95", s.p95());
    out.writeNumberField("p99", s.p99());
    out.writeNumberField("max", s.max());
    out.writeEndObject();
  }
}
