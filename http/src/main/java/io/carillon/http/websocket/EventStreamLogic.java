package io.carillon.http.websocket;

import io.carillon.engine.actor.ToSocket;
import io.carillon.engine.actor.ToSocket.CloseReason;
import io.carillon.http.auth.Principal;
import io.carillon.http.protocol.Reader;
import io.carillon.http.protocol.ServerFrame;
import io.carillon.http.settings.SocketSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;
import scala.runtime.BoxedUnit;

/**
 * What one event stream does: a socket that only speaks. Attached to its user's session, bounded
 * and closed as sockets are. Everything here runs on the stage's own thread of control.
 */
final class EventStreamLogic extends TimerGraphStageLogic {
  private static final Duration REFUSED_RETRY = Duration.ofSeconds(5);

  private enum Timer {
    HEARTBEAT,
    EXPIRY_WARNING,
    EXPIRY,
    AGE,
    CLOSE
  }

  private final Outlet<ByteString> out;
  private final SocketStage.Surroundings surroundings;
  private final EventStreamStage.Listener listener;
  private final SocketPhase.Attached who;
  private final SocketSettings settings;
  private final Outbox<ByteString> outbox;
  private final AsyncCallback<Runnable> later;
  private final Speech speech;
  private final Sockets.Open closer;
  private boolean admitted;
  private boolean acknowledged;
  private boolean closing;
  private String closedBecause = "client";
  private String cursor;

  EventStreamLogic(
      SourceShape<ByteString> shape,
      SocketStage.Surroundings surroundings,
      EventStreamStage.Listener listener) {
    super(shape);
    this.out = shape.out();
    this.surroundings = surroundings;
    this.listener = listener;
    this.settings = surroundings.settings();
    Principal principal = listener.principal();
    boolean integerIds = surroundings.realms().of(principal.user().realm()).integerIds();
    this.who =
        new SocketPhase.Attached(
            principal,
            listener.device(),
            listener.platform(),
            new Reader(principal.user().user(), integerIds));
    this.cursor = listener.cursor().orElse("");
    this.outbox =
        new Outbox<>(settings.outboundFrames(), settings.outboundBytes(), ByteString::size);
    this.later = createAsyncCallback(Runnable::run);
    this.speech =
        new Speech(surroundings.names(), later::invoke, this::write, settings.outboundFrames());
    this.closer = close -> later.invoke(() -> close(close.reason(), close.afterMillis()));
    setHandler(
        out,
        new AbstractOutHandler() {
          @Override
          public void onPull() {
            pushNext();
          }
        });
  }

  @Override
  public void preStart() {
    surroundings.sockets().opened(closer);
    Optional<CloseReason> refused =
        surroundings.sockets().attached(closer, who.principal(), who.device(), who.platform());
    if (refused.isPresent()) {
      close(refused.get(), REFUSED_RETRY.toMillis());
      return;
    }
    admitted = true;
    scheduleWithFixedDelay(Timer.HEARTBEAT, settings.heartbeat(), settings.heartbeat());
    scheduleOnce(Timer.AGE, settings.streamAge());
    who.principal().expiresAt().ifPresent(this::expiry);
    getStageActor(
        message -> {
          if (message._2() instanceof ToSocket said) {
            told(said);
          }
          return BoxedUnit.UNIT;
        });
    attach(listener.cursor());
  }

  @Override
  public void postStop() {
    surroundings.sockets().closed(closer, closedBecause);
    if (admitted) {
      surroundings.engine().detach(who.user(), who.device(), self());
    }
  }

  private ActorRef<ToSocket> self() {
    return Adapter.toTyped(stageActor().ref());
  }

  private void attach(Optional<String> from) {
    surroundings.engine().attach(who.user(), who.device(), who.platform(), from, self());
  }

