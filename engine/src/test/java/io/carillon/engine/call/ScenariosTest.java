package io.carillon.engine.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.engine.call.Signal.Kind;
import io.carillon.engine.call.SignalDesk.Negotiation;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What others hold their signalling to, told of our calls. {@code docs/scenarios.md} says which of
 * these stands for which scenario.
 */
class ScenariosTest {
  private static final SignalDesk DESK = SignalDesk.empty(Negotiation.PERFECT);

  private static SignalDesk.Routing offer(Play play, String from) {
    return DESK.route(
        play.state(),
        Crowd.device(from),
        new Signal(Kind.OFFER, "{}", Optional.empty(), Optional.empty()),
        play.now());
  }

  @Test
  void everyTestNamedInTheListExists() {
    Set<String> methods =
        Arrays.stream(ScenariosTest.class.getDeclaredMethods())
            .map(Method::getName)
            .collect(Collectors.toSet());
    List<String> named =
        MarkdownTable.in("scenarios.md").stream()
            .flatMap(table -> table.rows().stream())
            .map(row -> row.get(1))
            .filter(cell -> !cell.startsWith("elsewhere") && !cell.startsWith("open"))
            .toList();
    assertThat(named).hasSizeGreaterThan(50);
    assertThat(methods).containsAll(named);
  }

  @Test
  void ofTwoCrossingCallsTheOneThatGivesWayEndsForBothSidesAndNamesTheOther() {
    Play play = Play.direct().given("b1 acknowledges").when("another call takes over");
    assertThat(play.word()).isEqualTo("ended: glare_merged");
    assertThat(play.call().ending().orElseThrow().successor()).contains(new CallId("other"));
    assertThat(play.heard("a1")).containsExactly("call_ended");
    assertThat(play.heard("b1")).containsExactly("call_ended");
  }

  @Test
  void signalsOfTheCallThatGaveWayAreRefused() {
    Play before = Play.direct().given("another call takes over");
    assertThat(offer(before, "a1"))
        .isInstanceOfSatisfying(
            SignalDesk.Refuse.class,
            r -> assertThat(r.rejection()).isInstanceOf(Rejection.CallOver.class));
    assertThat(before.when("b1 accepts").outcome()).isEqualTo("409 call_ended");
  }

  @Test
  void aCallThatIsConnectedIsReplacedByANewOneOfTheSameDevice() {
    Play play = Play.direct().given("b1 accepts");
    play.run(new CallCommand.Supersede(EndReason.REPLACED, new CallId("again")));
    assertThat(play.word()).isEqualTo("ended: replaced");
    assertThat(play.call().ending().orElseThrow().successor()).contains(new CallId("again"));
  }

  @Test
  void aCalleeDeviceThatIsBusyEndsTheCallAsBusyOnAllOfThem() {
    Play play = Play.direct().given("b1 acknowledges; b2 acknowledges").when("b2 is busy");
    assertThat(play.word()).isEqualTo("rejected: busy");
    assertThat(play.heard("b1")).containsExactly("ring_stopped (busy_elsewhere)");
    assertThat(play.heard("a1")).containsExactly("call_rejected");
  }

  @Test
  void aCallIsPlacedRingsIsAcceptedConnectedAndEnded() {
    Play play =
        Play.direct().given("b1 acknowledges; b1 accepts; a1 is connected; b1 is connected");
    assertThat(play.call().connectedAt()).isPresent();
    assertThat(play.given("b1 hangs up").word()).isEqualTo("ended: hangup");
    assertThat(play.heardInAll("a1"))
        .containsExactly(
            "participant_ringing", "call_accepted", "call_status_update", "call_ended");
    assertThat(play.heardInAll("b1"))
        .containsExactly("call_started", "call_accepted", "call_status_update", "call_ended");
  }

  @Test
  void twoCalleesAreCalledAndBothJoin() {
    Play play = Play.conference("bob", "carol").given("b1 accepts; c1 accepts");
    assertThat(play.call().roster().joined()).hasSize(3);
  }

  @Test
  void ofManyDevicesOneAnswersAndTheOthersStopWithTheReason() {
    Play play =
        Play.direct().given("b1 acknowledges; b2 acknowledges; b3 acknowledges").when("b2 accepts");
    assertThat(play.heard("b1")).containsExactly("ring_stopped (answered_elsewhere)");
    assertThat(play.heard("b2")).containsExactly("call_accepted");
    assertThat(play.heard("b3")).containsExactly("ring_stopped (answered_elsewhere)");
  }

