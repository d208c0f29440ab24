package io.carillon.http.faults.check;

import io.carillon.http.faults.record.Item;
import io.carillon.http.faults.record.Item.Fault;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * When something was broken, in milliseconds of the epoch. A fault lasts from the mark {@code
 * start} of its episode to the mark {@code stop}, or to the end of the record.
 */
final class Troubles {
  /** Marks that say that a node is not what it should be, whatever the episode. */
  private static final String BY_ITSELF = "ended by itself, started again";

  /** A ring may end this much later than its deadline, or than the fault that covers it. */
  private static final long FAIL_OVER = 6_000;

  private static final long WRONG_CLOCK = 1_000;

  private static final long COLD_START = 15_000;

  /** For so long after a fault its effects count as part of it. */
  private static final long AFTERMATH = 20_000;

  private record Trouble(String episode, long from, long to) {}

  private final List<Trouble> all = new ArrayList<>();

  private Troubles() {}

  static Troubles of(Evidence evidence) {
    Troubles troubles = new Troubles();
    Map<String, Long> open = new HashMap<>();
    for (Item item : evidence.items()) {
      if (item instanceof Fault fault) {
        long at = evidence.millis(fault.at());
        switch (fault.what()) {
          case "start" -> open.put(fault.episode(), at);
          case "stop" -> {
            Long from = open.remove(fault.episode());
            if (from != null) {
              troubles.all.add(new Trouble(fault.episode(), from, at));
            }
          }
          case BY_ITSELF -> troubles.all.add(new Trouble("", at - FAIL_OVER, at));
          default -> {} // a note for the reader
        }
      }
    }
    open.forEach(
        (episode, from) -> troubles.all.add(new Trouble(episode, from, Long.MAX_VALUE / 2)));
    return troubles;
  }

  /** How many milliseconds later than at a deadline something due at it may happen. */
  long allowance(long deadline) {
    long most = 0;
    for (Trouble trouble : all) {
      if (deadline >= trouble.from - 1000 && deadline <= trouble.to + AFTERMATH) {
        long after =
            switch (trouble.episode) {
              case "F17" -> WRONG_CLOCK;
              case "F22" -> COLD_START;
              default -> FAIL_OVER;
            };
        // A wrong clock is no outage: nothing has to wait for its end.
        long wait = trouble.episode.equals("F17") ? 0 : Math.max(0, trouble.to - deadline);
        most = Math.max(most, wait + after);
      }
    }
    return most;
  }

  /** Whether anything was broken between two moments, or shortly before. */
  boolean touch(long from, long to) {
    return all.stream().anyMatch(t -> from <= t.to + AFTERMATH && to >= t.from);
  }
}
