package io.carillon.engine.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.engine.identity.DeviceId;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Hunts, conferences and rooms (R31 to R39). */
class GroupTest {

  private static Play two() {
    return Play.conference("bob", "carol");
  }

  private static Play three() {
    return two().given("b1 accepts; c1 accepts");
  }

  @Test
  void inAHuntTheFirstToAcceptHasTheCall() { // R31
    Play play =
        Play.hunt("bob", "carol", "dave").given("b1 acknowledges; d1 declines").when("b1 accepts");
    assertThat(play.word()).isEqualTo("accepted");
    assertThat(play.heard("b2")).containsExactly("ring_stopped (answered_elsewhere)");
    assertThat(play.heard("c1")).containsExactly("ring_stopped (picked_up)");
    assertThat(play.heard("d1")).isEmpty();
    assertThat(play.leg("carol")).isEqualTo(new Leg.Closed(Play.START, EndReason.PICKED_UP, false));
    assertThat(play.when("c1 accepts").outcome()).isEqualTo("409 answered_elsewhere");
    assertThat(play.when("d2 accepts").outcome()).isEqualTo("409 declined_elsewhere");
    assertThat(play.when("c1 declines").outcome()).isEqualTo("no-op");
    assertThat(play.when("b1 hangs up").word()).isEqualTo("ended: hangup");
    assertThat(play.heard("c1")).isEmpty();
  }

  @Test
  void inAHuntAnIgnoringDeviceIsNotToldThatSomebodyPickedUp() { // R9, R31
    Play play = Play.hunt("bob", "carol").given("c1 ignores").when("b1 accepts");
    assertThat(play.heard("c1")).isEmpty();
    assertThat(play.heard("c2")).containsExactly("ring_stopped (picked_up)");
  }

  @Test
  void aTakenHuntIsACallOfTwo() { // R31
    Play play = Play.hunt("bob", "carol").given("b1 accepts");
    assertThat(play.when("a1 invites dave").outcome()).isEqualTo("409 invalid_state");
    assertThat(play.when("a1 escalates").outcome()).isEqualTo("accepted");
    // As a conference it is open to whoever was called (R37).
    assertThat(play.when("c1 accepts").outcome()).isEqualTo("accepted");
  }

  @Test
  void aHuntMayCallFurtherUsersWhileItRings() { // R33
    Play play = Play.hunt("bob").given("after 20s").when("a1 invites carol");
    assertThat(play.heard("c1")).containsExactly("call_started");
    assertThat(play.given("b1 declines").word()).isEqualTo("calling");
    assertThat(play.given("c1 declines").word()).isEqualTo("rejected: declined");
  }

  @ParameterizedTest
  @CsvSource({
    "b1 declines; c1 declines, rejected: declined",
    "b1 is unavailable; c1 declines, rejected: declined",
    "b1 is busy; c1 is busy, rejected: busy",
    "b1 is busy; c1 declines, timeout: unreachable",
    "until 122s, timeout: unreachable",
    "b1 declines; until 122s, timeout: unreachable",
    "b1 acknowledges; until 122s, missed: no_answer",
    "b1 acknowledges; c1 declines; until 32s, missed: no_answer",
    "b1 acknowledges; c1 acknowledges; until 32s, missed: no_answer",
    "a1 uninvites bob; a1 uninvites carol, cancelled: cancelled",
    "a1 uninvites bob; c1 declines, rejected: declined",
    "a1 uninvites bob; c1 is busy, rejected: busy",
    "a1 bars bob; c1 declines, rejected: declined",
    "a1 bars bob; a1 bars carol, cancelled: cancelled"
  })
  void aConferenceNobodyTookEndsWithWhatItsPartsAddUpTo(String story, String end) { // R32
    assertThat(two().given(story).word()).isEqualTo(end);
  }

