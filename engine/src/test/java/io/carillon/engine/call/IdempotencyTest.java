package io.carillon.engine.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** One key, one effect, one answer (R27, I3). */
class IdempotencyTest {

  private static CallSnapshot replayed(Play play) {
    return ((Decision.Replayed) play.last().answer()).result();
  }

  @Test
  void aRepeatedRequestIsAnsweredAsTheFirstTimeWas() { // R27
    Play play = Play.direct().given("b1 accepts #k1");
    CallSnapshot first = play.call();
    play.given("after 10s; b1 mutes; a1 hangs up").when("b1 accepts #k1");
    assertThat(play.outcome()).isEqualTo("as before");
    assertThat(play.events()).isEmpty();
    assertThat(replayed(play)).isEqualTo(first);
    assertThat(replayed(play).phase()).isEqualTo(CallSnapshot.Phase.ACCEPTED);
  }

  @Test
  void anInitiateIsNeverCarriedOutTwice() { // R27
    Play play = Play.placed("direct ring bob #k0").given("b1 accepts; a1 hangs up");
    play.run(Play.initiate("direct ring bob #k0", CallLimits.STANDARD));
    assertThat(play.outcome()).isEqualTo("as before");
    assertThat(replayed(play).phase()).isEqualTo(CallSnapshot.Phase.CALLING);
    assertThat(replayed(play).seq()).isEqualTo(1);
  }

  @Test
  void theResultOfSeveralEventsIsTheLast() { // R27
    Play busy = Play.placed("direct ring bob:busy #k0");
    busy.run(Play.initiate("direct ring bob:busy #k0", CallLimits.STANDARD));
    assertThat(replayed(busy).ending().orElseThrow().reason()).isEqualTo(EndReason.BUSY);
    assertThat(replayed(busy).seq()).isEqualTo(2);
  }

  @Test
  void whereStateAloneWouldNotTellARepetitionStillHasNoEffect() { // R27
    Play play = Play.direct().given("b1 accepts; a1 extends by 60000 #k1");
    Optional<Instant> ends = play.call().endsBy();
    assertThat(play.when("a1 extends by 60000 #k1").call().endsBy()).isEqualTo(ends);
    Play muted = Play.direct().given("b1 accepts; b1 mutes #k1; b1 unmutes #k2");
    assertThat(muted.when("b1 mutes #k1").outcome()).isEqualTo("as before");
    assertThat(muted.participant("bob").statuses()).isEmpty();
    Play invited = Play.conference("bob").given("b1 accepts; a1 invites carol #k1; c1 declines");
    assertThat(invited.when("a1 invites carol #k1").outcome()).isEqualTo("as before");
  }

  @Test
  void aKeyUsedForSomethingElseIsRefused() { // R27
    Play play = Play.direct().given("b1 accepts #k1").when("b1 hangs up #k1");
    assertThat(play.outcome()).isEqualTo("409 idempotency_key_reused");
    assertThat(play.word()).isEqualTo("accepted");
  }

  @Test
  void keysBelongToTheirUser() { // R27
    Play play = Play.direct().given("b1 accepts #k1").when("a1 hangs up #k1");
    assertThat(play.outcome()).isEqualTo("ended: hangup");
  }

  @Test
  void anAdministratorsKeyCounts() { // R27
    Play play = Play.direct().given("an admin ends #k1").when("an admin ends #k1");
    assertThat(play.outcome()).isEqualTo("as before");
  }

  @Test
  void aRefusalIsNotRemembered() { // R27
    Play play = Play.direct().given("a1 cancels").when("b1 accepts #k1");
    assertThat(play.outcome()).isEqualTo("409 call_ended, near miss");
    assertThat(play.when("b1 accepts #k1").outcome()).isEqualTo("409 call_ended");
  }

  @Test
  void aCallRemembersItsNewestKeysAndAlwaysTheFirst() { // R27
    Play play = Play.placed("direct ring bob #first").given("b1 accepts");
    for (int i = 0; i < Ledger.MAX_RECEIPTS; i++) {
      play.given("b1 " + (i % 2 == 0 ? "mutes" : "unmutes") + " #k" + i);
    }
    Ledger ledger = ((CallState.Known) play.state()).ledger();
    assertThat(ledger.receipts()).hasSize(Ledger.MAX_RECEIPTS);
    assertThat(ledger.receipts().getFirst().request().key()).isEqualTo("first");
    assertThat(ledger.receipts().get(1).request().key()).isEqualTo("k1");
    assertThat(ledger.receipts().getLast().request().key())
        .isEqualTo("k" + (Ledger.MAX_RECEIPTS - 1));
    play.run(Play.initiate("direct ring bob #first", CallLimits.STANDARD));
    assertThat(play.outcome()).isEqualTo("as before");
    assertThat(play.when("b1 unmutes #k1").outcome()).isEqualTo("as before");
    // The oldest but the first is forgotten.
    assertThat(ledger.receipts()).noneMatch(r -> r.request().key().equals("k0"));
  }

  @Test
  void aRepetitionComesBeforeWhatHasBecomeDue() { // R27
    Play play = Play.direct().given("b1 acknowledges #k1; after 500s").when("b1 acknowledges #k1");
    assertThat(play.outcome()).isEqualTo("as before");
    assertThat(play.events()).isEmpty();
    assertThat(play.when("time is checked").word()).isEqualTo("missed: no_answer");
  }

  @Test
  void receiptsSurviveAReplay() { // R27, J12
    Play play = Play.direct().given("b1 accepts #k1; b1 mutes #k2");
    assertThat(((CallState.Known) play.replay()).ledger())
        .isEqualTo(((CallState.Known) play.state()).ledger());
  }
}
