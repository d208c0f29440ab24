package io.carillon.persistence.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.carillon.engine.call.Call;
import io.carillon.engine.call.CallCommand;
import io.carillon.engine.call.CallMode;
import io.carillon.engine.call.CallSnapshot;
import io.carillon.engine.call.Invitation;
import io.carillon.engine.call.Line;
import io.carillon.engine.call.RingStyle;
import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.Endpoint;
import io.carillon.engine.identity.UserId;
import io.carillon.persistence.testdatabase.TestCall;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RingStoryTest {
  private static final Instant AT = Instant.parse("2026-03-02T09:00:00Z");
  private static final UserId BOB = new UserId("bob");
  private static final Endpoint TABLET = new Endpoint(BOB, new DeviceId("tablet"));

  @Test
  void phoneThatRangTellsWhenItWasToldRangAndStopped() {
    RingStory story =
        story(
            placed(Line.FREE)
                .after(Duration.ofMillis(200))
                .ring("bob")
                .command(
                    new CallCommand.AcknowledgeRing(TABLET, Optional.empty(), Optional.empty()))
                .after(Duration.ofSeconds(3))
                .accept("bob"));

    assertThat(story.verdict()).isEqualTo("rang on 2 devices");
    assertThat(story.devices().get(1).moments())
        .extracting(RingStory.Moment::kind, RingStory.Moment::what)
        .containsExactly(
            tuple(RingStory.Kind.TOLD, "call_started"),
            tuple(RingStory.Kind.RANG, "ring_started"),
            tuple(RingStory.Kind.STOPPED, "ring_stopped (answered_elsewhere)"));
  }

  @Test
  void phoneThatSaysWhyItDoesNotRingIsQuoted() {
    RingStory story =
        story(
            placed(Line.FREE)
                .command(
                    new CallCommand.AcknowledgeRing(
                        TABLET, Optional.of("permission_denied"), Optional.empty())));

    assertThat(story.verdict()).isEqualTo("did not ring: tablet said permission_denied");
  }

  @Test
  void silenceIsToldFromAnAnswer() {
    assertThat(story(placed(Line.FREE).after(Duration.ofMinutes(3)).checkDeadlines()).verdict())
        .isEqualTo("did not ring: no device acknowledged");
  }

  @Test
  void lineThatKeptTheCallAwayIsTheReason() {
    assertThat(story(placed(Line.DO_NOT_DISTURB)).verdict()).contains("do not disturb");
    assertThat(story(placed(Line.BUSY)).verdict()).contains("busy");
    assertThat(story(placed(Line.BLOCKED)).devices()).isEmpty();
  }

  @Test
  void callCanBeSeenAsItWas() {
    TestCall call =
        placed(Line.FREE)
            .after(Duration.ofSeconds(1))
            .ring("bob")
            .after(Duration.ofSeconds(4))
            .accept("bob");
    List<Call.Step> steps = Call.replaySteps(call.journal());

    assertThat(TimeTravel.atSeq(steps, 2).map(CallSnapshot::phase))
        .hasValue(CallSnapshot.Phase.RINGING);
    assertThat(TimeTravel.atSeq(steps, 9)).isEmpty();
    assertThat(TimeTravel.at(steps, AT.plusMillis(4_999)).map(CallSnapshot::phase))
        .hasValue(CallSnapshot.Phase.RINGING);
    assertThat(TimeTravel.at(steps, AT.plusSeconds(5)).map(CallSnapshot::phase))
        .hasValue(CallSnapshot.Phase.ACCEPTED);
    assertThat(TimeTravel.at(steps, AT.minusMillis(1))).isEmpty();
  }

  @Test
  void ladderTellsEachDeviceWhatTheFanOutTellsIt() {
    TestCall call = placed(Line.FREE).ring("bob").after(Duration.ofSeconds(2)).accept("bob");

    Ladder ladder = Ladder.of(Call.replaySteps(call.journal()));

    assertThat(ladder.lanes())
        .extracting(lane -> lane.head() + " " + lane.foot())
        .containsExactly(
            "alice other devices", "alice alice", "call ", "bob bob", "bob other devices");
    assertThat(ladder.rungs().getLast().told())
        .extracting(told -> told.to().foot() + ": " + told.what())
        .containsExactlyInAnyOrder(
            "alice: call_accepted",
            "other devices: call_accepted",
            "bob: call_accepted",
            "other devices: ring_stopped (answered_elsewhere)");
  }

  private static TestCall placed(Line line) {
    return TestCall.placed(
        "acme",
        "c1",
        CallMode.DIRECT,
        RingStyle.RING,
        AT,
        "alice",
        List.of(new Invitation(BOB, line)));
  }

  private static RingStory story(TestCall call) {
    return RingStory.of(Call.replaySteps(call.journal()), BOB);
  }
}
