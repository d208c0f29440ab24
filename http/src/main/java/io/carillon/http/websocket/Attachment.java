package io.carillon.http.websocket;

import io.carillon.engine.actor.ToSocket;
import io.carillon.engine.actor.ToSocket.CloseReason;
import io.carillon.http.auth.Principal;
import io.carillon.http.protocol.ServerFrame;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.Terminated;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.jspecify.annotations.Nullable;
import scala.runtime.BoxedUnit;

/**
 * How one connection hears from its user's session, be it a socket or an event stream. It attaches;
 * it attaches again, from where the client is, when the session died or moved or did not answer;
 * and it lasts no longer than the credential.
 *
 * <p>What a client has missed is handed to it one frame at a time, each when it has taken the one
 * before, and the session is asked for the next page when it has taken the last: a backlog of any
 * length needs room for one page, and only who stands still is closed. Runs on the connection's own
 * thread of control.
 */
final class Attachment {
  /** How long the answer to attaching may take before it is asked again. */
  private static final Duration WELCOME = Duration.ofSeconds(1);

  /** How often in a row it is asked in vain before the client is sent to try elsewhere. */
  private static final int MOST_TRIES = 30;

  /** All connections of a lost node's sessions attach again, each at a random moment within it. */
  private static final Duration ATTACH_SPREAD = Duration.ofMillis(500);

  /** When one who has too many connections may try again. */
  private static final Duration REFUSED_RETRY = Duration.ofSeconds(5);

  private static final Duration AT_ONCE = Duration.ofMillis(1);

  /** The moments an attachment waits for, as keys of its stage's timers. */
  enum Timer {
    ATTACH,
    PAGE,
    EXPIRY_WARNING,
    EXPIRY
  }

  /** What the attachment needs of the stage it belongs to. */
  interface Connection {
    /** Sends a frame to the client, bounded as the connection is. */
    void say(ServerFrame frame);

    /** Whether the client has taken everything that was said, and waits for more. */
    boolean isIdle();

    /** The connection is to be closed; also told to one that is closing already. */
    void close(ToSocket.Close close);
  }

  /**
   * The timers of a stage, which only the stage may set.
   *
   * @param start starts a timer, anew if it runs
   * @param cancel stops a timer if it runs
   */
  record Timers(BiConsumer<Timer, Duration> start, Consumer<Timer> cancel) {}

  private final SocketStage.Surroundings surroundings;
  private final GraphStageLogic stage;
  private final Timers timers;
  private final Sockets.Open closer;
  private final Duration refreshGrace;
  private final Connection connection;

  private SocketPhase.@Nullable Attached who;
  private boolean admitted;
  private boolean acknowledged;
  private boolean over;
  private int triesInVain;

  /** The session that tells this connection what happens. */
  private @Nullable ActorRef session;

  /** Where the client is once it has seen everything the session has told. */
  private String cursor = "";

  /** Told by the session, and not yet said to the client. */
  private final Deque<ToSocket> held = new ArrayDeque<>(2);

  /** Whether the session tells pages, and waits after each. */
  private boolean paged;

  /** How much of what is held came without being asked for. */
  private int unasked;

  /**
   * A connection whose user is not known yet.
   *
   * @param stage whose actor the session talks to
   * @param closer the connection as the node's sockets know it
   * @param refreshGrace how long after its credential's end the connection is closed
   */
  Attachment(
      SocketStage.Surroundings surroundings,
      GraphStageLogic stage,
      Timers timers,
      Sockets.Open closer,
      Duration refreshGrace,
      Connection connection) {
    this.surroundings = surroundings;
    this.stage = stage;
    this.timers = timers;
    this.closer = closer;
    this.refreshGrace = refreshGrace;
    this.connection = connection;
  }

  /**
   * Attaches to the session of a user who is known now. Whoever may not have another connection
   * here is told so by a close.
   *
   * @param from the last cursor the client has seen, to resume from
   * @return whether it was let in
   */
  boolean begin(SocketPhase.Attached now, Optional<String> from) {
    who = now;
    Optional<CloseReason> refused =
        surroundings.sockets().attached(closer, now.principal(), now.device(), now.platform());
    if (refused.isPresent()) {
      connection.close(new ToSocket.Close(refused.get(), REFUSED_RETRY.toMillis()));
      return false;
    }
    admitted = true;
    cursor = from.orElse("");
    expire(now.principal());
    stage.getStageActor(
        message -> {
          if (message._2() instanceof ToSocket said) {
            told(said, now);
          } else if (message._2() instanceof Terminated gone) {
            sessionGone(gone.actor());
          }
          return BoxedUnit.UNIT;
        });
    attach(now);
    return true;
  }

  /** The user showed a newer credential; the connection lasts as long as that. */
  void refreshed(SocketPhase.Attached now) {
    who = now;
    expire(now.principal());
    surroundings.sockets().refreshed(closer, now.principal());
  }

  /** Tells the session, if there is one, that the client is there. */
  void alive() {
    if (who != null && admitted) {
      surroundings.engine().alive(who.user(), who.device(), self());
    }
  }

  /** The connection is closing: nothing more is said on it. */
  void close() {
    over = true;
    held.clear();
    for (Timer timer : Timer.values()) {
      timers.cancel().accept(timer);
    }
  }

  /** The connection is gone, in a word because of that. */
  void end(String because) {
    surroundings.sockets().closed(closer, because);
    if (who != null && admitted) {
      surroundings.engine().detach(who.user(), who.device(), self());
    }
  }

