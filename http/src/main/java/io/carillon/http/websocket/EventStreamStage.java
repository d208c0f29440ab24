package io.carillon.http.websocket;

import io.carillon.engine.identity.DeviceId;
import io.carillon.http.auth.Principal;
import java.util.Optional;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.util.ByteString;

/**
 * What a socket would say, as Server-Sent Events: for clients that can keep a request open and no
 * socket. They hear here and speak over REST.
 */
final class EventStreamStage extends GraphStage<SourceShape<ByteString>> {
  private final Outlet<ByteString> out = Outlet.create("events.out");
  private final SourceShape<ByteString> shape = SourceShape.of(out);
  private final SocketStage.Surroundings surroundings;
  private final Listener listener;

  /** Who listens, with which device, from where on. */
  record Listener(Principal principal, DeviceId device, String platform, Optional<String> cursor) {}

  EventStreamStage(SocketStage.Surroundings surroundings, Listener listener) {
    this.surroundings = surroundings;
    this.listener = listener;
  }

  @Override
  public SourceShape<ByteString> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new EventStreamLogic(shape, surroundings, listener);
  }
}
