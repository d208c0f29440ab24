package io.carillon.http.websocket;

import io.carillon.engine.actor.ToSocket;
import io.carillon.http.protocol.ServerFrame;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the session says, as frames; pure. */
final class SessionWords {
  /** What every client of this version may count on, as words in {@code connection.ack}. */
  private static final List<String> FEATURES =
      List.of("resume", "signals", "idempotency_keys", "auth.refresh");

  private SessionWords() {}

  /** The frame that tells the client; empty for what concerns the socket alone. */
  static Optional<ServerFrame> frame(
      ToSocket said, SocketPhase.Attached socket, long heartbeatMs, Instant now) {
    return switch (said) {
      case ToSocket.Welcome w ->
          Optional.of(
              new ServerFrame.ConnectionAck(
                  socket.user().user(),
                  socket.device(),
                  w.sessionId(),
                  now,
                  heartbeatMs,
                  w.recovered(),
                  w.calls(),
                  w.cursor(),
                  FEATURES));
      case ToSocket.Event e ->
          Optional.of(
              new ServerFrame.CallEventFrame(
                  e.news().event(),
                  e.notice(),
                  e.news().call(),
                  e.news().offer(),
                  e.cursor(),
                  e.catchup()));
      case ToSocket.SignalArrived s ->
          Optional.of(new ServerFrame.MediaFrame(s.call(), s.from(), s.signal()));
      case ToSocket.CaughtUp(String cursor) -> Optional.of(new ServerFrame.CatchupDone(cursor));
      case ToSocket.Resync r -> Optional.of(new ServerFrame.Resync(r.calls(), r.cursor()));
      case ToSocket.Pause _, ToSocket.Live _, ToSocket.AttachAgain _, ToSocket.Close _ ->
          Optional.empty();
    };
  }

  /** Where the client stands once it has seen this; empty: where it stood. */
  static Optional<String> cursor(ToSocket said) {
    return switch (said) {
      case ToSocket.Welcome w -> Optional.of(w.cursor());
      case ToSocket.Event e -> Optional.of(e.cursor());
      case ToSocket.CaughtUp(String cursor) -> Optional.of(cursor);
      case ToSocket.Resync r -> Optional.of(r.cursor());
      case ToSocket.SignalArrived _,
          ToSocket.Pause _,
          ToSocket.Live _,
          ToSocket.AttachAgain _,
          ToSocket.Close _ ->
          Optional.empty();
    };
  }
}