  @ParameterizedTest
  @CsvSource({
    "b1 declines; c1 declines, rejected: declined",
    "b1 acknowledges; until 122s, missed: no_answer",
    "a1 uninvites bob; c1 declines, rejected: declined"
  })
  void soDoesAHunt(String story, String end) { // R32
    assertThat(Play.hunt("bob", "carol").given(story).word()).isEqualTo(end);
  }

  @Test
  void eachPartHasItsOwnTimer() { // R32, R33
    Play play = two().given("b1 acknowledges; after 10s; c1 acknowledges").when("until 32s");
    assertThat(play.eventNames()).containsExactly("LegClosed");
    assertThat(play.word()).isEqualTo("ringing");
    assertThat(play.heard("b1")).containsExactly("ring_stopped (no_answer)");
    assertThat(play.heard("a1")).containsExactly("participant_left");
    assertThat(play.when("until 42s").word()).isEqualTo("missed: no_answer");
    assertThat(play.heard("b1")).isEmpty();
  }

  @Test
  void oneWhoDeclinesDoesNotEndTheCallForTheOthers() { // T6g
    Play play = two().given("b1 accepts").when("c1 declines");
    assertThat(play.word()).isEqualTo("accepted");
    assertThat(play.heard("a1")).containsExactly("participant_declined");
    assertThat(play.heard("b1")).containsExactly("participant_declined");
    assertThat(play.heard("c1")).containsExactly("participant_declined");
    assertThat(play.heard("c2")).containsExactly("ring_stopped (declined_elsewhere)");
  }

  @Test
  void aPartThatIsBusyStopsAsBusy() { // R17
    Play play = two().when("c1 is busy");
    assertThat(play.heard("c2")).containsExactly("ring_stopped (busy_elsewhere)");
    assertThat(play.heard("a1")).containsExactly("participant_declined");
  }

  @Test
  void aDeclineWithoutADeviceIsToldToAllOfThem() { // R13
    Play play = two().when("c-rest declines");
    assertThat(play.heard("c1")).containsExactly("ring_stopped (declined_elsewhere)");
    assertThat(play.when("b1 ignores; b1 declines").heard("b1"))
        .containsExactly("ring_stopped (ignored)");
  }

  @Test
  void laterJoinersAreToldAsJoined() { // R31
    Play play = two().given("b1 accepts").when("c1 accepts");
    assertThat(play.heard("a1")).containsExactly("participant_joined");
    assertThat(play.heard("b1")).containsExactly("participant_joined");
    assertThat(play.heard("c1")).containsExactly("call_accepted");
    assertThat(play.heard("c2")).containsExactly("ring_stopped (answered_elsewhere)");
    assertThat(play.call().answeredAt()).contains(Play.START);
  }

  @Test
  void whoIsInTheCallIsNeverRung() { // R33
    assertThat(three().when("a1 invites bob").outcome()).isEqualTo("no-op");
    Play play = two().given("b1 accepts").when("a1 invites bob dave");
    assertThat(play.heard("b1")).containsExactly("participant_invited");
    assertThat(play.heard("d1")).containsExactly("call_started");
    assertThat(((CallEvent.Invited) play.events().getFirst()).invitations())
        .isEqualTo(Phrases.invitations("dave"));
  }

  @Test
  void theLastRingWins() { // R33
    Play play = two().given("b1 accepts; c1 acknowledges; c2 ignores; after 20s");
    play.when("a1 invites carol");
    assertThat(play.heard("c1")).containsExactly("call_started");
    assertThat(play.heard("c2")).containsExactly("call_started");
    assertThat(play.leg("carol"))
        .isEqualTo(
            new Leg.Invited(Play.START.plusSeconds(20), Play.START.plusSeconds(140), Hush.NONE));
    assertThat(play.given("until 140s").leg("carol")).isInstanceOf(Leg.Invited.class);
    assertThat(play.given("until 142s").leg("carol")).isInstanceOf(Leg.Closed.class);
  }