  @Test
  void anAnswerToACallThatIsNotThereIsRefused() {
    assertThat(Play.nothing().when("b1 accepts").outcome()).isEqualTo("404 call_not_found");
    assertThat(Play.nothing().when("b1 declines").outcome()).isEqualTo("404 call_not_found");
    assertThat(Play.nothing().when("a1 cancels").outcome()).isEqualTo("404 call_not_found");
  }

  @Test
  void nobodyAnswersInTime() {
    Play play = Play.direct().given("b1 acknowledges").when("until 32s");
    assertThat(play.word()).isEqualTo("missed: no_answer");
    assertThat(play.heard("a1")).containsExactly("call_ended");
    assertThat(play.heard("b1")).containsExactly("call_ended");
  }

  @Test
  void theRingTimerOfAnAcceptedCallIsNone() {
    assertThat(Play.direct().given("b1 acknowledges; b1 accepts; until 200s").word())
        .isEqualTo("accepted");
  }

  @Test
  void whatIsOnItsWayWhenTheOtherSideHangsUpIsRefused() {
    Play play = Play.direct().given("b1 accepts; b1 hangs up");
    assertThat(offer(play, "a1")).isInstanceOf(SignalDesk.Refuse.class);
    assertThat(play.when("a1 mutes").outcome()).isEqualTo("409 call_ended");
    assertThat(play.when("a1 hangs up").outcome()).isEqualTo("no-op");
  }

  @ParameterizedTest
  @EnumSource(names = {"VIDEO_DISABLED", "SCREEN_SHARING", "MUTED"})
  void aRepeatedStatusIsNotToldAgain(MediaStatus status) {
    Play play = Play.direct().given("b1 accepts");
    CallCommand on =
        new CallCommand.ChangeStatus(Crowd.device("b1"), status, true, Optional.empty());
    play.run(on);
    assertThat(play.run(on).last().events()).isEmpty();
  }

  @Test
  void aStatusBeforeTheAcceptIsRefused() {
    assertThat(Play.direct().given("b1 acknowledges").when("b1 mutes").outcome())
        .isEqualTo("409 invalid_state");
  }

  @Test
  void theRingerTakesAGroupRingBack() {
    Play play = Play.conference("bob", "carol").given("b1 acknowledges").when("a1 cancels");
    assertThat(play.heard("b1")).containsExactly("call_ended");
    assertThat(play.heard("c1")).containsExactly("call_ended");
    Play one = Play.conference("bob", "carol").given("b1 acknowledges").when("a1 uninvites bob");
    assertThat(one.heard("b1")).containsExactly("ring_stopped (cancelled)");
    assertThat(one.heard("c1")).isEmpty();
  }

  @Test
  void aGroupRingIsAccepted() {
    Play play = Play.conference("bob", "carol").given("b1 acknowledges").when("b1 accepts");
    assertThat(play.word()).isEqualTo("accepted");
    assertThat(play.leg("carol")).isInstanceOf(Leg.Invited.class);
  }

  @Test
  void howLateADeviceHearsOfARingDoesNotMakeItLonger() {
    Play play = Play.direct().given("b1 acknowledges; after 29s; b2 acknowledges");
    assertThat(play.given("until 32s").word()).isEqualTo("missed: no_answer");
  }

  @Test
  void theLastRingOfAUserWins() {
    Play play = Play.conference("bob", "carol").given("c1 accepts; b1 acknowledges; after 20s");
    play.when("c1 invites bob");
    assertThat(play.heard("b1")).containsExactly("call_started");
    assertThat(play.participant("bob").invitedBy()).isEqualTo(Crowd.named("carol"));
    assertThat(play.given("until 40s").leg("bob").isOpen()).isTrue();
  }

  @Test
  void aRingIsTurnedDownBeforeJoining() {
    Play play = Play.conference("bob", "carol").when("b1 declines");
    assertThat(play.heard("b1")).containsExactly("participant_declined");
    assertThat(play.heard("b2")).containsExactly("ring_stopped (declined_elsewhere)");
  }

  @Test
  void nobodyButTheRingerOrAHostTakesARingBack() {
    Play play = Play.conference("bob", "carol", "dave").given("b1 accepts; c1 accepts");
    assertThat(play.when("c1 uninvites dave").outcome()).isEqualTo("403 forbidden");
    assertThat(play.leg("dave").isOpen()).isTrue();
    assertThat(play.when("x1 uninvites dave").outcome()).isEqualTo("404 call_not_found");
  }

