package io.carillon.engine.session;

import io.carillon.engine.call.CallId;
import io.carillon.engine.call.CallSnapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How far one device has been told, call by call; the moving form of a {@link Cursor}. Remembers
 * every call that is not over and the newest that are, so that nothing is told twice that could
 * have been known. One owner, no locks.
 */
public final class Progress {
  /** How many calls that are over a device's progress remembers. */
  static final int MAX_OVER = 24;

  private final Map<Long, Entry> entries = new LinkedHashMap<>(8);
  private int over;

  private record Entry(long seq, boolean isOver) {}

  /** A device that was told nothing. */
  public Progress() {}

  /**
   * Goes on from a cursor. Which of its calls are over shows only once they are read, so none of
   * them is forgotten before {@link #settle} says.
   */
  public static Progress from(Cursor cursor) {
    Progress progress = new Progress();
    for (Cursor.Seen seen : cursor.seen()) {
      progress.put(seen.call(), seen.seq(), false);
    }
    return progress;
  }

  /** Whether the device was told this event, or it was passed over as not meant for it. */
  public boolean has(CallId call, long seq) {
    return lastOf(call) >= seq;
  }

  /** Number of the last event the device was told, or that was passed over; 0: none. */
  public long lastOf(CallId call) {
    Entry entry = entries.get(Cursor.fingerprint(call));
    return entry == null ? 0 : entry.seq();
  }

  /** Records that the device has been told of the call up to the snapshot's event. */
  public void advance(CallSnapshot call) {
    CallId id = call.facts().key().call();
    if (!has(id, call.seq())) {
      put(Cursor.fingerprint(id), call.seq(), call.isEnded());
    }
  }

  /** All calls but these are over, as the journal shows: only the newest of them are kept. */
  public void settle(Collection<CallSnapshot> open) {
    Set<Long> live = new HashSet<>();
    open.forEach(call -> live.add(Cursor.fingerprint(call.facts().key().call())));
    entries.replaceAll((call, entry) -> new Entry(entry.seq(), !live.contains(call)));
    over = (int) entries.values().stream().filter(Entry::isOver).count();
    while (over > MAX_OVER) {
      dropOldestOver();
    }
  }

  /** The cursor that says so at {@code now}. */
  public Cursor cursor(Instant now) {
    List<Cursor.Seen> seen = new ArrayList<>(Math.min(entries.size(), Cursor.MAX_SEEN));
    write((call, seq) -> seen.add(new Cursor.Seen(call, seq)));
    return new Cursor(now, seen);
  }

  /** The same as clients carry it. Every event told takes one, so nothing is built in between. */
  public String encode(Instant now) {
    return encode(now, Optional.empty());
  }

  /** The same in the middle of a catch-up that has come so far. */
  public String encode(Instant since, Optional<Cursor.Covered> covered) {
    int calls = Math.min(entries.size(), Cursor.MAX_SEEN);
    Cursor.Encoder encoder = new Cursor.Encoder(since, covered, calls);
    write(encoder);
    return encoder.text();
  }

  private void write(Cursor.Entries into) {
    int skip = Math.max(0, entries.size() - Cursor.MAX_SEEN);
    for (Map.Entry<Long, Entry> entry : entries.entrySet()) {
      if (skip > 0) {
        skip--;
      } else {
        into.add(entry.getKey(), entry.getValue().seq());
      }
    }
  }

  private void put(long call, long seq, boolean isOver) {
    Entry old = entries.remove(call);
    if (old != null && old.isOver()) {
      over--;
    }
    entries.put(call, new Entry(seq, isOver));
    if (isOver) {
      over++;
    }
    if (over > MAX_OVER) {
      dropOldestOver();
    }
  }

  private void dropOldestOver() {
    Iterator<Entry> oldest = entries.values().iterator();
    while (oldest.hasNext()) {
      if (oldest.next().isOver()) {
        oldest.remove();
        over--;
        return;
      }
    }
  }
}
