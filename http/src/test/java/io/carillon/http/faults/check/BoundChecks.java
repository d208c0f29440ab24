package io.carillon.http.faults.check;

import io.carillon.http.faults.record.Item;
import io.carillon.http.faults.record.Item.Deaf;
import io.carillon.http.faults.record.Item.Heap;
import io.carillon.http.faults.record.Item.Shut;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * I17: nobody is waited for without a bound. A socket that nobody reads is closed, and what clients
 * did to a node is gone from its memory when they are gone.
 */
final class BoundChecks {
  /** The silence after which it is dead, the next look at it, and the suite's; microseconds. */
  private static final long CLOSED_WITHIN = 50_000_000;

  private static final long MEGABYTE = 1L << 20;

  /** What is learned and kept, classes and compiled paths, is less than this. */
  private static final long MORE_IN_MEMORY = 64 * MEGABYTE;

  private BoundChecks() {}

  static List<Violation> check(Evidence evidence) {
    List<Violation> found = new ArrayList<>();
    Map<Long, Deaf> deaf = new HashMap<>();
    Map<String, Heap> first = new HashMap<>();
    long end = 0;
    for (Item item : evidence.items()) {
      end = item.at();
      if (item instanceof Deaf opened) {
        deaf.put(opened.socket(), opened);
      } else if (item instanceof Shut shut) {
        Deaf closed = deaf.remove(shut.socket());
        if (closed != null) {
          closed(closed, shut.at(), found);
        }
      } else if (item instanceof Heap heap) {
        String key = heap.episode() + "|" + heap.node() + "|" + heap.process();
        Heap before = first.putIfAbsent(key, heap);
        if (before != null && heap.bytes() > before.bytes() + MORE_IN_MEMORY) {
          found.add(
              new Violation(
                  "I17",
                  "%s keeps %d MB more after %s"
                      .formatted(
                          heap.node(),
                          (heap.bytes() - before.bytes()) / MEGABYTE,
                          heap.episode())));
        }
      }
    }
    for (Deaf open : deaf.values()) {
      closed(open, end, found);
    }
    return found;
  }

  private static void closed(Deaf deaf, long at, List<Violation> found) {
    if (at - deaf.at() > CLOSED_WITHIN) {
      found.add(
          new Violation(
              "I17",
              deaf.who()
                  + " does not read, and has a socket at "
                  + deaf.node()
                  + " after "
                  + (at - deaf.at()) / 1_000_000
                  + " s"));
    }
  }
}
