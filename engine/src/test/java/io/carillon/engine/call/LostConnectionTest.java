package io.carillon.engine.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.engine.identity.DeviceId;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Devices that vanish and come back (R23, R25). */
class LostConnectionTest {

  @Test
  void aRingOutlivesItsCallersConnectionByTheGrace() { // R23, T18
    Play play = Play.direct().given("b1 acknowledges; after 5s").when("a1 is lost");
    assertThat(play.word()).isEqualTo("ringing");
    assertThat(play.deadline()).contains(Duration.ofSeconds(15));
    assertThat(play.given("until 14s").word()).isEqualTo("ringing");
    play.when("until 15s");
    assertThat(play.word()).isEqualTo("cancelled: caller_lost");
    assertThat(play.heard("b1")).containsExactly("call_ended");
  }

  @Test
  void aCallerWhoIsBackInTimeGoesOnCalling() { // R23
    Play play = Play.direct().given("a1 is lost; after 9s").when("a1 is back");
    assertThat(play.eventNames()).containsExactly("ConnectionRegained");
    assertThat(play.deadline()).contains(Duration.ofSeconds(122));
  }

  @Test
  void aCallThatIsDetachedDoesNotNeedItsCaller() { // R23
    Play play = Play.placed("detached direct ring bob").when("a1 is lost");
    assertThat(play.outcome()).isEqualTo("no-op");
    // Once accepted the caller is a participant like any other (R25).
    assertThat(play.given("b1 accepts").when("a1 is lost").eventNames())
        .containsExactly("ConnectionLost");
  }

  @Test
  void acceptedMeanwhileALostCallerHasAParticipantsGrace() { // R23, R25
    Play play = Play.direct().given("a1 is lost; after 5s; b1 accepts");
    assertThat(play.deadline()).contains(Duration.ofSeconds(30));
    assertThat(((Leg.Joined) play.leg("alice")).link())
        .isEqualTo(new Link.Lost(Play.START, Play.START.plusSeconds(30)));
    assertThat(play.given("until 29s").word()).isEqualTo("accepted");
    assertThat(play.given("until 30s").word()).isEqualTo("ended: connection_lost");
  }

  @Test
  void anAcceptNeverShortensTheCallersGrace() { // R23
    CallLimits limits = Limits.standard().withGraces(Duration.ofSeconds(40), Duration.ofSeconds(5));
    Play play = Play.placed(Play.DIRECT, limits).given("a1 is lost; after 20s; b1 accepts");
    assertThat(play.deadline()).contains(Duration.ofSeconds(40));
  }

  @Test
  void anAcceptAtTheEndOfTheCallersGraceComesTooLate() { // R23, I9
    assertThat(Play.direct().given("a1 is lost; after 10s").when("b1 accepts").outcome())
        .isEqualTo("409 call_ended, near miss, cancelled: caller_lost");
  }

  @Test
  void aLostSocketIsNotAHangUp() { // R25, T14
    Play play = Play.direct().given("b1 accepts; after 10s").when("b1 is lost");
    assertThat(play.word()).isEqualTo("accepted");
    assertThat(play.heard())
        .containsExactlyInAnyOrder(
            "a1: participant_reconnecting",
            "a2: participant_reconnecting",
            "a3: participant_reconnecting");
    assertThat(play.deadline()).contains(Duration.ofSeconds(40));
    play.when("until 40s");
    assertThat(play.word()).isEqualTo("ended: connection_lost");
    assertThat(play.heard("b1")).containsExactly("call_ended");
  }

  @Test
  void aParticipantWhoIsBackInTimeStays() { // R25
    Play play = Play.direct().given("b1 accepts; b1 is lost; after 29s").when("b1 is back");
    assertThat(play.heard("a1")).containsExactly("participant_joined");
    assertThat(play.given("until 60s").word()).isEqualTo("accepted");
  }

