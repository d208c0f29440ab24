package io.carillon.http.websocket;

import io.carillon.engine.actor.ToSocket;
import io.carillon.engine.actor.ToSocket.CloseReason;
import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.UserId;
import io.carillon.http.auth.Principal;
import io.carillon.http.auth.Verdict;
import io.carillon.http.protocol.ClientFrame;
import io.carillon.http.protocol.ErrorCode;
import io.carillon.http.protocol.FrameReader;
import io.carillon.http.protocol.Problem;
import io.carillon.http.protocol.Reader;
import io.carillon.http.protocol.Reading;
import io.carillon.http.protocol.ServerFrame;
import io.carillon.http.settings.SocketSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.pekko.http.impl.engine.ws.FrameEvent;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.jspecify.annotations.Nullable;

/**
 * What one socket does. Everything here runs on the stage's own thread of control; what happens
 * elsewhere comes back as an asynchronous callback or a message to the stage's actor.
 */
final class SocketLogic extends TimerGraphStageLogic implements Attachment.Connection {
  /** How long after its token's end a socket is closed: enough for a refresh on its way. */
  private static final Duration AFTER_EXPIRY = Duration.ofSeconds(2);

  /** How long a socket that is to go elsewhere waits for the answers to its last orders. */
  private static final Duration LAST_ANSWER = Duration.ofSeconds(2);

  private static final Problem UNREADABLE_CREDENTIAL = Problem.of(ErrorCode.UNAUTHENTICATED);

  private enum Timer {
    HELLO,
    MESSAGE,
    HEARTBEAT,
    LAST_ANSWER,
    CLOSE
  }

  private final Inlet<FrameEvent> in;
  private final Outlet<FrameEvent> out;
  private final SocketStage.Surroundings surroundings;
  private final SocketStage.Opening opening;
  private final SocketSettings settings;

  private final Intake intake;
  private final Outbox<FrameEvent> outbox;
  private final Orders orders;
  private final Speech speech;
  private final Watches watches;
  private final AsyncCallback<Runnable> later;
  private final Sockets.Open closer;
  private final Attachment attachment;

  private SocketPhase phase = new SocketPhase.Anonymous();
  private boolean heard = true;
  private long heardAt = System.nanoTime();

  SocketLogic(
      FlowShape<FrameEvent, FrameEvent> shape,
      SocketStage.Surroundings surroundings,
      SocketStage.Opening opening) {
    super(shape);
    this.in = shape.in();
    this.out = shape.out();
    this.surroundings = surroundings;
    this.opening = opening;
    this.settings = surroundings.settings();
    this.intake = new Intake(settings, System.nanoTime());
    this.outbox =
        new Outbox<>(
            settings.outboundFrames(), settings.outboundBytes(), frame -> frame.data().size());
    this.later = createAsyncCallback(Runnable::run);
    this.orders =
        new Orders(surroundings, () -> phase, later::invoke, this::say, this::ordersAnswered);
    this.speech =
        new Speech(surroundings.names(), later::invoke, this::write, settings.outboundFrames());
    this.watches =
        new Watches(
            surroundings.watched(),
            surroundings.clock(),
            () -> phase,
            later::invoke,
            this::say,
            this::isIdle);
    this.closer = close -> later.invoke(() -> close(close));
    this.attachment =
        new Attachment(
            surroundings,
            this,
            new Attachment.Timers(this::scheduleOnce, this::cancelTimer),
            closer,
            AFTER_EXPIRY,
            this);
    setHandler(
        in,
        new AbstractInHandler() {
          @Override
          public void onPush() {
            received(grab(in));
          }

          @Override
          public void onUpstreamFinish() {
            completeStage(); // the client is gone without a word, or after its close
          }
        });
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
    long beat = settings.heartbeat().toMillis();
    // Spread, or the sockets of a node that came back all beat at once.
    scheduleWithFixedDelay(
        Timer.HEARTBEAT,
        Duration.ofMillis(beat / 2 + ThreadLocalRandom.current().nextLong(beat / 2 + 1)),
        settings.heartbeat());
    if (opening.principal().isPresent()) {
      attach(opening.principal().get(), opening.device(), opening.platform(), opening.cursor());
    } else {
      scheduleOnce(Timer.HELLO, settings.helloTimeout());
    }
    readOn();
  }

