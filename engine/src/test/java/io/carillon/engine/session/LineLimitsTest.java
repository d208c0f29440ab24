package io.carillon.engine.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.engine.call.CallId;
import io.carillon.engine.call.CallMode;
import io.carillon.engine.call.CallSnapshot;
import io.carillon.engine.call.Line;
import io.carillon.engine.call.Rejection;
import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.Endpoint;
import io.carillon.engine.identity.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How much one user may ring others (R72). */
class LineLimitsTest {
  private static final Instant NOW = Instant.parse("2026-03-02T10:00:00Z");
  private static final UserId ALICE = new UserId("alice");
  private static final UserId BOB = new UserId("bob");
  private static final DeviceId PHONE = new DeviceId("phone");
  private static final Endpoint ALICES_PHONE = new Endpoint(ALICE, PHONE);
  private static final Endpoint BOBS_PHONE = new Endpoint(BOB, PHONE);

  private final Map<CallId, CallSnapshot> calls = new LinkedHashMap<>();
  private final LineDesk alice =
      new LineDesk(ALICE, new LineLimits(3, 2, Duration.ofMinutes(10), 2), calls);

  @Test
  void aUserMayPlaceSoManyCallsAMinuteAndIsToldWhenTheNext() {
    for (int i = 0; i < 3; i++) {
      assertThat(place("c" + i, "callee" + i, NOW.plusSeconds(i)))
          .isEqualTo(new LineDesk.AskCallee());
    }
    assertThat(place("c3", "callee3", NOW.plusSeconds(20)))
        .isEqualTo(tooFast(Duration.ofSeconds(40)));
    assertThat(place("c3", "callee3", NOW.plusSeconds(60))).isEqualTo(new LineDesk.AskCallee());
  }

  @Test
  void theSameRequestSentAgainIsNotAnotherCall() {
    for (int i = 0; i < 10; i++) {
      assertThat(place("c", "bob", NOW)).isEqualTo(new LineDesk.AskCallee());
    }
  }

  @Test
  void unansweredCallsToTheSameUserAreCounted() {
    alice.heard(unanswered("c1", NOW));
    assertThat(place("n1", "bob", NOW.plusSeconds(1))).isEqualTo(new LineDesk.AskCallee());
    alice.heard(unanswered("c2", NOW.plusSeconds(30)));
    assertThat(place("n2", "bob", NOW.plusSeconds(61)))
        .isEqualTo(tooFast(Duration.ofMinutes(10).minusSeconds(61)));
    assertThat(place("n2", "carol", NOW.plusSeconds(61))).isEqualTo(new LineDesk.AskCallee());
    assertThat(place("n3", "bob", NOW.plusSeconds(600))).isEqualTo(new LineDesk.AskCallee());
  }

  @Test
  void anUnansweredCallCountsOnceHoweverOftenItsJournalIsRead() {
    CallSnapshot once = unanswered("c1", NOW);
    for (int i = 0; i < 10; i++) {
      alice.heard(once);
    }
    assertThat(place("n1", "bob", NOW.plusSeconds(1))).isEqualTo(new LineDesk.AskCallee());
  }

  @Test
  void anAnsweredCallForgivesThoseBefore() {
    alice.heard(unanswered("c1", NOW));
    alice.heard(unanswered("c2", NOW));
    alice.heard(
        DrivenCall.placed("c3", ALICES_PHONE, BOB, NOW.plusSeconds(1))
            .accept(BOBS_PHONE, NOW.plusSeconds(2))
            .hangUp(BOBS_PHONE, NOW.plusSeconds(3))
            .snapshot());
    assertThat(place("n1", "bob", NOW.plusSeconds(4))).isEqualTo(new LineDesk.AskCallee());
  }

  @Test
  void callsOfOthersAreNotCounted() {
    for (String id : List.of("c1", "c2", "c3")) {
      alice.heard(
          DrivenCall.placed(id, BOBS_PHONE, ALICE, NOW).decline(ALICES_PHONE, NOW).snapshot());
    }
    assertThat(place("n1", "bob", NOW)).isEqualTo(new LineDesk.AskCallee());
  }

  @Test
  void onlySoManyCallsRingAtOnce() {
    for (String caller : List.of("bob", "carol")) {
      DrivenCall call =
          DrivenCall.placed("c-" + caller, new Endpoint(new UserId(caller), PHONE), ALICE, NOW);
      calls.put(call.id(), call.snapshot());
    }
    assertThat(
            alice.ask(
                new CallId("d"),
                new UserId("dave"),
                CallMode.DIRECT,
                Optional.empty(),
                UserSettings.STANDARD,
                NOW))
        .isInstanceOf(LineDesk.TooMany.class);
    // A question repeated for a call that rings already is no further call.
    assertThat(
            alice.ask(
                new CallId("c-bob"),
                BOB,
                CallMode.DIRECT,
                Optional.empty(),
                UserSettings.STANDARD,
                NOW))
        .isEqualTo(new LineDesk.Proceed(Line.FREE));
  }

  @Test
  void zeroSwitchesALimitOff() {
    LineDesk free = new LineDesk(ALICE, new LineLimits(0, 0, Duration.ofMinutes(10), 0), calls);
    for (int i = 0; i < 500; i++) {
      free.heard(unanswered("u" + i, NOW));
      assertThat(free.place(new CallId("c" + i), PHONE, CallMode.DIRECT, List.of(BOB), NOW))
          .isEqualTo(new LineDesk.AskCallee());
    }
  }

  private static CallSnapshot unanswered(String id, Instant at) {
    return DrivenCall.placed(id, ALICES_PHONE, BOB, at).cancel(ALICES_PHONE, at).snapshot();
  }

  private LineDesk.Placing place(String id, String callee, Instant at) {
    return alice.place(new CallId(id), PHONE, CallMode.DIRECT, List.of(new UserId(callee)), at);
  }

  private static LineDesk.Refuse tooFast(Duration wait) {
    return new LineDesk.Refuse(new Rejection.RateLimited(wait));
  }
}
