package io.carillon.http.analyst;

import io.carillon.engine.call.CallId;
import io.carillon.engine.call.CallKey;
import io.carillon.engine.identity.RealmId;
import io.carillon.persistence.connection.Connections;
import io.carillon.persistence.readmodel.CallFilter;
import io.carillon.persistence.readmodel.CallRows;
import io.carillon.persistence.readmodel.HistoryCall;
import io.carillon.persistence.replay.CallJournal;
import io.carillon.persistence.replay.FoldedCall;
import io.carillon.persistence.replay.JournalEntry;
import io.carillon.persistence.replay.RingStory;
import io.carillon.persistence.replay.Selection;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Calls for commands that do not care whether they come from rows or from a file. */
final class CallReader {
  private static final class EnoughException extends IOException {
    private static final long serialVersionUID = 1L;
  }

  /** A device that comes back so soon after the call is still told how it ended. */
  private static final Duration AFTER_CALL = Duration.ofMinutes(5);

  private final SourceOptions.Opened source;

  CallReader(SourceOptions.Opened source) {
    this.source = source;
  }

  /** Streams the calls that pass: from rows newest first, from a file in its order. */
  void read(CallFilter filter, String what, CallRows.RowReader reader)
      throws IOException, SQLException {
    if (source.database().isPresent()) {
      try (Connection connection = source.database().get().source().getConnection();
          Progress meter = new Progress(what)) {
        connection.setAutoCommit(false);
        connection.setReadOnly(true);
        CallRows.read(
            connection,
            filter,
            call -> {
              reader.take(call);
              meter.advance(1);
            });
      }
    } else {
      fold(filter, what, reader);
    }
  }

  private void fold(CallFilter filter, String what, CallRows.RowReader reader)
      throws IOException, SQLException {
    Instant now = Instant.now();
    int[] taken = {0};
    try (Progress meter = new Progress(what)) {
      source
          .journal()
          .read(
              Selection.ALL,
              meter,
              journal -> {
                Optional<HistoryCall> call =
                    FoldedCall.of(journal).filter(c -> filter.passes(c, now));
                if (call.isPresent()) {
                  reader.take(call.get());
                  taken[0]++;
                }
                if (filter.limit().isPresent() && taken[0] >= filter.limit().get()) {
                  throw new EnoughException();
                }
              });
    } catch (EnoughException _) {
      // As many as were wanted: the rest of the file is not read.
    }
  }

  /** What is known beside a call's events: where they were stored, and who was connected. */
  RingStory.Surroundings surroundings(CallJournal journal) throws SQLException {
    Map<Long, String> nodes = new HashMap<>();
    for (JournalEntry entry : journal.entries()) {
      entry.node().ifPresent(node -> nodes.put(entry.number(), node));
    }
    Optional<CallKey> key = journal.key();
    if (source.database().isEmpty() || key.isEmpty() || journal.steps().isEmpty()) {
      return new RingStory.Surroundings(nodes, List.of());
    }
    Instant from = journal.placedAt().orElseThrow();
    Instant to = journal.events().getLast().event().header().at().plus(AFTER_CALL);
    try (Connection connection = source.database().get().source().getConnection()) {
      return new RingStory.Surroundings(
          nodes,
          Connections.around(
              connection, key.get().realm(), RingStory.called(journal.steps()), from, to));
    }
  }

  /** The journal of one call, which has to be named with its realm if several realms have it. */
  CallJournal find(Optional<RealmId> realm, String id) throws IOException, SQLException {
    List<CallJournal> found = new ArrayList<>();
    Selection selection =
        new Selection(realm, Optional.of(new CallId(id)), Optional.empty(), Optional.empty());
    try (Progress meter = new Progress("looking")) {
      source.journal().read(selection, meter, found::add);
    }
    if (found.isEmpty()) {
      throw new AnalystCommand.NotFoundException("there is no call " + id);
    }
    if (found.size() > 1) {
      throw new AnalystCommand.NotFoundException(
          "several realms have a call "
              + id
              + ": say --realm, one of "
              + found.stream().flatMap(j -> j.key().stream()).map(CallKey::realm).toList());
    }
    return found.getFirst();
  }
}
