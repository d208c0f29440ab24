package io.carillon.engine.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.engine.identity.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Placing a call (R2, R3, R5, R6, R17, R18, R27, R39). */
class PlacingACallTest {

  @Test
  void aPlacedCallCallsEverybodyAndWaitsForTheFirstDevice() { // R2, R3, R5
    Play play = Play.nothing().whenPlaced("direct ring bob");
    assertThat(play.word()).isEqualTo("calling");
    assertThat(play.eventNames()).containsExactly("Initiated");
    assertThat(play.deadline()).contains(Duration.ofSeconds(122));
    assertThat(play.leg("bob"))
        .isEqualTo(new Leg.Invited(Play.START, Play.START.plusSeconds(120), Hush.NONE));
    assertThat(play.participant("alice").role()).isEqualTo(ParticipantRole.HOST);
    assertThat(play.participant("bob").role()).isEqualTo(ParticipantRole.PARTICIPANT);
  }

  @Test
  void allDevicesOfTheCalleeAndTheOtherDevicesOfTheCallerAreToldAtOnce() { // R6
    Play play = Play.nothing().whenPlaced("direct ring bob");
    assertThat(play.heard())
        .containsExactly(
            "a2: call_started",
            "a3: call_started",
            "b1: call_started",
            "b2: call_started",
            "b3: call_started");
  }

  @ParameterizedTest
  @CsvSource({
    "direct ring alice, 422 self_call",
    "conference ring bob alice, 422 self_call",
    "direct ring bob carol, 422 validation",
    "direct silent, 422 validation",
    "hunt ring, 422 validation",
    "conference ring, 422 validation",
    "conference notify, 422 validation",
    "hunt silent, 422 validation",
    "conference ring bob bob, 422 validation",
    "conference silent, calling",
    "hunt ring bob, calling",
    "conference ring bob carol dave erin, calling"
  })
  void theNumberOfCalleesHasToFitTheMode(String words, String outcome) { // R3
    assertThat(Play.nothing().whenPlaced(words).outcome()).isEqualTo(outcome);
  }

  @ParameterizedTest
  @CsvSource({"hunt ring bob carol dave", "conference ring bob carol dave"})
  void noMoreUsersAreCalledThanTheRingIsLarge(String words) { // R3, R33
    CallLimits three = Limits.standard().withRingSize(3);
    assertThat(Play.nothing().whenPlaced(words, three).outcome()).isEqualTo("calling");
    assertThat(Play.nothing().whenPlaced(words + " erin", three).outcome())
        .isEqualTo("422 validation");
  }

  @Test
  void aCallTowardsABusyLineIsPlacedAndOverAtOnce() { // T9, R17
    Play play = Play.nothing().whenPlaced("direct ring bob:busy");
    assertThat(play.eventNames()).containsExactly("Initiated", "Ended");
    assertThat(play.word()).isEqualTo("rejected: busy");
    assertThat(play.leg("bob")).isEqualTo(new Leg.Closed(Play.START, EndReason.BUSY, false));
    assertThat(((CallState.Ended) play.state()).endedBy()).isEqualTo(new Actor.Engine());
    assertThat(play.heardInAll("b1")).isEmpty();
    // Nobody of bob's declined anything.
    assertThat(play.when("b1 accepts").outcome()).isEqualTo("409 call_ended");
  }

  @Test
  void aGroupIsOverAtOnceOnlyWhereEveryLineIsBusy() { // R17, R32
    assertThat(Play.placed("conference ring bob:busy carol:busy").word())
        .isEqualTo("rejected: busy");
    assertThat(Play.placed("hunt ring bob:busy carol").word()).isEqualTo("calling");
    assertThat(Play.placed("conference silent bob:busy").word()).isEqualTo("calling");
  }

  @ParameterizedTest
  @CsvSource({"do-not-disturb", "blocked"})
  void aSuppressedCalleeIsNotToldAndTheCallerSeesAnUnansweredCall(String line) { // R18
    Play play = Play.nothing().whenPlaced("direct ring bob:" + line);
    assertThat(play.word()).isEqualTo("calling");
    play.given("until 121s");
    assertThat(play.word()).isEqualTo("calling");
    play.given("until 122s");
    assertThat(play.word()).isEqualTo("timeout: unreachable");
    assertThat(play.heardInAll("b1")).isEmpty();
    assertThat(play.heardInAll("a1")).containsExactly("call_ended");
    assertThat(play.heardInAll("a2")).containsExactly("call_started", "call_ended");
  }

