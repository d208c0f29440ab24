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
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;

/**
 * What one event stream does: a socket that only speaks. Attached to its user's session, bounded
 * and closed as sockets are. Everything here runs on the stage's own thread of control.
 */
final class EventStreamLogic extends TimerGraphStageLogic implements Attachment.Connection {
  private enum Timer {
    HEARTBEAT,
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
  private final Attachment attachment;
  private boolean closing;
  private String closedBecause = "client";

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
    this.outbox =
        new Outbox<>(settings.outboundFrames(), settings.outboundBytes(), ByteString::size);
    this.later = createAsyncCallback(Runnable::run);
    this.speech =
        new Speech(surroundings.names(), later::invoke, this::write, settings.outboundFrames());
    this.closer = close -> later.invoke(() -> close(close));
    this.attachment =
        new Attachment(
            surroundings,
            this,
            new Attachment.Timers(this::scheduleOnce, this::cancelTimer),
            closer,
            Duration.ZERO, // nothing newer can be shown on a stream
            this);
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
    if (attachment.begin(who, listener.cursor())) {
      scheduleWithFixedDelay(Timer.HEARTBEAT, settings.heartbeat(), settings.heartbeat());
      scheduleOnce(Timer.AGE, settings.streamAge());
    }
  }

  @Override
  public void postStop() {
    attachment.end(closedBecause);
  }

  @Override
  public boolean isIdle() {
    return outbox.isEmpty() && speech.isEmpty() && isAvailable(out);
  }

  @Override
  public void close(ToSocket.Close close) {
    close(close.reason(), close.afterMillis());
  }

  @Override
  public void say(ServerFrame frame) {
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
    } else {
      attachment.flow();
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
    attachment.close();
    cancelTimer(Timer.HEARTBEAT);
    scheduleOnce(Timer.CLOSE, settings.closeTimeout());
    if (isAvailable(out)) {
      pushNext();
    }
  }

  @Override
  public void onTimer(Object key) {
    if (key instanceof Attachment.Timer timer) {
      attachment.onTimer(timer);
      return;
    }
    switch ((Timer) key) {
      case HEARTBEAT -> {
        attachment.alive();
        // A reader that has not taken the last ones needs no more of them.
        if (outbox.isEmpty()) {
          push(EventText.HEARTBEAT);
        }
      }
      case AGE -> close(CloseReason.REBALANCE, 0);
      // The reader does not read even its last words.
      case CLOSE -> completeStage();
    }
  }

  private Instant now() {
    return surroundings.clock().instant();
  }
}
