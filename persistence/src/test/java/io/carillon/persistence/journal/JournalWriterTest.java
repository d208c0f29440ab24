package io.carillon.persistence.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.carillon.engine.call.Actor;
import io.carillon.engine.call.CallCommand;
import io.carillon.engine.call.CallMode;
import io.carillon.engine.call.StoredEvent;
import io.carillon.engine.identity.UserId;
import io.carillon.persistence.database.Database;
import io.carillon.persistence.testdatabase.TestCall;
import io.carillon.persistence.testdatabase.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JournalWriterTest {
  private static final Instant AT = Instant.parse("2026-03-04T05:06:07.089Z");

  private TestDatabase database;
  private HikariDataSource pool;

  @BeforeEach
  void open() {
    database = TestDatabase.fresh();
    pool = Database.journalPool(database.settings());
  }

  @AfterEach
  void close() {
    pool.close();
  }

  @Test
  void anEventAndItsRowsAreStoredTogether() {
    try (JournalWriter writer = writer(1000)) {
      PendingWrite write = Writes.of(call("c1").journal());
      writer.submit(write);
      writer.start();
      join(write);
    }
    assertThat(stored()).containsExactly("call|acme|c1|1");
    assertThat(database.query("SELECT call_id, state, seq FROM call"))
        .containsExactly("c1|calling|1");
    assertThat(database.query("SELECT user_id, position FROM call_party ORDER BY position"))
        .containsExactly("alice|0", "bob|1");
    assertThat(database.query("SELECT call_id FROM call_deadline")).containsExactly("c1");
  }

  @Test
  void aSecondWriterOfACallFailsAloneAmongItsBatch() {
    TestCall contested = call("contested");
    store(contested.journal());
    List<PendingWrite> innocent = new ArrayList<>();
    // The intruder believes that it is the first to ring; the owner has stored that number.
    store(call("contested").ring("bob").journal().subList(1, 2));
    PendingWrite intruder = Writes.of(call("contested").ring("bob").journal().subList(1, 2));
    try (JournalWriter writer = writer(1000)) {
      for (int i = 0; i < 100; i++) {
        PendingWrite write = Writes.of(call("innocent-" + i).journal());
        innocent.add(write);
        writer.submit(write);
        if (i == 50) {
          writer.submit(intruder);
        }
      }
      writer.start();
      innocent.forEach(JournalWriterTest::join);
      assertThatThrownBy(() -> join(intruder))
          .hasCauseInstanceOf(JournalWriteException.Conflict.class);
      assertThat(writer.metrics().snapshot().conflicts()).isEqualTo(1);
      assertThat(writer.metrics().snapshot().events()).isEqualTo(100);
    }
    assertThat(stored()).hasSize(102);
    assertThat(database.query("SELECT count(*) FROM call")).containsExactly("101");
  }

  @Test
  void aCallPlacedTwiceUnderOneIdIsAConflictToo() {
    store(call("c1").journal());
    PendingWrite second = Writes.of(call("c1").journal());
    try (JournalWriter writer = writer(1000)) {
      writer.submit(second);
      writer.start();
      assertThatThrownBy(() -> join(second))
          .hasCauseInstanceOf(JournalWriteException.Conflict.class);
    }
  }

  @Test
  void severalEventsOfOneCommandAreStoredWholeOrNotAtAll() {
    TestCall call = call("c1").ring("bob").accept("bob");
    store(call.journal().subList(0, 2));
    store(call.journal().subList(2, 3));
    List<StoredEvent> rest = call.hangUp("bob").journal();
    // Number 3 is taken, number 4 is free: neither may be stored.
    PendingWrite write = Writes.of(rest.subList(2, 4));
    try (JournalWriter writer = writer(1000)) {
      writer.submit(write);
      writer.start();
      assertThatThrownBy(() -> join(write))
          .hasCauseInstanceOf(JournalWriteException.Conflict.class);
    }
    assertThat(stored()).hasSize(3);
    assertThat(database.query("SELECT state, seq FROM call")).containsExactly("accepted|3");
  }

  @Test
  void aCallWhoseRowsTheDatabaseRefusesFailsAlone() {
    TestCall bad = call("bad");
    store(bad.journal());
    bad.command(
        new CallCommand.AdminEnd(
            new Actor.Admin(new UserId("root")), "no \0 in a text", Optional.empty()));
    PendingWrite refused = Writes.of(bad.journal().subList(1, 2));
    PendingWrite good = Writes.of(call("good").journal());
    try (JournalWriter writer = writer(1000)) {
      writer.submit(refused);
      writer.submit(good);
      writer.start();
      join(good);
      assertThatThrownBy(() -> join(refused))
          .hasCauseInstanceOf(JournalWriteException.Refused.class)
          .hasMessageNotContaining("in a text");
    }
    assertThat(stored()).containsExactly("call|acme|bad|1", "call|acme|good|1");
  }

  @Test
  void whatIsWaitingIsWrittenWhenTheNodeStops() {
    JournalWriter writer = writer(1000);
    List<PendingWrite> waiting = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      PendingWrite write = Writes.of(call("c" + i).journal());
      waiting.add(write);
      writer.submit(write);
    }
    writer.start();
    writer.close();
    waiting.forEach(JournalWriterTest::join);
    assertThat(stored()).hasSize(300);
    PendingWrite late = Writes.of(call("late").journal());
    writer.submit(late);
    assertThatThrownBy(() -> join(late)).hasCauseInstanceOf(JournalWriteException.Stopped.class);
  }

  @Test
  void aFullQueueTurnsAwayAndStoresWhatItHad() {
    JournalWriter writer = writer(200);
    List<PendingWrite> writes = new ArrayList<>();
    for (int i = 0; i < 201; i++) {
      writes.add(Writes.of(call("c" + i).journal()));
      writer.submit(writes.getLast());
    }
    assertThatThrownBy(() -> join(writes.getLast()))
        .hasCauseInstanceOf(JournalWriteException.Overflow.class);
    assertThat(writer.metrics().snapshot().queuedEvents()).isEqualTo(200);
    writer.start();
    writer.close();
    assertThat(stored()).hasSize(200);
    assertThat(writer.metrics().snapshot().queuedEvents()).isZero();
  }

  @Test
  void anUnreachableDatabaseLeavesTheOutcomeUnknown() {
    pool.close();
    try (JournalWriter writer = writer(1000).start()) {
      PendingWrite write = Writes.of(call("c1").journal());
      writer.submit(write);
      assertThatThrownBy(() -> join(write))
          .isInstanceOf(CompletionException.class)
          .cause()
          .isNotInstanceOf(JournalWriteException.class);
      assertThat(writer.metrics().snapshot().failures()).isEqualTo(1);
    }
  }

  private JournalWriter writer(int queue) {
    return new JournalWriter(
        pool, "here:1", new JournalSettings(1, 200, queue, Duration.ofSeconds(20)));
  }

  private void store(List<StoredEvent> events) {
    try (JournalWriter writer = writer(1000).start()) {
      PendingWrite write = Writes.of(events);
      writer.submit(write);
      join(write);
    }
  }

  private List<String> stored() {
    return database.query(
        "SELECT persistence_id, sequence_number FROM event_journal ORDER BY 1, 2");
  }

  private static TestCall call(String id) {
    return TestCall.placed("acme", id, CallMode.DIRECT, AT, "alice", "bob");
  }

  private static void join(PendingWrite write) {
    write.done().orTimeout(20, TimeUnit.SECONDS).join();
  }
}
