package io.carillon.engine.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.engine.call.CallId;
import io.carillon.engine.call.CallMode;
import io.carillon.engine.call.CallSnapshot;
import io.carillon.engine.call.Line;
import io.carillon.engine.identity.UserId;
import io.carillon.engine.session.UserSettings.DoNotDisturb;
import io.carillon.engine.session.UserSettings.Schedule;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a user is not to be disturbed (R18). */
class QuietHoursTest {
  private static final UserId ALICE = new UserId("alice");
  private static final UserId BOB = new UserId("bob");
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final Set<DayOfWeek> EVERY_DAY = EnumSet.allOf(DayOfWeek.class);
  private static final Instant NOW = Instant.parse("2026-03-02T10:00:00Z");

  private final Map<CallId, CallSnapshot> calls = new LinkedHashMap<>();
  private final LineDesk bob =
      new LineDesk(BOB, new LineLimits(0, 0, Duration.ofMinutes(10), 0), calls);
  private int asked;

  @ParameterizedTest(name = "on {0}: quiet {1}")
  @CsvSource({
    "2026-03-02T08:59, false", // Monday
    "2026-03-02T09:00, true",
    "2026-03-02T16:59:59, true",
    "2026-03-02T17:00, false",
    "2026-03-03T12:00, false" // Tuesday
  })
  void aScheduleWithinADayHoldsFromItsBeginningToBeforeItsEnd(String local, boolean quiet) {
    Schedule monday =
        new Schedule(BERLIN, Set.of(DayOfWeek.MONDAY), LocalTime.of(9, 0), LocalTime.of(17, 0));
    assertThat(isQuiet(scheduled(monday), at(local))).isEqualTo(quiet);
  }

  @ParameterizedTest(name = "on {0}: quiet {1}")
  @CsvSource({
    "2026-03-06T21:59, false", // Friday
    "2026-03-06T22:00, true",
    "2026-03-07T06:59, true", // the morning after belongs to Friday's quiet
    "2026-03-07T07:00, false",
    "2026-03-07T23:00, false", // none begins on Saturday
    "2026-03-08T03:00, false",
    "2026-03-06T03:00, false" // none began on Thursday
  })
  void aScheduleOvernightBelongsToTheDayOnWhichItBegins(String local, boolean quiet) {
    Schedule friday =
        new Schedule(BERLIN, Set.of(DayOfWeek.FRIDAY), LocalTime.of(22, 0), LocalTime.of(7, 0));
    assertThat(isQuiet(scheduled(friday), at(local))).isEqualTo(quiet);
  }

  @Test
  void aScheduleThatEndsWhenItBeginsLastsAWholeDay() {
    Schedule sunday =
        new Schedule(BERLIN, Set.of(DayOfWeek.SUNDAY), LocalTime.of(8, 0), LocalTime.of(8, 0));
    assertThat(isQuiet(scheduled(sunday), at("2026-03-08T07:59"))).isFalse();
    assertThat(isQuiet(scheduled(sunday), at("2026-03-08T08:00"))).isTrue();
    assertThat(isQuiet(scheduled(sunday), at("2026-03-09T07:59"))).isTrue();
    assertThat(isQuiet(scheduled(sunday), at("2026-03-09T08:00"))).isFalse();
  }

  @Test
  void theHoursAreThoseOfTheUsersZone() {
    Schedule tokyo =
        new Schedule(ZoneId.of("Asia/Tokyo"), EVERY_DAY, LocalTime.of(22, 0), LocalTime.of(7, 0));
    assertThat(isQuiet(scheduled(tokyo), Instant.parse("2026-03-02T12:59:59Z"))).isFalse();
    assertThat(isQuiet(scheduled(tokyo), Instant.parse("2026-03-02T13:00:00Z"))).isTrue();
    assertThat(isQuiet(scheduled(tokyo), Instant.parse("2026-03-02T22:00:00Z"))).isFalse();
  }

  @Test
  void theHoursFollowTheClockOnTheWallWhenItIsPutForward() {
    // In Berlin 2026-03-29 has no hour from two to three.
    Schedule night = new Schedule(BERLIN, EVERY_DAY, LocalTime.of(2, 30), LocalTime.of(6, 0));
    assertThat(isQuiet(scheduled(night), Instant.parse("2026-03-29T00:59:59Z"))).isFalse();
    assertThat(isQuiet(scheduled(night), Instant.parse("2026-03-29T01:00:00Z"))).isTrue();
    assertThat(isQuiet(scheduled(night), Instant.parse("2026-03-29T03:59:59Z"))).isTrue();
    assertThat(isQuiet(scheduled(night), Instant.parse("2026-03-29T04:00:00Z"))).isFalse();
  }

  @Test
  void theHoursFollowTheClockOnTheWallWhenItIsPutBack() {
    // In Berlin 2026-10-25 has the hour from two to three twice.
    Schedule night = new Schedule(BERLIN, EVERY_DAY, LocalTime.of(22, 0), LocalTime.of(2, 30));
    assertThat(isQuiet(scheduled(night), Instant.parse("2026-10-25T00:29:59Z"))).isTrue();
    assertThat(isQuiet(scheduled(night), Instant.parse("2026-10-25T00:30:00Z"))).isFalse();
    assertThat(isQuiet(scheduled(night), Instant.parse("2026-10-25T01:29:59Z"))).isTrue();
    assertThat(isQuiet(scheduled(night), Instant.parse("2026-10-25T01:30:00Z"))).isFalse();
  }