  @Test
  void aLineThatBecameBusyDoesNotSilenceTheRingItIsBusyWith() { // R17, R33
    Play play = two().given("c1 acknowledges");
    assertThat(play.when("a1 invites carol:busy").outcome()).isEqualTo("no-op");
    assertThat(play.leg("carol")).isInstanceOf(Leg.Ringing.class);
    // Who does not ring may turn out busy.
    play.given("c1 declines").when("a1 invites carol:busy");
    assertThat(play.leg("carol")).isEqualTo(new Leg.Closed(Play.START, EndReason.BUSY, false));
    assertThat(play.heard("c1")).isEmpty();
  }

  @Test
  void whoWasInvitedWithARoleKeepsIt() { // R34
    Play play = two().given("a1 makes carol cohost; c1 declines; a1 invites carol");
    assertThat(play.participant("carol").role()).isEqualTo(ParticipantRole.COHOST);
    assertThat(play.participant("bob").role()).isEqualTo(ParticipantRole.PARTICIPANT);
  }

  @Test
  void onlySoManyRingAtOnce() { // R33
    Play play = Play.placed("conference ring bob carol", Limits.standard().withRingSize(2));
    assertThat(play.when("a1 invites dave").outcome()).isEqualTo("422 validation");
    assertThat(play.when("a1 invites carol").outcome()).isEqualTo("calling");
    assertThat(play.given("b1 accepts").when("a1 invites dave").outcome()).isEqualTo("accepted");
    assertThat(play.when("a1 invites erin").outcome()).isEqualTo("422 validation");
  }

  @Test
  void aUserIsCalledOnceByOneCommand() { // R33
    assertThat(three().when("a1 invites dave dave").outcome()).isEqualTo("422 validation");
  }

  @Test
  void whoInvitesIsRememberedAsTheInviter() { // R35
    Play play = three().given("b1 invites dave");
    assertThat(play.participant("dave").invitedBy()).isEqualTo(Crowd.named("bob"));
    assertThat(play.when("c1 uninvites dave").outcome()).isEqualTo("403 forbidden");
    assertThat(play.when("b1 uninvites dave").outcome()).isEqualTo("accepted");
    assertThat(play.heard("d1")).containsExactly("ring_stopped (cancelled)");
    assertThat(play.when("b1 uninvites dave").outcome()).isEqualTo("no-op");
    assertThat(play.when("b1 uninvites erin").outcome()).isEqualTo("no-op");
  }

  @Test
  void anInviterMayTakeBackTheRingFromAnyDeviceEvenAfterLeaving() { // R35
    Play play = three().given("b1 invites dave; b1 hangs up").when("b2 uninvites dave");
    assertThat(play.outcome()).isEqualTo("accepted");
    // A host who left and did not invite may not.
    Play left = three().given("b1 invites dave; a1 hangs up").when("a1 uninvites dave");
    assertThat(left.outcome()).isEqualTo("403 forbidden");
  }

  @Test
  void ringsOfWhoLeavesAloneAreTakenBack() { // R35
    Play play = two().given("b1 accepts; b1 hangs up").when("a1 hangs up");
    assertThat(play.eventNames()).containsExactly("Left", "LegClosed");
    assertThat(play.heard("c1")).containsExactly("ring_stopped (cancelled)");
    assertThat(play.leg("carol")).isEqualTo(new Leg.Closed(Play.START, EndReason.CANCELLED, false));
  }

  @Test
  void ringsGoOnWhileOthersAreThereOrWereBegunByOthers() { // R35
    Play others = two().given("b1 accepts").when("a1 hangs up");
    assertThat(others.leg("carol")).isInstanceOf(Leg.Invited.class);
    assertThat(others.heard("c1")).isEmpty();
    Play begunByOthers = two().given("b1 accepts; a1 hangs up").when("b1 hangs up");
    assertThat(begunByOthers.leg("carol")).isInstanceOf(Leg.Invited.class);
    assertThat(begunByOthers.given("c1 accepts").word()).isEqualTo("accepted");
  }

