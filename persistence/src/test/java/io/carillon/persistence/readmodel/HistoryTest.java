package io.carillon.persistence.readmodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carillon.engine.call.CallMode;
import io.carillon.engine.call.CallSnapshot;
import io.carillon.engine.call.CallSnapshot.Ending;
import io.carillon.engine.call.CallType;
import io.carillon.engine.call.EndReason;
import io.carillon.engine.call.Leg;
import io.carillon.engine.call.Participant;
import io.carillon.engine.call.RingStyle;
import io.carillon.engine.identity.RealmId;
import io.carillon.engine.identity.UserId;
import io.carillon.engine.identity.UserKey;
import io.carillon.persistence.database.Database;
import io.carillon.persistence.testdatabase.StoredCalls;
import io.carillon.persistence.testdatabase.TestCall;
import io.carillon.persistence.testdatabase.TestDatabase;
import io.carillon.persistence.words.CallStateWord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HistoryTest {
  private static final Instant AT = Instant.parse("2026-03-04T05:06:07.089Z");
  private static final UserKey ALICE = new UserKey(new RealmId("acme"), new UserId("alice"));
  private static final UserKey BOB = new UserKey(new RealmId("acme"), new UserId("bob"));

  private TestDatabase testDatabase;
  private Database database;
  private History history;

  @BeforeEach
  void open() {
    testDatabase = TestDatabase.fresh();
    database = testDatabase.open();
    history = new History(database);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void rowsTellTheSameAsTheJournal() {
    List<TestCall> calls = calls();
    assertThat(calls.stream().map(call -> state(call.snapshot()))).contains(CallStateWord.values());
    assertThat(calls)
        .anyMatch(call -> call.snapshot().ending().map(Ending::nearMiss).orElse(false));
    StoredCalls.store(testDatabase, calls);
    for (TestCall call : calls) {
      CallSnapshot expected = call.snapshot();
      HistoryCall shown =
          await(
                  history.find(
                      new UserKey(ALICE.realm(), expected.facts().caller().user()), call.key()))
              .orElseThrow();
      assertThat(shown.seq()).as(call.key().toString()).isEqualTo(expected.seq());
      assertThat(shown.mode()).isEqualTo(expected.mode());
      assertThat(shown.context()).isEqualTo(expected.facts().context());
      assertThat(shown.createdAt()).isEqualTo(expected.facts().createdAt());
      assertThat(shown.ringingAt()).as(call.key().toString()).isEqualTo(expected.ringingAt());
      assertThat(shown.answeredAt()).isEqualTo(expected.answeredAt());
      assertThat(shown.connectedAt()).isEqualTo(expected.connectedAt());
      assertThat(shown.reason()).isEqualTo(expected.ending().map(Ending::reason));
      assertThat(shown.endedAt()).isEqualTo(expected.ending().map(Ending::at));
      assertThat(shown.nearMiss()).isEqualTo(expected.ending().map(Ending::nearMiss).orElse(false));
      assertThat(shown.state()).isEqualTo(state(expected));
      assertThat(shown.parties().stream().map(HistoryParty::user))
          .containsExactlyElementsOf(expected.roster().stream().map(Participant::user).toList());
      for (Participant participant : expected.roster().participants()) {
        assertThat(shown.party(participant.user()).orElseThrow().outcome())
            .as(call.key() + " " + participant.user())
            .isEqualTo(outcome(participant.leg()));
      }
    }
  }

  @Test
  void rowsRebuiltFromTheJournalAreTheSame() throws Exception {
    StoredCalls.store(testDatabase, calls());
    List<String> before = rows();
    var codec = new io.carillon.persistence.journal.EventCodec();
    var report =
        io.carillon.persistence.projection.Rebuild.run(testDatabase.dataSource(), codec::decode);
    assertThat(report.unreadable()).isEmpty();
    assertThat(rows()).isEqualTo(before);
  }

  @Test
  void pagesNeitherRepeatNorSkipWhileCallsArePlaced() {
    List<TestCall> calls = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      // Several in the same millisecond.
      calls.add(direct("c" + i, AT.plusSeconds(i / 3)).ring("bob").decline("bob"));
    }
    StoredCalls.store(testDatabase, calls);
    List<String> seen = new ArrayList<>();
    HistoryPage page = await(history.page(HistoryQuery.newest(BOB, 10)));
    add(seen, page);
    StoredCalls.store(testDatabase, List.of(direct("newer", AT.plusSeconds(100))));
    while (page.next().isPresent()) {
      page = await(history.page(HistoryQuery.newest(BOB, 10).after(page.next().get())));
      add(seen, page);
    }
    assertThat(seen).hasSize(25).doesNotHaveDuplicates();
    assertThat(seen.getFirst()).isEqualTo("c24");
  }

  @Test
  void filtersNarrowWhatIsShown() {
    StoredCalls.store(
        testDatabase,
        List.of(
            direct("declined", AT).ring("bob").decline("bob"),
            direct("taken", AT.plusSeconds(60)).ring("bob").accept("bob").hangUp("bob"),
            TestCall.placed(
                    "acme", "carols", CallMode.DIRECT, AT.plusSeconds(120), "alice", "carol")
                .ring("carol")
                .decline("carol"),
            TestCall.placed("other", "declined", CallMode.DIRECT, AT, "alice", "bob")));
    HistoryQuery all = HistoryQuery.newest(ALICE, 50);
    assertThat(ids(all)).containsExactly("carols", "taken", "declined");
    assertThat(ids(all.inStates(Set.of(CallStateWord.REJECTED))))
        .containsExactly("carols", "declined");
    assertThat(ids(all.with(new UserId("bob")))).containsExactly("taken", "declined");
    assertThat(ids(all.ofType(CallType.AUDIO))).isEmpty();
    assertThat(ids(all.ofType(CallType.VIDEO))).hasSize(3);
    assertThat(ids(all.between(Optional.of(AT.plusSeconds(60)), Optional.of(AT.plusSeconds(120)))))
        .containsExactly("taken");
  }

  @Test
  void whoeverWasNotReachedMissedTheCallAndWhoeverDeclinedDidNot() {
    StoredCalls.store(
        testDatabase,
        List.of(
            direct("declined", AT).ring("bob").decline("bob"),
            direct("unanswered", AT.plusSeconds(1))
                .ring("bob")
                .after(Duration.ofSeconds(33))
                .checkDeadlines(),
            direct("taken", AT.plusSeconds(2)).ring("bob").accept("bob").hangUp("alice")));
    HistoryPage page = await(history.page(HistoryQuery.newest(BOB, 50)));
    assertThat(
            page.calls().stream()
                .filter(call -> call.party(BOB.user()).orElseThrow().missed())
                .map(call -> call.key().call().value()))
        .containsExactly("unanswered");
    assertThat(page.calls()).allMatch(call -> !call.isOutgoing(BOB.user()));
    assertThat(page.calls())
        .allMatch(call -> call.peer(BOB.user()).equals(Optional.of(ALICE.user())));
    assertThat(await(history.page(HistoryQuery.newest(ALICE, 50))).calls())
        .allMatch(call -> call.peer(ALICE.user()).equals(Optional.of(BOB.user())));
  }

  @Test
  void aCallIsShownToItsPartiesOnly() {
    TestCall call = direct("c1", AT);
    StoredCalls.store(testDatabase, List.of(call));
    UserKey carol = new UserKey(ALICE.realm(), new UserId("carol"));
    UserKey stranger = new UserKey(new RealmId("other"), ALICE.user());
    assertThat(await(history.find(ALICE, call.key()))).isPresent();
    assertThat(await(history.find(carol, call.key()))).isEmpty();
    assertThat(await(history.find(stranger, call.key()))).isEmpty();
  }

  @Test
  void aCursorOfSomebodyElsesMakingIsRefused() {
    for (String cursor : List.of("", "x", "AAAA", "MTIz")) {
      HistoryQuery query = HistoryQuery.newest(BOB, 10).after(cursor);
      assertThatThrownBy(() -> history.page(query)).isInstanceOf(InvalidCursorException.class);
    }
  }

  private static List<TestCall> calls() {
    return List.of(
        direct("calling", AT),
        direct("ringing", AT).after(Duration.ofMillis(300)).ring("bob"),
        direct("accepted", AT).ring("bob").after(Duration.ofSeconds(2)).accept("bob"),
        direct("accepted-unrung", AT).after(Duration.ofSeconds(2)).accept("bob"),
        direct("hung-up", AT).ring("bob").accept("bob").after(Duration.ofMinutes(1)).hangUp("bob"),
        direct("cancelled", AT).ring("bob").hangUp("alice"),
        direct("near-miss", AT)
            .ring("bob")
            .hangUp("alice")
            .after(Duration.ofSeconds(1))
            .accept("bob"),
        direct("declined", AT).ring("bob").decline("bob"),
        direct("unanswered", AT).ring("bob").after(Duration.ofSeconds(40)).checkDeadlines(),
        direct("unreachable", AT).after(Duration.ofSeconds(130)).checkDeadlines(),
        group("hunt-taken", CallMode.HUNT)
            .ring("bob")
            .ring("carol")
            .accept("carol")
            .hangUp("carol"),
        group("hunt-declined", CallMode.HUNT)
            .ring("bob")
            .decline("bob")
            .decline("carol")
            .decline("dave"),
        group("conference", CallMode.CONFERENCE).ring("bob").accept("bob").ring("carol"),
        group("conference-left", CallMode.CONFERENCE)
            .ring("bob")
            .accept("bob")
            .decline("carol")
            .hangUp("bob")
            .accept("bob")
            .hangUp("alice")
            .hangUp("bob")
            .after(Duration.ofMinutes(10))
            .checkDeadlines(),
        TestCall.placed(
                "acme", "open-door", CallMode.CONFERENCE, RingStyle.SILENT, AT, "alice", List.of())
            .after(Duration.ofSeconds(3))
            .accept("alice"));
  }

  private static TestCall direct(String id, Instant at) {
    return TestCall.placed("acme", id, CallMode.DIRECT, at, "alice", "bob");
  }

  private static TestCall group(String id, CallMode mode) {
    return TestCall.placed("acme", id, mode, AT, "alice", "bob", "carol", "dave");
  }

  private static CallStateWord state(CallSnapshot call) {
    return switch (call.phase()) {
      case CALLING -> CallStateWord.CALLING;
      case RINGING -> CallStateWord.RINGING;
      case ACCEPTED -> CallStateWord.ACCEPTED;
      case ENDED -> CallStateWord.of(call.ending().orElseThrow().reason());
    };
  }

  private static Optional<EndReason> outcome(Leg leg) {
    return leg instanceof Leg.Closed closed ? Optional.of(closed.reason()) : Optional.empty();
  }

  private List<String> ids(HistoryQuery query) {
    List<String> ids = new ArrayList<>();
    add(ids, await(history.page(query)));
    return ids;
  }

  private static void add(List<String> ids, HistoryPage page) {
    page.calls().forEach(call -> ids.add(call.key().call().value()));
  }

  private List<String> rows() {
    List<String> rows = new ArrayList<>();
    // Stamps are of the clock, and the journal's is the node's.
    rows.addAll(
        testDatabase.query(
            "SELECT (to_jsonb(c) - 'updated_at')::text FROM call c ORDER BY realm, call_id"));
    rows.addAll(
        testDatabase.query(
            "SELECT (to_jsonb(p) - 'closed_at')::text, closed_at IS NULL FROM call_party p"
                + " ORDER BY realm, call_id, user_id"));
    rows.addAll(testDatabase.query("SELECT * FROM call_deadline ORDER BY realm, call_id"));
    return rows;
  }

  private static <T> T await(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }
}
