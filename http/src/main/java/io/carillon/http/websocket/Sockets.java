package io.carillon.http.websocket;

import io.carillon.engine.actor.ToSocket;
import io.carillon.engine.actor.ToSocket.CloseReason;
import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.UserKey;
import io.carillon.http.auth.Principal;
import io.carillon.persistence.connection.ConnectionLog;
import io.carillon.persistence.connection.DeviceConnection;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** The sockets of this node: how many there may be, and how they go when the node does. */
public final class Sockets {
  /** Between two waves of a drain. */
  private static final Duration WAVE = Duration.ofMillis(100);

  /** A wave has at least so many, or a small node would take as long to drain as a large one. */
  private static final int SMALLEST_WAVE = 100;

  /** How long the last wave's sockets have to go: orders to be answered, the close to be. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(4);

  private static final Optional<Principal> NOBODY_YET = Optional.empty();

  private final Map<Open, Optional<Principal>> open = new ConcurrentHashMap<>();
  private final Map<UserKey, Integer> users = new ConcurrentHashMap<>();
  private final Map<Open, UUID> connections = new ConcurrentHashMap<>();
  private final ConnectionLog log;
  private final InstantSource clock;
  private final AtomicInteger count;
  private final int max;
  private final int maxOfUser;
  private final Predicate<Principal> stillGood;
  private final BooleanSupplier mayServe;
  private volatile boolean draining;
  private volatile CloseReason why = CloseReason.DRAINING;
  private volatile boolean allTold;
  private final CompletableFuture<Void> empty = new CompletableFuture<>();

  /** A connection through which a device hears. */
  interface Open {
    /** Tells the client why and closes; may be called from any thread, and more than once. */
    void close(ToSocket.Close close);
  }

  /**
   * @param max how many may be open at once
   * @param maxOfUser how many of them may be one user's
   * @param count kept at the number of open sockets
   * @param stillGood whether what somebody showed has not been taken back
   * @param mayServe whether the node may tell anybody anything now
   * @param log where it is written down who was connected when
   */
  public Sockets(
      int max,
      int maxOfUser,
      AtomicInteger count,
      Predicate<Principal> stillGood,
      BooleanSupplier mayServe,
      ConnectionLog log,
      InstantSource clock) {
    this.max = max;
    this.maxOfUser = maxOfUser;
    this.stillGood = stillGood;
    this.mayServe = mayServe;
    this.count = count;
    this.log = log;
    this.clock = clock;
  }

  /** Whether the node may tell anybody anything now; false: it stood still for too long. */
  public boolean mayServe() {
    return mayServe.getAsBoolean();
  }

  /** Whether another socket may be opened here now. */
  public boolean hasRoom() {
    return !draining && count.get() < max && mayServe();
  }

  /** Whether the node is letting its sockets go. */
  public boolean isDraining() {
    return draining;
  }

  /** A socket is open. */
  void opened(Open socket) {
    open.put(socket, NOBODY_YET);
    count.incrementAndGet();
    if (allTold) {
      // It was let in before the drain began, and came after its waves.
      socket.close(new ToSocket.Close(why, 0));
    }
  }

  /** A socket is gone, in a word because of that. */
  void closed(Open socket, String because) {
    Optional<Principal> whose = open.remove(socket);
    if (whose != null) {
      count.decrementAndGet();
      whose.ifPresent(principal -> left(socket, principal.user(), because));
    }
    if (allTold && open.isEmpty()) {
      empty.complete(null);
    }
  }

  /** A socket turned out to be this user's; the answer is why it may not be, if so. */
  Optional<CloseReason> attached(
      Open socket, Principal principal, DeviceId device, String platform) {
    // Counted with itself, and with the one it may be about to replace.
    int now = users.merge(principal.user(), 1, Integer::sum);
    open.put(socket, Optional.of(principal));
    if (now > maxOfUser) {
      return Optional.of(CloseReason.OVERLOADED);
    }
    // Asked once more, now that whoever takes it back finds this socket.
    if (!stillGood.test(principal)) {
      return Optional.of(CloseReason.UNAUTHENTICATED);
    }
    UUID connection = UUID.randomUUID();
    connections.put(socket, connection);
    log.opened(
        new DeviceConnection(
            connection,
            principal.user(),
            device,
            platform,
            log.node(),
            clock.instant(),
            Optional.empty(),
            Optional.empty()));
    return Optional.empty();
  }

  /** A socket's user showed something newer. */
  void refreshed(Open socket, Principal principal) {
    open.replace(socket, Optional.of(principal));
    if (!stillGood.test(principal)) {
      socket.close(new ToSocket.Close(CloseReason.UNAUTHENTICATED, 0));
    }
  }

  private void left(Open socket, UserKey user, String why) {
    users.computeIfPresent(user, (_, sockets) -> sockets == 1 ? null : sockets - 1);
    UUID connection = connections.remove(socket);
    if (connection != null) {
      log.closed(connection, clock.instant(), why);
    }
  }

  /** Closes every socket whose user showed what has been taken back since. */
  public void closeRevoked() {
    open.forEach(
        (socket, principal) -> {
          if (principal.isPresent() && !stillGood.test(principal.get())) {
            socket.close(new ToSocket.Close(CloseReason.UNAUTHENTICATED, 0));
          }
        });
  }

  /** Whether a socket of this user is open on this node. */
  public boolean has(UserKey user) {
    return users.containsKey(user);
  }

  /**
   * Takes no more sockets, and tells those that are open to close and their clients to come back
   * elsewhere: in waves over {@code over}, each client within a random part of {@code spread}.
   * Completes when all are gone, or some seconds after the last wave; never exceptionally.
   *
   * @param waits whether a socket waits for the answers to its last orders
   */
  public CompletionStage<Void> drain(Duration over, Duration spread, boolean waits) {
    why = waits ? CloseReason.DRAINING : CloseReason.REBALANCE;
    draining = true;
    List<Open> leaving = new ArrayList<>(open.keySet());
    Collections.shuffle(leaving, ThreadLocalRandom.current());
    long waves = Math.max(1, over.toMillis() / WAVE.toMillis());
    int size = (int) Math.max(SMALLEST_WAVE, (leaving.size() + waves - 1) / waves);
    wave(leaving, 0, size, spread);
    return empty
        .copy()
        .completeOnTimeout(null, over.plus(LAST_WORDS).toMillis(), TimeUnit.MILLISECONDS);
  }

  private void wave(List<Open> leaving, int from, int size, Duration spread) {
    int to = Math.min(leaving.size(), from + size);
    long bound = Math.max(1, spread.toMillis());
    for (Open socket : leaving.subList(from, to)) {
      long after = ThreadLocalRandom.current().nextLong(bound);
      socket.close(new ToSocket.Close(why, after));
    }
    if (to < leaving.size()) {
      Executor next = CompletableFuture.delayedExecutor(WAVE.toMillis(), TimeUnit.MILLISECONDS);
      next.execute(() -> wave(leaving, to, size, spread));
      return;
    }
    allTold = true;
    for (Open late : open.keySet()) {
      // Those that were told already hear it twice and heed it once.
      late.close(new ToSocket.Close(why, 0));
    }
    if (open.isEmpty()) {
      empty.complete(null);
    }
  }
}