  @Test
  void whenTheHostLeavesTheEldestCohostIsHost() { // R34
    Play play = three().given("a1 makes carol cohost").when("a1 hangs up");
    assertThat(play.eventNames()).containsExactly("Left", "RoleChanged");
    assertThat(play.participant("carol").role()).isEqualTo(ParticipantRole.HOST);
    assertThat(play.participant("bob").role()).isEqualTo(ParticipantRole.PARTICIPANT);
  }

  @Test
  void whereThereIsNoCohostTheEldestParticipantIsHost() { // R34
    Play play = three().when("a1 hangs up");
    assertThat(play.participant("bob").role()).isEqualTo(ParticipantRole.HOST);
    assertThat(play.heard("b1")).containsExactly("participant_left", "participant_role_changed");
  }

  @Test
  void noHeirIsNeededWhileAHostIsThereOrAnotherLeaves() { // R34
    assertThat(three().given("a1 makes bob host").when("a1 hangs up").eventNames())
        .containsExactly("Left");
    assertThat(three().when("b1 hangs up").eventNames()).containsExactly("Left");
    assertThat(three().given("a1 makes carol cohost").when("c1 hangs up").eventNames())
        .containsExactly("Left");
  }

  @ParameterizedTest
  @CsvSource({
    "b1 removes carol, 403 forbidden",
    "b1 bars carol, 403 forbidden",
    "b1 silences carol, 403 forbidden",
    "b1 makes carol cohost, 403 forbidden",
    "b1 ends for all, 403 forbidden",
    "b1 extends by 1000, 403 forbidden",
    "b1 invites dave, accepted",
    "a2 removes bob, 403 forbidden",
    "a2 invites dave, 403 forbidden",
    "a2 silences bob, 403 forbidden",
    "a2 makes bob cohost, 403 forbidden",
    "a2 ends for all, 403 forbidden",
    "a2 extends by 1000, 403 forbidden",
    "a1 removes alice, 403 forbidden",
    "a1 removes dave, no-op",
    "a1 silences dave, 422 validation",
    "a1 makes dave cohost, 422 validation",
    "a1 makes bob participant, no-op"
  })
  void rolesAllowWhatTheyAllow(String command, String outcome) { // R4, R34
    assertThat(three().when(command).outcome()).isEqualTo(outcome);
  }

  @Test
  void aListenerMayDoNothingToTheCall() { // R34
    Play play = three().given("a1 makes bob listener");
    assertThat(play.when("b1 invites dave").outcome()).isEqualTo("403 forbidden");
    assertThat(play.when("b1 mutes").outcome()).isEqualTo("accepted");
    for (ParticipantRole.Capability c : ParticipantRole.Capability.values()) {
      assertThat(ParticipantRole.LISTENER.may(c)).isFalse();
      assertThat(ParticipantRole.HOST.may(c)).isTrue();
      assertThat(ParticipantRole.COHOST.may(c)).isTrue();
    }
    assertThat(ParticipantRole.PARTICIPANT.may(ParticipantRole.Capability.RING)).isTrue();
  }

  @Test
  void aCohostDoesWhatAHostDoes() { // R34
    Play play = three().given("a1 makes bob cohost").when("b1 removes carol");
    assertThat(play.heard("c1")).containsExactly("participant_left");
    assertThat(play.when("b1 ends for all").word()).isEqualTo("ended: ended_by_host");
  }

  @Test
  void whoIsInvitedAndNotInTheCallHasNoSayWhateverTheRole() { // R34
    Play play = two().given("a1 makes bob cohost");
    assertThat(play.when("b1 removes alice").outcome()).isEqualTo("403 forbidden");
    assertThat(play.when("b1 makes carol host").outcome()).isEqualTo("403 forbidden");
    assertThat(play.when("b1 uninvites carol").outcome()).isEqualTo("403 forbidden");
    assertThat(play.when("b1 invites dave").outcome()).isEqualTo("403 forbidden");
  }

