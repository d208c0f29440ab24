package io.carillon.http.faults.check;

import io.carillon.http.faults.record.Item;
import io.carillon.http.faults.record.Item.Answered;
import io.carillon.http.faults.record.Item.Asked;
import io.carillon.http.faults.record.Item.Fault;
import io.carillon.http.faults.record.Item.Outcome;
import io.carillon.http.faults.record.Item.Probed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * I18 (every request gets an honest answer in time), I12 (no read is older than what was
 * acknowledged before it), and whatever was probed.
 */
final class AnswerChecks {
  /** The promised eight seconds and what a busy machine adds, in microseconds. */
  private static final long ANSWERED_WITHIN = 8_500_000;

  private AnswerChecks() {}

  static List<Violation> check(Evidence evidence) {
    List<Violation> found = new ArrayList<>();
    Map<Long, Asked> asked = new HashMap<>();
    Map<String, Long> acknowledged = new HashMap<>();
    Map<Long, Long> known = new HashMap<>();
    Map<String, Long> silentSince = new HashMap<>();
    long steady = steadySince(evidence);
    for (Item item : evidence.items()) {
      switch (item) {
        case Asked command -> {
          asked.put(command.id(), command);
          known.put(command.id(), acknowledged.getOrDefault(command.call(), 0L));
        }
        case Answered answer -> {
          Asked command = asked.get(answer.id());
          if (command != null) {
            answered(command, answer, silentSince, steady, found);
            stale(command, answer, known.getOrDefault(answer.id(), 0L), found);
            if (answer.outcome() == Outcome.OK && !command.key().isEmpty()) {
              acknowledged.merge(answer.call(), answer.seq(), Math::max);
            }
          }
        }
        // A node that is frozen or killed cannot answer; that is the fault, not its fault.
        case Fault fault -> {
          if (fault.what().equals("silent")) {
            silentSince.put(fault.node(), fault.at());
          }
        }
        case Probed probed -> {
          if (!probed.held()) {
            found.add(new Violation(probed.invariant(), probed.what()));
          }
        }
        case Item.Opened _,
            Item.CaughtUp _,
            Item.Resynced _,
            Item.Shut _,
            Item.Heard _,
            Item.Deaf _,
            Item.Heap _,
            Item.Erased _ -> {} // judged elsewhere
      }
    }
    return found;
  }

  private static void answered(
      Asked command,
      Answered answer,
      Map<String, Long> silentSince,
      long steady,
      List<Violation> found) {
    String what =
        command.op() + " " + command.key() + " at " + command.node() + ": " + answer.status();
    long took = answer.at() - command.at();
    Long silent = silentSince.get(command.node());
    // A freeze is marked as it begins; whoever was waiting then, or asked soon after, may hang.
    boolean excused =
        silent != null && silent >= command.at() - 15_000_000 && silent <= answer.at();
    if (answer.status() >= 500 && answer.status() != 503) {
      found.add(new Violation("I18", what + " " + answer.code()));
    }
    if (took > ANSWERED_WITHIN && !excused && command.at() >= steady) {
      found.add(new Violation("I18", what + " after " + took / 1000 + " ms " + answer.code()));
    }
  }

  private static long steadySince(Evidence evidence) {
    for (Item item : evidence.items()) {
      if (item instanceof Fault fault && fault.what().equals(Checks.STEADY)) {
        return fault.at();
      }
    }
    return 0;
  }

  private static void stale(Asked command, Answered answer, long known, List<Violation> found) {
    if (command.key().isEmpty()
        && answer.outcome() == Outcome.OK
        && answer.seq() > 0
        && answer.seq() < known) {
      found.add(
          new Violation(
              "I12",
              command.call()
                  + " was read at "
                  + command.node()
                  + " as "
                  + answer.seq()
                  + " after "
                  + known
                  + " was acknowledged"));
    }
  }
}
