package io.carillon.engine.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.engine.call.CallId;
import io.carillon.engine.call.CallMode;
import io.carillon.engine.call.CallSnapshot;
import io.carillon.engine.call.Invitation;
import io.carillon.engine.call.Line;
import io.carillon.engine.call.RingStyle;
import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.Endpoint;
import io.carillon.engine.identity.UserId;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A session's list of calls holds those its user will hear the end of, and no others. */
class CallBookTest {
  private static final Instant NOW = Instant.parse("2026-03-02T10:00:00Z");
  private static final UserId BOB = new UserId("bob");
  private static final DeviceId PHONE = new DeviceId("phone");
  private static final Endpoint ALICE = new Endpoint(new UserId("alice"), PHONE);
  private static final Endpoint BOBS_PHONE = new Endpoint(BOB, PHONE);
  private static final Invitation CAROL = new Invitation(new UserId("carol"), Line.FREE);

  private final CallBook book = new CallBook(BOB);

  @Test
  void aCallIsOpenUntilItIsOver() {
    DrivenCall call = DrivenCall.placed("c", ALICE, BOB, NOW);
    assertThat(book.learn(call.snapshot(), NOW)).isTrue();
    assertThat(book.open()).containsOnlyKeys(call.id());
    call.accept(BOBS_PHONE, NOW).hangUp(ALICE, NOW);
    assertThat(book.learn(call.snapshot(), NOW)).isTrue();
    assertThat(book.open()).isEmpty();
    assertThat(book.lastOf(call.id())).isEqualTo(3);
  }

  @Test
  void aCallThatIsOverIsNotBroughtBackByOlderNews() {
    DrivenCall call = DrivenCall.placed("c", ALICE, BOB, NOW);
    CallSnapshot asItRang = call.snapshot();
    book.learn(call.cancel(ALICE, NOW).snapshot(), NOW);
    assertThat(book.learn(asItRang, NOW)).isFalse();
    assertThat(book.open()).isEmpty();
  }

  @Test
  void aConferenceTheUserDeclinedIsNoLongerTheUsers() {
    DrivenCall call = conference();
    book.learn(call.snapshot(), NOW);
    book.learn(call.decline(BOBS_PHONE, NOW).snapshot(), NOW);
    assertThat(call.snapshot().isEnded()).isFalse();
    assertThat(book.open()).isEmpty();
  }

  @Test
  void aConferenceTheUserComesBackToIsTheUsersAgain() {
    DrivenCall call = conference();
    book.learn(call.decline(BOBS_PHONE, NOW).snapshot(), NOW);
    book.learn(call.accept(BOBS_PHONE, NOW).snapshot(), NOW);
    assertThat(book.open()).containsOnlyKeys(call.id());
  }

  @Test
  void aCallKeptFromTheUserIsNotWaitedFor() {
    for (Line line : List.of(Line.DO_NOT_DISTURB, Line.BLOCKED, Line.BUSY)) {
      DrivenCall call =
          DrivenCall.placed(
              "c-" + line, ALICE, CallMode.CONFERENCE, NOW, new Invitation(BOB, line), CAROL);
      book.learn(call.snapshot(), NOW);
    }
    assertThat(book.open()).isEmpty();
  }

  @Test
  void aSilentCallIsNotWaitedForBeforeTheUserIsInIt() {
    DrivenCall call =
        new DrivenCall("c")
            .place(
                ALICE,
                CallMode.CONFERENCE,
                RingStyle.SILENT,
                NOW,
                List.of(new Invitation(BOB, Line.FREE)));
    book.learn(call.snapshot(), NOW);
    assertThat(book.open()).isEmpty();
    book.learn(call.accept(BOBS_PHONE, NOW).snapshot(), NOW);
    assertThat(book.open()).containsOnlyKeys(call.id());
  }

  @Test
  void aCallNothingWasHeardOfForLongIsDoubtfulUntilItSpeaks() {
    DrivenCall call = DrivenCall.placed("c", ALICE, BOB, NOW);
    book.learn(call.snapshot(), NOW);
    assertThat(book.unheardSince(NOW)).isEmpty();
    assertThat(book.unheardSince(NOW.plusSeconds(1))).containsExactly(call.snapshot());
    book.learn(call.snapshot(), NOW.plusSeconds(2));
    assertThat(book.unheardSince(NOW.plusSeconds(1))).isEmpty();
  }

  @Test
  void whatIsOverIsRememberedWithinBounds() {
    for (int i = 0; i < CallBook.MAX_CLOSED + 1; i++) {
      book.learn(DrivenCall.placed("c" + i, ALICE, BOB, NOW).cancel(ALICE, NOW).snapshot(), NOW);
    }
    assertThat(book.lastOf(new CallId("c0"))).isZero();
    assertThat(book.lastOf(new CallId("c1"))).isEqualTo(2);
  }

  private static DrivenCall conference() {
    return DrivenCall.placed(
        "c", ALICE, CallMode.CONFERENCE, NOW, new Invitation(BOB, Line.FREE), CAROL);
  }
}
