package io.carillon.http.analyst.export;

import io.carillon.engine.identity.UserId;
import io.carillon.persistence.readmodel.HistoryCall;
import io.carillon.persistence.readmodel.HistoryParty;
import io.carillon.persistence.words.Vocabulary;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Calls, a row each, and parties, a row for each user of each call (R67). */
public final class CallExport {
  /** A party with its call. */
  public record Part(HistoryCall call, HistoryParty party) {}

  /** The columns of calls. Durations are of calls that came to their end. */
  public static final List<Column<HistoryCall>> CALL_COLUMNS =
      List.of(
          text("realm", c -> c.key().realm().value()),
          text("call_id", c -> c.key().call().value()),
          text("call_type", c -> Vocabulary.TYPES.word(c.type())),
          text("mode", c -> Vocabulary.MODES.word(c.mode())),
          text("media_plane", c -> Vocabulary.MEDIA_PLANES.word(c.mediaPlane())),
          text("caller_id", c -> c.caller().user().value()),
          text("caller_device", c -> c.caller().device().value()),
          text("receiver_id", c -> c.receiver().map(UserId::value).orElse(null)),
          text(
              "participants",
              c ->
                  c.parties().stream().map(p -> p.user().value()).collect(Collectors.joining(";"))),
          text("state", c -> Vocabulary.STATES.word(c.state())),
          text("reason", c -> c.reason().map(Vocabulary.REASONS::word).orElse(null)),
          moment("created_at", c -> c.createdAt()),
          moment("ringing_at", c -> c.ringingAt().orElse(null)),
          moment("answered_at", c -> c.answeredAt().orElse(null)),
          moment("connected_at", c -> c.connectedAt().orElse(null)),
          moment("ended_at", c -> c.endedAt().orElse(null)),
          number(
              "ring_ms",
              c ->
                  c.endedAt()
                      .filter(_ -> c.ringingAt().isPresent())
                      .map(at -> c.ring(at).toMillis())
                      .orElse(null)),
          number(
              "talk_ms",
              c ->
                  c.endedAt()
                      .filter(_ -> c.answeredAt().isPresent())
                      .map(at -> c.talk(at).toMillis())
                      .orElse(null)),
          text("ended_by", c -> c.endedBy().map(HistoryCall.EndedBy::kind).orElse(null)),
          text(
              "ended_by_user",
              c -> c.endedBy().flatMap(by -> by.user()).map(UserId::value).orElse(null)),
          new Column<>("near_miss", Column.Type.FLAG, HistoryCall::nearMiss),
          text("successor", c -> c.successor().map(Object::toString).orElse(null)),
          number("events", HistoryCall::seq),
          new Column<>("context", Column.Type.JSON, c -> c.context().orElse(null)),
          new Column<>("metadata", Column.Type.JSON, c -> c.metadata().orElse(null)));

  /** The columns of parties. */
  public static final List<Column<Part>> PARTY_COLUMNS =
      List.of(
          text("realm", p -> p.call().key().realm().value()),
          text("call_id", p -> p.call().key().call().value()),
          text("user_id", p -> p.party().user().value()),
          text("direction", p -> p.call().isOutgoing(p.party().user()) ? "outgoing" : "incoming"),
          text("role", p -> Vocabulary.ROLES.word(p.party().role())),
          text("line", p -> Vocabulary.LINES.word(p.party().line())),
          text("state", p -> p.party().state().name().toLowerCase(Locale.ROOT)),
          text("outcome", p -> p.party().outcome().map(Vocabulary.REASONS::word).orElse(null)),
          new Column<>("missed", Column.Type.FLAG, p -> p.party().missed()),
          text("device", p -> p.party().device().map(Object::toString).orElse(null)),
          moment("called_at", p -> p.party().calledAt()),
          moment("joined_at", p -> p.party().joinedAt().orElse(null)));

  private CallExport() {}

  /** Writes calls; closing it closes the stream. */
  public static RecordExport calls(ExportFormat format, OutputStream out) throws IOException {
    return new CallRecords(Rows.of(format, CALL_COLUMNS, out));
  }

  /** Writes parties; closing it closes the stream. */
  public static RecordExport parties(ExportFormat format, OutputStream out) throws IOException {
    return new PartyRecords(Rows.of(format, PARTY_COLUMNS, out));
  }

  private record CallRecords(Rows<HistoryCall> rows) implements RecordExport {
    @Override
    public int write(HistoryCall call) throws IOException {
      rows.write(call);
      return 1;
    }

    @Override
    public void close() throws IOException {
      rows.close();
    }
  }

  private record PartyRecords(Rows<Part> rows) implements RecordExport {
    @Override
    public int write(HistoryCall call) throws IOException {
      for (HistoryParty party : call.parties()) {
        rows.write(new Part(call, party));
      }
      return call.parties().size();
    }

    @Override
    public void close() throws IOException {
      rows.close();
    }
  }

  private static <T> Column<T> text(String name, Function<T, @Nullable Object> value) {
    return new Column<>(name, Column.Type.TEXT, value);
  }

  private static <T> Column<T> number(String name, Function<T, @Nullable Object> value) {
    return new Column<>(name, Column.Type.NUMBER, value);
  }

  private static <T> Column<T> moment(String name, Function<T, @Nullable Object> value) {
    return new Column<>(name, Column.Type.MOMENT, value);
  }
}
