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
import io.carillon.engine.identity.RealmId;
import io.carillon.engine.identity.UserId;
import io.carillon.engine.identity.UserKey;
import io.carillon.persistence.connection.DeviceConnection;
import io.carillon.persistence.testdatabase.TestCall;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
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
  void connectionsTellADeviceThatWasNotThereFromOneThatWasTold() {
    TestCall call = placed(Line.FREE).after(Duration.ofMinutes(3)).checkDeadlines();
    DeviceConnection there = connection("laptop", AT.minusSeconds(60), AT.plusSeconds(600));
    DeviceConnection back = connection("phone", AT.plusSeconds(20), AT.plusSeconds(600));
    DeviceConnection gone = connection("watch", AT.minusSeconds(600), AT.minusSeconds(60));
    RingStory story =
        RingStory.of(
            Call.replaySteps(call.journal()),
            BOB,
            new RingStory.Surroundings(Map.of(1L, "n1:7355"), List.of(gone, there, back)));

    assertThat(story.verdict())
        .isEqualTo("did not ring: 2 devices were told and none acknowledged");
    assertThat(shown(story, "laptop"))
        .containsExactly(
            "-60 connected web on n2:7355",
            "0 told call_started on n2:7355",
            "180 stopped call_ended on n2:7355");
    assertThat(shown(story, "phone"))
        .containsExactly(
            "20 connected web on n2:7355",
            "20 told call_started, on connecting on n2:7355",
            "180 stopped call_ended on n2:7355");
    assertThat(shown(story, "watch")).containsExactly("-60 disconnected client on n2:7355");
  }

  @Test
  void nobodyThereIsTheReasonWhereConnectionsAreKnown() {
    TestCall call = placed(Line.FREE).after(Duration.ofMinutes(3)).checkDeadlines();
    DeviceConnection gone = connection("phone", AT.minusSeconds(600), AT.minusSeconds(60));

    assertThat(
            RingStory.of(
                    Call.replaySteps(call.journal()),
                    BOB,
                    new RingStory.Surroundings(Map.of(), List.of(gone)))
                .verdict())
        .isEqualTo("did not ring: no device was connected");
  }

  private static DeviceConnection connection(String device, Instant from, Instant to) {
    return new DeviceConnection(
        UUID.randomUUID(),
        new UserKey(new RealmId("acme"), BOB),
        new DeviceId(device),
        "web",
        "n2:7355",
        from,
        Optional.of(to),
        Optional.of("client"));
  }

  private static List<String> shown(RingStory story, String device) {
    return story.devices().stream()
        .filter(d -> d.device().equals(Optional.of(new DeviceId(device))))
        .flatMap(d -> d.moments().stream())
        .map(
            m ->
                Duration.between(AT, m.at()).toSeconds()
                    + " "
                    + m.kind().name().toLowerCase(Locale.ROOT)
                    + " "
                    + m.what()
                    + " on "
                    + m.node().orElse("?"))
        .toList();
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
    return RingStory.of(Call.replaySteps(call.journal()), BOB, RingStory.Surroundings.UNKNOWN);
  }
}
