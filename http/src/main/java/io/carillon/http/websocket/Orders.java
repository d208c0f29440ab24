package io.carillon.http.websocket;

import io.carillon.http.command.CallDesk;
import io.carillon.http.protocol.ClientFrame;
import io.carillon.http.protocol.ErrorCode;
import io.carillon.http.protocol.Problem;
import io.carillon.http.protocol.ServerFrame;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The orders of one socket: to the desk in their order, and their answers back. */
final class Orders {
  private static final Logger LOG = LoggerFactory.getLogger(Orders.class);

  private final SocketStage.Surroundings surroundings;
  private final Supplier<SocketPhase> phase;
  private final Consumer<Runnable> later;
  private final Consumer<ServerFrame> say;
  private final Runnable allAnswered;
  private final Lanes lanes;

  /**
   * @param phase how far the socket is now
   * @param later runs something on the socket's thread of control
   * @param say sends a frame
   * @param allAnswered run each time no order waits for its answer any more
   */
  Orders(
      SocketStage.Surroundings surroundings,
      Supplier<SocketPhase> phase,
      Consumer<Runnable> later,
      Consumer<ServerFrame> say,
      Runnable allAnswered) {
    this.surroundings = surroundings;
    this.phase = phase;
    this.later = later;
    this.say = say;
    this.allAnswered = allAnswered;
    this.lanes = new Lanes(surroundings.settings().pendingCommands());
  }

  /** Whether an order waits for its answer. */
  boolean arePending() {
    return lanes.isBusy();
  }

  /** Carries out an order, at once or when those before it for the same call are answered. */
  void take(ClientFrame.Order order) {
    if (!(phase.get() instanceof SocketPhase.Attached)) {
      refuse(order, Problem.of(ErrorCode.UNAUTHENTICATED));
    } else if (lanes.isFull()) {
      refuse(order, Problem.retry(ErrorCode.RATE_LIMITED, Duration.ofSeconds(1)));
    } else if (lanes.enter(order)) {
      start(order);
    }
  }

  private void refuse(ClientFrame.Order order, Problem problem) {
    say.accept(new ServerFrame.Refused(order.tag().id(), problem));
  }

  private void start(ClientFrame.Order order) {
    if (!(phase.get() instanceof SocketPhase.Attached now)) {
      return; // closing: nobody is left to answer to
    }
    long since = System.nanoTime();
    surroundings
        .desk()
        .carryOut(order, now.principal(), Optional.of(now.device()))
        .exceptionally(
            defect -> {
              LOG.error("an order failed: {}", order, defect);
              return new CallDesk.Outcome.Failed(Problem.of(ErrorCode.INTERNAL_ERROR));
            })
        .thenAccept(
            outcome -> later.accept(() -> answered(order, outcome, System.nanoTime() - since)));
  }

  private void answered(ClientFrame.Order order, CallDesk.Outcome outcome, long nanos) {
    Optional<String> id = order.tag().id();
    String word =
        switch (outcome) {
          case CallDesk.Outcome.Done(var reply, var token) -> {
            // A signal's reply says that it was taken; the call in it would be sent for nothing.
            boolean withCall = !(order instanceof ClientFrame.Media);
            id.ifPresent(
                i ->
                    say.accept(
                        new ServerFrame.Done(
                            i,
                            withCall ? Optional.of(reply.call()) : Optional.empty(),
                            reply.replayed(),
                            reply.offer(),
                            token,
                            reply.requested())));
            yield "done";
          }
          case CallDesk.Outcome.Failed(Problem problem) -> {
            refuse(order, problem);
            yield problem.code().code();
          }
        };
    String kind = order.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    surroundings.metrics().ordered(kind, word, Duration.ofNanos(nanos));
    lanes.leave(order).ifPresent(this::start);
    if (!lanes.isBusy()) {
      allAnswered.run();
    }
  }
}
