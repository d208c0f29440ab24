package io.carillon.engine.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.engine.identity.DeviceId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An accepted direct call (R4, R19, R20, R22, R28, R30, R38, R46). */
class InTheCallTest {

  private static Play accepted() {
    return Play.direct().given("b1 acknowledges; b1 accepts");
  }

  @Test
  void eitherSideEndsADirectCallAndAllWhoAreInItHear() { // R20, T13
    for (String who : List.of("a1", "b1")) {
      Play play = accepted().given("after 60s").when(who + " hangs up");
      assertThat(play.word()).isEqualTo("ended: hangup");
      assertThat(play.heard())
          .containsExactlyInAnyOrder(
              "a1: call_ended", "a2: call_ended", "a3: call_ended", "b1: call_ended");
      assertThat(((CallState.Ended) play.state()).endedBy())
          .isEqualTo(new Actor.Device(Crowd.device(who)));
      assertThat(play.when(who + " hangs up").outcome()).isEqualTo("no-op");
    }
  }

  @Test
  void talkTimeCountsFromTheAcceptAndRingTimeUpToIt() { // R20, J4
    Play play =
        Play.direct()
            .given("after 2s; b1 acknowledges; after 5s; b1 accepts; after 60s; b1 hangs up");
    Timeline t = ((CallState.Ended) play.state()).timeline();
    assertThat(t.ring()).isEqualTo(Duration.ofSeconds(5));
    assertThat(t.talk()).isEqualTo(Duration.ofSeconds(60));
    assertThat(t.createdAt()).isEqualTo(Play.START);
    assertThat(t.endedAt()).isEqualTo(Play.START.plusSeconds(67));
  }

  @Test
  void aCallNobodyAnsweredHasNoTalkTime() { // R20
    Timeline rang =
        ((CallState.Ended) Play.direct().given("b1 acknowledges; after 9s; a1 cancels").state())
            .timeline();
    assertThat(rang.talk()).isZero();
    assertThat(rang.ring()).isEqualTo(Duration.ofSeconds(9));
    Timeline silent =
        ((CallState.Ended) Play.direct().given("after 9s; a1 cancels").state()).timeline();
    assertThat(silent.ring()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "reports ice failed, ended: ice_failed",
    "reports media failed, ended: media_failed",
    "reports media timeout, ended: media_timeout"
  })
  void aDeviceMaySayThatMediaFailed(String words, String outcome) { // T12, T15
    assertThat(accepted().when("b1 " + words).outcome()).isEqualTo(outcome);
    assertThat(accepted().when("b2 " + words).outcome()).isEqualTo("403 forbidden");
  }

  @Test
  void onlyTheDeviceThatIsInTheCallHangsUp() { // R4, R15
    assertThat(accepted().when("b2 hangs up").outcome()).isEqualTo("403 forbidden");
    assertThat(accepted().when("a2 hangs up").outcome()).isEqualTo("403 forbidden");
    assertThat(accepted().when("a2 ends for all").outcome()).isEqualTo("403 forbidden");
    assertThat(accepted().when("b2 ends for all").outcome()).isEqualTo("403 forbidden");
    assertThat(accepted().when("b1 ends for all").outcome()).isEqualTo("ended: hangup");
    assertThat(accepted().when("b-rest hangs up").outcome()).isEqualTo("ended: hangup");
  }

  @Test
  void beforeTheAcceptAHangUpIsACancelOrADecline() { // R20
    assertThat(Play.direct().when("a1 hangs up").outcome()).isEqualTo("cancelled: cancelled");
    assertThat(Play.direct().when("b1 hangs up").outcome()).isEqualTo("rejected: declined");
  }

  @Test
  void anAdministratorEndsACallInAnyPhaseWithANote() { // R22
    for (String before : List.of("after 1s", "b1 acknowledges", "b1 accepts")) {
      Play play = Play.direct().given(before).when("an admin ends");
      assertThat(play.word()).isEqualTo("ended: admin_ended");
      assertThat(((CallState.Ended) play.state()).note()).contains("for a reason");
      assertThat(((CallState.Ended) play.state()).endedBy()).isInstanceOf(Actor.Admin.class);
      assertThat(play.heard("a1")).containsExactly("call_ended");
      assertThat(play.heard("b1")).containsExactly("call_ended");
    }
  }

