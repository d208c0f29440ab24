package io.carillon.persistence.journal;

import io.carillon.engine.call.StoredEvent;
import java.util.List;

/** Writes of events, as the journal's actor would submit them. */
final class Writes {
  private static final EventCodec CODEC = new EventCodec();

  private Writes() {}

  /** One write of these events, which are of one or of several calls. */
  static PendingWrite of(List<StoredEvent> events) {
    List<JournalRow> rows =
        events.stream()
            .map(
                event ->
                    new JournalRow(
                        PersistenceIds.of(event.key()),
                        event.seq(),
                        "writer",
                        "",
                        StoredEventSerializer.IDENTIFIER,
                        EventCodec.manifest(event.event()),
                        CODEC.encode(event)))
            .toList();
    return new PendingWrite(rows, events);
  }
}
