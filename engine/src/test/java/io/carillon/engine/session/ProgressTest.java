package io.carillon.engine.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.Endpoint;
import io.carillon.engine.identity.UserId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How far a device was told is neither forgotten too early nor kept for ever. */
class ProgressTest {
  private static final Instant NOW = Instant.parse("2026-03-02T10:00:00Z");
  private static final Endpoint ALICE = new Endpoint(new UserId("alice"), new DeviceId("phone"));
  private static final UserId BOB = new UserId("bob");

  @Test
  void whatWasToldIsKnownUpToItsNumber() {
    DrivenCall call = open("c").ring(new Endpoint(BOB, new DeviceId("phone")), NOW);
    Progress progress = new Progress();
    assertThat(progress.has(call.id(), 1)).isFalse();
    progress.advance(call.snapshot());
    assertThat(progress.has(call.id(), 2)).isTrue();
    assertThat(progress.has(call.id(), 3)).isFalse();
  }

  @Test
  void itGoesOnFromItsCursor() {
    Progress progress = new Progress();
    DrivenCall one = open("one");
    DrivenCall two = over("two");
    progress.advance(one.snapshot());
    progress.advance(two.snapshot());
    Progress again = throughText(progress);
    assertThat(again.has(one.id(), 1)).isTrue();
    assertThat(again.has(one.id(), 2)).isFalse();
    assertThat(again.has(two.id(), 2)).isTrue();
  }

  @Test
  void itsTextIsThatOfItsCursor() {
    Instant now = Instant.parse("2026-03-01T10:00:00.123Z");
    Progress progress = new Progress();
    assertThat(progress.encode(now)).isEqualTo(progress.cursor(now).encode());
    progress.advance(open("one").snapshot());
    advanceOver(progress, 3);
    assertThat(progress.encode(now)).isEqualTo(progress.cursor(now).encode());
    for (int i = 0; i <= Cursor.MAX_SEEN; i++) {
      progress.advance(open("open-" + i).snapshot());
    }
    assertThat(progress.encode(now)).isEqualTo(progress.cursor(now).encode());
  }

  @Test
  void callsThatAreOverAreForgottenFromTheOldestAndOpenOnesAreNot() {
    Progress progress = new Progress();
    DrivenCall open = open("open");
    progress.advance(open.snapshot());
    List<DrivenCall> over = advanceOver(progress, Progress.MAX_OVER + 5);
    assertThat(progress.has(open.id(), 1)).isTrue();
    for (int i = 0; i < over.size(); i++) {
      assertThat(progress.has(over.get(i).id(), 2)).isEqualTo(i >= 5);
    }
  }

  @Test
  void nothingOfACursorIsForgottenBeforeItIsKnownWhichOfItsCallsAreOver() {
    Progress progress = new Progress();
    List<DrivenCall> open = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      DrivenCall call = open("open-" + i);
      progress.advance(call.snapshot());
      open.add(call);
    }
    List<DrivenCall> over = advanceOver(progress, Progress.MAX_OVER);
    Progress again = throughText(progress);
    assertThat(open).allMatch(call -> again.has(call.id(), 1));
    assertThat(over).allMatch(call -> again.has(call.id(), 2));
    again.settle(open.stream().map(DrivenCall::snapshot).toList());
    assertThat(open).allMatch(call -> again.has(call.id(), 1));
    assertThat(over).allMatch(call -> again.has(call.id(), 2));
    again.settle(List.of());
    assertThat(again.cursor(NOW).seen()).hasSize(Progress.MAX_OVER);
  }

  @Test
  void aCursorNamesNoMoreCallsThanItMay() {
    Progress progress = new Progress();
    for (int i = 0; i < 200; i++) {
      progress.advance(open("open-" + i).snapshot());
    }
    assertThat(progress.cursor(NOW).seen()).hasSize(Cursor.MAX_SEEN);
    assertThat(Cursor.decode(progress.cursor(NOW).encode())).isPresent();
  }

  private static List<DrivenCall> advanceOver(Progress progress, int count) {
    List<DrivenCall> calls = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      DrivenCall call = over("over-" + i);
      progress.advance(call.snapshot());
      calls.add(call);
    }
    return calls;
  }

  private static Progress throughText(Progress progress) {
    return Progress.from(Cursor.decode(progress.cursor(NOW).encode()).orElseThrow());
  }

  private static DrivenCall open(String id) {
    return DrivenCall.placed(id, ALICE, BOB, NOW);
  }

  private static DrivenCall over(String id) {
    return open(id).cancel(ALICE, NOW);
  }
}
