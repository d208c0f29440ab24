package io.carillon.http.faults.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * I8 (a ring ends on time and never early), I9 (nobody accepts after the deadline) and I24 (nothing
 * is left over).
 */
final class RingChecks {
  /** How late a ring may end without a fault, in milliseconds. */
  static final long ON_TIME = 250;

  private RingChecks() {}

  static List<Violation> check(Evidence evidence) {
    List<Violation> found = new ArrayList<>();
    Troubles troubles = Troubles.of(evidence);
    evidence.byCall().values().forEach(rows -> ring(rows, troubles, found));
    for (CallRow call : evidence.calls()) {
      if (!call.isOver()) {
        found.add(
            new Violation("I24", call.call() + " is " + call.state() + " and nobody is left"));
      }
    }
    if (evidence.deadlines() > 0) {
      found.add(new Violation("I24", evidence.deadlines() + " deadlines are left"));
    }
    return found;
  }

  private static void ring(List<JournalRow> rows, Troubles troubles, List<Violation> found) {
    JsonNode limits = rows.getFirst().payload().path("facts").path("limits");
    long grace = limits.path("ring_grace_ms").asLong();
    long setup =
        Math.min(limits.path("setup_timeout_ms").asLong(), limits.path("ring_cap_ms").asLong());
    long deadline = rows.getFirst().atMillis() + setup + grace;
    boolean rings = false;
    for (JournalRow row : rows) {
      switch (row.type()) {
        case "ring_started" -> {
          if (!rings) {
            deadline = row.payload().path("deadline").asLong() + grace;
            rings = true;
          }
        }
        case "accepted" -> {
          if (row.atMillis() >= deadline) {
            found.add(
                new Violation(
                    "I9", row + " " + (row.atMillis() - deadline) + " ms after the deadline"));
          }
          return;
        }
        case "ended" -> {
          ended(row, deadline, troubles, found);
          return;
        }
        default -> {} // neither begins nor ends a ring
      }
    }
  }

  private static void ended(
      JournalRow row, long deadline, Troubles troubles, List<Violation> found) {
    String reason = row.payload().path("reason").asText();
    boolean timeout = reason.equals("no_answer") || reason.equals("unreachable");
    if (timeout && row.atMillis() < deadline) {
      found.add(new Violation("I8", row + " " + (deadline - row.atMillis()) + " ms too early"));
    }
    long late = row.atMillis() - deadline;
    long allowed = ON_TIME + troubles.allowance(deadline);
    if (late > allowed) {
      found.add(new Violation("I8", row + " " + late + " ms late, " + allowed + " are allowed"));
    }
  }
}
