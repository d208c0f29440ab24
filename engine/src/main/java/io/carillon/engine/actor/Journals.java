package io.carillon.engine.actor;

import io.carillon.engine.call.CallKey;
import io.carillon.engine.call.CallRecords;
import io.carillon.engine.call.StoredEvent;
import io.carillon.engine.identity.UserKey;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** Reads the journals a user's devices may have missed something in. */
final class Journals {
  private final UserKey user;
  private final CallRecords records;
  private final int most;

  /** Reads at most one call more than {@code most}, which then shows that there are too many. */
  Journals(UserKey user, CallRecords records, int most) {
    this.user = user;
    this.records = records;
    this.most = most;
  }

  /** The calls changed since then and the calls not over, each once. */
  CompletionStage<List<List<StoredEvent>>> since(Instant then) {
    return records
        .changedSince(user, then, most + 1)
        .thenCombine(
            records.open(user),
            (changed, open) -> {
              Map<CallKey, List<StoredEvent>> byCall = new LinkedHashMap<>();
              changed.forEach(journal -> byCall.merge(keyOf(journal), journal, Journals::longer));
              open.forEach(journal -> byCall.merge(keyOf(journal), journal, Journals::longer));
              return List.copyOf(byCall.values());
            });
  }

  private static CallKey keyOf(List<StoredEvent> journal) {
    return journal.getFirst().key();
  }

  /** Of two readings of one call the later one. */
  private static List<StoredEvent> longer(List<StoredEvent> a, List<StoredEvent> b) {
    return a.size() >= b.size() ? a : b;
  }
}
