package io.carillon.engine.actor;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.carillon.engine.call.CallCommand;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A node knows which calls would be its own. */
class HomeShardsTest {
  private static final int SHARDS = 10;

  private final ActorTestKit kit =
      ActorTestKit.create(
          ConfigFactory.parseString(
                  "pekko.remote.artery.canonical { hostname = 127.0.0.1, port = 0 }")
              .withFallback(ConfigFactory.load()));

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  @Test
  void entitiesThatStartedHereAreAtHomeAndOthersAreNot() {
    Cluster cluster = Cluster.get(kit.system());
    cluster.manager().tell(Join.create(cluster.selfMember().address()));
    ClusterSharding sharding = ClusterSharding.get(kit.system());
    sharding.init(Entity.of(ShardedEngine.CALLS, entity -> Behaviors.ignore()));
    int shards = kit.system().settings().config().getInt("pekko.cluster.sharding.number-of-shards");
    HomeShards home = new HomeShards(shards);
    assertThat(home.size()).isZero();
    kit.spawn(home.watch(sharding));

    List<String> started = IntStream.range(0, SHARDS).mapToObj(i -> "acme|call-" + i).toList();
    TestProbe<Object> probe = kit.createTestProbe();
    probe.awaitAssert(
        Duration.ofSeconds(20),
        () -> {
          for (String id : started) {
            sharding
                .entityRefFor(ShardedEngine.CALLS, id)
                .tell(new CallEntity.Poke(new CallCommand.CheckDeadlines()));
          }
          assertThat(started).allMatch(home::contains);
          assertThat(home.size()).isPositive().isLessThanOrEqualTo(started.size());
          return home;
        });

    // Most shards have no entity yet, so nobody has asked for them to be here.
    List<String> others = IntStream.range(0, 10 * shards).mapToObj(i -> "acme|other-" + i).toList();
    assertThat(others).anyMatch(id -> !home.contains(id)).anyMatch(home::contains);
  }
}
