package io.carillon.engine.session;

import io.carillon.engine.call.StoredEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What one reading of the journal showed, in the order of time, so that a cursor from the middle of
 * a catch-up can say in a few bytes what was told: everything of this reading up to a moment.
 *
 * <p>The moment alone would not do. An event bears the time of its decision and is seen once it is
 * written: whoever reads a second later may find one more before the same moment, and nobody was
 * told of that. So the cursor carries a print of the events too, and a reading with another print
 * is told from the start again. That costs a repetition at worst, never an event.
 */
public final class Coverage {
  private record Mark(Instant at, long print) {}

  private final List<Mark> marks;
  private int passed;
  private long print;

  private Coverage(List<Mark> marks) {
    this.marks = marks;
  }

  /** Of what these journals show at or after a moment. */
  public static Coverage of(List<List<StoredEvent>> journals, Instant from) {
    List<Mark> marks = new ArrayList<>();
    for (List<StoredEvent> journal : journals) {
      for (StoredEvent stored : journal) {
        Instant at = stored.event().header().at();
        if (!at.isBefore(from)) {
          long call = Cursor.fingerprint(stored.key().call());
          marks.add(new Mark(at, mix(call + stored.seq())));
        }
      }
    }
    marks.sort(Comparator.comparing(Mark::at));
    return new Coverage(marks);
  }

  /**
   * Everything before a moment.
   *
   * @param until not before what was asked for last; in milliseconds, as cursors have it
   */
  public Cursor.Covered upTo(Instant until) {
    while (passed < marks.size() && marks.get(passed).at().isBefore(until)) {
      print += marks.get(passed++).print();
    }
    return new Cursor.Covered(until, print);
  }

  /**
   * Before which moment a device that stands at this cursor needs nothing of these journals, since
   * it was told all they show.
   */
  public static Instant horizon(Cursor cursor, List<List<StoredEvent>> journals) {
    Instant from = cursor.horizon();
    Optional<Instant> told =
        cursor
            .covered()
            .filter(covered -> of(journals, from).upTo(covered.until()).equals(covered))
            .map(Cursor.Covered::until);
    return told.filter(from::isBefore).orElse(from);
  }

  /** Spreads the bits, so that sums of different events differ (the finalizer of SplitMix64). */
  private static long mix(long bits) {
    long z = bits;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
