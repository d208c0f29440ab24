package io.carillon.persistence.journal;

import io.carillon.engine.call.StoredEvent;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * What one call stores at once: all of it or none.
 *
 * @param rows for the journal, at least one
 * @param events those of them that are a call's, for the rows that are read
 * @param done completed once it is committed, or exceptionally
 */
record PendingWrite(List<JournalRow> rows, List<StoredEvent> events, CompletableFuture<Void> done) {

  PendingWrite(List<JournalRow> rows, List<StoredEvent> events) {
    this(rows, events, new CompletableFuture<>());
  }

  String persistenceId() {
    return rows.getFirst().persistenceId();
  }
}
