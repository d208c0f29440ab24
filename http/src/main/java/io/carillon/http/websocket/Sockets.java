package io.carillon.http.websocket;

import io.carillon.engine.actor.ToSocket;
import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.UserKey;
import io.carillon.persistence.connection.ConnectionLog;
import io.carillon.persistence.connection.DeviceConnection;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** The sockets of this node: how many there may be, and how they go when the node does. */
public final class Sockets {
  private final Set<Consumer<ToSocket.Close>> open = ConcurrentHashMap.newKeySet();
  private final Map<UserKey, Integer> users = new ConcurrentHashMap<>();
  private final Map<Consumer<ToSocket.Close>, UUID> connections = new ConcurrentHashMap<>();
  private final ConnectionLog log;
  private final InstantSource clock;
  private final AtomicInteger count;
  private final int max;
  private volatile boolean draining;
  private final CompletableFuture<Void> empty = new CompletableFuture<>();

  /**
   * @param max how many may be open at once
   * @param count kept at the number of open sockets
   * @param log where it is written down who was connected when
   */
  public Sockets(int max, AtomicInteger count, ConnectionLog log, InstantSource clock) {
    this.max = max;
    this.count = count;
    this.log = log;
    this.clock = clock;
  }

  /** Whether another socket may be opened here now. */
  public boolean hasRoom() {
    return !draining && count.get() < max;
  }

  /** Whether the node is letting its sockets go. */
  public boolean isDraining() {
    return draining;
  }

  /** A socket is open; {@code close} closes it. */
  void opened(Consumer<ToSocket.Close> close) {
    open.add(close);
    count.incrementAndGet();
    if (draining) {
      close.accept(new ToSocket.Close(ToSocket.CloseReason.DRAINING, 0));
    }
  }

  /** A socket is gone. */
  void closed(Consumer<ToSocket.Close> close) {
    if (open.remove(close)) {
      count.decrementAndGet();
    }
    if (draining && open.isEmpty()) {
      empty.complete(null);
    }
  }

  /** A socket turned out to be this user's; {@code close} is what it was opened with. */
  void attached(
      Consumer<ToSocket.Close> close, UserKey user, DeviceId device, String platform) {
    users.merge(user, 1, Integer::sum);
    UUID connection = UUID.randomUUID();
    connections.put(close, connection);
    log.opened(
        new DeviceConnection(
            connection,
            user,
            device,
            platform,
            log.node(),
            clock.instant(),
            Optional.empty(),
            Optional.empty()));
  }

  /** A socket that was this user's is gone, in a word because of that. */
  void detached(Consumer<ToSocket.Close> close, UserKey user, String why) {
    users.computeIfPresent(user, (_, sockets) -> sockets == 1 ? null : sockets - 1);
    UUID connection = connections.remove(close);
    if (connection != null) {
      log.closed(connection, clock.instant(), why);
    }
  }

  /** Whether a socket of this user is open on this node. */
  public boolean has(UserKey user) {
    return users.containsKey(user);
  }

  /**
   * Tells every socket to close and its client to come back elsewhere, each within a random part of
   * {@code spread}. Completes when all are gone or the time is up; never exceptionally.
   */
  public CompletionStage<Void> drain(Duration spread, Duration atMost) {
    draining = true;
    long bound = Math.max(1, spread.toMillis());
    for (Consumer<ToSocket.Close> close : open) {
      long after = ThreadLocalRandom.current().nextLong(bound);
      close.accept(new ToSocket.Close(ToSocket.CloseReason.DRAINING, after));
    }
    if (open.isEmpty()) {
      empty.complete(null);
    }
    return empty.copy().completeOnTimeout(null, atMost.toMillis(), TimeUnit.MILLISECONDS);
  }
}