  @Test
  void aCallThatIsTakenOverNamesItsSuccessor() { // R16, R26
    for (String before : List.of("after 1s", "b1 acknowledges", "b1 accepts")) {
      Play play = Play.direct().given(before).when("another call takes over");
      assertThat(play.word()).isEqualTo("ended: glare_merged");
      assertThat(play.call().ending().orElseThrow().successor()).contains(new CallId("other"));
      assertThat(play.call().ending().orElseThrow().by()).isEqualTo(new Actor.Engine());
    }
    assertThat(Play.direct().given("a1 cancels").when("another call takes over").outcome())
        .isEqualTo("no-op");
  }

  @Test
  void aFlagIsToldToTheOthersAndItsRepetitionIsNot() { // R46
    Play play = accepted().when("b1 mutes");
    assertThat(play.heard())
        .containsExactlyInAnyOrder(
            "a1: call_status_update", "a2: call_status_update", "a3: call_status_update");
    assertThat(play.participant("bob").statuses()).containsExactly(MediaStatus.MUTED);
    assertThat(play.when("b1 mutes").outcome()).isEqualTo("no-op");
    assertThat(play.events()).isEmpty();
    assertThat(play.when("b1 unmutes").heard("a1")).containsExactly("call_status_update");
    assertThat(play.participant("bob").statuses()).isEmpty();
    assertThat(play.when("b1 unmutes").outcome()).isEqualTo("no-op");
  }

  @Test
  void switchThatIsFlippedWithoutEndIsFlippedOnceASecond() {
    Play play = accepted();
    int flipped = 0;
    while (!play.when(flipped % 2 == 0 ? "b1 mutes" : "b1 unmutes").outcome().startsWith("429")) {
      flipped++;
    }
    assertThat(flipped).isBetween(490, 500);
    String next = flipped % 2 == 0 ? "b1 mutes" : "b1 unmutes";
    assertThat(play.last().answer())
        .isEqualTo(new Decision.Refused(new Rejection.RateLimited(Duration.ofSeconds(1))));
    assertThat(play.given("after 1s").when(next).outcome()).isEqualTo("accepted");
    // What ends is never held up, nor what cannot be repeated.
    assertThat(play.when("a1 hangs up").outcome()).isEqualTo("ended: hangup");
  }

  @Test
  void flagsAreASetInOneOrderEverywhere() { // R46
    Play play = accepted().given("b1 mutes; b1 holds; b1 is connected");
    assertThat(play.participant("bob").statuses())
        .containsExactly(MediaStatus.CONNECTED, MediaStatus.ON_HOLD, MediaStatus.MUTED);
  }

  @Test
  void flagsNeedAnAcceptedCallAndItsDevice() { // R46
    assertThat(Play.direct().when("b1 mutes").outcome()).isEqualTo("409 invalid_state");
    assertThat(Play.direct().when("a1 mutes").outcome()).isEqualTo("409 invalid_state");
    assertThat(accepted().when("b2 mutes").outcome()).isEqualTo("403 forbidden");
    assertThat(accepted().given("a1 hangs up").when("b1 mutes").outcome())
        .isEqualTo("409 call_ended");
  }

  @Test
  void mediaAreUpOnceBothSidesSaySo() { // T11, R46
    Play play = accepted().given("after 2s; b1 is connected");
    assertThat(play.call().connectedAt()).isEmpty();
    play.given("after 1s").when("a1 is connected");
    assertThat(play.eventNames()).containsExactly("StatusChanged", "Connected");
    assertThat(play.call().connectedAt()).contains(Play.START.plusSeconds(3));
    // It is so once; somebody coming back changes nothing.
    play.given("a1 is connected");
    assertThat(play.call().connectedAt()).contains(Play.START.plusSeconds(3));
    play.given("after 5s; a1 hangs up");
    assertThat(((CallState.Ended) play.state()).timeline().connectedAt())
        .contains(Play.START.plusSeconds(3));
  }

