package io.carillon.engine.actor;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.engine.call.CallCommand;
import io.carillon.engine.call.Signal;
import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.Endpoint;
import io.carillon.engine.identity.UserId;
import java.time.Duration;
import java.util.Optional;
import org.apache.pekko.actor.Dropped;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.cluster.sharding.typed.ShardingEnvelope;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DroppedInMoveTest {
  private static final String MOVED = "Avoiding reordering of buffered messages at shard handoff";
  private static final CallEntity.Message POKE =
      new CallEntity.Poke(new CallCommand.CheckDeadlines());

  private record Sent(String id, Object message) {}

  private final ActorTestKit kit = ActorTestKit.create();
  private final TestProbe<Sent> sent = kit.createTestProbe(Sent.class);

  @AfterEach
  void end() {
    kit.shutdownTestKit();
  }

  @Test
  void whatAMoveDroppedIsSentAgainAndNothingElse() {
    kit.spawn(
        DroppedInMove.create(
            (id, message) -> sent.getRef().tell(new Sent("call " + id, message)),
            (id, message) -> sent.getRef().tell(new Sent("user " + id, message))));
    SessionMessage reconcile = new SessionMessage.Reconcile();
    CallEntity.Message relay =
        new CallEntity.Relay(
            new Endpoint(new UserId("bob"), new DeviceId("phone")),
            new Signal(Signal.Kind.OFFER, "{}", Optional.empty(), Optional.empty()),
            kit.<Reply>createTestProbe(Reply.class).getRef());
    // It subscribes when it starts: until then nothing comes back.
    sent.awaitAssert(
        () -> {
          drop("acme|0", POKE, MOVED);
          return sent.expectMessage(Duration.ofMillis(200), new Sent("call acme|0", POKE));
        });
    drop("acme|1", POKE, "Buffer is full");
    drop("acme|2", relay, MOVED);
    drop("acme|3", POKE, MOVED);
    drop("acme|bob", reconcile, MOVED);
    Sent next = sent.receiveMessage();
    while (next.id().equals("call acme|0")) {
      next = sent.receiveMessage();
    }
    assertThat(next).isEqualTo(new Sent("call acme|3", POKE));
    assertThat(sent.receiveMessage()).isEqualTo(new Sent("user acme|bob", reconcile));
  }

  /** As a shard region does. */
  private void drop(String id, Object message, String reason) {
    var classic = Adapter.toClassic(kit.system());
    classic
        .deadLetters()
        .tell(
            new Dropped(
                new ShardingEnvelope<>(id, message),
                reason,
                classic.deadLetters(),
                classic.deadLetters()),
            classic.deadLetters());
  }
}
