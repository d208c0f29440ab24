package io.carillon.engine.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.engine.call.CallId;
import io.carillon.engine.call.CallMode;
import io.carillon.engine.call.CallSnapshot;
import io.carillon.engine.call.Invitation;
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
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who may ring whom: crossing calls, a second call to the same peer, busy lines, blocks. */
class LineDeskTest {
  private static final Instant NOW = Instant.parse("2026-03-02T10:00:00Z");
  private static final UserId ALICE = new UserId("alice");
  private static final UserId BOB = new UserId("bob");
  private static final UserId CAROL = new UserId("carol");
  private static final DeviceId PHONE = new DeviceId("phone");
  private static final DeviceId LAPTOP = new DeviceId("laptop");
  private static final Endpoint ALICES_PHONE = new Endpoint(ALICE, PHONE);
  private static final Endpoint BOBS_PHONE = new Endpoint(BOB, PHONE);
  private static final Endpoint CAROLS_PHONE = new Endpoint(CAROL, PHONE);
  private static final LineLimits GENEROUS = new LineLimits(0, 0, Duration.ofMinutes(10), 0);
  private static final UserSettings STANDARD = UserSettings.STANDARD;
  private static final UserSettings BUSY_WHEN_BUSY =
      new UserSettings(UserSettings.CallWaiting.BUSY, STANDARD.dnd(), Set.of());

  private final Map<CallId, CallSnapshot> bobsCalls = new LinkedHashMap<>();
  private final LineDesk bob = new LineDesk(BOB, GENEROUS, bobsCalls);

  // ---- glare ----

  @Test
  void whoeverIsExpectedToBeCalledByTheirCalleeTakesThatCall() {
    assertThat(ask("x", ALICE)).isEqualTo(new LineDesk.Proceed(Line.FREE));
    assertThat(place("y", ALICE)).isEqualTo(new LineDesk.AcceptInstead(new CallId("x")));
  }

  @Test
  void theSameRequestSentAgainTakesTheSameCallAgainThoughItIsAcceptedByThen() {
    DrivenCall x = DrivenCall.placed("x", ALICES_PHONE, BOB, NOW);
    ask("x", ALICE);
    place("y", ALICE);
    hear(x.accept(BOBS_PHONE, NOW));
    assertThat(place("y", ALICE)).isEqualTo(new LineDesk.AcceptInstead(new CallId("x")));
  }

  @Test
  void ofTwoCrossingQuestionsTheLowerIdWins() {
    place("m", ALICE);
    assertThat(ask("z", ALICE)).isEqualTo(new LineDesk.Glare(new CallId("m")));
    assertThat(ask("a", ALICE)).isEqualTo(new LineDesk.Proceed(Line.FREE));
  }

  @Test
  void aCallThatWasLetThroughWinsOverALowerOne() {
    place("m", ALICE);
    bob.letThrough(new CallId("m"));
    assertThat(ask("a", ALICE)).isEqualTo(new LineDesk.Glare(new CallId("m")));
  }

  @Test
  void ofSeveralOwnCallsOneThatWasLetThroughIsFoundWhicheverWasPlacedFirst() {
    place("m", ALICE);
    place("n", ALICE);
    bob.letThrough(new CallId("n"));
    assertThat(ask("a", ALICE)).isEqualTo(new LineDesk.Glare(new CallId("n")));
  }

  @Test
  void aCallThatRingsAtTheOtherSideIsTaken() {
    hear(DrivenCall.placed("m", BOBS_PHONE, ALICE, NOW));
    assertThat(ask("a", ALICE)).isEqualTo(new LineDesk.Glare(new CallId("m")));
  }

  @Test
  void aCallToAThirdUserIsNotACrossingOne() {
    place("m", CAROL);
    assertThat(ask("z", ALICE)).isEqualTo(new LineDesk.Proceed(Line.FREE));
  }

  @Test
  void aGroupCallNeverCrosses() {
    place("m", ALICE);
    assertThat(
            bob.ask(new CallId("z"), ALICE, CallMode.CONFERENCE, Optional.empty(), STANDARD, NOW))
        .isEqualTo(new LineDesk.Proceed(Line.FREE));
  }

  @Test
  void anExpectedCallThatNeverCameIsForgotten() {
    ask("x", ALICE);
    Instant later = NOW.plus(LineDesk.EXPECTATION).plusMillis(1);
    assertThat(bob.place(new CallId("y"), PHONE, CallMode.DIRECT, List.of(ALICE), later))
        .isEqualTo(new LineDesk.AskCallee());
  }

  @Test
  void aCrossingCallThatCameToNothingNoLongerStandsInTheWay() {
    ask("x", ALICE);
    place("y", ALICE);
    bob.cameToNothing(new CallId("x"));
    assertThat(place("y", ALICE)).isEqualTo(new LineDesk.AskCallee());
  }

