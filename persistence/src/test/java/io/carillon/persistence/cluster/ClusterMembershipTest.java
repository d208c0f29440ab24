package io.carillon.persistence.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carillon.persistence.cluster.ClusterMembership.ClusterIdentity;
import io.carillon.persistence.cluster.ClusterMembership.Node;
import io.carillon.persistence.database.Database;
import io.carillon.persistence.testdatabase.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClusterMembershipTest {
  private static final Duration RECENT = Duration.ofSeconds(10);

  private TestDatabase testDatabase;
  private Database database;

  @BeforeEach
  void open() {
    testDatabase = TestDatabase.fresh();
    database = testDatabase.open();
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void ofNodesThatStartAtOnceOneFormsTheCluster() {
    List<ClusterMembership> nodes = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      nodes.add(node("node-" + i));
      await(nodes.getLast().claim("blue"));
      await(nodes.getLast().register());
    }
    List<CompletionStage<Boolean>> tries =
        nodes.stream().map(node -> node.tryForm(RECENT)).toList();
    assertThat(tries.stream().filter(ClusterMembershipTest::await)).hasSize(1);
    assertThat(await(nodes.getFirst().claim("blue")).generation()).isEqualTo(1);
  }

  @Test
  void whoComesLaterSeesTheMemberAndDoesNotForm() {
    ClusterMembership first = node("a");
    ClusterMembership second = node("b");
    await(first.register());
    assertThat(await(first.tryForm(RECENT))).isTrue();
    await(second.register());
    assertThat(await(second.tryForm(RECENT))).isFalse();
    assertThat(await(second.others(RECENT)))
        .extracting(Node::address, Node::member)
        .containsExactly(org.assertj.core.groups.Tuple.tuple("a", true));
  }

  @Test
  void aNodeNotHeardOfForAWhileIsNotThere() {
    ClusterMembership first = node("a");
    ClusterMembership second = node("b");
    await(first.register());
    assertThat(await(first.tryForm(RECENT))).isTrue();
    testDatabase.execute("UPDATE cluster_node SET last_seen = last_seen - interval '11 seconds'");
    assertThat(await(second.others(RECENT))).isEmpty();
    assertThat(await(second.tryForm(RECENT))).isTrue();
    await(first.heartbeat(true));
    assertThat(await(second.others(RECENT))).hasSize(1);
    await(first.leave());
    assertThat(await(second.others(RECENT))).isEmpty();
  }

  @Test
  void aDatabaseOfAnotherClusterIsRefused() {
    ClusterIdentity identity = await(node("a").claim("blue"));
    assertThat(await(node("b").claim("blue")).id()).isEqualTo(identity.id());
    assertThatThrownBy(() -> await(node("c").claim("green")))
        .hasCauseInstanceOf(ForeignClusterException.class)
        .hasMessageContaining("'blue'");
  }

  private ClusterMembership node(String address) {
    return new ClusterMembership(database, address);
  }

  private static <T> T await(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }
}
