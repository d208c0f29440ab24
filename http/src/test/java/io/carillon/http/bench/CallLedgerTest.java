package io.carillon.http.bench;

import static io.carillon.http.bench.CallLedger.Verdict.AGAIN;
import static io.carillon.http.bench.CallLedger.Verdict.DUPLICATE;
import static io.carillon.http.bench.CallLedger.Verdict.NEW;
import static io.carillon.http.bench.CallLedger.Verdict.OUT_OF_ORDER;
import static io.carillon.http.bench.CallLedger.Verdict.UNEXPECTED;
import static io.carillon.http.bench.EventType.CALL_ACCEPTED;
import static io.carillon.http.bench.EventType.CALL_ENDED;
import static io.carillon.http.bench.EventType.CALL_REJECTED;
import static io.carillon.http.bench.EventType.CALL_STARTED;
import static io.carillon.http.bench.EventType.CALL_STATUS_UPDATE;
import static io.carillon.http.bench.EventType.OTHER;
import static io.carillon.http.bench.EventType.PARTICIPANT_RECONNECTING;
import static io.carillon.http.bench.EventType.PARTICIPANT_RINGING;
import static io.carillon.http.bench.EventType.RING_STOPPED;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CallLedgerTest {
  private static final int CALLER = 0;
  private static final int CALLEE = 1;

  private final CallLedger ledger = new CallLedger(Outcome.ANSWERED, 1);

  @Test
  void answeredCallIsCompleteOnceBothWereToldEverything() {
    assertThat(told(CALLEE, CALL_STARTED, 1)).isEqualTo(NEW);
    assertThat(told(CALLER, PARTICIPANT_RINGING, 2)).isEqualTo(NEW);
    assertThat(told(CALLER, CALL_ACCEPTED, 3)).isEqualTo(NEW);
    assertThat(told(CALLEE, CALL_ACCEPTED, 3)).isEqualTo(NEW);
    assertThat(told(CALLEE, CALL_STATUS_UPDATE, 4)).isEqualTo(NEW);
    assertThat(told(CALLER, CALL_ENDED, 5)).isEqualTo(NEW);
    assertThat(ledger.isComplete()).isFalse();
    assertThat(told(CALLEE, CALL_ENDED, 5)).isEqualTo(NEW);
    assertThat(ledger.isComplete()).isTrue();
    assertThat(ledger.missing()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void whatAnyDeviceWasNotToldIsMissing(Outcome outcome) {
    CallLedger all = new CallLedger(outcome, 2);
    Set<String> expected = new HashSet<>();
    for (int device = 0; device < 4; device++) {
      Seat seat = Seat.of(device, 2);
      for (EventType type : seat.required(outcome)) {
        expected.add(type.word() + " to the " + seat.word());
      }
    }
    assertThat(all.missing()).extracting(CallLedger.Missing::toString).hasSameElementsAs(expected);
    assertThat(all.isComplete()).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void everyDeviceThatWasToldOfACallHearsOfItsEndExactlyOnce(Outcome outcome) {
    for (Seat seat : Seat.values()) {
      assertThat(seat.required(outcome)).filteredOn(EventType::isLast).hasSize(1);
      assertThat(seat.allowed(outcome)).noneMatch(EventType::isLast);
    }
  }

  @Test
  void sameEventTwiceOnOneSocketIsADuplicate() {
    told(CALLEE, CALL_STARTED, 1);
    assertThat(told(CALLEE, CALL_STARTED, 1)).isEqualTo(DUPLICATE);
  }

  @Test
  void sameEventAgainInACatchupIsAllowed() {
    told(CALLEE, CALL_STARTED, 1);
    assertThat(ledger.told(CALLEE, 1, CALL_STARTED, 1, true)).isEqualTo(AGAIN);
  }

  @Test
  void sameEventAgainOnTheNextSocketIsAllowedAndNotCountedTwice() {
    told(CALLEE, CALL_STARTED, 1);
    assertThat(ledger.told(CALLEE, 2, CALL_STARTED, 1, false)).isEqualTo(AGAIN);
    assertThat(ledger.told(CALLEE, 2, CALL_STARTED, 1, false)).isEqualTo(DUPLICATE);
  }

  @Test
  void smallerNumberAfterALargerOneIsOutOfOrder() {
    told(CALLER, CALL_ACCEPTED, 3);
    assertThat(told(CALLER, PARTICIPANT_RINGING, 2)).isEqualTo(OUT_OF_ORDER);
  }

  @Test
  void orderIsAskedOfEachSocketAlone() {
    told(CALLER, CALL_ACCEPTED, 3);
    assertThat(ledger.told(CALLER, 2, PARTICIPANT_RINGING, 2, true)).isEqualTo(NEW);
  }

  @Test
  void eventForSomebodyElseIsUnexpected() {
    assertThat(told(CALLER, CALL_STARTED, 1)).isEqualTo(UNEXPECTED);
    assertThat(told(CALLEE, PARTICIPANT_RINGING, 2)).isEqualTo(UNEXPECTED);
    assertThat(told(CALLER, OTHER, 3)).isEqualTo(UNEXPECTED);
    assertThat(told(CALLER, CALL_REJECTED, 4)).isEqualTo(UNEXPECTED);
  }

  @Test
  void sameKindOfEventUnderAnotherNumberIsUnexpected() {
    told(CALLER, CALL_ACCEPTED, 3);
    assertThat(told(CALLER, CALL_ACCEPTED, 4)).isEqualTo(UNEXPECTED);
  }

  @Test
  void nothingMayFollowTheEnd() {
    told(CALLER, CALL_ENDED, 5);
    assertThat(told(CALLER, CALL_ACCEPTED, 6)).isEqualTo(UNEXPECTED);
  }

  @Test
  void newsOfConnectionsMayComeAtAnyTime() {
    assertThat(told(CALLER, PARTICIPANT_RECONNECTING, 4)).isEqualTo(NEW);
    assertThat(ledger.told(CALLER, 1, PARTICIPANT_RECONNECTING, 6, false)).isEqualTo(NEW);
  }

  @Test
  void ringOfTheOtherPhoneStopsAndThatIsItsEnd() {
    CallLedger two = new CallLedger(Outcome.ANSWERED, 2);
    assertThat(two.told(3, 1, CALL_STARTED, 1, false)).isEqualTo(NEW);
    assertThat(two.told(3, 1, RING_STOPPED, 3, false)).isEqualTo(NEW);
    assertThat(two.told(3, 1, CALL_ENDED, 5, false)).isEqualTo(UNEXPECTED);
  }

  @Test
  void phoneThatWasAwayWhileItRangNeedHearOnlyThatTheRingStopped() {
    CallLedger two = new CallLedger(Outcome.ANSWERED, 2);
    assertThat(two.told(3, 2, RING_STOPPED, 3, true)).isEqualTo(NEW);
    assertThat(two.missing()).noneMatch(m -> m.seat() == Seat.of(3, 2));
    CallLedger present = new CallLedger(Outcome.ANSWERED, 2);
    assertThat(present.told(3, 1, RING_STOPPED, 3, false)).isEqualTo(NEW);
    assertThat(present.missing())
        .contains(new CallLedger.Missing(Seat.of(3, 2), EventType.CALL_STARTED));
  }

  @Test
  void eventWithoutAReadableNumberIsUnexpected() {
    assertThat(told(CALLEE, CALL_STARTED, 0)).isEqualTo(UNEXPECTED);
    assertThat(told(CALLEE, CALL_STARTED, CallLedger.MAX_SEQ + 1)).isEqualTo(UNEXPECTED);
  }

  private CallLedger.Verdict told(int device, EventType type, long seq) {
    return ledger.told(device, 1, type, seq, false);
  }
}
