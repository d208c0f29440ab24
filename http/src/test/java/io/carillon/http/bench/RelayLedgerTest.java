package io.carillon.http.bench;

import static io.carillon.http.bench.CallLedger.Verdict.DUPLICATE;
import static io.carillon.http.bench.CallLedger.Verdict.NEW;
import static io.carillon.http.bench.CallLedger.Verdict.OUT_OF_ORDER;
import static io.carillon.http.bench.CallLedger.Verdict.UNEXPECTED;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RelayLedgerTest {
  private static final boolean AT_CALLEE = true;
  private static final boolean AT_CALLER = false;

  private final RelayLedger ledger = new RelayLedger(6);

  @Test
  void signalThatWasSentAndDidNotArriveIsUnderway() {
    send(0, 1, 2);
    assertThat(ledger.arrived(0, AT_CALLEE)).isEqualTo(NEW);
    assertThat(ledger.underway()).isEqualTo(2);
    assertThat(ledger.isComplete()).isFalse();
  }

  @Test
  void allSignalsArrivedMakeItComplete() {
    send(0, 1, 2, 3, 4, 5);
    for (int number = 0; number < 6; number++) {
      assertThat(ledger.arrived(number, RelayLedger.isFromCaller(number))).isEqualTo(NEW);
    }
    assertThat(ledger.isComplete()).isTrue();
    assertThat(ledger.underway()).isZero();
  }

  @Test
  void signalThatArrivesTwiceIsADuplicate() {
    send(0);
    ledger.arrived(0, AT_CALLEE);
    assertThat(ledger.arrived(0, AT_CALLEE)).isEqualTo(DUPLICATE);
  }

  @Test
  void signalsOfOneSideThatOvertakeEachOtherAreOutOfOrder() {
    send(2, 3, 4);
    assertThat(ledger.arrived(4, AT_CALLEE)).isEqualTo(NEW);
    assertThat(ledger.arrived(3, AT_CALLER)).isEqualTo(NEW);
    assertThat(ledger.arrived(2, AT_CALLEE)).isEqualTo(OUT_OF_ORDER);
  }

  @Test
  void signalNobodySentOrForTheOtherSideIsUnexpected() {
    send(0);
    assertThat(ledger.arrived(0, AT_CALLER)).isEqualTo(UNEXPECTED);
    assertThat(ledger.arrived(2, AT_CALLEE)).isEqualTo(UNEXPECTED);
    assertThat(ledger.arrived(6, AT_CALLEE)).isEqualTo(UNEXPECTED);
    assertThat(ledger.arrived(-1, AT_CALLER)).isEqualTo(UNEXPECTED);
  }

  private void send(int... numbers) {
    for (int number : numbers) {
      ledger.sent(number, System.nanoTime());
    }
  }
}
