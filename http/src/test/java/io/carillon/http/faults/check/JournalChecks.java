package io.carillon.http.faults.check;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The journal by itself: I4 (one accept), I5 (the language of a life), I6 (no gap), I23 (time). */
final class JournalChecks {
  private JournalChecks() {}

  static List<Violation> check(Evidence evidence) {
    List<Violation> found = new ArrayList<>();
    evidence
        .byCall()
        .values()
        .forEach(
            rows -> {
              sequence(rows, found);
              words(rows, found);
              times(rows, found);
            });
    return found;
  }

  private static void sequence(List<JournalRow> rows, List<Violation> found) {
    Set<String> replaced = new HashSet<>();
    String writer = "";
    long expected = 1;
    for (JournalRow row : rows) {
      if (row.seq() != expected) {
        found.add(new Violation("I6", row + " where " + expected + " was due"));
      }
      expected = row.seq() + 1;
      if (!row.writer().equals(writer)) {
        replaced.add(writer);
        writer = row.writer();
        if (replaced.contains(writer)) {
          found.add(new Violation("I6", row + " by a writer that had been replaced"));
        }
      }
    }
  }

  private enum Phase {
    NOTHING,
    BEFORE_ACCEPT,
    ACCEPTED,
    OVER
  }

  private static void words(List<JournalRow> rows, List<Violation> found) {
    Phase phase = Phase.NOTHING;
    int accepts = 0;
    int late = 0;
    for (JournalRow row : rows) {
      boolean allowed =
          switch (phase) {
            case NOTHING -> row.type().equals("initiated");
            case BEFORE_ACCEPT ->
                Set.of(
                        "ring_started",
                        "ring_withheld",
                        "ring_ignored",
                        "accepted",
                        "connection_lost",
                        "connection_regained",
                        "ended")
                    .contains(row.type());
            case ACCEPTED ->
                Set.of(
                        "accepted",
                        "connected",
                        "status_changed",
                        "connection_lost",
                        "connection_regained",
                        "handed_off",
                        "extended",
                        "expiring",
                        "ended")
                    .contains(row.type());
            case OVER -> row.type().equals("late_accepted") && late++ == 0;
          };
      if (!allowed) {
        found.add(new Violation("I5", row + " where a call is " + phase));
      }
      phase =
          switch (row.type()) {
            case "initiated" -> Phase.BEFORE_ACCEPT;
            case "accepted" -> phase == Phase.OVER ? phase : Phase.ACCEPTED;
            case "ended" -> Phase.OVER;
            default -> phase;
          };
      if (row.type().equals("accepted") && ++accepts > 1) {
        found.add(new Violation("I4", row + ": a second device accepts"));
      }
    }
  }

  private static void times(List<JournalRow> rows, List<Violation> found) {
    long last = 0;
    for (JournalRow row : rows) {
      if (row.atMillis() < last) {
        found.add(new Violation("I23", row + " is before what happened before it"));
      }
      last = row.atMillis();
    }
  }
}