  @Test
  void anySignOfLifeBringsAParticipantBack() { // R25
    assertThat(Play.direct().given("b1 accepts; b1 is lost").when("b1 is alive").eventNames())
        .containsExactly("ConnectionRegained");
    assertThat(Play.direct().given("b1 accepts; b1 is lost").when("b1 accepts").eventNames())
        .containsExactly("ConnectionRegained");
    assertThat(Play.direct().given("a1 is lost").when("a1 is alive").eventNames())
        .containsExactly("ConnectionRegained");
    assertThat(Play.direct().given("b1 accepts").when("b1 is alive").events()).isEmpty();
    assertThat(Play.direct().given("b1 accepts; b1 is lost").when("b2 is alive").events())
        .isEmpty();
  }

  @Test
  void whenBothAreLostTheClockCountsFromTheLaterLoss() { // R25
    Play play = Play.direct().given("b1 accepts; b1 is lost; after 20s; a1 is lost");
    assertThat(play.deadline()).contains(Duration.ofSeconds(50));
    assertThat(play.given("until 49s").word()).isEqualTo("accepted");
    assertThat(play.given("until 50s").word()).isEqualTo("ended: connection_lost");
  }

  @Test
  void whicheverOfThemWasLostLater() { // R25
    Play play = Play.direct().given("b1 accepts; a1 is lost; after 20s; b1 is lost");
    assertThat(play.deadline()).contains(Duration.ofSeconds(50));
  }

  @Test
  void inAConferenceTheFirstOfSeveralLossesCountsWhileSomebodyIsThere() { // R25
    Play play =
        Play.conference("bob", "carol")
            .given("b1 accepts; c1 accepts; b1 is lost; after 10s; c1 is lost");
    assertThat(play.deadline()).contains(Duration.ofSeconds(30));
    play.when("until 30s");
    assertThat(play.eventNames()).containsExactly("Left");
    assertThat(play.word()).isEqualTo("accepted");
    assertThat(play.leg("bob"))
        .isEqualTo(new Leg.Closed(Play.START.plusSeconds(30), EndReason.CONNECTION_LOST, true));
    assertThat(play.heard("a1")).containsExactly("participant_left");
    assertThat(play.deadline()).contains(Duration.ofSeconds(40));
  }

  @Test
  void aConferenceEverybodyVanishedFromEndsEmpty() { // R25, R36
    Play play = Play.conference("bob").given("b1 accepts; b1 is lost; after 10s; a1 is lost");
    assertThat(play.deadline()).contains(Duration.ofSeconds(40));
    play.given("until 40s");
    assertThat(play.call().roster().joined()).isEmpty();
    assertThat(play.given("until 60s").word()).isEqualTo("ended: empty");
  }

  @Test
  void onlyTheDeviceThatIsInTheCallIsMissed() { // R25
    assertThat(Play.direct().given("b1 accepts").when("b2 is lost").outcome()).isEqualTo("no-op");
    assertThat(Play.direct().given("b1 accepts").when("a2 is lost").outcome()).isEqualTo("no-op");
    assertThat(Play.direct().when("b1 is lost").outcome()).isEqualTo("no-op");
    assertThat(Play.direct().when("x1 is lost").outcome()).isEqualTo("no-op");
    assertThat(Play.direct().given("b-rest accepts").when("b-rest is lost").outcome())
        .isEqualTo("no-op");
  }

  @Test
  void aDeviceIsLostAndFoundOnce() { // R25
    assertThat(Play.direct().given("a1 is lost").when("a1 is lost").outcome()).isEqualTo("no-op");
    assertThat(Play.direct().when("a1 is back").outcome()).isEqualTo("no-op");
    assertThat(Play.direct().given("b1 accepts").when("x1 is back").outcome()).isEqualTo("no-op");
  }

  @Test
  void whoActsWithoutADeviceIsASignOfLifeToo() { // R25
    Play play = Play.direct().given("b1 accepts; b1 is lost").when("b-rest is alive");
    assertThat(((Leg.Joined) play.leg("bob")))
        .isEqualTo(new Leg.Joined(new DeviceId("b1"), Play.START, new Link.Up()));
  }
}