  @Test
  void whoeverBlockedTheirCallerCanStillCallThem() {
    hear(
        DrivenCall.placed(
            "m", BOBS_PHONE, CallMode.DIRECT, NOW, new Invitation(ALICE, Line.BLOCKED)));
    assertThat(ask("z", ALICE)).isEqualTo(new LineDesk.Proceed(Line.FREE));
    hear(DrivenCall.placed("z", ALICES_PHONE, BOB, NOW));
    assertThat(bob.toMerge()).isEmpty();
  }

  /** The example of XEP-0353, section on tie breaking: both propose at once. */
  @Test
  void theTieBreakOfMessageInitiationIsKept() {
    String low = "ca3cf894-5325-482f-a412-a6e9f832298d";
    String high = "fecbea35-08d3-404f-9ec7-2b57c566fa74";
    LineDesk romeo = new LineDesk(ALICE, GENEROUS, new LinkedHashMap<>());
    romeo.place(new CallId(low), PHONE, CallMode.DIRECT, List.of(BOB), NOW);
    place(high, ALICE);
    assertThat(ask(low, ALICE)).isEqualTo(new LineDesk.Proceed(Line.FREE));
    assertThat(romeo.ask(new CallId(high), BOB, CallMode.DIRECT, Optional.empty(), STANDARD, NOW))
        .isEqualTo(new LineDesk.Glare(new CallId(low)));
  }

  /** The same with both stored: the higher gives way; after an accept, a recall replaces. */
  @Test
  void theTieBreakOfMessageInitiationHoldsForStoredCallsAndAfterAnAccept() {
    DrivenCall low =
        DrivenCall.placed("ca3cf894-5325-482f-a412-a6e9f832298d", ALICES_PHONE, BOB, NOW);
    DrivenCall high =
        DrivenCall.placed("fecbea35-08d3-404f-9ec7-2b57c566fa74", BOBS_PHONE, ALICE, NOW);
    hear(high);
    hear(low);
    assertThat(bob.toMerge())
        .hasValueSatisfying(
            merge -> {
              assertThat(merge.survives()).isEqualTo(low.snapshot());
              assertThat(merge.givesWay()).isEqualTo(high.snapshot());
            });
    bobsCalls.remove(high.id());
    hear(low.accept(BOBS_PHONE, NOW));
    assertThat(place("989a46a6-f202-4910-a7c3-83c6ba3f3947", ALICE))
        .isEqualTo(new LineDesk.Replace(low.id()));
  }

  // ---- recall ----

  @Test
  void aDeviceInACallWithTheSamePeerReplacesIt() {
    hear(DrivenCall.placed("x", ALICES_PHONE, BOB, NOW).accept(BOBS_PHONE, NOW));
    assertThat(place("y", ALICE)).isEqualTo(new LineDesk.Replace(new CallId("x")));
  }

  @Test
  void aReplacingCallCrossesLikeAnyOther() {
    hear(DrivenCall.placed("x", ALICES_PHONE, BOB, NOW).accept(BOBS_PHONE, NOW));
    place("m", ALICE);
    bob.replaces(new CallId("m"), new CallId("x"));
    assertThat(askReplacing("x", "z")).isEqualTo(new LineDesk.Glare(new CallId("m")));
    assertThat(bob.replacedBy(new CallId("m"))).contains(new CallId("x"));
  }

  @Test
  void aCallerWhoseSessionForgotTheirAcceptedCallIsToldOfIt() {
    hear(DrivenCall.placed("x", ALICES_PHONE, BOB, NOW).accept(BOBS_PHONE, NOW));
    assertThat(ask("y", ALICE)).isEqualTo(new LineDesk.Glare(new CallId("x")));
  }

  @Test
  void aCallThatCameTogetherWhileTheQuestionWasOnItsWayIsTaken() {
    place("y", ALICE);
    hear(DrivenCall.placed("x", ALICES_PHONE, BOB, NOW));
    assertThat(bob.letThrough(new CallId("y"))).contains(new CallId("x"));
  }

  @Test
  void aRingingCallGivesWayToOneThatWasAcceptedMeanwhile() {
    hear(DrivenCall.placed("a", BOBS_PHONE, ALICE, NOW));
    hear(DrivenCall.placed("z", ALICES_PHONE, BOB, NOW).accept(BOBS_PHONE, NOW));
    assertThat(bob.toMerge().map(m -> m.givesWay().facts().key().call())).contains(new CallId("a"));
  }

  @Test
  void aCallThatReplacesAnotherDoesNotGiveWayToIt() {
    hear(DrivenCall.placed("x", ALICES_PHONE, BOB, NOW).accept(BOBS_PHONE, NOW));
    bob.replaces(new CallId("y"), new CallId("x"));
    hear(DrivenCall.placed("y", BOBS_PHONE, ALICE, NOW));
    assertThat(bob.toMerge()).isEmpty();
  }

