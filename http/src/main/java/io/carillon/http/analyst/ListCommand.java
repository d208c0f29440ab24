package io.carillon.http.analyst;

import io.carillon.persistence.readmodel.CallFilter;
import io.carillon.persistence.readmodel.HistoryCall;
import io.carillon.persistence.words.Vocabulary;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code calls list}: newest first, or in the order of a file. */
@Command(name = "list", description = "List calls, newest first (of a file: in its order).")
final class ListCommand extends AnalystCommand {
  @Mixin private SourceOptions source = new SourceOptions();
  @Mixin private FilterOptions filter = new FilterOptions();

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "20",
      description = "At most so many, ${DEFAULT-VALUE} unless told.")
  private int limit;

  @Override
  int run() throws IOException, SQLException {
    if (limit < 1 || limit > 10_000) {
      throw wrong("--limit is between 1 and 10000; 'calls export' has no limit");
    }
    TextTable table =
        new TextTable(
            "placed (UTC)",
            "call",
            "realm",
            "type",
            "who",
            "state",
            "reason",
            ">ring",
            ">talk",
            ">events");
    CallFilter wanted = filter.filter(Optional.of(limit));
    try (SourceOptions.Opened opened = source.open()) {
      new CallReader(opened).read(wanted, "reading", call -> row(table, call));
    }
    if (table.isEmpty()) {
      throw new NotFoundException("there is no such call");
    }
    table.print(out());
    return FINE;
  }

  private static void row(TextTable table, HistoryCall call) {
    Instant now = Instant.now();
    String callees =
        call.parties().stream()
            .map(p -> p.user().value())
            .filter(u -> !u.equals(call.caller().user().value()))
            .limit(3)
            .collect(Collectors.joining(", "));
    table.row(
        Moments.toSecond(call.createdAt()),
        call.key().call().value(),
        call.key().realm().value(),
        Vocabulary.TYPES.word(call.type()),
        call.caller().user() + " → " + callees + (call.parties().size() > 4 ? ", …" : ""),
        Vocabulary.STATES.word(call.state()),
        call.reason().map(Vocabulary.REASONS::word).orElse("") + (call.nearMiss() ? " (near)" : ""),
        call.ringingAt().isEmpty() ? "" : Moments.duration(call.ring(now)),
        call.answeredAt().isEmpty() ? "" : Moments.duration(call.talk(now)),
        Long.toString(call.seq()));
  }
}
