package io.carillon.http.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** The edge's meters; each is made once, so that counting costs an addition. */
public final class EdgeMetrics {
  private final MeterRegistry registry;
  private final AtomicInteger openSockets = new AtomicInteger();
  private final Counter framesIn;
  private final Counter framesOut;
  private final Counter framesRefused;

  /** Registers the meters. */
  public EdgeMetrics(MeterRegistry registry) {
    this.registry = registry;
    Gauge.builder("carillon.sockets.open", openSockets, AtomicInteger::get)
        .description("Sockets open on this node")
        .register(registry);
    framesIn =
        Counter.builder("carillon.frames.received")
            .description("Messages received on sockets")
            .register(registry);
    framesOut =
        Counter.builder("carillon.frames.sent")
            .description("Messages sent on sockets")
            .register(registry);
    framesRefused =
        Counter.builder("carillon.frames.refused")
            .description("Messages that could not be read or came too fast")
            .register(registry);
  }

  /** Sockets open now, kept by the sockets themselves. */
  public AtomicInteger openSockets() {
    return openSockets;
  }

  /** A message came in. */
  public void frameReceived() {
    framesIn.increment();
  }

  /** A message went out. */
  public void frameSent() {
    framesOut.increment();
  }

  /** A message was not taken. */
  public void frameRefused() {
    framesRefused.increment();
  }

  /** The server closed a socket. */
  public void socketClosed(String reason) {
    registry.counter("carillon.sockets.closed", "reason", reason).increment();
  }

  /** An order was answered. */
  public void ordered(String kind, String outcome, Duration took) {
    Timer.builder("carillon.orders")
        .description("Orders from clients, from arrival to answer")
        .tag("kind", kind)
        .tag("outcome", outcome)
        .register(registry)
        .record(took);
  }

  /** A REST request was answered. */
  public void requested(String route, int status, Duration took) {
    Timer.builder("carillon.http.requests")
        .description("REST requests, from arrival to answer")
        .tag("route", route)
        .tag("status", Integer.toString(status))
        .register(registry)
        .record(took);
  }
}
