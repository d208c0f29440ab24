package io.carillon.persistence.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.engine.call.CallMode;
import io.carillon.engine.call.EndReason;
import io.carillon.engine.identity.RealmId;
import io.carillon.persistence.replay.FoldedCall;
import io.carillon.persistence.replay.JournalTable;
import io.carillon.persistence.replay.Meter;
import io.carillon.persistence.replay.Selection;
import io.carillon.persistence.testdatabase.SampleDatabase;
import io.carillon.persistence.testdatabase.StoredCalls;
import io.carillon.persistence.testdatabase.TestCall;
import io.carillon.persistence.testdatabase.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StatisticsTest {
  private static final StatisticsTable.Period EVER =
      new StatisticsTable.Period(Optional.empty(), Optional.empty(), Optional.empty());

  private final TestDatabase database = TestDatabase.fresh();

  @ParameterizedTest
  @EnumSource
  void figuresOfTheRowsAreThoseOfTheJournal(Grouping grouping) throws Exception {
    SampleDatabase.fill(database, 800);
    StatisticsFold fold = new StatisticsFold(grouping);
    new JournalTable(database.dataSource())
        .read(Selection.ALL, Meter.NONE, journal -> fold.add(FoldedCall.of(journal).orElseThrow()));

    assertThat(figures(EVER, grouping)).isEqualTo(fold.figures()).isNotEmpty();
  }

  @Test
  void talkNeverIncludesTheRing() throws Exception {
    Instant at = SampleDatabase.MONDAY;
    store(
        TestCall.placed("acme", "a", CallMode.DIRECT, at, "alice", "bob")
            .after(Duration.ofMillis(300))
            .ring("bob")
            .after(Duration.ofSeconds(5))
            .accept("bob")
            .after(Duration.ofSeconds(60))
            .hangUp("alice"));

    CallFigures figures = figures(EVER, Grouping.NONE).getFirst();

    assertThat(figures.postDialMs().p50()).isEqualTo(300);
    assertThat(figures.ringMs().p50()).isEqualTo(5_000);
    assertThat(figures.talkMs().max()).isEqualTo(60_000);
    assertThat(figures.answerRate()).hasValue(1.0);
    assertThat(figures.reasons()).isEqualTo(Map.of(EndReason.HANGUP, 1L));
  }

  @Test
  void callThatBeginsAsAnotherEndsIsNotAtOnceWithIt() throws Exception {
    Instant at = SampleDatabase.MONDAY;
    store(
        TestCall.placed("acme", "a", CallMode.DIRECT, at, "alice", "bob")
            .after(Duration.ofSeconds(10))
            .decline("bob"),
        TestCall.placed("acme", "b", CallMode.DIRECT, at.plusSeconds(10), "alice", "bob")
            .after(Duration.ofSeconds(10))
            .decline("bob"),
        TestCall.placed("acme", "c", CallMode.DIRECT, at.plusSeconds(19), "carol", "dave"));

    CallFigures figures = figures(EVER, Grouping.NONE).getFirst();

    assertThat(figures.peakOpen()).isEqualTo(2);
    assertThat(figures.peakTalking()).isZero();
    assertThat(figures.open()).isEqualTo(1);
  }

  @Test
  void realmSeesItsOwnCallsOnly() throws Exception {
    SampleDatabase.fill(database, 100);
    long all = figures(EVER, Grouping.NONE).getFirst().attempts();
    StatisticsTable.Period acme =
        new StatisticsTable.Period(
            Optional.of(new RealmId("acme")), Optional.empty(), Optional.empty());

    assertThat(figures(acme, Grouping.REALM)).extracting(CallFigures::group).containsOnly("acme");
    assertThat(figures(acme, Grouping.NONE).getFirst().attempts()).isBetween(1L, all - 1);
  }

  private List<CallFigures> figures(StatisticsTable.Period period, Grouping grouping)
      throws SQLException {
    try (Connection connection = database.dataSource().getConnection()) {
      return StatisticsTable.figures(connection, period, grouping);
    }
  }

  private void store(TestCall... calls) {
    StoredCalls.store(database, List.of(calls));
  }
}
