package io.carillon.http.faults.check;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Every checker; each is one pass over the evidence. */
public final class Checks {
  /** The mark after which answers are judged by their time: before it, every JVM is cold. */
  public static final String STEADY = "steady";

  private static final List<Function<Evidence, List<Violation>>> ALL =
      List.of(
          JournalChecks::check,
          CommandChecks::check,
          FoldChecks::check,
          RingChecks::check,
          DeliveryChecks::check,
          AnswerChecks::check,
          SecretChecks::check,
          BoundChecks::check,
          ErasureChecks::check);

  /** What the checkers judge by themselves; the rest is probed, or measured by episodes. */
  public static final List<String> INVARIANTS =
      List.of(
          "I1", "I2", "I3", "I4", "I5", "I6", "I7", "I8", "I9", "I10", "I11", "I12", "I13", "I17",
          "I18", "I21", "I22", "I23", "I24", "I25");

  private Checks() {}

  /** Everything that was broken; nothing if all held. */
  public static List<Violation> run(Evidence evidence) {
    List<Violation> found = new ArrayList<>();
    ALL.forEach(check -> found.addAll(check.apply(evidence)));
    return found;
  }
}