  @Test
  void withoutAScheduleTheLevelHoldsAlways() {
    DoNotDisturb always =
        new DoNotDisturb(
            DoNotDisturb.Level.ALL, Optional.empty(), Optional.empty(), Set.of(), false);
    assertThat(isQuiet(always, NOW)).isTrue();
  }

  @Test
  void aScheduleOfALevelThatKeepsNothingAwayIsWithoutEffect() {
    Schedule always = new Schedule(BERLIN, EVERY_DAY, LocalTime.MIDNIGHT, LocalTime.MIDNIGHT);
    DoNotDisturb none =
        new DoNotDisturb(
            DoNotDisturb.Level.NONE, Optional.empty(), Optional.of(always), Set.of(), false);
    assertThat(isQuiet(none, NOW)).isFalse();
  }

  @Test
  void nothingRingsBeforeTheMomentUntilWhichItIsDisabled() {
    DoNotDisturb until =
        new DoNotDisturb(
            DoNotDisturb.Level.NONE,
            Optional.of(NOW.plusSeconds(60)),
            Optional.empty(),
            Set.of(),
            false);
    assertThat(isQuiet(until, NOW.plusSeconds(59))).isTrue();
    assertThat(isQuiet(until, NOW.plusSeconds(60))).isFalse();
  }

  @Test
  void whoBreaksThroughRingsAllTheSame() {
    DoNotDisturb but =
        new DoNotDisturb(
            DoNotDisturb.Level.ALL,
            Optional.of(NOW.plusSeconds(60)),
            Optional.empty(),
            Set.of(ALICE),
            false);
    assertThat(isQuiet(but, NOW)).isFalse();
  }

  @Test
  void aSecondCallWithinThreeMinutesRingsWhereTheUserWantsThat() {
    DoNotDisturb repeated = quiet(true);
    assertThat(isQuiet(repeated, NOW)).isTrue();
    assertThat(isQuiet(repeated, NOW.plusSeconds(179))).isFalse();
    assertThat(isQuiet(repeated, NOW.plusSeconds(179).plus(LineDesk.REPEATED))).isTrue();
  }

  @Test
  void aSecondCallIsKeptAwayLikeTheFirstWhereTheUserDoesNotWantThat() {
    assertThat(isQuiet(quiet(false), NOW)).isTrue();
    assertThat(isQuiet(quiet(false), NOW.plusSeconds(10))).isTrue();
  }

  @Test
  void aQuestionRepeatedBecauseTheAnswerWasLostIsNotASecondCall() {
    CallId same = new CallId("same");
    for (int i = 0; i < 5; i++) {
      assertThat(
              bob.ask(
                  same,
                  ALICE,
                  CallMode.DIRECT,
                  Optional.empty(),
                  settings(quiet(true)),
                  NOW.plusSeconds(i)))
          .isEqualTo(new LineDesk.Proceed(Line.DO_NOT_DISTURB));
    }
    CallId second = new CallId("second");
    for (int i = 0; i < 5; i++) {
      assertThat(
              bob.ask(
                  second,
                  ALICE,
                  CallMode.DIRECT,
                  Optional.empty(),
                  settings(quiet(true)),
                  NOW.plusSeconds(9)))
          .isEqualTo(new LineDesk.Proceed(Line.FREE));
    }
  }

  @Test
  void theFirstCallOfAnotherUserIsNotARepeatedOne() {
    assertThat(isQuiet(quiet(true), NOW)).isTrue();
    assertThat(
            bob.ask(
                new CallId("c"),
                new UserId("carol"),
                CallMode.DIRECT,
                Optional.empty(),
                settings(quiet(true)),
                NOW.plusSeconds(1)))
        .isEqualTo(new LineDesk.Proceed(Line.DO_NOT_DISTURB));
  }

  private static DoNotDisturb quiet(boolean letRepeatedThrough) {
    return new DoNotDisturb(
        DoNotDisturb.Level.RING, Optional.empty(), Optional.empty(), Set.of(), letRepeatedThrough);
  }

  private static DoNotDisturb scheduled(Schedule schedule) {
    return new DoNotDisturb(
        DoNotDisturb.Level.RING, Optional.empty(), Optional.of(schedule), Set.of(), false);
  }

  private static UserSettings settings(DoNotDisturb dnd) {
    return new UserSettings(UserSettings.CallWaiting.RING, dnd, Set.of());
  }

  private static Instant at(String local) {
    return ZonedDateTime.of(LocalDateTime.parse(local), BERLIN).toInstant();
  }

  private boolean isQuiet(DoNotDisturb dnd, Instant now) {
    asked++;
    LineDesk.Answer answer =
        bob.ask(
            new CallId("ask-" + asked),
            ALICE,
            CallMode.DIRECT,
            Optional.empty(),
            settings(dnd),
            now);
    return answer.equals(new LineDesk.Proceed(Line.DO_NOT_DISTURB));
  }
}