  /** The client has taken everything that was said, and waits: says what is next. */
  void flow() {
    if (who == null || held.isEmpty()) {
      return;
    }
    while (!held.isEmpty() && connection.isIdle()) {
      ToSocket next = held.remove();
      if (next instanceof ToSocket.Pause pause) {
        pause.goOn();
        await(Timer.PAGE);
        return;
      }
      say(next, who);
    }
    if (held.isEmpty()) {
      unasked = 0;
      timers.cancel().accept(Timer.PAGE);
    }
  }

  /** A moment has come. */
  void onTimer(Timer timer) {
    if (who == null || over) {
      return;
    }
    switch (timer) {
      case ATTACH -> {
        if (triesInVain < MOST_TRIES) {
          attach(who);
        } else {
          connection.close(new ToSocket.Close(CloseReason.OVERLOADED, WELCOME.toMillis()));
        }
      }
      case PAGE ->
          connection.close(
              held.isEmpty()
                  ? new ToSocket.Close(CloseReason.OVERLOADED, WELCOME.toMillis())
                  : new ToSocket.Close(CloseReason.SLOW_CONSUMER, 0));
      case EXPIRY_WARNING ->
          who.principal()
              .expiresAt()
              .ifPresent(end -> connection.say(new ServerFrame.AuthExpiring(millisUntil(end))));
      case EXPIRY -> connection.close(new ToSocket.Close(CloseReason.TOKEN_EXPIRED, 0));
    }
  }

  private org.apache.pekko.actor.typed.ActorRef<ToSocket> self() {
    return Adapter.toTyped(stage.stageActor().ref());
  }

  private void attach(SocketPhase.Attached now) {
    Optional<String> from = Optional.of(cursor).filter(c -> !c.isEmpty());
    surroundings.engine().attach(now.user(), now.device(), now.platform(), from, self());
    triesInVain++;
    // What was sent to a node that died on the way is lost, and attaching twice does no harm.
    timers.start().accept(Timer.ATTACH, WELCOME);
  }

  private void told(ToSocket said, SocketPhase.Attached now) {
    if (over) {
      return;
    }
    if (!surroundings.sockets().mayServe()) {
      connection.close(new ToSocket.Close(CloseReason.DRAINING, 0));
      return;
    }
    switch (said) {
      case ToSocket.Close close -> connection.close(close);
      case ToSocket.AttachAgain _ -> attach(now);
      case ToSocket.Welcome welcome -> {
        timers.cancel().accept(Timer.ATTACH);
        triesInVain = 0;
        session = Adapter.toClassic(welcome.session());
        stage.stageActor().watch(session);
        paged = true;
        // Nobody waits any more for an answer to an earlier session's pages.
        held.removeIf(ToSocket.Pause.class::isInstance);
        if (held.isEmpty()) {
          timers.cancel().accept(Timer.PAGE);
        }
        // The first answer to attaching again is not news to the client.
        if (!acknowledged) {
          acknowledged = true;
          take(said, now);
        }
      }
      case ToSocket.Event _, ToSocket.SignalArrived _, ToSocket.CaughtUp _, ToSocket.Resync _ ->
          take(said, now);
      case ToSocket.Pause _ -> {
        paged = true;
        hold(said);
      }
      case ToSocket.Live _ -> paged = false;
    }
  }

  private void take(ToSocket said, SocketPhase.Attached now) {
    cursor = SessionWords.cursor(said).orElse(cursor);
    if (paged || !held.isEmpty()) {
      hold(said);
    } else {
      say(said, now);
    }
  }

  private void hold(ToSocket said) {
    if (held.isEmpty() && !connection.isIdle()) {
      await(Timer.PAGE);
    }
    held.add(said);
    if (!paged && ++unasked > surroundings.settings().outboundFrames()) {
      connection.close(new ToSocket.Close(CloseReason.SLOW_CONSUMER, 0));
    } else {
      flow();
    }
  }

  private void await(Timer page) {
    timers.start().accept(page, surroundings.settings().pageTimeout());
  }

  private void say(ToSocket said, SocketPhase.Attached now) {
    long heartbeatMs = surroundings.settings().heartbeat().toMillis();
    SessionWords.frame(said, now, heartbeatMs, surroundings.clock().instant())
        .ifPresent(connection::say);
  }

  /**
   * Its node died, or handed it over: until the connection attaches again, nobody tells it
   * anything.
   */
  private void sessionGone(ActorRef gone) {
    // An earlier one's end may be noticed only after another took over.
    if (!over && gone.equals(session)) {
      long spread = ThreadLocalRandom.current().nextLong(ATTACH_SPREAD.toMillis()) + 1;
      timers.start().accept(Timer.ATTACH, Duration.ofMillis(spread));
    }
  }

  private void expire(Principal principal) {
    timers.cancel().accept(Timer.EXPIRY_WARNING);
    timers.cancel().accept(Timer.EXPIRY);
    if (principal.expiresAt().isPresent()) {
      Duration left = Duration.ofMillis(millisUntil(principal.expiresAt().get()));
      start(Timer.EXPIRY_WARNING, left.minus(surroundings.settings().expiryWarning()));
      start(Timer.EXPIRY, left.plus(refreshGrace));
    }
  }

  private void start(Timer timer, Duration after) {
    timers.start().accept(timer, after.compareTo(AT_ONCE) < 0 ? AT_ONCE : after);
  }

  private long millisUntil(Instant end) {
    return Math.max(0, Duration.between(surroundings.clock().instant(), end).toMillis());
  }
}