  @Test
  void anotherDeviceOfTheUserAcceptedDeclinedOrWasBusy() {
    assertThat(Play.direct().when("b2 accepts").heard("b1"))
        .containsExactly("ring_stopped (answered_elsewhere)");
    assertThat(Play.direct().when("b2 declines").heard("b1"))
        .containsExactly("ring_stopped (declined_elsewhere)");
    assertThat(Play.direct().when("b2 is busy").heard("b1"))
        .containsExactly("ring_stopped (busy_elsewhere)");
  }

  @Test
  void nothingOvertakesThePlacingOfACall() {
    Play play = Play.nothing();
    assertThat(offer(play, "b1")).isInstanceOf(SignalDesk.Refuse.class);
    assertThat(play.when("a1 hangs up").outcome()).isEqualTo("404 call_not_found");
    // What was refused leaves no trace in the call that comes after.
    play.whenPlaced(Play.DIRECT);
    assertThat(play.word()).isEqualTo("calling");
  }

  @Test
  void aGroupRingTimesOut() {
    Play play = Play.conference("bob").given("b1 acknowledges").when("until 32s");
    assertThat(play.word()).isEqualTo("missed: no_answer");
    assertThat(play.heard("b1")).containsExactly("ring_stopped (no_answer)");
  }

  @Test
  void somebodyWhoIsNotInTheCallNeitherEndsItNorMakesItBusy() {
    Play play = Play.direct().given("b1 accepts");
    assertThat(play.when("x1 hangs up").outcome()).isEqualTo("404 call_not_found");
    assertThat(play.when("x1 is busy").outcome()).isEqualTo("404 call_not_found");
    assertThat(play.word()).isEqualTo("accepted");
  }

  @Test
  void signalsCountOnlyFromTheDeviceThatIsInTheCall() {
    Play play = Play.direct().given("b1 accepts");
    assertThat(offer(play, "b2")).isInstanceOf(SignalDesk.Refuse.class);
    assertThat(offer(play, "b1")).isInstanceOf(SignalDesk.Deliver.class);
  }

  @Test
  void aRejectOfACallThatWasAnsweredDoesNothing() {
    Play play = Play.direct().given("b1 accepts").when("b2 declines");
    assertThat(play.outcome()).isEqualTo("409 answered_elsewhere");
    assertThat(play.word()).isEqualTo("accepted");
  }

  @Test
  void anIgnoredRingIsSilentAndTheOtherSideDoesNotNotice() {
    Play play = Play.direct().given("b1 acknowledges").when("b1 ignores");
    assertThat(play.heard("a1")).isEmpty();
    assertThat(play.word()).isEqualTo("ringing");
  }

  @Test
  void oneSideHangsUpAndTheOtherIsTold() {
    assertThat(Play.direct().given("b1 accepts").when("a1 hangs up").heard("b1"))
        .containsExactly("call_ended");
  }

  @Test
  void aLostConnectionIsGivenTimeAndThenEnds() {
    Play play = Play.direct().given("b1 accepts; b1 is lost; until 29s");
    assertThat(play.word()).isEqualTo("accepted");
    assertThat(play.given("until 30s").word()).isEqualTo("ended: connection_lost");
  }

  @Test
  void oneOfTwoCrossingNegotiationsGivesWay() {
    Play play = Play.direct().given("b1 accepts");
    Signal negotiate = new Signal(Kind.NEGOTIATE, "{}", Optional.empty(), Optional.empty());
    SignalDesk one =
        ((SignalDesk.Deliver)
                SignalDesk.empty(Negotiation.ONE_AT_A_TIME)
                    .route(play.state(), Crowd.device("a1"), negotiate, play.now()))
            .desk();
    assertThat(one.route(play.state(), Crowd.device("b1"), negotiate, play.now()))
        .isInstanceOfSatisfying(
            SignalDesk.Refuse.class,
            r -> assertThat(r.rejection()).isInstanceOf(Rejection.NegotiationPending.class));
    // Where the callee is polite both pass, and the callee's client rolls back.
    assertThat(DESK.route(play.state(), Crowd.device("b1"), negotiate, play.now()))
        .isInstanceOf(SignalDesk.Deliver.class);
  }