  @Override
  public void postStop() {
    attachment.end(closedBecause);
  }

  /** Kept through the close, whose words are in the reader's form. */
  private Reader reader = NOBODY;

  private String closedBecause = "client";

  // ---- What comes from the client

  private void received(FrameEvent event) {
    if (!surroundings.sockets().mayServe()) {
      close(CloseReason.DRAINING, 0);
    }
    heard = true;
    heardAt = System.nanoTime();
    boolean wasWithin = intake.isWithin();
    Intake.Taken taken = intake.take(event, heardAt);
    if (phase instanceof SocketPhase.Closing) {
      if (taken instanceof Intake.Taken.Close) {
        completeStage();
      } else {
        pull(in);
      }
      return;
    }
    if (intake.isWithin() != wasWithin) {
      if (wasWithin) {
        cancelTimer(Timer.MESSAGE);
      } else {
        scheduleOnce(Timer.MESSAGE, settings.messageTimeout());
      }
    }
    switch (taken) {
      case Intake.Taken.Nothing _ -> {}
      case Intake.Taken.Message(byte[] text) -> {
        surroundings.metrics().frameReceived();
        read(text);
      }
      case Intake.Taken.Ping(byte[] payload) -> push(WireFrames.pong(payload));
      case Intake.Taken.Close(var code) -> closedByClient(code);
      case Intake.Taken.Violation(int code, String why) -> violated(code, why);
      case Intake.Taken.TooFast(long waitMillis) -> {
        surroundings.metrics().frameRefused();
        Duration wait = Duration.ofMillis(waitMillis);
        say(new ServerFrame.Failure(Problem.retry(ErrorCode.RATE_LIMITED, wait)));
      }
      case Intake.Taken.Flood _ -> close(CloseReason.RATE_LIMITED, 1000);
    }
    readOn();
  }

  /** Asks for more, unless a credential is being checked first, or the client is to go. */
  private void readOn() {
    boolean waits =
        phase instanceof SocketPhase.Checking
            || (leaving != null && !(phase instanceof SocketPhase.Closing));
    if (!waits && !isClosed(in) && !hasBeenPulled(in)) {
      pull(in);
    }
  }

  private void closedByClient(Optional<Integer> code) {
    int answer = code.filter(c -> c >= 1000 && c < 5000 && c != 1005 && c != 1006).orElse(1000);
    phase = new SocketPhase.Closing();
    outbox.clear();
    push(WireFrames.close(answer, ""));
    scheduleOnce(Timer.CLOSE, settings.closeTimeout());
  }

  private void violated(int code, String why) {
    if (code == CloseCodes.TOO_LARGE) {
      say(new ServerFrame.Failure(Problem.of(ErrorCode.PAYLOAD_TOO_LARGE)));
    }
    surroundings.metrics().frameRefused();
    closeWith(code, why);
  }

  private void read(byte[] text) {
    switch (FrameReader.frame(text)) {
      case Reading.Good<ClientFrame>(ClientFrame frame) -> obey(frame);
      case Reading.Bad<ClientFrame>(Problem problem, Optional<String> id) -> {
        surroundings.metrics().frameRefused();
        say(
            id.isPresent()
                ? new ServerFrame.Refused(id, problem)
                : new ServerFrame.Failure(problem));
      }
    }
  }

  private void obey(ClientFrame frame) {
    switch (frame) {
      case ClientFrame.Ping _ -> say(new ServerFrame.Pong(now()));
      case ClientFrame.Pong _ -> {}
      case ClientFrame.Ack _ -> {} // the session counts what it sent; resuming names the cursor
      case ClientFrame.Hello hello -> greeted(hello);
      case ClientFrame.AuthRefresh refresh -> refresh(refresh);
      case ClientFrame.Order order -> orders.take(order);
      case ClientFrame.Administration frameOfAdmin -> watches.take(frameOfAdmin);
    }
  }

