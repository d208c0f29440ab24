package io.carillon.engine.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.engine.identity.DeviceId;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** From the first acknowledgement to the end of a ring (R5, R8, R9, R14, R24). */
class RingingTest {

  @Test
  void theFirstAcknowledgementMakesACallRingAndTellsTheCaller() { // R2, R8
    Play play = Play.direct().given("after 5s").when("b1 acknowledges");
    assertThat(play.word()).isEqualTo("ringing");
    assertThat(play.heard("a1")).containsExactly("participant_ringing");
    assertThat(play.heard("a2")).containsExactly("participant_ringing");
    assertThat(play.heard("b2")).isEmpty();
    assertThat(play.call().ringingAt()).contains(Play.START.plusSeconds(5));
  }

  @Test
  void theRingTimerStartsWithTheFirstRingingDeviceAndNoOtherMovesIt() { // R5
    Play play = Play.direct().given("after 40s; b1 acknowledges");
    assertThat(play.deadline()).contains(Duration.ofSeconds(72));
    play.given("after 10s; b2 acknowledges");
    assertThat(play.deadline()).contains(Duration.ofSeconds(72));
    assertThat(((Leg.Ringing) play.leg("bob")).devices())
        .containsExactlyInAnyOrder(new DeviceId("b1"), new DeviceId("b2"));
    assertThat(((Leg.Ringing) play.leg("bob")).since()).isEqualTo(Play.START.plusSeconds(40));
    assertThat(((Leg.Ringing) play.leg("bob")).invitedAt()).isEqualTo(Play.START);
  }

  @Test
  void theRingCapBoundsALateRing() { // R5
    Play play = Play.direct().given("after 110s; b1 acknowledges");
    assertThat(play.deadline()).contains(Duration.ofSeconds(122));
    assertThat(play.given("until 122s").word()).isEqualTo("missed: no_answer");
  }

  @Test
  void aRepeatedAcknowledgementChangesNothing() { // R8
    Play play = Play.direct().given("b1 acknowledges").when("b1 acknowledges");
    assertThat(play.outcome()).isEqualTo("no-op");
    assertThat(play.events()).isEmpty();
  }

  @Test
  void aDeviceMayBeToldAndStaySilentAndTheCallGoesOn() { // R8, R77
    Play play = Play.direct().when("b1 stays silent");
    assertThat(play.eventNames()).containsExactly("RingWithheld");
    assertThat(play.word()).isEqualTo("calling");
    assertThat(play.heard()).isEmpty();
    assertThat(((Leg.Invited) play.leg("bob")).hush().withheld())
        .isEqualTo(Set.of(new DeviceId("b1")));
    assertThat(play.when("b1 stays silent").outcome()).isEqualTo("no-op");
    // It was told of the call, so it hears of its end.
    assertThat(play.when("a1 cancels").heard("b1")).containsExactly("call_ended");
  }

  @Test
  void aSilentDeviceIsRememberedOnceTheLegRings() { // R8
    Play play = Play.direct().given("b1 stays silent; b2 acknowledges").when("b3 stays silent");
    assertThat(((Leg.Ringing) play.leg("bob")).hush().withheld())
        .containsExactlyInAnyOrder(new DeviceId("b1"), new DeviceId("b3"));
    assertThat(play.when("b3 stays silent").outcome()).isEqualTo("no-op");
  }

  @Test
  void ignoringStopsOneDeviceAndNobodyElse() { // R9
    Play play = Play.direct().given("b1 acknowledges; b2 acknowledges").when("b2 ignores");
    assertThat(play.heard()).containsExactly("b2: ring_stopped (ignored)");
    assertThat(play.word()).isEqualTo("ringing");
    assertThat(play.when("b2 ignores").outcome()).isEqualTo("no-op");
    play.when("until 32s");
    assertThat(play.word()).isEqualTo("missed: no_answer");
    assertThat(play.heard("b2")).isEmpty();
    assertThat(play.heard("b1")).containsExactly("call_ended");
  }

  @Test
  void ignoringBeforeAnyDeviceRingsHoldsOnceOneDoes() { // R9
    Play play = Play.direct().given("b2 ignores; b1 acknowledges").when("b1 accepts");
    assertThat(play.heard("b2")).isEmpty();
    assertThat(play.heard("b3")).containsExactly("ring_stopped (answered_elsewhere)");
  }

  @Test
  void anAcknowledgementOvertakenByIgnoringStartsNoRing() { // R9, J3
    assertThat(Play.direct().given("b1 ignores").when("b1 acknowledges").outcome())
        .isEqualTo("no-op");
    assertThat(Play.direct().given("b1 ignores").when("b1 stays silent").outcome())
        .isEqualTo("no-op");
    assertThat(Play.direct().given("b2 acknowledges; b1 ignores").when("b1 acknowledges").outcome())
        .isEqualTo("no-op");
  }

