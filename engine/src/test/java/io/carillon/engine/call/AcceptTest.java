package io.carillon.engine.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.engine.identity.DeviceId;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Accept, and what it races with (R4, R10 to R15). */
class AcceptTest {

  @Test
  void whoeverAcceptsIsInTheCallAndEverybodyHearsOfIt() { // R10, R12
    Play play =
        Play.direct().given("b1 acknowledges; b2 acknowledges; after 4s").when("b1 accepts");
    assertThat(play.word()).isEqualTo("accepted");
    assertThat(play.eventNames()).containsExactly("Accepted");
    assertThat(play.heard())
        .containsExactlyInAnyOrder(
            "a1: call_accepted",
            "a2: call_accepted",
            "a3: call_accepted",
            "b1: call_accepted",
            "b2: ring_stopped (answered_elsewhere)",
            "b3: ring_stopped (answered_elsewhere)");
    assertThat(play.leg("bob"))
        .isEqualTo(new Leg.Joined(new DeviceId("b1"), Play.START.plusSeconds(4), new Link.Up()));
    assertThat(play.call().answeredAt()).contains(Play.START.plusSeconds(4));
    assertThat(play.call().ringingAt()).contains(Play.START);
  }

  @Test
  void aDeviceMayAcceptWithoutHavingRung() { // R10
    Play play = Play.direct().given("after 3s").when("b1 accepts");
    assertThat(play.word()).isEqualTo("accepted");
    // It rang at the latest when it was accepted (J4).
    assertThat(play.call().ringingAt()).contains(Play.START.plusSeconds(3));
  }

  @Test
  void theCallerDoesNotAnswerTheirOwnCall() { // R4
    for (String command : new String[] {"a1 accepts", "a2 accepts", "a1 declines", "a1 ignores"}) {
      assertThat(Play.direct().when(command).outcome()).isEqualTo("403 own_call");
      assertThat(Play.direct().given("b1 accepts").when(command).outcome())
          .isEqualTo("403 own_call");
    }
  }

  @Test
  void anAcceptWithinTheGraceWins() { // R14
    assertThat(Play.direct().given("b1 acknowledges; after 31.999s").when("b1 accepts").outcome())
        .isEqualTo("accepted");
    assertThat(Play.direct().given("after 121.999s").when("b1 accepts").outcome())
        .isEqualTo("accepted");
  }

  @Test
  void anAcceptAtTheEnforcedDeadlineLosesThoughNoTimerHasFired() { // R14, I9
    Play play = Play.direct().given("b1 acknowledges; after 32s").when("b1 accepts");
    assertThat(play.outcome()).isEqualTo("409 call_ended, near miss, missed: no_answer");
    assertThat(play.eventNames()).containsExactly("Ended", "LateAccepted");
    CallEvent.LateAccepted late = (CallEvent.LateAccepted) play.events().getLast();
    assertThat(late.lateBy()).isEqualTo(Duration.ZERO);
    assertThat(late.header().request()).isEmpty();
  }

  @Test
  void aLateAcceptIsNotedOnceWithHowLateItWas() { // R11, R14
    Play play = Play.direct().given("b1 acknowledges; until 32s; after 3s").when("b2 accepts");
    assertThat(play.outcome()).isEqualTo("409 call_ended, near miss");
    assertThat(((CallEvent.LateAccepted) play.events().getFirst()).lateBy())
        .isEqualTo(Duration.ofSeconds(3));
    assertThat(play.call().ending().orElseThrow().nearMiss()).isTrue();
    assertThat(play.when("b1 accepts").outcome()).isEqualTo("409 call_ended");
    assertThat(play.heardInAll("b2")).containsExactly("call_started", "call_ended");
  }

  @Test
  void anAcceptAfterTheCancelFindsTheCallOver() { // R11
    Play play = Play.direct().given("b1 acknowledges; a1 cancels").when("b1 accepts");
    assertThat(play.outcome()).isEqualTo("409 call_ended, near miss");
    Rejection.CallOver over =
        (Rejection.CallOver) ((Decision.Refused) play.last().answer()).rejection();
    assertThat(over.call().ending().orElseThrow().reason()).isEqualTo(EndReason.CANCELLED);
  }

  @Test
  void aCancelAfterTheAcceptHangsUp() { // R11
    Play play = Play.direct().given("b1 accepts").when("a1 cancels");
    assertThat(play.outcome()).isEqualTo("ended: hangup, as a hang-up");
    assertThat(((CallEvent.Ended) play.events().getFirst()).racedCancel()).isTrue();
    assertThat(play.heard("b1")).containsExactly("call_ended");
    assertThat(play.heard("b2")).isEmpty();
  }

  @Test
  void aHangUpIsNotMarkedAsARacedCancel() { // R11
    Play play = Play.direct().given("b1 accepts").when("a1 hangs up");
    assertThat(((CallEvent.Ended) play.events().getFirst()).racedCancel()).isFalse();
  }

  @Test
  void theSecondDeviceToAcceptIsRefusedAndTheCallerHearsNothing() { // R12
    Play play = Play.direct().given("b1 accepts").when("b2 accepts");
    assertThat(play.outcome()).isEqualTo("409 answered_elsewhere");
    assertThat(play.heard()).isEmpty();
    assertThat(play.when("b1 accepts").outcome()).isEqualTo("no-op");
  }