  private void greeted(ClientFrame.Hello hello) {
    switch (phase) {
      case SocketPhase.Anonymous _ -> {
        phase = new SocketPhase.Checking();
        surroundings
            .authenticator()
            .bearer(hello.token())
            .thenAccept(verdict -> later.invoke(() -> judged(verdict, hello)));
      }
      // A client that sent its credential with the request may still say hello.
      case SocketPhase.Attached _, SocketPhase.Checking _, SocketPhase.Closing _ -> {}
    }
  }

  private void judged(Verdict verdict, ClientFrame.Hello hello) {
    if (phase instanceof SocketPhase.Closing) {
      return;
    }
    switch (verdict) {
      case Verdict.Known(Principal principal) ->
          attach(
              principal,
              hello.device().or(opening::device),
              hello.platform().orElse(opening.platform()),
              hello.cursor().or(opening::cursor));
      case Verdict.Refused _ -> {
        say(new ServerFrame.Failure(UNREADABLE_CREDENTIAL));
        close(CloseReason.UNAUTHENTICATED, 0);
      }
      case Verdict.Expired _ -> {
        say(new ServerFrame.Failure(Problem.of(ErrorCode.TOKEN_EXPIRED)));
        close(CloseReason.TOKEN_EXPIRED, 0);
      }
      case Verdict.Undecided _ -> close(CloseReason.OVERLOADED, 1000);
    }
    readOn();
  }

  private void attach(
      Principal principal, Optional<DeviceId> named, String platform, Optional<String> from) {
    cancelTimer(Timer.HELLO);
    DeviceId device = named.orElseGet(() -> new DeviceId("d-" + UUID.randomUUID()));
    boolean integerIds = surroundings.realms().of(principal.user().realm()).integerIds();
    SocketPhase.Attached now =
        new SocketPhase.Attached(
            principal, device, platform, new Reader(principal.user().user(), integerIds));
    phase = now;
    reader = now.reader();
    attachment.begin(now, from);
  }

  private void refresh(ClientFrame.AuthRefresh refresh) {
    if (!(phase instanceof SocketPhase.Attached now)) {
      say(new ServerFrame.Failure(UNREADABLE_CREDENTIAL));
      return;
    }
    surroundings
        .authenticator()
        .bearer(refresh.token())
        .thenAccept(
            verdict ->
                later.invoke(
                    () -> {
                      // Another user's token does not turn this socket into theirs.
                      if (verdict instanceof Verdict.Known(Principal fresh)
                          && fresh.user().equals(now.user())
                          && phase instanceof SocketPhase.Attached current) {
                        SocketPhase.Attached fresher = current.with(fresh);
                        phase = fresher;
                        attachment.refreshed(fresher);
                      } else {
                        say(new ServerFrame.Failure(UNREADABLE_CREDENTIAL));
                      }
                    }));
  }

  // ---- What goes to the client

  /** Sends a frame once the names in it are known, in the order of the calls to this method. */
  @Override
  public void say(ServerFrame frame) {
    if (!(phase instanceof SocketPhase.Closing) && !speech.say(frame)) {
      close(CloseReason.SLOW_CONSUMER, 0);
    }
  }

  private static final Reader NOBODY = new Reader(new UserId("nobody"), false);

  private void write(ServerFrame frame) {
    if (phase instanceof SocketPhase.Closing) {
      return;
    }
    byte[] bytes = surroundings.writer().write(frame, reader, now());
    surroundings.metrics().frameSent();
    push(WireFrames.text(bytes));
  }

