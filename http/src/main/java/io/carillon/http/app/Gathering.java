package io.carillon.http.app;

import io.carillon.persistence.cluster.ClusterMembership;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.AddressFromURIString;
import org.apache.pekko.cluster.Cluster;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a node into its cluster: it joins those the database says are in it, or forms it when the
 * database lets it; then it says every second that it is there.
 */
final class Gathering implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Gathering.class);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(300);

  private final Cluster cluster;
  private final ClusterMembership membership;
  private final Duration heartbeat;
  private final Duration aliveWithin;
  private final ScheduledExecutorService beats =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "cluster-gathering");
            thread.setDaemon(true);
            return thread;
          });
  private final CompletableFuture<Void> up = new CompletableFuture<>();

  Gathering(
      Cluster cluster, ClusterMembership membership, Duration heartbeat, Duration aliveWithin) {
    this.cluster = cluster;
    this.membership = membership;
    this.heartbeat = heartbeat;
    this.aliveWithin = aliveWithin;
    cluster.registerOnMemberUp(() -> up.complete(null));
  }

  /** Completes when this node is up. Fails when the database cannot be asked. */
  CompletionStage<Void> join() {
    return membership
        .register()
        .thenCompose(done -> look())
        .thenCompose(done -> up)
        .thenRun(this::beat);
  }

  private CompletionStage<Void> look() {
    return membership
        .others(aliveWithin)
        .thenCompose(
            others -> {
              List<Address> members =
                  others.stream()
                      .filter(ClusterMembership.Node::member)
                      .map(node -> AddressFromURIString.parse(node.address()))
                      .toList();
              if (!members.isEmpty()) {
                LOG.info("joining {}", members);
                cluster.joinSeedNodes(
                    scala.jdk.javaapi.CollectionConverters.asScala(members).toList());
                return CompletableFuture.completedFuture(null);
              }
              return membership
                  .tryForm(aliveWithin)
                  .thenCompose(
                      mine -> {
                        if (mine) {
                          LOG.info("forming the cluster");
                          cluster.join(cluster.selfAddress());
                          return CompletableFuture.completedFuture(null);
                        }
                        return CompletableFuture.supplyAsync(
                                this::look,
                                CompletableFuture.delayedExecutor(
                                    LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS))
                            .thenCompose(stage -> stage);
                      });
            });
  }

  private void beat() {
    var _ =
        beats.scheduleWithFixedDelay(
            () ->
                membership
                    .heartbeat(true)
                    .exceptionally(
                        failure -> {
                          LOG.warn("could not say that this node is there: {}", failure.toString());
                          return null;
                        }),
            0,
            heartbeat.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  /** Says that this node is gone. */
  @Override
  public void close() {
    beats.shutdownNow();
    try {
      membership.leave().toCompletableFuture().get(2, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.ExecutionException
        | java.util.concurrent.TimeoutException unreachable) {
      LOG.warn("could not say that this node is gone: {}", unreachable.toString());
    }
  }
}
