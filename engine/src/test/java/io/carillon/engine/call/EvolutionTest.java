package io.carillon.engine.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carillon.engine.identity.Endpoint;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Applying what was stored: the same on replay as in life, and never a refusal (R1, R77, I26). */
class EvolutionTest {
  private static final EventHeader LATER =
      new EventHeader(Play.START.plusSeconds(9), new Actor.Engine(), Optional.empty());
  private static final Endpoint B1 = Crowd.device("b1");
  private static final CallKey KEY = Play.direct().call().facts().key();

  @Test
  void aJournalBeginsWithItsInitiationAndHasOne() { // I26
    CallEvent initiated = Play.direct().journal().getFirst();
    assertThatThrownBy(() -> Call.evolve(Call.UNKNOWN, new CallEvent.Connected(LATER)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("begins with");
    assertThatThrownBy(() -> Call.evolve(Play.direct().state(), initiated))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("once");
  }

  @Test
  void eventsOutOfPlaceCountAndChangeNothingElse() {
    CallState calling = Play.direct().state();
    for (CallEvent event :
        List.of(
            new CallEvent.Connected(LATER),
            new CallEvent.Extended(LATER, Play.START),
            new CallEvent.Expiring(LATER, Duration.ofSeconds(10)),
            new CallEvent.ConnectionLost(LATER, B1, Play.START),
            new CallEvent.LateAccepted(LATER, B1, Duration.ZERO))) {
      CallState.Calling next = (CallState.Calling) Call.evolve(calling, event);
      assertThat(next.ledger().seq()).isEqualTo(2);
      assertThat(next.ledger().at()).isEqualTo(LATER.at());
      assertThat(next.roster()).isEqualTo(((CallState.Calling) calling).roster());
    }
  }

  @Test
  void ringsOfWhoDoesNotRingAnyMoreChangeNothingElse() {
    CallState declined = Play.conference("bob", "carol").given("b1 declines").state();
    Roster before = ((CallState.Known) declined).roster();
    for (CallEvent event :
        List.of(
            new CallEvent.RingIgnored(LATER, B1), new CallEvent.RingWithheld(LATER, B1, "muted"))) {
      assertThat(((CallState.Known) Call.evolve(declined, event)).roster()).isEqualTo(before);
    }
    CallState rang = Call.evolve(declined, new CallEvent.RingStarted(LATER, B1, Play.START));
    assertThat(((CallState.Known) rang).roster()).isEqualTo(before);
  }

  @Test
  void afterTheEndOnlyTheNumberAndTheNearMissChange() { // J7
    CallState.Ended over = (CallState.Ended) Play.direct().given("a1 cancels").state();
    CallState.Ended next =
        (CallState.Ended) Call.evolve(over, new CallEvent.LateAccepted(LATER, B1, Duration.ZERO));
    assertThat(next.nearMiss()).isTrue();
    assertThat(next.ledger().seq()).isEqualTo(over.ledger().seq() + 1);
    assertThat(next.roster()).isEqualTo(over.roster());
    assertThat(next.timeline()).isEqualTo(over.timeline());
    CallState.Ended again = (CallState.Ended) Call.evolve(next, new CallEvent.Connected(LATER));
    assertThat(again.nearMiss()).isTrue();
    assertThat(((CallState.Ended) Call.evolve(over, new CallEvent.Connected(LATER))).nearMiss())
        .isFalse();
  }

  @Test
  void stepsCarryTheirNumberAndWhenToWakeTheCall() { // J8, R7
    Play play = Play.direct().given("after 2s; b1 acknowledges; b1 accepts; a1 hangs up");
    List<Call.Step> steps = Call.steps(KEY, Call.UNKNOWN, play.journal());
    assertThat(steps).extracting(s -> s.stored().seq()).containsExactly(1L, 2L, 3L, 4L);
    assertThat(steps)
        .extracting(s -> s.stored().wakeAt().map(at -> Duration.between(Play.START, at)))
        .containsExactly(
            Optional.of(Duration.ofSeconds(122)),
            Optional.of(Duration.ofSeconds(34)),
            Optional.of(Duration.ofSeconds(3542)),
            Optional.empty());
    assertThat(steps.getFirst().before()).isEqualTo(Call.UNKNOWN);
    assertThat(steps.getLast().after()).isEqualTo(play.state());
    List<StoredEvent> journal = steps.stream().map(Call.Step::stored).toList();
    assertThat(journal).extracting(StoredEvent::key).containsOnly(KEY);
    assertThat(Call.replay(journal)).isEqualTo(play.state());
    assertThat(Call.replaySteps(journal)).isEqualTo(steps);
    assertThat(steps.getFirst().notices())
        .isEqualTo(Fanout.of(Call.UNKNOWN, play.journal().getFirst(), steps.getFirst().after()));
    assertThat(Call.replay(List.of())).isEqualTo(Call.UNKNOWN);
  }

  @Test
  void aCallThatDoesNotExistTellsNobodyAndWaitsForNothing() {
    assertThat(Fanout.of(Call.UNKNOWN, new CallEvent.Connected(LATER), Call.UNKNOWN)).isEmpty();
    assertThat(Call.deadline(Call.UNKNOWN)).isEmpty();
  }

  @Test
  void aClockThatGoesBackwardsStandsStill() { // I23
    Play play = Play.direct().given("after 10s; b1 acknowledges; back 8s").when("b1 accepts");
    assertThat(play.events().getFirst().header().at()).isEqualTo(Play.START.plusSeconds(10));
    play.when("a1 hangs up");
    assertThat(play.call().at()).isEqualTo(Play.START.plusSeconds(10));
  }

  @Test
  void decisionsAreDatedInWholeMilliseconds() {
    Instant now = Play.START.plusNanos(1_999_999);
    Decision decision = Call.decide(Play.direct().state(), Phrases.command("b1 accepts"), now);
    assertThat(decision.events().getFirst().header().at()).isEqualTo(Play.START.plusMillis(1));
  }

  @Test
  void snapshotsShowWhatIsKnownInEachPhase() { // J12
    CallSnapshot calling = Play.direct().call();
    assertThat(calling.phase()).isEqualTo(CallSnapshot.Phase.CALLING);
    assertThat(calling.ringingAt()).isEmpty();
    CallSnapshot ringing = Play.direct().given("b1 acknowledges").call();
    assertThat(ringing.phase()).isEqualTo(CallSnapshot.Phase.RINGING);
    assertThat(ringing.ringingAt()).contains(Play.START);
    assertThat(ringing.isEnded()).isFalse();
    CallSnapshot over = Play.direct().given("b1 accepts; after 5s; b1 hangs up").call();
    assertThat(over.phase()).isEqualTo(CallSnapshot.Phase.ENDED);
    assertThat(over.isEnded()).isTrue();
    assertThat(over.answeredAt()).contains(Play.START);
    assertThat(over.ending().orElseThrow().at()).isEqualTo(Play.START.plusSeconds(5));
    assertThat(over.ending().orElseThrow().by()).isEqualTo(new Actor.Device(B1));
    assertThat(over.concerns(Crowd.named("bob"))).isTrue();
    assertThat(over.concerns(Crowd.named("carol"))).isFalse();
    assertThat(over.seq()).isEqualTo(3);
    CallSnapshot accepted = Play.direct().given("b1 accepts").call();
    assertThat(accepted.phase()).isEqualTo(CallSnapshot.Phase.ACCEPTED);
    assertThat(accepted.roster().isJoined(B1)).isTrue();
    assertThat(accepted.roster().isJoined(Crowd.device("b2"))).isFalse();
    assertThat(accepted.roster().isJoined(Crowd.device("c1"))).isFalse();
  }
}