  @Test
  void aCallThatOnlyNotifiesDoesNotRing() {
    Play play = Play.placed("conference notify bob");
    assertThat(play.given("b1 acknowledges; until 60s").word()).isEqualTo("ringing");
    Play room = Play.placed("conference silent bob");
    assertThat(room.heardInAll("b1")).isEmpty();
  }

  @Test
  void aRingSucceedsWhenTheUserJoins() {
    Play play = Play.conference("bob").given("b1 acknowledges").when("b2 accepts");
    assertThat(play.heard("b1")).containsExactly("ring_stopped (answered_elsewhere)");
    assertThat(play.heard("b2")).containsExactly("call_accepted");
  }

  @Test
  void whoHasJoinedIsNotRung() {
    Play play = Play.conference("bob").given("b1 accepts").when("a1 invites bob");
    assertThat(play.outcome()).isEqualTo("no-op");
    assertThat(play.heard()).isEmpty();
  }

  @Test
  void aDeclineThatComesTooLateIsNoDecline() {
    Play play = Play.direct().given("b1 acknowledges; after 40s").when("b1 declines");
    assertThat(play.word()).isEqualTo("missed: no_answer");
    assertThat(play.heard("a1")).containsExactly("call_ended");
  }

  @Test
  void aDeclineByTheWrongUserOrForAnotherCallIsNone() {
    Play play = Play.direct().given("b1 acknowledges");
    assertThat(play.when("c1 declines").outcome()).isEqualTo("404 call_not_found");
    assertThat(play.when("a2 declines").outcome()).isEqualTo("403 own_call");
    assertThat(play.word()).isEqualTo("ringing");
  }

  @Test
  void everyMemberIsRungOrOnlySome() {
    Play all = Play.nothing().whenPlaced("conference ring bob carol dave");
    assertThat(all.heard("d1")).containsExactly("call_started");
    Play some = Play.conference("bob").given("b1 accepts").when("a1 invites carol");
    assertThat(some.heard("c1")).containsExactly("call_started");
    assertThat(some.heard("d1")).isEmpty();
  }

  @Test
  void aCancelBeforeAnythingRings() {
    assertThat(Play.direct().when("a1 cancels").outcome()).isEqualTo("cancelled: cancelled");
  }

  @Test
  void aCancelThatMeetsTheAnswerOnTheWayHangsUp() {
    Play play = Play.direct().given("b1 acknowledges; b1 accepts").when("a1 cancels");
    assertThat(play.outcome()).isEqualTo("ended: hangup, as a hang-up");
    // The other order: the answer finds the call cancelled.
    assertThat(Play.direct().given("a1 cancels").when("b1 accepts").outcome())
        .isEqualTo("409 call_ended, near miss");
  }

  @Test
  void aRepeatedCancelOrHangUpIsHarmless() {
    assertThat(Play.direct().given("a1 cancels").when("a1 cancels").outcome()).isEqualTo("no-op");
    assertThat(Play.direct().given("b1 accepts; a1 hangs up").when("b1 hangs up").outcome())
        .isEqualTo("no-op");
    assertThat(Play.direct().given("b1 accepts; a1 cancels").when("a1 cancels").outcome())
        .isEqualTo("no-op");
  }

  @Test
  void allOfSeveralAreBusy() {
    assertThat(Play.hunt("bob", "carol").given("b1 is busy; c1 is busy").word())
        .isEqualTo("rejected: busy");
    assertThat(Play.placed("hunt ring bob:busy carol:busy").word()).isEqualTo("rejected: busy");
  }

  @Test
  void oneOfSeveralIsBusyAndTheOthersRingOn() {
    Play play = Play.hunt("bob", "carol").given("b1 is busy");
    assertThat(play.word()).isEqualTo("calling");
    assertThat(play.given("c1 accepts").word()).isEqualTo("accepted");
  }

  @Test
  void noneOfSeveralAnswers() {
    assertThat(
            Play.hunt("bob", "carol").given("b1 acknowledges; c1 acknowledges; until 32s").word())
        .isEqualTo("missed: no_answer");
  }

  @Test
  void oneOfSeveralDoesNotAnswerAndOneIsBusy() {
    assertThat(Play.hunt("bob", "carol").given("b1 acknowledges; c1 is busy; until 32s").word())
        .isEqualTo("missed: no_answer");
  }

  @Test
  void noneOfSeveralIsReached() {
    assertThat(Play.hunt("bob", "carol").given("until 122s").word())
        .isEqualTo("timeout: unreachable");
  }

