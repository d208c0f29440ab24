package io.carillon.persistence.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.engine.call.CallMode;
import io.carillon.engine.call.StoredEvent;
import io.carillon.persistence.testdatabase.TestCall;
import io.carillon.persistence.testdatabase.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.junit.jupiter.api.Test;

class CallActorJournalTest {
  private static final String LOCAL = "pekko.actor.provider = local";

  private sealed interface Message {}

  private record Store(List<StoredEvent> events, ActorRef<Boolean> stored) implements Message {}

  private record Tell(ActorRef<List<StoredEvent>> to) implements Message {}

  /** Keeps what it is told to. */
  private static final class Keeper
      extends EventSourcedBehavior<Message, StoredEvent, List<StoredEvent>> {
    Keeper(TestCall call) {
      super(PersistenceId.ofUniqueId(PersistenceIds.of(call.key())));
    }

    @Override
    public List<StoredEvent> emptyState() {
      return List.of();
    }

    @Override
    public CommandHandler<Message, StoredEvent, List<StoredEvent>> commandHandler() {
      return (state, message) ->
          switch (message) {
            case Store(var events, var stored) ->
                Effect().persist(events).thenRun(_ -> stored.tell(true));
            case Tell(var to) -> Effect().none().thenRun((List<StoredEvent> kept) -> to.tell(kept));
          };
    }

    @Override
    public EventHandler<List<StoredEvent>, StoredEvent> eventHandler() {
      return (state, event) -> {
        List<StoredEvent> next = new ArrayList<>(state);
        next.add(event);
        return next;
      };
    }
  }

  @Test
  void aCallFindsItsEventsOnAnotherNode() {
    TestDatabase database = TestDatabase.fresh();
    TestCall call = call("c1").ring("bob").accept("bob");
    ActorTestKit first = ActorTestKit.create("first", database.config(LOCAL));
    try {
      TestProbe<Boolean> stored = first.createTestProbe();
      first.spawn(keeper(call)).tell(new Store(call.journal(), stored.ref()));
      stored.expectMessage(true);
    } finally {
      first.shutdownTestKit();
    }
    ActorTestKit second = ActorTestKit.create("second", database.config(LOCAL));
    try {
      TestProbe<List<StoredEvent>> kept = second.createTestProbe();
      second.spawn(keeper(call)).tell(new Tell(kept.ref()));
      assertThat(kept.receiveMessage()).isEqualTo(call.journal());
    } finally {
      second.shutdownTestKit();
    }
    assertThat(database.query("SELECT state, seq FROM call")).containsExactly("accepted|3");
  }

  @Test
  void ofTwoActorsOfOneCallTheOneThatIsBehindStopsAndNothingIsOverwritten() {
    TestDatabase database = TestDatabase.fresh();
    TestCall call = call("c1").ring("bob").accept("bob");
    ActorTestKit owner = ActorTestKit.create("owner", database.config(LOCAL));
    ActorTestKit intruder = ActorTestKit.create("intruder", database.config(LOCAL));
    try {
      TestProbe<List<StoredEvent>> ready = intruder.createTestProbe();
      ActorRef<Message> behind = intruder.spawn(keeper(call));
      behind.tell(new Tell(ready.ref()));
      ready.receiveMessage();
      TestProbe<Boolean> stored = owner.createTestProbe();
      owner.spawn(keeper(call)).tell(new Store(call.journal(), stored.ref()));
      stored.expectMessage(true);
      TestProbe<Boolean> refused = intruder.createTestProbe();
      behind.tell(new Store(call("c1").journal(), refused.ref()));
      refused.expectTerminated(behind);
      refused.expectNoMessage(Duration.ZERO);
    } finally {
      intruder.shutdownTestKit();
      owner.shutdownTestKit();
    }
    assertThat(database.query("SELECT count(*) FROM event_journal")).containsExactly("3");
  }

  private static Behavior<Message> keeper(TestCall call) {
    return new Keeper(call);
  }

  private static TestCall call(String id) {
    return TestCall.placed(
        "acme", id, CallMode.DIRECT, Instant.parse("2026-03-04T05:06:07.089Z"), "alice", "bob");
  }
}
