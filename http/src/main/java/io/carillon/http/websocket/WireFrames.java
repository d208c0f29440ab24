package io.carillon.http.websocket;

import java.util.Optional;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.impl.engine.ws.FrameEvent;
import org.apache.pekko.http.impl.engine.ws.FrameStart;
import org.apache.pekko.http.impl.engine.ws.Protocol;
import org.apache.pekko.http.impl.engine.ws.UpgradeToWebSocketLowLevel;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.ws.WebSocketUpgrade;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Graph;
import org.apache.pekko.util.ByteString;
import scala.Option;

/**
 * The one place that uses Pekko HTTP's internal WebSocket layer. Its public one has no limit for a
 * message, answers every protocol error by itself and cannot send a close code of one's own, all of
 * which the protocol asks for.
 */
final class WireFrames {
  static final int CONTINUATION = 0;
  static final int TEXT = 1;
  static final int BINARY = 2;
  static final int CLOSE = 8;
  static final int PING = 9;
  static final int PONG = 10;

  private static final Protocol.Opcode TEXT_CODE = opcode(TEXT);
  private static final Protocol.Opcode PING_CODE = opcode(PING);
  private static final Protocol.Opcode PONG_CODE = opcode(PONG);

  private WireFrames() {}

  private static Protocol.Opcode opcode(int code) {
    return Protocol.Opcode$.MODULE$.forCode((byte) code);
  }

  /** What can become a socket, if the request asks for one. */
  static Optional<UpgradeToWebSocketLowLevel> upgrade(HttpRequest request) {
    Optional<WebSocketUpgrade> upgrade = request.getAttribute(AttributeKeys.webSocketUpgrade);
    return upgrade
        .filter(UpgradeToWebSocketLowLevel.class::isInstance)
        .map(UpgradeToWebSocketLowLevel.class::cast);
  }

  /** The response that switches to frames handled by {@code stage}. */
  @SuppressWarnings("unchecked") // Scala's Any for the materialized value, which nobody looks at
  static HttpResponse accept(
      UpgradeToWebSocketLowLevel upgrade,
      Graph<FlowShape<FrameEvent, FrameEvent>, NotUsed> stage,
      Optional<String> subprotocol) {
    Graph<FlowShape<FrameEvent, FrameEvent>, Object> any =
        (Graph<FlowShape<FrameEvent, FrameEvent>, Object>) (Graph<?, ?>) stage;
    return upgrade.handleFrames(any, Option.apply(subprotocol.orElse(null)));
  }

  /** A whole text message; the bytes must not be changed afterwards. */
  static FrameEvent text(byte[] utf8) {
    return whole(TEXT_CODE, ByteString.fromArrayUnsafe(utf8));
  }

  static FrameEvent ping() {
    return whole(PING_CODE, ByteString.emptyByteString());
  }

  static FrameEvent pong(byte[] payload) {
    return whole(PONG_CODE, ByteString.fromArrayUnsafe(payload));
  }

  static FrameEvent close(int code, String reason) {
    return FrameEvent.closeFrame(code, reason, Option.empty());
  }

  private static FrameStart whole(Protocol.Opcode opcode, ByteString data) {
    // Servers do not mask (RFC 6455, 5.1).
    return FrameEvent.fullFrame(opcode, Option.empty(), data, true, false, false, false);
  }
}
