package io.carillon.engine.actor;

import io.carillon.engine.call.CallId;
import io.carillon.engine.identity.DeviceId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Signals for a user's devices that are away for a moment, in order, until they are back. */
final class HeldSignals {
  private final int most;
  private final Map<DeviceId, Deque<SessionMessage.Signalled>> byDevice = new LinkedHashMap<>();

  /** Keeps at most so many for each device; the newest beyond that are dropped. */
  HeldSignals(int most) {
    this.most = most;
  }

  void hold(DeviceId device, SessionMessage.Signalled signal) {
    Deque<SessionMessage.Signalled> queue =
        byDevice.computeIfAbsent(device, id -> new ArrayDeque<>());
    if (queue.size() < most) {
      queue.add(signal);
    }
  }

  /** Hands over what waits for a device that is back. */
  List<SessionMessage.Signalled> release(DeviceId device) {
    Deque<SessionMessage.Signalled> queue = byDevice.remove(device);
    return queue == null ? List.of() : List.copyOf(queue);
  }

  /** What was said in a call that is over is of no use to a device that comes later. */
  void drop(CallId call) {
    byDevice.values().forEach(q -> q.removeIf(m -> m.call().facts().key().call().equals(call)));
    byDevice.values().removeIf(Deque::isEmpty);
  }

  void clear() {
    byDevice.clear();
  }
}
