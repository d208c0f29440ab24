package io.carillon.persistence.readmodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carillon.engine.call.CallMode;
import io.carillon.engine.call.CallRecords.RecordsUnavailable;
import io.carillon.engine.call.StoredEvent;
import io.carillon.engine.identity.RealmId;
import io.carillon.engine.identity.UserId;
import io.carillon.engine.identity.UserKey;
import io.carillon.persistence.database.Database;
import io.carillon.persistence.journal.UnreadableEventException;
import io.carillon.persistence.testdatabase.StoredCalls;
import io.carillon.persistence.testdatabase.TestCall;
import io.carillon.persistence.testdatabase.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JournalCallRecordsTest {
  private static final Instant AT = Instant.parse("2026-03-04T05:06:07.089Z");
  private static final UserKey BOB = new UserKey(new RealmId("acme"), new UserId("bob"));
  private static final RecordsSettings EXACT = new RecordsSettings(Duration.ZERO, 200);

  private TestDatabase testDatabase;
  private Database database;
  private JournalCallRecords records;

  @BeforeEach
  void open() {
    testDatabase = TestDatabase.fresh();
    database = testDatabase.open();
    records = new JournalCallRecords(database, EXACT);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void aCallsJournalComesBackInItsOrder() {
    TestCall call = direct("c1", AT).ring("bob").accept("bob").hangUp("bob");
    StoredCalls.store(testDatabase, List.of(call, direct("c2", AT)));
    assertThat(await(records.events(call.key()))).isEqualTo(call.journal());
    assertThat(await(records.events(direct("none", AT).key()))).isEmpty();
  }

  @Test
  void openCallsAreThoseThatAreNotOverOldestFirst() {
    TestCall newer = direct("a", AT.plusSeconds(5)).ring("bob");
    TestCall older = direct("b", AT);
    StoredCalls.store(
        testDatabase,
        List.of(
            newer,
            older,
            direct("over", AT).decline("bob"),
            TestCall.placed("other", "theirs", CallMode.DIRECT, AT, "alice", "bob"),
            TestCall.placed("acme", "carols", CallMode.DIRECT, AT, "alice", "carol")));
    assertThat(await(records.open(BOB))).containsExactly(older.journal(), newer.journal());
  }

  @Test
  void changedCallsComeInTheOrderOfTheirChangesOpenOrOver() {
    TestCall before = direct("before", AT).decline("bob");
    StoredCalls.store(testDatabase, List.of(before));
    Instant since = databaseTime();
    TestCall over = direct("over", AT).ring("bob").decline("bob");
    TestCall open = direct("open", AT).ring("bob");
    StoredCalls.store(testDatabase, List.of(over, open));
    assertThat(await(records.changedSince(BOB, since, 10)))
        .containsExactly(over.journal(), open.journal());
    assertThat(await(records.changedSince(BOB, since, 1))).containsExactly(over.journal());
    assertThat(await(records.changedSince(BOB, databaseTime(), 10))).isEmpty();
  }

  @Test
  void aMarginKeepsACommitThatWasOnItsWayFromBeingSteppedOver() {
    TestCall call = direct("c1", AT).decline("bob");
    StoredCalls.store(testDatabase, List.of(call));
    Instant after = databaseTime();
    JournalCallRecords careful =
        new JournalCallRecords(database, new RecordsSettings(Duration.ofSeconds(60), 200));
    assertThat(await(careful.changedSince(BOB, after, 10))).containsExactly(call.journal());
  }

  @Test
  void dueCallsAreThoseWhoseMomentHasComeMostOverdueFirst() {
    TestCall late = direct("late", AT.minusSeconds(600));
    TestCall due = direct("due", AT.minusSeconds(300));
    TestCall notYet = direct("not-yet", AT);
    TestCall over = direct("over", AT.minusSeconds(600)).decline("bob");
    StoredCalls.store(testDatabase, List.of(due, late, notYet, over));
    assertThat(await(records.due(AT, 10))).containsExactly(late.key(), due.key());
    assertThat(await(records.due(AT, 1))).containsExactly(late.key());
  }

  @Test
  void aCallThatCannotBeReadIsLeftOutAlone() {
    TestCall good = direct("good", AT);
    TestCall corrupt = direct("corrupt", AT);
    StoredCalls.store(testDatabase, List.of(good, corrupt));
    testDatabase.execute(
        "UPDATE event_journal SET event_ser_manifest = 'call.initiated.v99'"
            + " WHERE persistence_id = 'call|acme|corrupt'");
    assertThat(await(records.open(BOB))).containsExactly(good.journal());
    CompletionStage<List<StoredEvent>> events = records.events(corrupt.key());
    assertThatThrownBy(() -> await(events))
        .hasCauseInstanceOf(UnreadableEventException.class)
        .hasMessageContaining("call.initiated.v99");
  }

  @Test
  void aDatabaseThatIsGoneIsSaidToBe() {
    database.close();
    CompletionStage<List<StoredEvent>> events = records.events(direct("c1", AT).key());
    assertThatThrownBy(() -> await(events)).hasCauseInstanceOf(RecordsUnavailable.class);
  }

  private Instant databaseTime() {
    return OffsetDateTime.parse(
            testDatabase
                .query("SELECT to_char(clock_timestamp(), 'YYYY-MM-DD\"T\"HH24:MI:SS.USTZH:TZM')")
                .getFirst())
        .toInstant();
  }

  private static TestCall direct(String id, Instant at) {
    return TestCall.placed("acme", id, CallMode.DIRECT, at, "alice", "bob");
  }

  private static <T> T await(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }
}
