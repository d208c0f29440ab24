package io.carillon.persistence.projection;

import io.carillon.engine.call.Actor;
import io.carillon.engine.call.CallFacts;
import io.carillon.engine.call.CallKey;
import io.carillon.engine.call.StoredEvent;
import io.carillon.engine.identity.UserId;
import io.carillon.persistence.words.CallStateWord;
import io.carillon.persistence.words.Vocabulary;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The changes of many events as few rows: one for each call and each party, whatever happened to
 * it, because one statement may touch a row once only. Events of one call are added in their order.
 */
public final class RowBatch {
  /** What becomes of one call's row. Null: stays as it is. */
  static final class CallUpdate {
    final CallKey key;
    long seq;
    @Nullable CallStateWord state;
    @Nullable String mode;
    @Nullable Instant ringingAt;
    @Nullable Instant answeredAt;
    @Nullable Instant connectedAt;
    @Nullable Instant endedAt;
    @Nullable String reason;
    @Nullable Actor endedBy;
    @Nullable String note;
    @Nullable String successor;
    boolean nearMiss;

    CallUpdate(CallKey key) {
      this.key = key;
    }

    void reach(CallStateWord next) {
      if (state == null || state.compareTo(next) < 0) {
        state = next;
      }
    }
  }

  /** What becomes of one party's row. Null: stays as it is. */
  static final class PartyUpdate {
    final PartyKey key;
    @Nullable Instant joinedAt;
    @Nullable String device;
    @Nullable String outcome;
    @Nullable Instant leftAt;
    @Nullable String role;

    PartyUpdate(PartyKey key) {
      this.key = key;
    }
  }

  record PartyKey(CallKey call, UserId user) {}

  record Opened(CallFacts facts, long seq) {}

  final List<Opened> opened = new ArrayList<>();
  final Map<CallKey, CallUpdate> calls = new LinkedHashMap<>();
  final Map<PartyKey, RowChange.PartyCalled> opening = new LinkedHashMap<>();
  final Map<PartyKey, RowChange.PartyCalled> called = new LinkedHashMap<>();
  final Map<PartyKey, PartyUpdate> parties = new LinkedHashMap<>();
  final List<CallKey> closed = new ArrayList<>();
  final Map<CallKey, Optional<Instant>> deadlines = new LinkedHashMap<>();

  /** Adds what an event changes. */
  public void add(StoredEvent event) {
    RowChanges.of(event).forEach(this::add);
  }

  private void add(RowChange change) {
    switch (change) {
      case RowChange.CallOpened c -> opened.add(new Opened(c.facts(), c.seq()));
      case RowChange.CallGrew c -> {
        // The first event's number is in the row it opens.
        if (c.seq() > 1) {
          call(c.key()).seq = c.seq();
        }
      }
      case RowChange.CallRang c -> rang(call(c.key()), c.at());
      case RowChange.CallAnswered c -> answered(call(c.key()), c.at());
      case RowChange.CallConnected c -> {
        CallUpdate call = call(c.key());
        call.connectedAt = call.connectedAt == null ? c.at() : call.connectedAt;
      }
      case RowChange.CallSwitched c -> call(c.key()).mode = Vocabulary.MODES.word(c.mode());
      case RowChange.CallEnded c -> {
        ended(call(c.key()), c);
        closed.add(c.key());
      }
      case RowChange.CallMissedNearly c -> {
        call(c.key()).nearMiss = true;
        closed.add(c.key());
      }
      case RowChange.PartyCalled c -> {
        PartyKey key = new PartyKey(c.key(), c.user());
        // Who is called again in the same batch has a row by then, as in life.
        if (!opened.isEmpty()
            && opened.getLast().facts().key().equals(c.key())
            && !opening.containsKey(key)) {
          opening.put(key, c);
          return;
        }
        called.put(key, c);
        PartyUpdate party = parties.get(key);
        if (party != null) {
          party.outcome = null;
          party.leftAt = null;
        }
      }
      case RowChange.PartyJoined c -> {
        PartyUpdate party = party(c.key(), c.user());
        party.joinedAt = party.joinedAt == null ? c.at() : party.joinedAt;
        party.device = c.device().value();
        party.outcome = null;
        party.leftAt = null;
      }
      case RowChange.PartyLeft c -> {
        PartyUpdate party = party(c.key(), c.user());
        party.outcome = Vocabulary.REASONS.word(c.reason());
        party.leftAt = c.at();
      }
      case RowChange.PartyRole c -> party(c.key(), c.user()).role = Vocabulary.ROLES.word(c.role());
      case RowChange.Deadline c -> deadlines.put(c.key(), c.dueAt());
    }
  }

  private static void rang(CallUpdate call, Instant at) {
    call.reach(CallStateWord.RINGING);
    if (call.ringingAt == null && call.answeredAt == null) {
      call.ringingAt = at;
    }
  }

  private static void answered(CallUpdate call, Instant at) {
    call.reach(CallStateWord.ACCEPTED);
    if (call.answeredAt == null) {
      call.answeredAt = at;
    }
  }

  private static void ended(CallUpdate call, RowChange.CallEnded change) {
    call.reach(CallStateWord.of(change.reason()));
    call.endedAt = change.at();
    call.reason = Vocabulary.REASONS.word(change.reason());
    call.endedBy = change.by();
    call.note = change.note().orElse(null);
    call.successor = change.successor().map(Object::toString).orElse(null);
  }

  private CallUpdate call(CallKey key) {
    return calls.computeIfAbsent(key, CallUpdate::new);
  }

  private PartyUpdate party(CallKey key, UserId user) {
    return parties.computeIfAbsent(new PartyKey(key, user), PartyUpdate::new);
  }
}