  @Test
  void oneOfSeveralIsNotReachedAndOneDeclines() {
    assertThat(Play.hunt("bob", "carol").given("b1 declines; until 122s").word())
        .isEqualTo("timeout: unreachable");
  }

  @Test
  void allOfSeveralAreCancelled() {
    Play play = Play.hunt("bob", "carol").given("b1 acknowledges").when("a1 cancels");
    assertThat(play.heard("b1")).containsExactly("call_ended");
    assertThat(play.heard("c1")).containsExactly("call_ended");
  }

  @Test
  void oneOfSeveralAnswersAndTheOthersAreToldThatItWasPickedUp() {
    Play play = Play.hunt("bob", "carol").given("c1 acknowledges").when("b1 accepts");
    assertThat(play.heard("c1")).containsExactly("ring_stopped (picked_up)");
    assertThat(play.leg("carol"))
        .isInstanceOfSatisfying(
            Leg.Closed.class, l -> assertThat(l.reason()).isEqualTo(EndReason.PICKED_UP));
  }

  @Test
  void aBusyLineEndsTheCall() {
    assertThat(Play.placed("direct ring bob:busy").word()).isEqualTo("rejected: busy");
  }

  @Test
  void aHeldParticipantStaysInTheCall() {
    Play play = Play.direct().given("b1 accepts").when("b1 holds");
    assertThat(play.heard("a1")).containsExactly("call_status_update");
    assertThat(play.leg("bob")).isInstanceOf(Leg.Joined.class);
  }

  @Test
  void aRunningCallIsRenegotiated() {
    Play play = Play.direct().given("b1 accepts");
    Signal negotiate = new Signal(Kind.NEGOTIATE, "{}", Optional.empty(), Optional.empty());
    assertThat(DESK.route(play.state(), Crowd.device("a1"), negotiate, play.now()))
        .isInstanceOf(SignalDesk.Deliver.class);
    assertThat(play.word()).isEqualTo("accepted");
  }

  @Test
  void anOfferBeforeTheAcceptWaitsForIt() {
    Play play = Play.direct().given("b1 acknowledges");
    SignalDesk.Routing held = offer(play, "a1");
    assertThat(held).isInstanceOf(SignalDesk.Hold.class);
    play.given("b1 accepts");
    assertThat(((SignalDesk.Hold) held).desk().release(Crowd.device("b1"))).hasSize(1);
  }

  @Test
  void aRepeatedInviteIsNotASecondCall() {
    Play play = Play.placed("direct ring bob #k").given("b1 acknowledges");
    play.run(Play.initiate("direct ring bob #k", CallLimits.STANDARD));
    assertThat(play.outcome()).isEqualTo("as before");
    assertThat(play.word()).isEqualTo("ringing");
  }

  @Test
  void bothHangUpAtOnce() {
    Play play = Play.direct().given("b1 accepts; a1 hangs up").when("b1 hangs up");
    assertThat(play.outcome()).isEqualTo("no-op");
    assertThat(((CallState.Ended) play.state()).endedBy())
        .isEqualTo(new Actor.Device(Crowd.device("a1")));
  }

  @Test
  void aHangUpCrossesANewOffer() {
    Play play = Play.direct().given("b1 accepts; a1 hangs up");
    assertThat(offer(play, "b1")).isInstanceOf(SignalDesk.Refuse.class);
  }

  @Test
  void theCallerHangsUpBeforeTheCallIsAnswered() {
    assertThat(Play.direct().given("b1 acknowledges").when("a1 hangs up").outcome())
        .isEqualTo("cancelled: cancelled");
  }

  @Test
  void aCalleeIsUnavailable() {
    assertThat(Play.direct().when("b1 is unavailable").outcome())
        .isEqualTo("rejected: unavailable");
  }

  @Test
  void aProposedCallIsRetracted() {
    Play play = Play.direct().given("b1 acknowledges").when("a1 cancels");
    assertThat(play.heard("b1")).containsExactly("call_ended");
    assertThat(play.heard("b2")).containsExactly("call_ended");
  }

  @Test
  void aSessionGoesOnWithAnotherDevice() {
    Play play = Play.direct().given("b1 accepts").when("b1 hands off to b2");
    assertThat(play.heard("b1")).containsExactly("ring_stopped (handoff)");
    assertThat(play.heard("b2")).containsExactly("call_accepted");
    assertThat(play.word()).isEqualTo("accepted");
  }
}
