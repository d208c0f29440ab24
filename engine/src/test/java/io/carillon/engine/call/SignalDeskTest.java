package io.carillon.engine.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.engine.call.Signal.Kind;
import io.carillon.engine.call.SignalDesk.Negotiation;
import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.Endpoint;
import io.carillon.engine.identity.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Where media signals pass, wait, or are refused (R40 to R43, I15). */
class SignalDeskTest {
  private static final SignalDesk EMPTY = SignalDesk.empty(Negotiation.PERFECT);
  private static final SignalDesk ONE = SignalDesk.empty(Negotiation.ONE_AT_A_TIME);

  private static Play accepted() {
    return Play.direct().given("b1 accepts");
  }

  private static Signal signal(Kind kind) {
    return new Signal(kind, "{}", Optional.empty(), Optional.empty());
  }

  private static Signal to(Kind kind, String user, Optional<String> device) {
    return new Signal(kind, "{}", Optional.of(Crowd.named(user)), device.map(DeviceId::new));
  }

  private static String route(SignalDesk desk, Play play, String from, Signal signal) {
    return word(desk.route(play.state(), Crowd.device(from), signal, play.now()));
  }

  private static String word(SignalDesk.Routing routing) {
    return switch (routing) {
      case SignalDesk.Deliver(SignalDesk.Delivery delivery, _) -> delivery.to().device().value();
      case SignalDesk.Hold _ -> "held";
      case SignalDesk.Refuse(Rejection rejection) -> Words.code(rejection);
    };
  }

  private static SignalDesk hold(SignalDesk desk, Play play, Signal signal) {
    return ((SignalDesk.Hold) desk.route(play.state(), Crowd.device("a1"), signal, play.now()))
        .desk();
  }