  @Test
  void aCallTheSessionKnowsIsNotAskedForAgain() {
    hear(DrivenCall.placed("y", BOBS_PHONE, ALICE, NOW));
    assertThat(place("y", ALICE)).isEqualTo(new LineDesk.AskCall());
  }

  @Test
  void anotherDeviceOfAUserInACallWithThePeerIsToldOfThatCall() {
    hear(DrivenCall.placed("x", ALICES_PHONE, BOB, NOW).accept(BOBS_PHONE, NOW));
    assertThat(bob.place(new CallId("y"), LAPTOP, CallMode.DIRECT, List.of(ALICE), NOW))
        .isEqualTo(new LineDesk.Refuse(new Rejection.AlreadyInCall(Optional.of(new CallId("x")))));
  }

  // ---- busy ----

  @Test
  void aUserInACallIsBusyWhereCallsDoNotWait() {
    CallSnapshot x = hear(withCarol("x"));
    assertThat(
            bob.ask(new CallId("y"), ALICE, CallMode.DIRECT, Optional.empty(), BUSY_WHEN_BUSY, NOW))
        .isEqualTo(new LineDesk.BusyWith(List.of(x)));
  }

  @Test
  void oneCallWaitsAndTheNextIsToldThatTheLineIsBusy() {
    CallSnapshot x = hear(withCarol("x"));
    assertThat(ask("y", ALICE)).isEqualTo(new LineDesk.Proceed(Line.FREE));
    CallSnapshot y = hear(DrivenCall.placed("y", ALICES_PHONE, BOB, NOW));
    // Both calls are to be asked: neither an end nor a ring that was not heard of makes busy.
    assertThat(ask("z", new UserId("dave"))).isEqualTo(new LineDesk.BusyWith(List.of(x, y)));
  }

  @Test
  void aUserWhoOnlyRingsIsNotBusy() {
    hear(DrivenCall.placed("x", CAROLS_PHONE, BOB, NOW));
    assertThat(
            bob.ask(new CallId("y"), ALICE, CallMode.DIRECT, Optional.empty(), BUSY_WHEN_BUSY, NOW))
        .isEqualTo(new LineDesk.Proceed(Line.FREE));
  }

  @Test
  void theCallWithTheCallerDoesNotMakeTheLineBusyForTheCaller() {
    hear(DrivenCall.placed("x", ALICES_PHONE, BOB, NOW).accept(BOBS_PHONE, NOW));
    assertThat(askReplacing("x", "y")).isEqualTo(new LineDesk.Proceed(Line.FREE));
  }

  @Test
  void anotherCallMakesTheLineBusyThoughOneWithTheCallerIsOlder() {
    hear(DrivenCall.placed("x", ALICES_PHONE, BOB, NOW).accept(BOBS_PHONE, NOW));
    CallSnapshot other = hear(withCarol("w"));
    assertThat(askReplacing("x", "y")).isEqualTo(new LineDesk.BusyWith(List.of(other)));
  }

  // ---- blocks ----

  @Test
  void aBlockedCallerIsKeptAwayAndCannotTell() {
    UserSettings blocking =
        new UserSettings(UserSettings.CallWaiting.RING, STANDARD.dnd(), Set.of(ALICE));
    assertThat(bob.ask(new CallId("x"), ALICE, CallMode.DIRECT, Optional.empty(), blocking, NOW))
        .isEqualTo(new LineDesk.Proceed(Line.BLOCKED));
    assertThat(bob.ask(new CallId("y"), CAROL, CallMode.DIRECT, Optional.empty(), blocking, NOW))
        .isEqualTo(new LineDesk.Proceed(Line.FREE));
  }

  private DrivenCall withCarol(String id) {
    return DrivenCall.placed(id, CAROLS_PHONE, BOB, NOW).accept(BOBS_PHONE, NOW);
  }

  private CallSnapshot hear(DrivenCall call) {
    bobsCalls.put(call.id(), call.snapshot());
    bob.heard(call.snapshot());
    return call.snapshot();
  }

  private LineDesk.Answer ask(String id, UserId caller) {
    return bob.ask(new CallId(id), caller, CallMode.DIRECT, Optional.empty(), STANDARD, NOW);
  }

  private LineDesk.Answer askReplacing(String old, String id) {
    Optional<CallId> replaces = Optional.of(new CallId(old));
    return bob.ask(new CallId(id), ALICE, CallMode.DIRECT, replaces, BUSY_WHEN_BUSY, NOW);
  }

  private LineDesk.Placing place(String id, UserId callee) {
    return bob.place(new CallId(id), PHONE, CallMode.DIRECT, List.of(callee), NOW);
  }
}