  @Test
  void aDeviceThatIgnoredMayStillTakeTheCall() { // R9, R10
    Play play = Play.direct().given("b1 acknowledges; b1 ignores").when("b1 accepts");
    assertThat(play.word()).isEqualTo("accepted");
    assertThat(play.heard("b1")).containsExactly("call_accepted");
    assertThat(play.when("a1 hangs up").heard("b1")).containsExactly("call_ended");
  }

  @Test
  void aDeviceThatIgnoredAndThenDeclinesHasHeardItsEnd() { // R9, R13
    Play play = Play.direct().given("b1 ignores").when("b1 declines");
    assertThat(play.heard("b1")).isEmpty();
    assertThat(play.heard("b2")).containsExactly("ring_stopped (declined_elsewhere)");
    assertThat(play.heard("a1")).containsExactly("call_rejected");
  }

  @Test
  void onlySoManyDevicesOfAUserAreRemembered() { // R8, bounds
    Play ringing = Play.direct();
    Play silent = Play.direct();
    Play ignoring = Play.direct();
    for (int i = 0; i < Administration.MAX_RINGING_DEVICES; i++) {
      assertThat(ringing.when("b" + (i + 10) + " acknowledges").outcome()).isEqualTo("ringing");
      assertThat(silent.when("b" + (i + 10) + " stays silent").outcome()).isEqualTo("calling");
      assertThat(ignoring.when("b" + (i + 10) + " ignores").outcome()).isEqualTo("calling");
    }
    assertThat(ringing.when("b99 acknowledges").outcome()).isEqualTo("no-op");
    assertThat(silent.when("b99 stays silent").outcome()).isEqualTo("no-op");
    assertThat(ignoring.when("b99 ignores").outcome()).isEqualTo("no-op");
  }

  @Test
  void aCallNoDeviceAcknowledgedWasNotReached() { // R24, T7
    Play play = Play.direct().when("until 122s");
    assertThat(play.word()).isEqualTo("timeout: unreachable");
    assertThat(play.heard("a1")).containsExactly("call_ended");
    assertThat(play.heard("b1")).containsExactly("call_ended");
    assertThat(play.events())
        .singleElement()
        .satisfies(
            e ->
                assertThat(e.header().actor())
                    .isEqualTo(new Actor.Clock(Play.START.plusSeconds(122))));
  }

  @Test
  void aCallThatRangAndWasNotAnsweredIsMissed() { // R14, T8
    Play play = Play.direct().given("b1 acknowledges");
    assertThat(play.given("until 31s").word()).isEqualTo("ringing");
    assertThat(play.given("until 32s").word()).isEqualTo("missed: no_answer");
    assertThat(play.deadline()).isEmpty();
  }

  @Test
  void aRingThatOutlivedItsNodeIsEndedByTheNextWhoLooks() { // R7
    Play play = Play.direct().given("b1 acknowledges; after 500s").when("time is checked");
    assertThat(play.word()).isEqualTo("missed: no_answer");
    CallState.Ended ended = (CallState.Ended) play.state();
    assertThat(ended.endedBy()).isEqualTo(new Actor.Clock(Play.START.plusSeconds(32)));
    assertThat(ended.timeline().endedAt()).isEqualTo(Play.START.plusSeconds(500));
  }

  @Test
  void aLookBeforeTheDeadlineChangesNothing() { // R5
    assertThat(Play.direct().given("after 121s").when("time is checked").outcome())
        .isEqualTo("no-op");
  }

  @Test
  void aLateAcknowledgementIsAnsweredWithTheEnd() { // R8, R28
    Play play = Play.direct().given("a1 cancels").when("b1 acknowledges");
    assertThat(play.outcome()).isEqualTo("no-op");
    assertThat(play.call().isEnded()).isTrue();
  }

  @Test
  void theAdvertisedDeadlineOfAReaderIsTheOwnRingElseTheLongestOpenOne() { // R5
    Play play =
        Play.conference("bob", "carol").given("b1 acknowledges; after 10s; c1 acknowledges");
    assertThat(play.call().ringDeadline(Crowd.named("bob"))).contains(Play.START.plusSeconds(30));
    assertThat(play.call().ringDeadline(Crowd.named("carol"))).contains(Play.START.plusSeconds(40));
    assertThat(play.call().ringDeadline(Crowd.named("alice"))).contains(Play.START.plusSeconds(40));
    assertThat(Play.placed("direct ring bob:blocked").call().ringDeadline(Crowd.named("alice")))
        .contains(Play.START.plusSeconds(120));
    assertThat(Play.direct().given("b1 accepts").call().ringDeadline(Crowd.named("alice")))
        .isEqualTo(Optional.empty());
    assertThat(Play.direct().given("a1 cancels").call().ringDeadline(Crowd.named("bob"))).isEmpty();
  }
}