  private static SignalDesk deliver(SignalDesk desk, Play play, String from, Signal signal) {
    return ((SignalDesk.Deliver) desk.route(play.state(), Crowd.device(from), signal, play.now()))
        .desk();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void inADirectCallSignalsPassBetweenTheTwoDevicesInIt(Kind kind) { // R41
    assertThat(route(EMPTY, accepted(), "a1", signal(kind))).isEqualTo("b1");
    assertThat(route(EMPTY, accepted(), "b1", signal(kind))).isEqualTo("a1");
    assertThat(route(ONE, accepted(), "b1", signal(kind))).isEqualTo("a1");
  }

  @ParameterizedTest
  @CsvSource({
    "a2, 403 forbidden",
    "b2, 409 answered_elsewhere",
    "x1, 404 call_not_found",
    "b-rest, a1"
  })
  void nobodyElseSends(String from, String outcome) { // R41, I15
    assertThat(route(EMPTY, accepted(), from, signal(Kind.OFFER))).isEqualTo(outcome);
  }

  @Test
  void beforeTheAcceptTheCallersSignalsWaitAndTheCalleesAreRefused() { // R41, R42
    for (Play play : List.of(Play.direct(), Play.direct().given("b1 acknowledges"))) {
      assertThat(route(EMPTY, play, "a1", signal(Kind.OFFER))).isEqualTo("held");
      assertThat(route(EMPTY, play, "a2", signal(Kind.OFFER))).isEqualTo("403 forbidden");
      assertThat(route(EMPTY, play, "b1", signal(Kind.CANDIDATES))).isEqualTo("409 invalid_state");
      assertThat(route(EMPTY, play, "x1", signal(Kind.OFFER))).isEqualTo("404 call_not_found");
    }
  }

  @Test
  void whatWaitedIsReleasedInOrderToWhoTookTheCall() { // R42
    Play play = Play.direct();
    SignalDesk desk = hold(EMPTY, play, signal(Kind.OFFER));
    desk = hold(desk, play, signal(Kind.CANDIDATES));
    desk = hold(desk, play, signal(Kind.CANDIDATES));
    Endpoint winner = Crowd.device("b1");
    assertThat(desk.release(winner))
        .extracting(d -> d.signal().kind())
        .containsExactly(Kind.OFFER, Kind.CANDIDATES, Kind.CANDIDATES);
    assertThat(desk.release(winner)).extracting(SignalDesk.Delivery::to).containsOnly(winner);
    assertThat(desk.release(winner))
        .extracting(SignalDesk.Delivery::from)
        .containsOnly(Crowd.device("a1"));
    assertThat(desk.released().release(winner)).isEmpty();
    assertThat(desk.released().negotiation()).isEqualTo(Negotiation.PERFECT);
  }

  @Test
  void aNewerOfferTakesThePlaceOfTheOlder() { // R40
    Play play = Play.direct();
    SignalDesk desk = hold(EMPTY, play, signal(Kind.OFFER));
    desk = hold(desk, play, signal(Kind.CANDIDATES));
    desk =
        hold(desk, play, new Signal(Kind.OFFER, "{\"new\":1}", Optional.empty(), Optional.empty()));
    assertThat(desk.waiting())
        .extracting(w -> w.signal().kind())
        .containsExactly(Kind.CANDIDATES, Kind.OFFER);
    assertThat(desk.waiting().getLast().signal().payload()).isEqualTo("{\"new\":1}");
  }

  @Test
  void onlySoManySignalsWait() { // R72
    Play play = Play.direct();
    SignalDesk desk = hold(EMPTY, play, signal(Kind.OFFER));
    for (int i = 1; i < SignalDesk.MAX_WAITING; i++) {
      desk = hold(desk, play, signal(Kind.CANDIDATES));
    }
    assertThat(desk.waiting()).hasSize(SignalDesk.MAX_WAITING);
    assertThat(route(desk, play, "a1", signal(Kind.CANDIDATES))).isEqualTo("422 validation");
    // A newer offer needs no more room than the one it replaces.
    assertThat(route(desk, play, "a1", signal(Kind.OFFER))).isEqualTo("held");
  }

  @Test
  void theOfferThatCameWithTheCallStaysBesideWhatWaits() { // R40
    SignalDesk desk = EMPTY.withOffer(Optional.of("{}"));
    assertThat(desk.offer()).contains("{}");
    assertThat(hold(desk, Play.direct(), signal(Kind.CANDIDATES)).offer()).contains("{}");
    assertThat(desk.released().offer()).contains("{}");
  }

  @Test
  void aCallThatIsOverOrIsNoneTakesNoSignals() { // R28, R41
    Play over = accepted().given("a1 hangs up");
    assertThat(route(EMPTY, over, "a1", signal(Kind.OFFER))).isEqualTo("409 call_ended");
    assertThat(route(EMPTY, over, "x1", signal(Kind.OFFER))).isEqualTo("404 call_not_found");
    assertThat(route(EMPTY, Play.nothing(), "a1", signal(Kind.OFFER)))
        .isEqualTo("404 call_not_found");
  }

  @Test
  void whoBlockedTheCallerFindsNoCallToSignalIn() { // R18
    Play rings = Play.placed("conference ring bob:blocked carol");
    assertThat(route(EMPTY, rings, "b1", signal(Kind.OFFER))).isEqualTo("404 call_not_found");
    rings.given("c1 accepts");
    assertThat(route(EMPTY, rings, "b1", signal(Kind.OFFER))).isEqualTo("404 call_not_found");
    rings.given("a1 ends for all");
    assertThat(route(EMPTY, rings, "b1", signal(Kind.OFFER))).isEqualTo("404 call_not_found");
  }

  @Test
  void inAMeshEachSignalNamesItsParticipant() { // R41
    Play play = Play.conference("bob", "carol", "dave").given("b1 accepts; c1 accepts");
    assertThat(route(EMPTY, play, "a1", signal(Kind.OFFER))).isEqualTo("422 validation");
    assertThat(route(EMPTY, play, "a1", to(Kind.OFFER, "carol", Optional.empty()))).isEqualTo("c1");
    assertThat(route(EMPTY, play, "b1", to(Kind.OFFER, "carol", Optional.of("c1"))))
        .isEqualTo("c1");
    assertThat(route(EMPTY, play, "b1", to(Kind.OFFER, "carol", Optional.of("c2"))))
        .isEqualTo("409 invalid_state");
    assertThat(route(EMPTY, play, "b1", to(Kind.OFFER, "dave", Optional.empty())))
        .isEqualTo("409 invalid_state");
    assertThat(route(EMPTY, play, "d1", to(Kind.OFFER, "bob", Optional.empty())))
        .isEqualTo("403 forbidden");
    assertThat(route(EMPTY, play, "b1", to(Kind.OFFER, "bob", Optional.empty())))
        .isEqualTo("409 invalid_state");
  }

  @Test
  void crossingNegotiationsBothPassWhereTheCalleeIsPolite() { // R43
    SignalDesk desk = deliver(EMPTY, accepted(), "a1", signal(Kind.NEGOTIATE));
    assertThat(route(desk, accepted(), "b1", signal(Kind.NEGOTIATE))).isEqualTo("a1");
    assertThat(desk.open()).isEmpty();
  }

  @Test
  void oneAtATimeTheSecondIsRefusedUntilTheFirstIsAnswered() { // R43
    for (Kind kind : List.of(Kind.OFFER, Kind.NEGOTIATE)) {
      for (Kind answer : List.of(Kind.ANSWER, Kind.NEGOTIATE_ANSWER)) {
        SignalDesk desk = deliver(ONE, accepted(), "a1", signal(kind));
        assertThat(route(desk, accepted(), "b1", signal(Kind.NEGOTIATE)))
            .isEqualTo("409 negotiation_pending");
        assertThat(route(desk, accepted(), "a1", signal(Kind.OFFER)))
            .isEqualTo("409 negotiation_pending");
        assertThat(route(desk, accepted(), "b1", signal(Kind.CANDIDATES))).isEqualTo("a1");
        SignalDesk answered = deliver(desk, accepted(), "b1", signal(answer));
        assertThat(route(answered, accepted(), "b1", signal(Kind.NEGOTIATE))).isEqualTo("a1");
      }
    }
  }

  @Test
  void aNegotiationNobodyAnswersIsGivenUp() { // R43
    Play play = accepted();
    SignalDesk desk = deliver(ONE, play, "a1", signal(Kind.OFFER));
    play.given("after 9.999s");
    assertThat(route(desk, play, "b1", signal(Kind.OFFER))).isEqualTo("409 negotiation_pending");
    play.given("after 0.001s");
    assertThat(route(desk, play, "b1", signal(Kind.OFFER))).isEqualTo("a1");
    assertThat(deliver(desk, play, "b1", signal(Kind.OFFER)).open()).hasSize(1);
  }

  @Test
  void negotiationsOfOtherPairsDoNotMatter() { // R43
    Play play = Play.conference("bob", "carol").given("b1 accepts; c1 accepts");
    SignalDesk desk = deliver(ONE, play, "a1", to(Kind.OFFER, "bob", Optional.empty()));
    assertThat(route(desk, play, "c1", to(Kind.OFFER, "bob", Optional.empty()))).isEqualTo("b1");
    assertThat(route(desk, play, "c1", to(Kind.OFFER, "alice", Optional.empty()))).isEqualTo("a1");
    assertThat(route(desk, play, "b1", to(Kind.OFFER, "alice", Optional.empty())))
        .isEqualTo("409 negotiation_pending");
    SignalDesk both = deliver(desk, play, "c1", to(Kind.OFFER, "bob", Optional.empty()));
    assertThat(both.open()).hasSize(2);
    SignalDesk answered = deliver(both, play, "b1", to(Kind.ANSWER, "carol", Optional.empty()));
    assertThat(answered.open())
        .containsExactly(new SignalDesk.Open(Crowd.named("alice"), Crowd.named("bob"), Play.START));
  }

  @Test
  void twoWhoWaitDoNotMeetAgain() { // R43
    UserId alice = Crowd.named("alice");
    for (int ms = 0; ms < 400; ms++) {
      Instant now = Play.START.plusMillis(ms);
      Duration caller = pause(alice, now);
      Duration callee = pause(Crowd.named("bob"), now);
      assertThat(caller).isBetween(Duration.ofMillis(2100), Duration.ofSeconds(4));
      assertThat(callee).isBetween(Duration.ZERO, Duration.ofSeconds(2));
      assertThat(caller.toMillis() % 10).isZero();
      assertThat(callee.toMillis() % 10).isZero();
    }
    assertThat(pause(alice, Instant.ofEpochMilli(190))).isEqualTo(Duration.ofSeconds(4));
    assertThat(pause(alice, Instant.ofEpochMilli(191))).isEqualTo(Duration.ofMillis(2100));
    assertThat(pause(Crowd.named("bob"), Instant.ofEpochMilli(190)))
        .isEqualTo(Duration.ofMillis(1900));
  }

  private static Duration pause(UserId who, Instant now) {
    boolean caller = who.equals(Crowd.named("alice"));
    SignalDesk open =
        new SignalDesk(
            Negotiation.ONE_AT_A_TIME,
            Optional.empty(),
            List.of(),
            List.of(new SignalDesk.Open(Crowd.named("alice"), Crowd.named("bob"), now)));
    SignalDesk.Refuse refused =
        (SignalDesk.Refuse)
            open.route(
                accepted().state(), Crowd.device(caller ? "a1" : "b1"), signal(Kind.OFFER), now);
    return ((Rejection.NegotiationPending) refused.rejection()).retryAfter();
  }

  @Test
  void aSignalDoesNotShowItsTextInALog() { // R41, I25
    assertThat(new Signal(Kind.OFFER, "v=0 secret", Optional.empty(), Optional.empty()).toString())
        .isEqualTo("Signal[OFFER, 10 characters]");
  }
}