  @Test
  void aDeclineOnTheSecondDeviceDoesNotTouchTheCall() { // R15
    Play play = Play.direct().given("b1 accepts").when("b2 declines");
    assertThat(play.outcome()).isEqualTo("409 answered_elsewhere");
    assertThat(play.word()).isEqualTo("accepted");
    assertThat(play.heard()).isEmpty();
    // Nor does the device that is in it decline: it hangs up.
    assertThat(play.when("b1 declines").outcome()).isEqualTo("409 invalid_state");
  }

  @Test
  void anAcceptAfterTheDeclineOfAnotherDeviceIsRefused() { // R15
    assertThat(Play.direct().given("b2 declines").when("b1 accepts").outcome())
        .isEqualTo("409 declined_elsewhere");
  }

  @Test
  void aDeclineHoldsForAllOfTheUsersDevices() { // R13
    Play play = Play.direct().given("b1 acknowledges").when("b1 declines");
    assertThat(play.word()).isEqualTo("rejected: declined");
    assertThat(play.heard())
        .containsExactlyInAnyOrder(
            "a1: call_rejected",
            "a2: call_rejected",
            "a3: call_rejected",
            "b1: call_rejected",
            "b2: ring_stopped (declined_elsewhere)",
            "b3: ring_stopped (declined_elsewhere)");
  }

  @Test
  void busyAndUnavailableAreDeclinesWithAReason() { // R13, R17
    Play busy = Play.direct().when("b1 is busy");
    assertThat(busy.word()).isEqualTo("rejected: busy");
    assertThat(busy.heard("b2")).containsExactly("ring_stopped (busy_elsewhere)");
    Play unavailable = Play.direct().when("b1 is unavailable");
    assertThat(unavailable.word()).isEqualTo("rejected: unavailable");
    assertThat(unavailable.heard("b2")).containsExactly("ring_stopped (declined_elsewhere)");
  }

  @Test
  void aDeclineAfterTheTimeoutChangesNothing() { // R14, R28
    Play play = Play.direct().given("b1 acknowledges; until 32s").when("b1 declines");
    assertThat(play.outcome()).isEqualTo("no-op");
    assertThat(play.word()).isEqualTo("missed: no_answer");
  }

  @Test
  void anAcceptWithoutADeviceLeavesAllDevicesListening() { // R12
    Play play = Play.direct().given("b1 acknowledges; b2 ignores").when("b-rest accepts");
    assertThat(play.heard())
        .containsExactlyInAnyOrder(
            "a1: call_accepted",
            "a2: call_accepted",
            "a3: call_accepted",
            "b1: call_accepted",
            "b3: call_accepted");
    assertThat(play.when("b1 mutes").outcome()).isEqualTo("accepted");
    assertThat(play.when("a1 hangs up").heard("b3")).containsExactly("call_ended");
    assertThat(play.heard("b2")).isEmpty();
  }

  @Test
  void aDeclineWithoutADeviceStopsAllOfThem() { // R13
    Play play = Play.direct().given("b1 acknowledges").when("b-rest declines");
    assertThat(play.heard("b1")).containsExactly("ring_stopped (declined_elsewhere)");
    assertThat(play.heard("b2")).containsExactly("ring_stopped (declined_elsewhere)");
  }

  @Test
  void strangersFindNoCall() { // R4, I15
    for (String command :
        new String[] {
          "x1 accepts", "x1 declines", "x1 hangs up", "x1 acknowledges", "x1 cancels", "x1 mutes"
        }) {
      assertThat(Play.direct().when(command).outcome()).isEqualTo("404 call_not_found");
      assertThat(Play.direct().given("b1 accepts").when(command).outcome())
          .isEqualTo("404 call_not_found");
      assertThat(Play.direct().given("a1 cancels").when(command).outcome())
          .isEqualTo("404 call_not_found");
    }
  }

  @Test
  void onlyTheCallerCancels() { // R4
    assertThat(Play.direct().when("b1 cancels").outcome()).isEqualTo("403 forbidden");
    assertThat(Play.direct().given("b1 accepts").when("b1 cancels").outcome())
        .isEqualTo("403 forbidden");
    assertThat(Play.direct().when("a2 cancels").outcome()).isEqualTo("cancelled: cancelled");
    assertThat(Play.direct().when("b1 ends for all").outcome()).isEqualTo("403 forbidden");
  }

  @Test
  void aCancelReachesEveryDeviceThatRings() { // R11, R47
    Play play = Play.direct().given("b1 acknowledges").when("a1 cancels");
    assertThat(play.heard())
        .containsExactlyInAnyOrder(
            "a1: call_ended",
            "a2: call_ended",
            "a3: call_ended",
            "b1: call_ended",
            "b2: call_ended",
            "b3: call_ended");
    assertThat(play.leg("bob")).isEqualTo(new Leg.Closed(Play.START, EndReason.CANCELLED, false));
  }

  @Test
  void whoWasInTheCallIsAnsweredThatItIsOver() { // R28
    assertThat(Play.direct().given("b1 accepts; a1 hangs up").when("b1 accepts").outcome())
        .isEqualTo("409 call_ended");
    assertThat(Play.direct().given("an admin ends").when("b1 accepts").outcome())
        .isEqualTo("409 call_ended");
  }

  @Test
  void theCallBeforeItsAcceptWasNeverAnswered() { // J5
    assertThat(Play.direct().given("b1 acknowledges").call().answeredAt())
        .isEqualTo(Optional.empty());
  }
}