  private void push(FrameEvent frame) {
    if (isClosed(out)) {
      return;
    }
    if (outbox.isEmpty() && isAvailable(out)) {
      push(out, frame);
    } else if (!outbox.offer(frame) && !(phase instanceof SocketPhase.Closing)) {
      close(CloseReason.SLOW_CONSUMER, 0);
    }
  }

  private void pushNext() {
    FrameEvent next = outbox.poll();
    if (next != null) {
      push(out, next);
      return;
    }
    attachment.flow();
    if (isIdle()) {
      watches.flow();
    }
  }

  @Override
  public boolean isIdle() {
    return outbox.isEmpty() && speech.isEmpty() && isAvailable(out);
  }

  // ---- How it ends

  /**
   * Set while a socket that is to go elsewhere waits for the answers to its last orders: it reads
   * no further, so what it was not answered it was not heard with.
   */
  private ToSocket.@Nullable Close leaving;

  @Override
  public void close(ToSocket.Close close) {
    boolean mayAnswer = surroundings.sockets().mayServe();
    if (close.reason() == CloseReason.DRAINING && mayAnswer && orders.arePending()) {
      if (leaving == null) {
        leaving = close;
        scheduleOnce(Timer.LAST_ANSWER, LAST_ANSWER);
      }
      return;
    }
    close(close.reason(), close.afterMillis());
  }

  private void ordersAnswered() {
    if (leaving != null) {
      close(leaving.reason(), leaving.afterMillis());
    }
  }

  private void close(CloseReason reason, long afterMillis) {
    if (phase instanceof SocketPhase.Closing) {
      return;
    }
    if (reason == CloseReason.SLOW_CONSUMER) {
      outbox.clear(); // it resumes by cursor; so the last words may still reach it
    }
    speech.clear();
    closedBecause = reason.word();
    byte[] words =
        surroundings
            .writer()
            .write(
                new ServerFrame.Disconnect(
                    reason.code(), reason.word(), reason.reconnect(), afterMillis),
                reader,
                now());
    surroundings.metrics().socketClosed(reason.word());
    last(WireFrames.text(words));
    closeWith(reason.code(), reason.word());
  }

  private void closeWith(int code, String why) {
    last(WireFrames.close(code, why));
    phase = new SocketPhase.Closing();
    attachment.close();
    cancelTimer(Timer.HEARTBEAT);
    cancelTimer(Timer.HELLO);
    cancelTimer(Timer.MESSAGE);
    scheduleOnce(Timer.CLOSE, settings.closeTimeout());
    readOn();
  }

  /** Sends beyond the bounds. */
  private void last(FrameEvent frame) {
    if (outbox.isEmpty() && isAvailable(out)) {
      push(out, frame);
    } else {
      outbox.force(frame);
    }
  }

  @Override
  public void onTimer(Object key) {
    if (key instanceof Attachment.Timer timer) {
      attachment.onTimer(timer);
      return;
    }
    switch ((Timer) key) {
      case HELLO -> {
        say(new ServerFrame.Failure(UNREADABLE_CREDENTIAL));
        close(CloseReason.UNAUTHENTICATED, 0);
      }
      case MESSAGE -> closeWith(CloseCodes.TOO_LARGE, "message not complete in time");
      case HEARTBEAT -> beat();
      case LAST_ANSWER -> ordersAnswered();
      case CLOSE -> {
        if (outbox.isEmpty()) {
          completeStage(); // it has not answered the close, and is gone
        } else {
          // It does not read. A connection that ends in order waits for that, perhaps for ever.
          failStage(new UnreadException());
        }
      }
    }
  }

  private void beat() {
    if (System.nanoTime() - heardAt > settings.silence().toNanos()) {
      close(CloseReason.NO_HEARTBEAT, 0);
      return;
    }
    if (phase instanceof SocketPhase.Attached) {
      if (heard) {
        attachment.alive();
        heard = false;
      }
      // Both kinds: a browser's page answers the first, any other client's library the second.
      say(new ServerFrame.Ping());
      push(WireFrames.ping());
    }
  }

  private Instant now() {
    return surroundings.clock().instant();
  }
}