  private void expiry(Instant end) {
    Duration left = Duration.between(now(), end);
    Duration warning = left.minus(settings.expiryWarning());
    scheduleOnce(Timer.EXPIRY_WARNING, warning.isNegative() ? Duration.ofMillis(1) : warning);
    scheduleOnce(Timer.EXPIRY, left.isNegative() ? Duration.ofMillis(1) : left);
  }

  private void told(ToSocket said) {
    if (closing) {
      return;
    }
    if (!surroundings.sockets().mayServe()) {
      close(CloseReason.DRAINING, 0);
      return;
    }
    switch (said) {
      case ToSocket.Close(CloseReason reason, long afterMillis) -> close(reason, afterMillis);
      case ToSocket.AttachAgain _ -> attach(Optional.of(cursor).filter(c -> !c.isEmpty()));
      // The first answer to attaching again is not news to the client.
      case ToSocket.Welcome _ when acknowledged -> {}
      case ToSocket.Welcome _,
          ToSocket.Event _,
          ToSocket.SignalArrived _,
          ToSocket.CaughtUp _,
          ToSocket.Resync _ -> {
        acknowledged = true;
        cursor = SessionWords.cursor(said).orElse(cursor);
        SessionWords.frame(said, who, settings.heartbeat().toMillis(), now()).ifPresent(this::say);
      }
    }
  }

  private void say(ServerFrame frame) {
    if (!closing && !speech.say(frame)) {
      close(CloseReason.SLOW_CONSUMER, 0);
    }
  }

  private void write(ServerFrame frame) {
    if (closing) {
      return;
    }
    byte[] json = surroundings.writer().write(frame, who.reader(), now());
    surroundings.metrics().frameSent();
    push(EventText.event(frame.position(), json));
  }

  private void push(ByteString text) {
    if (isClosed(out)) {
      return;
    }
    if (outbox.isEmpty() && isAvailable(out)) {
      push(out, text);
    } else if (!outbox.offer(text)) {
      close(CloseReason.SLOW_CONSUMER, 0);
    }
  }

  private void pushNext() {
    ByteString next = outbox.poll();
    if (next != null) {
      push(out, next);
    }
    if (closing && outbox.isEmpty()) {
      complete(out);
    }
  }

  private void close(CloseReason reason, long afterMillis) {
    if (closing) {
      return;
    }
    if (reason == CloseReason.SLOW_CONSUMER) {
      outbox.clear(); // it resumes by cursor; so the last words may still reach it
    }
    speech.clear();
    surroundings.metrics().socketClosed(reason.word());
    byte[] json =
        surroundings
            .writer()
            .write(
                new ServerFrame.Disconnect(
                    reason.code(), reason.word(), reason.reconnect(), afterMillis),
                who.reader(),
                now());
    closing = true;
    closedBecause = reason.word();
    outbox.force(EventText.event(Optional.empty(), json).concat(EventText.retry(afterMillis)));
    cancelTimer(Timer.HEARTBEAT);
    scheduleOnce(Timer.CLOSE, settings.closeTimeout());
    if (isAvailable(out)) {
      pushNext();
    }
  }

  @Override
  public void onTimer(Object key) {
    switch ((Timer) key) {
      case HEARTBEAT -> {
        surroundings.engine().alive(who.user(), who.device(), self());
        // A reader that has not taken the last ones needs no more of them.
        if (outbox.isEmpty()) {
          push(EventText.HEARTBEAT);
        }
      }
      case EXPIRY_WARNING ->
          who.principal()
              .expiresAt()
              .ifPresent(
                  end ->
                      say(
                          new ServerFrame.AuthExpiring(
                              Math.max(0, Duration.between(now(), end).toMillis()))));
      case EXPIRY -> close(CloseReason.TOKEN_EXPIRED, 0);
      case AGE -> close(CloseReason.REBALANCE, 0);
      // The reader does not read even its last words.
      case CLOSE -> completeStage();
    }
  }

  private Instant now() {
    return surroundings.clock().instant();
  }
}