  @Test
  void anotherFlagOfTheOtherSideDoesNotMakeMediaUp() { // T11
    Play play = accepted().given("b1 mutes").when("a1 is connected");
    assertThat(play.eventNames()).containsExactly("StatusChanged");
    play = accepted().given("b1 is connected").when("a1 mutes");
    assertThat(play.eventNames()).containsExactly("StatusChanged");
    // One side alone, twice over.
    play = accepted().given("b1 is connected; b1 mutes").when("b1 unmutes");
    assertThat(play.call().connectedAt()).isEmpty();
  }

  @Test
  void whereMediaReportsAreRequiredTheirAbsenceEndsTheCall() { // T12
    CallLimits required = Limits.standard().withConnectTimeout(Duration.ofSeconds(30));
    Play play = Play.placed(Play.DIRECT, required).given("after 10s; b1 accepts");
    assertThat(play.deadline()).contains(Duration.ofSeconds(40));
    assertThat(play.given("until 40s").word()).isEqualTo("ended: ice_failed");
    Play connected =
        Play.placed(Play.DIRECT, required).given("b1 accepts; a1 is connected; b1 is connected");
    assertThat(connected.given("until 40s").word()).isEqualTo("accepted");
  }

  @Test
  void aCallIsWarnedAndThenEndedWhenItsTimeIsUp() { // R19, T16
    Play play = Play.direct().given("after 5s; b1 accepts");
    assertThat(play.call().endsBy()).contains(Play.START.plusSeconds(3605));
    assertThat(play.when("until 3545s").heard())
        .containsExactlyInAnyOrder(
            "a1: call_expiring", "a2: call_expiring", "a3: call_expiring", "b1: call_expiring");
    assertThat(play.events())
        .singleElement()
        .satisfies(
            e ->
                assertThat(((CallEvent.Expiring) e).remaining()).isEqualTo(Duration.ofSeconds(60)));
    assertThat(play.when("until 3595s").heard("b1")).containsExactly("call_expiring");
    assertThat(((CallEvent.Expiring) play.events().getFirst()).remaining())
        .isEqualTo(Duration.ofSeconds(10));
    assertThat(play.when("until 3605s").word()).isEqualTo("ended: max_duration");
    assertThat(play.eventNames()).containsExactly("Ended");
  }

  @Test
  void aCallThatWasAsleepIsNotWarnedOfTimeItNoLongerHas() { // R19, R7
    Play late = accepted().given("after 3591s").when("time is checked");
    assertThat(late.events())
        .singleElement()
        .satisfies(
            e ->
                assertThat(((CallEvent.Expiring) e).remaining()).isEqualTo(Duration.ofSeconds(10)));
    assertThat(late.deadline()).contains(Duration.ofHours(1));
    Play tooLate = accepted().given("after 4000s").when("time is checked");
    assertThat(tooLate.eventNames()).containsExactly("Ended");
  }

  @Test
  void aShortCallIsNotWarnedBeforeItBegan() { // R19
    CallLimits short30 = Limits.standard().withMaxDuration(Duration.ofSeconds(30));
    Play play = Play.placed(Play.DIRECT, short30).given("b1 accepts");
    assertThat(play.deadline()).contains(Duration.ofSeconds(20));
    CallLimits short10 = Limits.standard().withMaxDuration(Duration.ofSeconds(10));
    assertThat(Play.placed(Play.DIRECT, short10).given("b1 accepts").deadline())
        .contains(Duration.ofSeconds(10));
  }

  @Test
  void aCallWithoutALongestDurationWaitsForNothing() { // R19
    CallLimits endless = Limits.standard().withMaxDuration(Duration.ZERO);
    Play play = Play.placed(Play.DIRECT, endless).given("b1 accepts");
    assertThat(play.deadline()).isEmpty();
    assertThat(play.call().endsBy()).isEmpty();
    assertThat(play.when("a1 extends by 60000").outcome()).isEqualTo("no-op");
  }

