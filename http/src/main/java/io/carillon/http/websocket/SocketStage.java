package io.carillon.http.websocket;

import io.carillon.engine.actor.CallEngine;
import io.carillon.engine.identity.DeviceId;
import io.carillon.http.auth.Authenticator;
import io.carillon.http.auth.Principal;
import io.carillon.http.command.CallDesk;
import io.carillon.http.directory.NameCache;
import io.carillon.http.metrics.EdgeMetrics;
import io.carillon.http.protocol.FrameWriter;
import io.carillon.http.settings.Realms;
import io.carillon.http.settings.SocketSettings;
import java.time.InstantSource;
import java.util.Optional;
import org.apache.pekko.http.impl.engine.ws.FrameEvent;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;

/**
 * One connection, as one stage: frames of the client come in, frames for it go out, and an actor
 * reference takes what the engine has to say.
 *
 * <pre>
 *              ┌──────────────────────── SocketLogic ────────────────────────┐
 *  TCP ─frames─▶ Assembler ─▶ TokenBucket ─▶ FrameReader ─▶ Lanes ─▶ CallDesk ─▶ engine
 *              │ (size, UTF-8)  (rate)        (JSON)       (order)            │
 *              │                                                              │
 *  TCP ◀─frames─ Outbox ◀─ FrameWriter ◀─ (names) ◀─ replies ◀────────────────┘
 *              │ (bound)                         ◀─ ToSocket ◀─ stage actor ◀─ session
 *              └──────────────────────────────────────────────────────────────┘
 * </pre>
 *
 * <p>One stage and not a chain of them: at ten thousands of messages a second the hand-over between
 * stages costs more than what they do, and an idle socket keeps one small object instead of many.
 */
final class SocketStage extends GraphStage<FlowShape<FrameEvent, FrameEvent>> {
  private final Inlet<FrameEvent> in = Inlet.create("socket.in");
  private final Outlet<FrameEvent> out = Outlet.create("socket.out");
  private final FlowShape<FrameEvent, FrameEvent> shape = FlowShape.of(in, out);
  private final Surroundings surroundings;
  private final Opening opening;

  /** What all sockets of a node share. */
  record Surroundings(
      CallEngine engine,
      CallDesk desk,
      Authenticator authenticator,
      NameCache names,
      FrameWriter writer,
      Realms realms,
      SocketSettings settings,
      Sockets sockets,
      Watches.Source watched,
      EdgeMetrics metrics,
      InstantSource clock) {}

  /**
   * What the request that opened the socket said.
   *
   * @param principal who; empty: the first frame has to say
   * @param device with which device; empty: the first frame says, or a new one
   * @param platform what kind of device
   * @param cursor from where to go on
   */
  record Opening(
      Optional<Principal> principal,
      Optional<DeviceId> device,
      String platform,
      Optional<String> cursor) {}

  SocketStage(Surroundings surroundings, Opening opening) {
    this.surroundings = surroundings;
    this.opening = opening;
  }

  @Override
  public FlowShape<FrameEvent, FrameEvent> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new SocketLogic(shape, surroundings, opening);
  }
}
