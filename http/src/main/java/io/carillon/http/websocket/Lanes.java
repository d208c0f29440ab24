package io.carillon.http.websocket;

import io.carillon.engine.call.CallId;
import io.carillon.http.protocol.ClientFrame;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;

/**
 * Keeps the orders of one socket for one call in their order: the next one starts when the one
 * before it is answered, or an accept that is tried again could be overtaken by the hang-up after
 * it. Orders for different calls do not wait for each other.
 */
final class Lanes {
  private final Map<CallId, Queue<ClientFrame.CallOrder>> lanes = new HashMap<>(4);
  private final int max;
  private int pending;

  Lanes(int max) {
    this.max = max;
  }

  /** Whether no further order is taken until one is answered. */
  boolean isFull() {
    return pending >= max;
  }

  /** Whether an order was taken that is not answered. */
  boolean isBusy() {
    return pending > 0;
  }

  /** Takes an order; true if it is to start now. */
  boolean enter(ClientFrame.Order order) {
    pending++;
    if (!(order instanceof ClientFrame.CallOrder onCall)) {
      return true;
    }
    Queue<ClientFrame.CallOrder> lane = lanes.get(onCall.call());
    if (lane == null) {
      lanes.put(onCall.call(), new ArrayDeque<>(2));
      return true;
    }
    lane.add(onCall);
    return false;
  }

  /** An order was answered; returns the one that may start now. */
  Optional<ClientFrame.CallOrder> leave(ClientFrame.Order order) {
    pending--;
    if (!(order instanceof ClientFrame.CallOrder onCall)) {
      return Optional.empty();
    }
    Queue<ClientFrame.CallOrder> lane = lanes.get(onCall.call());
    if (lane == null || lane.isEmpty()) {
      lanes.remove(onCall.call());
      return Optional.empty();
    }
    return Optional.of(lane.remove());
  }
}
