package io.carillon.http.analyst.export;

import io.carillon.engine.call.Call;
import io.carillon.persistence.replay.CallJournal;
import io.carillon.persistence.replay.EventWords;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Events, a row each, for tools that want columns; the whole event is one of them, as JSON. */
public final class EventExport implements Closeable {
  /** One event with the bytes it is stored as. */
  // Rows are written and never compared.
  @SuppressWarnings("ArrayRecordComponent")
  public record Row(Call.Step step, byte[] payload) {}

  /** The columns of events. */
  public static final List<Column<Row>> COLUMNS =
      List.of(
          new Column<>("realm", Column.Type.TEXT, r -> r.step().stored().key().realm().value()),
          new Column<>("call_id", Column.Type.TEXT, r -> r.step().stored().key().call().value()),
          new Column<>("seq", Column.Type.NUMBER, r -> r.step().stored().seq()),
          new Column<>("at", Column.Type.MOMENT, r -> r.step().stored().event().header().at()),
          new Column<>("event", Column.Type.TEXT, r -> EventWords.name(r.step().stored().event())),
          new Column<>(
              "actor",
              Column.Type.TEXT,
              r -> EventWords.actor(r.step().stored().event().header().actor())),
          new Column<>(
              "detail", Column.Type.TEXT, r -> EventWords.detail(r.step().stored().event())),
          new Column<>("told", Column.Type.NUMBER, r -> (long) r.step().notices().size()),
          new Column<>(
              "stored", Column.Type.JSON, r -> new String(r.payload(), StandardCharsets.UTF_8)));

  private final OutputStream out;
  private @Nullable Rows<Row> rows;

  /** Writes to a stream, which stays open. */
  public EventExport(OutputStream out) {
    this.out = out;
  }

  /** Writes a call's events as CSV, as far as they can be read. */
  public void csv(CallJournal journal) throws IOException {
    Rows<Row> open = rows;
    if (open == null) {
      open = Rows.of(ExportFormat.CSV, COLUMNS, out);
      rows = open;
    }
    List<Call.Step> steps = journal.steps();
    for (int i = 0; i < steps.size(); i++) {
      open.write(new Row(steps.get(i), journal.entries().get(i).payload()));
    }
  }

  @Override
  public void close() throws IOException {
    Rows<Row> open = rows;
    if (open != null) {
      open.close();
    }
  }
}