  @Test
  void aHostSilencesAParticipant() { // R34, R46
    Play play = three().when("a1 silences bob");
    assertThat(play.participant("bob").statuses()).containsExactly(MediaStatus.MUTED);
    assertThat(play.heard("b1")).containsExactly("call_status_update");
    assertThat(play.heard("c1")).containsExactly("call_status_update");
    assertThat(play.heard("a1")).isEmpty();
    assertThat(play.when("a1 silences bob").outcome()).isEqualTo("no-op");
  }

  @Test
  void whoIsRemovedMayComeBackWhoIsBarredMayNot() { // R37
    Play removed = three().when("a1 removes bob");
    assertThat(removed.heard("b1")).containsExactly("participant_left");
    assertThat(removed.leg("bob")).isEqualTo(new Leg.Closed(Play.START, EndReason.REMOVED, true));
    assertThat(removed.when("b1 accepts").outcome()).isEqualTo("accepted");
    Play barred = three().when("a1 bars bob");
    assertThat(barred.leg("bob")).isEqualTo(new Leg.Barred(Play.START));
    assertThat(barred.when("b1 accepts").outcome()).isEqualTo("403 blocked");
    assertThat(barred.when("a1 invites bob").outcome()).isEqualTo("403 forbidden");
    assertThat(barred.when("a1 bars bob").outcome()).isEqualTo("no-op");
    assertThat(barred.when("a1 removes bob").outcome()).isEqualTo("no-op");
    assertThat(barred.when("a1 makes bob cohost").outcome()).isEqualTo("422 validation");
    barred.given("a1 ends for all");
    assertThat(barred.when("b1 accepts").outcome()).isEqualTo("403 blocked");
    assertThat(barred.heardInAll("b1"))
        .containsExactly("call_started", "call_accepted", "participant_joined", "participant_left");
  }

  @Test
  void whoStillRingsMayBeRemovedOrBarred() { // R37
    Play removed = two().given("b1 accepts; c1 acknowledges").when("a1 removes carol");
    assertThat(removed.heard("c1")).containsExactly("ring_stopped (cancelled)");
    assertThat(removed.eventNames()).containsExactly("LegClosed");
    assertThat(removed.when("a1 removes carol").outcome()).isEqualTo("no-op");
    Play barred = two().given("b1 accepts; c1 acknowledges").when("a1 bars carol");
    assertThat(barred.heard("c1")).containsExactly("ring_stopped (cancelled)");
    assertThat(barred.when("c1 accepts").outcome()).isEqualTo("403 blocked");
  }

  @Test
  void barringTheLastOneWhoRingsEndsTheCall() { // R32, R37, J9
    Play play = Play.conference("bob").given("b1 acknowledges").when("a1 bars bob");
    assertThat(play.eventNames()).containsExactly("Left", "Ended");
    assertThat(play.word()).isEqualTo("cancelled: cancelled");
    assertThat(play.heardInAll("b1")).endsWith("ring_stopped (cancelled)");
  }

  @Test
  void whoDeclinedMayBeBarredFromComingBack() { // R37
    Play play = two().given("b1 accepts; c1 declines").when("a1 bars carol");
    assertThat(play.eventNames()).containsExactly("Left");
    assertThat(play.heard("c1")).isEmpty();
    assertThat(play.when("c1 accepts").outcome()).isEqualTo("403 blocked");
    assertThat(two().given("b1 accepts; c1 declines").when("a1 removes carol").outcome())
        .isEqualTo("no-op");
  }