  @Test
  void forWhoBlockedTheCallerThereIsNoSuchCallNowOrLater() { // R18
    Play play = Play.placed("direct ring bob:blocked");
    assertThat(play.participant("bob").isHidden()).isTrue();
    assertThat(play.when("b1 accepts").outcome()).isEqualTo("404 call_not_found");
    play.given("until 122s");
    assertThat(play.when("b1 accepts").outcome()).isEqualTo("404 call_not_found");
    assertThat(play.call().ending().orElseThrow().nearMiss()).isFalse();
  }

  @Test
  void whoIsNotToBeDisturbedMayStillTakeTheCall() { // R18
    assertThat(Play.placed("direct ring bob:do-not-disturb").when("b1 accepts").outcome())
        .isEqualTo("accepted");
    assertThat(Play.placed("direct ring bob:do-not-disturb").when("b1 acknowledges").outcome())
        .isEqualTo("no-op");
    assertThat(Play.placed("direct ring bob:do-not-disturb").when("b1 ignores").outcome())
        .isEqualTo("no-op");
  }

  @Test
  void theTimeOfPlacingIsTheEnginesInWholeMilliseconds() { // J4
    CallCommand.Initiate initiate = Play.initiate("direct ring bob", CallLimits.STANDARD);
    Instant now = Instant.parse("2030-06-01T00:00:00.123456789Z");
    Decision decision = Call.decide(Call.UNKNOWN, initiate, now);
    CallEvent.Initiated event = (CallEvent.Initiated) decision.events().getFirst();
    Instant at = Instant.parse("2030-06-01T00:00:00.123Z");
    assertThat(event.header().at()).isEqualTo(at);
    assertThat(event.facts().createdAt()).isEqualTo(at);
    assertThat(event.facts().caller()).isEqualTo(initiate.facts().caller());
  }

  @Test
  void aCallIsPlacedOnce() { // R3
    assertThat(Play.direct().when("a1 calls").outcome()).isEqualTo("409 invalid_state");
    assertThat(Play.direct().given("b1 accepts").when("a1 calls").outcome())
        .isEqualTo("409 invalid_state");
    assertThat(Play.direct().given("a1 cancels").when("a1 calls").outcome())
        .isEqualTo("409 call_ended");
  }

  @Test
  void whoActsForTheCallerIsRecordedAsTheActor() { // R3, R23
    CallCommand.Initiate initiate = Play.initiate("direct ring bob", CallLimits.STANDARD);
    Actor service = new Actor.Service(new UserId("pbx"));
    Decision decision =
        Call.decide(
            Call.UNKNOWN,
            new CallCommand.Initiate(
                service, initiate.facts(), initiate.invitations(), Optional.empty()),
            Play.START);
    assertThat(decision.events())
        .singleElement()
        .satisfies(event -> assertThat(event.header().actor()).isEqualTo(service));
  }

  @Test
  void theSetupIsNeverLongerThanTheRingMayBe() { // R5
    Play play =
        Play.placed("direct ring bob", Limits.standard().withRingCap(Duration.ofSeconds(20)));
    assertThat(play.deadline()).contains(Duration.ofSeconds(22));
  }

  @Test
  void aCallThatNotifiesRunsNoRingTimer() { // R39
    Play play = Play.nothing().whenPlaced("direct notify bob");
    assertThat(play.heard("b1")).containsExactly("call_started");
    assertThat(play.deadline()).contains(Duration.ofSeconds(302));
    assertThat(play.given("b1 acknowledges").deadline()).contains(Duration.ofSeconds(302));
    assertThat(play.given("until 302s").word()).isEqualTo("ended: empty");
    assertThat(play.heardInAll("b1")).containsExactly("call_started", "call_ended");
  }

  @Test
  void everyRefusalOfAPlacingStoresNothing() { // R49
    for (String words : List.of("direct ring alice", "direct ring bob carol", "hunt ring")) {
      Play play = Play.nothing().whenPlaced(words);
      assertThat(play.events()).isEmpty();
      assertThat(play.state()).isEqualTo(Call.UNKNOWN);
    }
  }
}
