package io.carillon.persistence.replay;

import io.carillon.engine.call.Call;
import io.carillon.engine.call.CallKey;
import io.carillon.engine.call.CallState;
import io.carillon.engine.call.StoredEvent;
import io.carillon.persistence.journal.EventCodec;
import io.carillon.persistence.journal.PersistenceIds;
import io.carillon.persistence.journal.UnreadableEventException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The whole journal of one call. It is decoded and folded when first asked for, as far as it can
 * be: one damaged event ends the reading of its call and of no other (I26). Not for several
 * threads.
 */
public final class CallJournal {
  private static final EventCodec CODEC = new EventCodec();

  private final String persistenceId;
  private final List<JournalEntry> entries;
  private @Nullable Reading reading;

  /**
   * What can be made of the entries.
   *
   * @param steps as far as they could be read and applied
   * @param damage why not further; empty: all of them could
   */
  private record Reading(List<Call.Step> steps, Optional<String> damage) {}

  /** A journal of at least one entry, in the order of their numbers. */
  public CallJournal(String persistenceId, List<JournalEntry> entries) {
    this.persistenceId = persistenceId;
    this.entries = List.copyOf(entries);
  }

  /** The journal's key. */
  public String persistenceId() {
    return persistenceId;
  }

  /** Whose journal it is; empty where the key is not a call's. */
  public Optional<CallKey> key() {
    return PersistenceIds.parse(persistenceId);
  }

  /** The stored entries, untouched. */
  public List<JournalEntry> entries() {
    return entries;
  }

  /** The events, as far as they can be read and applied. */
  public List<StoredEvent> events() {
    return steps().stream().map(Call.Step::stored).toList();
  }

  /** The events with the call before and after each, as far as they can be read and applied. */
  public List<Call.Step> steps() {
    return reading().steps();
  }

  /** Why the steps end early; empty: they do not. */
  public Optional<String> damage() {
    return reading().damage();
  }

  /** When the call was placed; empty where not even its first event can be read. */
  public Optional<Instant> placedAt() {
    return steps().isEmpty()
        ? Optional.empty()
        : Optional.of(steps().getFirst().after().facts().createdAt());
  }

  private Reading reading() {
    Reading known = reading;
    if (known == null) {
      known = read(entries);
      reading = known;
    }
    return known;
  }

  private static Reading read(List<JournalEntry> entries) {
    List<Call.Step> steps = new ArrayList<>(entries.size());
    CallState before = Call.UNKNOWN;
    for (JournalEntry entry : entries) {
      try {
        StoredEvent stored = CODEC.decode(entry.manifest(), entry.payload());
        CallState.Known after = (CallState.Known) Call.evolve(before, stored.event());
        steps.add(new Call.Step(stored, before, after));
        before = after;
      } catch (UnreadableEventException | IllegalStateException e) {
        return new Reading(
            List.copyOf(steps), Optional.of("event " + entry.number() + ": " + e.getMessage()));
      }
    }
    return new Reading(List.copyOf(steps), Optional.empty());
  }
}