  @Test
  void whoDeclinedMissedOrLeftMayComeIn() { // R37
    Play declined = two().given("c1 declines; b1 accepts").when("c2 accepts");
    assertThat(declined.outcome()).isEqualTo("accepted");
    assertThat(declined.heard("c2")).containsExactly("call_accepted");
    assertThat(declined.heard("c1")).isEmpty();
    Play missed = two().given("b1 accepts; c1 acknowledges; until 32s").when("c1 accepts");
    assertThat(missed.outcome()).isEqualTo("accepted");
    Play left = three().given("c1 mutes; c1 hangs up").when("c1 accepts");
    assertThat(left.outcome()).isEqualTo("accepted");
    assertThat(left.participant("carol").statuses()).isEmpty();
    Play first = two().given("b1 declines").when("b2 accepts");
    assertThat(first.outcome()).isEqualTo("accepted");
  }

  @Test
  void aCallerWhoLeftIsCalledBackLikeAnybodyElse() { // R33, R37
    Play play = three().given("a1 hangs up; b1 invites alice");
    assertThat(play.heard("a1")).isEmpty();
    assertThat(play.heardInAll("a1")).endsWith("participant_left", "call_started");
    assertThat(play.when("a2 acknowledges").heard("b1")).containsExactly("participant_ringing");
    play.when("a2 accepts");
    assertThat(play.heard("a2")).containsExactly("call_accepted");
    assertThat(play.heard("a1")).containsExactly("ring_stopped (answered_elsewhere)");
    assertThat(play.when("b1 ends for all").heard("a1")).isEmpty();
    assertThat(play.heard("a2")).containsExactly("call_ended");
  }

  @Test
  void aCallerInTheCallIsNotRung() { // R4
    assertThat(three().when("a2 acknowledges").outcome()).isEqualTo("403 own_call");
    assertThat(three().given("a1 hangs up").when("a1 acknowledges").outcome())
        .isEqualTo("403 own_call");
  }

  @Test
  void aCallersCancelOfARunningConferenceLeavesIt() { // R11
    Play play = three().when("a1 cancels");
    assertThat(play.outcome()).isEqualTo("accepted, as a hang-up");
    assertThat(play.eventNames()).containsExactly("Left", "RoleChanged");
    assertThat(play.when("a1 cancels").outcome()).isEqualTo("no-op");
  }

  @Test
  void aGroupEverybodyHasLeftEndsAfterTheDepartureTimeout() { // R36
    Play play = Play.conference("bob").given("b1 accepts; after 10s; b1 hangs up");
    assertThat(play.deadline()).contains(Duration.ofHours(1).minusMinutes(1));
    play.given("a1 hangs up");
    assertThat(play.deadline()).contains(Duration.ofSeconds(30));
    assertThat(play.given("until 29s").word()).isEqualTo("accepted");
    assertThat(play.given("until 30s").word()).isEqualTo("ended: empty");
  }

  @Test
  void whoComesBackInTimeKeepsAnEmptyGroup() { // R36
    Play play =
        Play.conference("bob").given("b1 accepts; b1 hangs up; a1 hangs up; after 19s; b1 accepts");
    assertThat(play.given("until 100s").word()).isEqualTo("accepted");
    // Emptied again, it waits anew.
    play.given("b1 hangs up");
    assertThat(play.deadline()).contains(Duration.ofMinutes(2));
  }

  @Test
  void whoStillRingsHearsTheEndOfAnEmptyGroup() { // R36, J3
    Play play =
        two().given("b1 accepts; b1 invites carol; a1 hangs up; b1 is lost").given("until 29s");
    assertThat(play.when("until 30s").eventNames()).containsExactly("Left", "LegClosed");
    Play other = two().given("b1 accepts; a1 hangs up; b1 hangs up").when("until 20s");
    assertThat(other.word()).isEqualTo("ended: empty");
    assertThat(other.heard("c1")).containsExactly("call_ended");
    assertThat(other.leg("carol"))
        .isEqualTo(new Leg.Closed(Play.START.plusSeconds(20), EndReason.CANCELLED, false));
  }

  @Test
  void aHostEndsAConferenceForEverybody() { // R22, T17
    Play play = two().given("b1 accepts").when("a1 ends for all");
    assertThat(play.word()).isEqualTo("ended: ended_by_host");
    assertThat(play.heard("b1")).containsExactly("call_ended");
    assertThat(play.heard("c1")).containsExactly("call_ended");
  }