  @Test
  void eitherSideOfADirectCallExtendsItAndIsWarnedAnew() { // R19
    Play play = accepted().given("until 3595s").when("b1 extends by 120500");
    assertThat(play.heard())
        .containsExactlyInAnyOrder(
            "a1: call_extended", "a2: call_extended", "a3: call_extended", "b1: call_extended");
    assertThat(play.call().endsBy()).contains(Play.START.plusMillis(3_720_500));
    assertThat(play.deadline()).contains(Duration.ofMillis(3_660_500));
    assertThat(play.when("until 3661s").heard("b1")).containsExactly("call_expiring");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 422 validation",
    "-1, 422 validation",
    "1, accepted",
    "3600000, accepted",
    "3600001, 422 validation"
  })
  void anExtensionIsAtMostAsLongAsTheLongestDuration(String ms, String outcome) { // R19
    assertThat(accepted().when("a1 extends by " + ms).outcome()).isEqualTo(outcome);
  }

  @Test
  void anExtensionCountsInMilliseconds() { // replay
    Play play = accepted();
    play.run(
        new CallCommand.Extend(Crowd.device("a1"), Duration.ofNanos(1_999_999), Optional.empty()));
    assertThat(play.call().endsBy()).contains(Play.START.plusMillis(3_600_001));
  }

  @Test
  void onlyTheDeviceInTheCallExtendsIt() { // R4
    assertThat(accepted().when("a2 extends by 60000").outcome()).isEqualTo("403 forbidden");
    assertThat(Play.direct().when("a1 extends by 60000").outcome()).isEqualTo("409 invalid_state");
  }

  @Test
  void aParticipantGoesOnWithAnotherDevice() { // R30a
    Play play = accepted().given("after 5s").when("b2 takes over");
    assertThat(play.eventNames()).containsExactly("HandedOff");
    assertThat(play.leg("bob"))
        .isEqualTo(new Leg.Joined(new DeviceId("b2"), Play.START, new Link.Up()));
    assertThat(play.heard())
        .containsExactlyInAnyOrder(
            "a1: participant_joined",
            "a2: participant_joined",
            "a3: participant_joined",
            "b1: ring_stopped (handoff)",
            "b2: call_accepted");
    assertThat(play.when("b1 hangs up").outcome()).isEqualTo("403 forbidden");
    assertThat(play.when("b2 hangs up").heard("b1")).isEmpty();
  }

  @Test
  void theDeviceInTheCallHandsItOff() { // R30a
    assertThat(accepted().when("b1 hands off to b2").heard("b2")).containsExactly("call_accepted");
    assertThat(accepted().when("b1 hands off to b1").outcome()).isEqualTo("no-op");
    assertThat(accepted().when("b2 hands off to b2").outcome()).isEqualTo("403 forbidden");
    assertThat(Play.direct().when("b1 hands off to b2").outcome()).isEqualTo("409 invalid_state");
  }

  @Test
  void aCallGoesOnWithADeviceNotWithNone() { // R30a
    assertThat(accepted().when("b1 hands off to rest").outcome()).isEqualTo("422 validation");
    assertThat(accepted().when("b-rest takes over").outcome()).isEqualTo("422 validation");
  }

  @Test
  void aCallTakenWithoutADeviceIsTakenOverByOne() { // R30a
    Play play = Play.direct().given("b-rest accepts").when("b2 takes over");
    assertThat(play.heard("b2")).containsExactly("call_accepted");
    // Whoever listened goes on listening, and hears the end.
    assertThat(play.when("a1 hangs up").heard("b1")).containsExactly("call_ended");
    assertThat(play.heard("b2")).containsExactly("call_ended");
  }

  @Test
  void theCallersOldDeviceHearsItsEndOnceAndNoMore() { // R30a, J3
    Play play = accepted().given("a2 takes over");
    assertThat(play.heardInAll("a1")).endsWith("ring_stopped (handoff)");
    play.when("b1 mutes; b1 hangs up");
    assertThat(play.heard("a1")).isEmpty();
    assertThat(play.heard("a2")).containsExactly("call_status_update", "call_ended");
    assertThat(play.heard("a3")).containsExactly("call_status_update", "call_ended");
  }

  @Test
  void aCallMayBeTakenBackByTheOldDevice() { // R30a
    Play play = accepted().given("a2 takes over").when("a1 takes over");
    assertThat(play.heard("a1")).containsExactly("call_accepted");
    assertThat(play.heard("a2")).containsExactly("ring_stopped (handoff)");
    assertThat(play.when("b1 hangs up").heard("a1")).containsExactly("call_ended");
    assertThat(play.heard("a2")).isEmpty();
  }

  @Test
  void aHandOffFindsALostParticipantAgain() { // R25, R30a
    Play play = accepted().given("b1 is lost").when("b2 takes over");
    assertThat(play.deadline().orElseThrow()).isGreaterThan(Duration.ofMinutes(50));
  }

  @Test
  void aTakeoverOfOnesOwnDeviceChangesNothing() { // R30a
    assertThat(accepted().when("b1 takes over").outcome()).isEqualTo("no-op");
    assertThat(accepted().when("a1 takes over").outcome()).isEqualTo("no-op");
  }

  @Test
  void aDirectCallBecomesAConferenceAndKeepsItsId() { // R38
    Play play = accepted().when("b1 escalates");
    assertThat(play.eventNames()).containsExactly("ModeChanged");
    assertThat(play.call().mode()).isEqualTo(CallMode.CONFERENCE);
    assertThat(play.call().facts().mode()).isEqualTo(CallMode.DIRECT);
    assertThat(play.heard())
        .containsExactlyInAnyOrder(
            "a1: call_mode_changed",
            "a2: call_mode_changed",
            "a3: call_mode_changed",
            "b1: call_mode_changed");
    assertThat(play.when("b1 escalates").outcome()).isEqualTo("no-op");
    assertThat(play.when("b1 invites carol").heard("c1")).containsExactly("call_started");
    assertThat(play.when("a1 hangs up").word()).isEqualTo("accepted");
    assertThat(play.participant("bob").role()).isEqualTo(ParticipantRole.HOST);
  }

  @Test
  void onlyTheDeviceInTheCallEscalates() { // R4, R38
    assertThat(accepted().when("b2 escalates").outcome()).isEqualTo("403 forbidden");
    assertThat(Play.direct().when("a1 escalates").outcome()).isEqualTo("409 invalid_state");
  }

  @Test
  void anEscalatedSilentCallIsNoRoom() { // R38, R39
    Play play = Play.placed("direct silent bob").given("b1 accepts; a1 escalates");
    assertThat(play.when("x1 accepts").outcome()).isEqualTo("404 call_not_found");
  }

  @Test
  void aDirectCallHasTwoUsers() { // R31
    assertThat(accepted().when("a1 invites carol").outcome()).isEqualTo("409 invalid_state");
    assertThat(accepted().when("a1 removes bob").outcome()).isEqualTo("409 invalid_state");
    assertThat(Play.direct().when("a1 invites carol").outcome()).isEqualTo("409 invalid_state");
  }

  @ParameterizedTest
  @CsvSource({
    "b1 acknowledges, no-op",
    "b1 declines, no-op",
    "a1 cancels, no-op",
    "b1 hangs up, no-op",
    "a1 ends for all, no-op",
    "b1 is alive, no-op",
    "a1 uninvites bob, no-op",
    "an admin ends, no-op",
    "a1 is lost, no-op",
    "a1 is back, no-op",
    "another call takes over, no-op",
    "time is checked, no-op",
    "b1 mutes, 409 call_ended",
    "a1 invites carol, 409 call_ended",
    "a1 removes bob, 409 call_ended",
    "a1 makes bob cohost, 409 call_ended",
    "a1 silences bob, 409 call_ended",
    "a1 escalates, 409 call_ended",
    "a1 hands off to a2, 409 call_ended",
    "a1 extends by 1000, 409 call_ended"
  })
  void nothingLeavesTheEnd(String command, String outcome) { // R28, T21
    Play play = accepted().given("a1 hangs up").when(command);
    assertThat(play.outcome()).isEqualTo(outcome);
    assertThat(play.events()).isEmpty();
    assertThat(play.word()).isEqualTo("ended: hangup");
  }

  @Test
  void anEndedCallWaitsForNothing() { // J9
    assertThat(accepted().given("a1 hangs up").deadline()).isEmpty();
  }
}
