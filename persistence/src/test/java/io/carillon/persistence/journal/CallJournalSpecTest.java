package io.carillon.persistence.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import io.carillon.persistence.testdatabase.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.persistence.CapabilityFlag;
import org.apache.pekko.persistence.japi.journal.JavaJournalSpec;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.scalatest.Args;
import org.scalatest.Args$;
import org.scalatest.Reporter;
import org.scalatest.events.Event;
import org.scalatest.events.TestFailed;
import org.scalatest.events.TestSucceeded;

/** The journal specification of Pekko's own test kit. */
class CallJournalSpecTest {
  /** The specification with our plugin. */
  static final class Spec extends JavaJournalSpec {
    Spec(Config config) {
      super(config);
    }

    @Override
    public CapabilityFlag supportsRejectingNonSerializableObjects() {
      return CapabilityFlag.on();
    }

    @Override
    public CapabilityFlag supportsSerialization() {
      return CapabilityFlag.on();
    }
  }

  private record Outcome(String name, boolean passed, String message) {}

  @TestFactory
  List<DynamicTest> journalKeepsWhatPekkoExpectsOfOne() {
    List<Outcome> outcomes = new ArrayList<>();
    Reporter reporter = event -> outcome(event, outcomes);
    new Spec(
            TestDatabase.fresh()
                .config("pekko.test.single-expect-default = 10s\npekko.actor.provider = local"))
        .run(scala.Option.empty(), args(reporter));
    assertThat(outcomes).hasSizeGreaterThan(10);
    return outcomes.stream()
        .map(
            outcome ->
                DynamicTest.dynamicTest(
                    outcome.name(),
                    () -> assertThat(outcome.passed()).as(outcome.message()).isTrue()))
        .toList();
  }

  private static Args args(Reporter reporter) {
    return new Args(
        reporter,
        Args$.MODULE$.apply$default$2(),
        Args$.MODULE$.apply$default$3(),
        Args$.MODULE$.apply$default$4(),
        Args$.MODULE$.apply$default$5(),
        Args$.MODULE$.apply$default$6(),
        Args$.MODULE$.apply$default$7(),
        Args$.MODULE$.apply$default$8(),
        Args$.MODULE$.apply$default$9(),
        Args$.MODULE$.apply$default$10());
  }

  private static void outcome(Event event, List<Outcome> outcomes) {
    if (event instanceof TestSucceeded passed) {
      outcomes.add(new Outcome(passed.testName(), true, ""));
    } else if (event instanceof TestFailed failed) {
      outcomes.add(new Outcome(failed.testName(), false, failed.message()));
    }
  }
}