  @Test
  void aRoomCallsNobodyAndWaitsForWhoKnowsItsId() { // R39
    Play play = Play.nothing().whenPlaced("conference silent bob");
    assertThat(play.heard("b1")).isEmpty();
    assertThat(play.heard("a2")).containsExactly("call_started");
    assertThat(play.deadline()).contains(Duration.ofMinutes(5));
    play.when("x1 accepts");
    assertThat(play.word()).isEqualTo("accepted");
    assertThat(play.call().ringingAt()).isEmpty();
    assertThat(play.participant("xavier").role()).isEqualTo(ParticipantRole.PARTICIPANT);
    assertThat(play.heard("x1")).containsExactly("call_accepted");
    assertThat(play.when("b1 accepts").outcome()).isEqualTo("accepted");
    assertThat(play.heard("b2")).isEmpty();
    assertThat(play.when("d1 accepts").heard("x1")).containsExactly("participant_joined");
  }

  @Test
  void anEmptyRoomEndsAfterTheEmptyTimeout() { // R36, R39
    Play play = Play.placed("conference silent").when("until 300s");
    assertThat(play.word()).isEqualTo("ended: empty");
    Play called = Play.placed("conference silent bob").when("until 300s");
    assertThat(called.word()).isEqualTo("ended: empty");
    assertThat(called.heard("b1")).isEmpty();
    Play rings = Play.placed("conference silent bob").given("b1 acknowledges");
    assertThat(rings.when("until 300s").word()).isEqualTo("ended: empty");
  }

  @Test
  void aRoomDoesNotEndBecauseWhoWasInvitedDeclines() { // R39
    Play play = Play.placed("conference silent bob").when("b1 declines");
    assertThat(play.word()).isEqualTo("calling");
    assertThat(play.when("a1 bars bob").word()).isEqualTo("calling");
    assertThat(play.when("b1 accepts").outcome()).isEqualTo("403 blocked");
    assertThat(play.when("x1 accepts").outcome()).isEqualTo("accepted");
  }

  @Test
  void inASilentCallNobodyIsToldOfTheEndOfARingTheyNeverHeard() { // R39, I13
    Play play = Play.placed("conference silent bob carol").given("b1 acknowledges; c1 ignores");
    assertThat(play.heardInAll("c1")).isEmpty();
    play.when("b1 accepts; c1 declines; a1 ends for all");
    assertThat(play.heard("b2")).isEmpty();
    assertThat(play.heard("c1")).isEmpty();
    Play hunt = Play.placed("hunt silent bob carol").when("b1 accepts");
    assertThat(hunt.heard("c1")).isEmpty();
  }

  @Test
  void onlyARoomIsJoinedByItsId() { // R39
    assertThat(two().when("x1 accepts").outcome()).isEqualTo("404 call_not_found");
    assertThat(three().when("x1 accepts").outcome()).isEqualTo("404 call_not_found");
    assertThat(Play.placed("hunt silent bob").when("x1 accepts").outcome())
        .isEqualTo("404 call_not_found");
    assertThat(Play.placed("conference notify bob").when("x1 accepts").outcome())
        .isEqualTo("404 call_not_found");
    assertThat(Play.placed("conference silent").when("x1 declines").outcome())
        .isEqualTo("404 call_not_found");
  }

  @Test
  void aParticipantOfAConferenceHandsOffLikeAnyOther() { // R30a
    Play play = three().when("b2 takes over");
    assertThat(play.heard("b1")).containsExactly("ring_stopped (handoff)");
    assertThat(play.heard("c1")).containsExactly("participant_joined");
    assertThat(play.leg("bob"))
        .isEqualTo(new Leg.Joined(new DeviceId("b2"), Play.START, new Link.Up()));
  }
}
