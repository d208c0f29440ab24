package io.carillon.persistence.realm;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.engine.call.CallId;
import io.carillon.engine.call.CallKey;
import io.carillon.engine.call.CallMode;
import io.carillon.engine.call.StoredEvent;
import io.carillon.engine.identity.RealmId;
import io.carillon.engine.identity.UserId;
import io.carillon.persistence.database.Database;
import io.carillon.persistence.migration.RestoredJournal;
import io.carillon.persistence.testdatabase.StoredCalls;
import io.carillon.persistence.testdatabase.TestCall;
import io.carillon.persistence.testdatabase.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RealmFeedTest {
  private static final Instant AT = Instant.parse("2026-03-02T09:00:00Z");
  private static final RealmFeed.Subject ACME =
      new RealmFeed.Subject(new RealmId("acme"), Optional.empty(), Optional.empty());

  private final TestDatabase database = TestDatabase.fresh();
  private final Database pool = database.open();
  private final RealmFeed feed = new RealmFeed(pool);

  @AfterEach
  void close() {
    pool.close();
  }

  @Test
  void whatCommitsLateIsToldBeforeWhatBeganAfterIt() throws SQLException {
    RealmFeed.Position start = start(ACME).position();
    try (Connection slow = database.dataSource().getConnection()) {
      slow.setAutoCommit(false);
      StoredCalls.insert(slow, call("slow").journal().getFirst());
      StoredCalls.store(database, List.of(call("quick")));

      RealmFeed.Changes meanwhile = after(ACME, start);
      assertThat(meanwhile.changes()).isEmpty();
      slow.commit();

      assertThat(told(after(ACME, meanwhile.next()))).containsExactly("slow:1", "quick:1");
      assertThat(told(after(ACME, start))).containsExactly("slow:1", "quick:1");
    }
  }

  @Test
  void whatIsRolledBackHoldsNobodyUpAndIsNotTold() throws SQLException {
    RealmFeed.Position start = start(ACME).position();
    try (Connection failing = database.dataSource().getConnection()) {
      failing.setAutoCommit(false);
      StoredCalls.insert(failing, call("never").journal().getFirst());
      StoredCalls.store(database, List.of(call("after")));
      failing.rollback();
    }
    assertThat(told(after(ACME, start))).containsExactly("after:1");
  }

  /**
   * Writers that commit in any order, and a reader that at any moment goes on from an earlier
   * place.
   */
  @Test
  void readerMissesNothingAndSeesEachCallInItsOrder() throws Exception {
    long seed = 77;
    int writers = 6;
    int callsOfEach = 60;
    RealmFeed.Position start = start(ACME).position();
    try (ExecutorService threads = Executors.newFixedThreadPool(writers)) {
      List<Callable<Integer>> work = new ArrayList<>();
      for (int w = 0; w < writers; w++) {
        int number = w;
        work.add(() -> write(new Random(seed + number), number, callsOfEach));
      }
      List<Future<Integer>> writing = work.stream().map(threads::submit).toList();
      List<String> seen = new ArrayList<>();
      Random random = new Random(seed);
      RealmFeed.Position at = start;
      boolean over = false;
      while (true) {
        RealmFeed.Changes changes = after(ACME, at);
        List<RealmFeed.Change> taken = changes.changes();
        if (!taken.isEmpty() && random.nextInt(3) == 0) {
          // The client is cut off after some of them, and comes back with the last one's position.
          taken = taken.subList(0, 1 + random.nextInt(taken.size()));
          at = taken.getLast().position();
        } else {
          at = changes.next();
          if (over && taken.isEmpty()) {
            break;
          }
        }
        taken.forEach(change -> seen.add(name(change.step().stored())));
        over = writing.stream().allMatch(Future::isDone);
      }
      for (Future<Integer> future : writing) {
        assertThat(future.get()).isEqualTo(callsOfEach);
      }
      assertThat(seen).as("seed %d", seed).doesNotHaveDuplicates();
      assertThat(seen)
          .containsExactlyInAnyOrderElementsOf(
              database.query(
                  "SELECT split_part(persistence_id, '|', 3) || ':' || sequence_number"
                      + " FROM event_journal WHERE persistence_id LIKE 'call|acme|%'"));
      Map<String, Integer> last = new HashMap<>();
      for (String name : seen) {
        String call = name.substring(0, name.indexOf(':'));
        int seq = Integer.parseInt(name.substring(call.length() + 1));
        assertThat(seq).as(name).isEqualTo(last.getOrDefault(call, 0) + 1);
        last.put(call, seq);
      }
    }
  }

  private int write(Random random, int number, int calls) throws SQLException {
    try (Connection connection = database.dataSource().getConnection()) {
      connection.setAutoCommit(false);
      for (int i = 0; i < calls; i++) {
        String realm = i % 5 == 0 ? "beta" : "acme";
        TestCall call =
            TestCall.placed(realm, "c-" + number + "-" + i, CallMode.DIRECT, AT, "alice", "bob")
                .ring("bob")
                .accept("bob")
                .hangUp("bob");
        for (StoredEvent event : call.journal()) {
          StoredCalls.insert(connection, event);
          if (random.nextBoolean()) {
            connection.commit();
          }
        }
      }
      connection.commit();
    }
    return calls;
  }

  @Test
  void startTellsTheOpenCallsAndWhatFollowsGoesOnFromThere() {
    StoredCalls.store(
        database,
        List.of(
            call("open").ring("bob"),
            call("over").decline("bob"),
            TestCall.placed("beta", "foreign", CallMode.DIRECT, AT, "alice", "bob")));

    RealmFeed.Start start = start(ACME);

    assertThat(start.calls())
        .extracting(c -> c.facts().key().call().value())
        .containsExactly("open");
    assertThat(start.calls().getFirst().seq()).isEqualTo(2);
    assertThat(after(ACME, start.position()).changes()).isEmpty();
    assertThat(feed.counters(new RealmId("acme")).toCompletableFuture().join())
        .isEqualTo(new RealmFeed.Counters(0, 1, 0, 0));
  }

  @Test
  void oneCallAndOneUserAreFollowedAlone() {
    RealmFeed.Position start = start(ACME).position();
    StoredCalls.store(
        database,
        List.of(
            call("one").ring("bob").accept("bob"),
            TestCall.placed("acme", "two", CallMode.DIRECT, AT, "carol", "dave").ring("dave")));

    assertThat(told(after(of("two", null), start))).containsExactly("two:1", "two:2");
    assertThat(told(after(of(null, "carol"), start))).containsExactly("two:1", "two:2");
    assertThat(told(after(of(null, "bob"), start))).containsExactly("one:1", "one:2", "one:3");
    assertThat(start(of("two", null)).calls()).hasSize(1);
    assertThat(start(of(null, "carol")).calls()).hasSize(1);
  }

  @Test
  void positionOfAnotherServerIsRefusedAndARestoredJournalCountsAsOld() {
    RealmFeed.Position start = start(ACME).position();
    StoredCalls.store(database, List.of(call("restored")));
    database.execute("UPDATE event_journal SET transaction_id = '99999999999'");

    RestoredJournal.adopt(database.dataSource());
    StoredCalls.store(database, List.of(call("new")));

    assertThat(told(after(ACME, start))).containsExactly("new:1");
    assertThat(
            feed.after(ACME, new RealmFeed.Position(99_999_999_999L, 0))
                .toCompletableFuture()
                .join())
        .isEmpty();
    RestoredJournal.adopt(database.dataSource());
    assertThat(told(after(ACME, start))).containsExactly("new:1");
  }

  private static RealmFeed.Subject of(@Nullable String call, @Nullable String user) {
    return new RealmFeed.Subject(
        new RealmId("acme"),
        Optional.ofNullable(call).map(CallId::new),
        Optional.ofNullable(user).map(UserId::new));
  }

  private RealmFeed.Start start(RealmFeed.Subject subject) {
    return feed.start(subject).toCompletableFuture().join();
  }

  private RealmFeed.Changes after(RealmFeed.Subject subject, RealmFeed.Position position) {
    return feed.after(subject, position).toCompletableFuture().join().orElseThrow();
  }

  private static List<String> told(RealmFeed.Changes changes) {
    return changes.changes().stream().map(c -> name(c.step().stored())).toList();
  }

  private static String name(StoredEvent event) {
    CallKey key = event.key();
    return key.call() + ":" + event.seq();
  }

  private static TestCall call(String id) {
    return TestCall.placed("acme", id, CallMode.DIRECT, AT, "alice", "bob")
        .after(Duration.ofMillis(200));
  }
}
