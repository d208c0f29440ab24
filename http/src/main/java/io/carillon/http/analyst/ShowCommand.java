package io.carillon.http.analyst;

import io.carillon.engine.call.Call;
import io.carillon.engine.identity.RealmId;
import io.carillon.persistence.readmodel.HistoryCall;
import io.carillon.persistence.readmodel.HistoryParty;
import io.carillon.persistence.replay.CallJournal;
import io.carillon.persistence.replay.EventWords;
import io.carillon.persistence.replay.FoldedCall;
import io.carillon.persistence.replay.RingStory;
import io.carillon.persistence.words.Vocabulary;
import java.io.IOException;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code calls show}: one call, now or as it was, with its events and why which phone rang. */
@Command(
    name = "show",
    description = "Show one call with its events, and why whose phone rang or did not.")
final class ShowCommand extends AnalystCommand {
  @Mixin private SourceOptions source = new SourceOptions();

  @Parameters(paramLabel = "CALL", description = "The call's id.")
  private String id = "";

  @Option(names = "--realm", paramLabel = "REALM", description = "Whose call.")
  @Nullable
  private String realm;

  @Option(
      names = "--at-seq",
      paramLabel = "N",
      description = "As it was right after its event number N.")
  @Nullable
  private Long atSeq;

  @Option(
      names = "--at",
      paramLabel = "TIME",
      converter = Moments.Converter.class,
      description = "As it was at that moment.")
  @Nullable
  private Instant at;

  @Override
  int run() throws IOException, SQLException {
    try (SourceOptions.Opened opened = source.open()) {
      CallReader reader = new CallReader(opened);
      CallJournal journal = reader.find(Optional.ofNullable(realm).map(RealmId::new), id);
      List<Call.Step> steps = journal.steps().stream().filter(this::isWanted).toList();
      if (steps.isEmpty()) {
        throw new NotFoundException(journal.damage().orElse("the call had not been placed then"));
      }
      show(FoldedCall.of(steps));
      events(steps);
      stories(RingStory.of(steps, reader.surroundings(journal)));
      if (journal.damage().isPresent()) {
        complain("its journal is damaged: " + journal.damage().get());
        return FOUND;
      }
      return FINE;
    }
  }

  private boolean isWanted(Call.Step step) {
    Instant until = at;
    Long last = atSeq;
    return (last == null || step.stored().seq() <= last)
        && (until == null || !step.stored().event().header().at().isAfter(until));
  }

  private void show(HistoryCall call) {
    PrintWriter out = out();
    out.printf(
        "%s  %s %s  %s%n",
        call.key().call(),
        Vocabulary.MODES.word(call.mode()),
        Vocabulary.TYPES.word(call.type()),
        call.reason()
            .map(r -> Vocabulary.STATES.word(call.state()) + ": " + Vocabulary.REASONS.word(r))
            .orElse(Vocabulary.STATES.word(call.state())));
    out.printf("realm      %s%n", call.key().realm());
    out.printf(
        "placed     %s by %s%n", Moments.full(call.createdAt()), EventWords.shown(call.caller()));
    moment("rang", call.createdAt(), call.ringingAt());
    moment("answered", call.createdAt(), call.answeredAt());
    moment("connected", call.createdAt(), call.connectedAt());
    moment("ended", call.createdAt(), call.endedAt());
    call.endedBy()
        .ifPresent(
            by ->
                out.printf(
                    "ended by   %s%s%s%n",
                    by.kind(),
                    by.user().map(u -> " " + u).orElse(""),
                    by.device().map(d -> "/" + d).orElse("")));
    call.note().ifPresent(note -> out.printf("note       %s%n", note));
    if (call.answeredAt().isPresent() && call.endedAt().isPresent()) {
      out.printf("talked     %s%n", Moments.duration(call.talk(call.endedAt().get())));
    }
    if (call.nearMiss()) {
      out.println("near miss  somebody accepted after the end");
    }
    call.context().ifPresent(json -> out.printf("context    %s%n", json));
    out.println();
    TextTable parties =
        new TextTable("party", "role", "line", "state", "outcome", "device", "joined");
    for (HistoryParty party : call.parties()) {
      parties.row(
          party.user().value(),
          Vocabulary.ROLES.word(party.role()),
          Vocabulary.LINES.word(party.line()),
          party.state().name().toLowerCase(Locale.ROOT),
          party.outcome().map(Vocabulary.REASONS::word).orElse(""),
          party.device().map(Object::toString).orElse(""),
          party.joinedAt().map(Moments::clock).orElse(""));
    }
    parties.print(out);
    out.println();
  }

  private void moment(String name, Instant placed, Optional<Instant> moment) {
    moment.ifPresent(
        at ->
            out()
                .printf(
                    "%-10s %s (+%s)%n",
                    name, Moments.full(at), Moments.duration(Duration.between(placed, at))));
  }

  private void events(List<Call.Step> steps) {
    TextTable table = new TextTable(">#", "time (UTC)", "event", "by", "what", "told");
    for (Call.Step step : steps) {
      var event = step.stored().event();
      table.row(
          Long.toString(step.stored().seq()),
          Moments.clock(event.header().at()),
          EventWords.name(event),
          EventWords.actor(event.header().actor()),
          EventWords.detail(event),
          Long.toString(step.notices().size()));
    }
    table.print(out());
  }

  private void stories(List<RingStory> stories) {
    for (RingStory story : stories) {
      out().printf("%n%s %s%n", story.user(), story.verdict());
      for (RingStory.DeviceStory device : story.devices()) {
        out().printf("  %s%n", device.device().map(Object::toString).orElse("any other device"));
        for (RingStory.Moment moment : device.moments()) {
          out()
              .printf(
                  "    %s  %-4s %-12s  %s%s%s%n",
                  Moments.clock(moment.at()),
                  moment.seq() > 0 ? "#" + moment.seq() : "",
                  moment.kind().name().toLowerCase(Locale.ROOT),
                  moment.what(),
                  moment.by().isEmpty() ? "" : ", by " + moment.by(),
                  moment.node().map(node -> ", on " + node).orElse(""));
        }
      }
    }
  }
}
