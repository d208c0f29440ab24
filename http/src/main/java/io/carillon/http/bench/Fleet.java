package io.carillon.http.bench;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Consumer;

/** Gets everybody their tokens and their sockets, a bounded number at a time. */
final class Fleet {
  /** Handshakes at a time: fewer than a listening socket's queue holds. */
  private static final int AT_A_TIME = 64;

  private static final long LOOK_AGAIN_MILLIS = 2;
  private static final long TRY_AGAIN_MILLIS = 200;

  private final BenchPlan plan;
  private final Load load;
  private final Credentials credentials;
  private final String run;
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private final List<Device> idle = new ArrayList<>();
  private int underway;
  private int pending;
  private Optional<String> failure = Optional.empty();

  /**
   * @param run in every user's id, so that no run meets what another one left
   */
  Fleet(BenchPlan plan, Load load, Credentials credentials, String run) {
    this.plan = plan;
    this.load = load;
    this.credentials = credentials;
    this.run = run;
  }

  /** Why it cannot go on. */
  Optional<String> failure() {
    return failure;
  }

  /** Whether everything asked for is there. */
  boolean isDone() {
    return pending == 0 && load.isEverybodyUp();
  }

  /** Begins with the pairs. */
  void assemblePairs() {
    for (int i = 0; i < plan.pairs(); i++) {
      int number = i;
      begin(() -> pair(number));
    }
  }

  /** Begins with the sockets on which nothing will happen. */
  void assembleIdle() {
    for (int i = 0; i < plan.idleSockets(); i++) {
      String name = "bench-" + run + "-idle-" + i;
      begin(
          () ->
              withToken(
                  name,
                  token -> {
                    Device device = device(new Idle(), name, 0, token);
                    idle.add(device);
                    device.connect();
                  }));
    }
  }

  private void pair(int number) {
    String caller = "bench-" + run + "-a" + number;
    String callee = "bench-" + run + "-b" + number;
    withToken(
        caller,
        callerToken ->
            withToken(
                callee,
                calleeToken -> {
                  Pair pair =
                      new Pair(
                          load,
                          self -> user(self, caller, 0, callerToken),
                          self -> user(self, callee, plan.devicesPerUser(), calleeToken));
                  load.add(pair);
                  pair.caller().devices().forEach(Device::connect);
                  pair.callee().devices().forEach(Device::connect);
                  whenUp(pair);
                }));
  }

  private void whenUp(Pair pair) {
    boolean up =
        pair.caller().devices().stream().allMatch(Device::isUp)
            && pair.callee().devices().stream().allMatch(Device::isUp);
    if (up) {
      finished();
    } else {
      load.around().loop().after(LOOK_AGAIN_MILLIS, () -> whenUp(pair));
    }
  }

  private User user(Device.Listener listener, String id, int firstIndex, String token) {
    List<Device> devices = new ArrayList<>();
    for (int i = 0; i < plan.devicesPerUser(); i++) {
      devices.add(device(listener, id, firstIndex + i, token));
    }
    return new User(id, "Authorization: Bearer " + token + "\r\n", devices);
  }

  private Device device(Device.Listener listener, String user, int index, String token) {
    return new Device(load.around(), listener, user + "-d" + index, FrameScan.ascii(token), index);
  }

  private void withToken(String user, Consumer<String> then) {
    credentials.token(user, then, why -> failure = Optional.of(why));
  }

  // ---- A bounded number at a time

  private void begin(Runnable task) {
    pending++;
    if (underway < AT_A_TIME) {
      underway++;
      task.run();
    } else {
      waiting.add(task);
    }
  }

  private void finished() {
    pending--;
    Runnable next = waiting.poll();
    if (next == null) {
      underway--;
    } else {
      // In a round of its own: a row of them would otherwise call each other ever deeper.
      load.around().loop().after(0, next);
    }
  }

  /** A socket that is only there. */
  private final class Idle implements Device.Listener {
    @Override
    public void up(Device device, boolean first) {
      if (first) {
        finished();
      }
    }

    @Override
    public void told(Device device, FrameScan frame) {}

    @Override
    public void lost(Device device, String why) {
      load.isLost(device, why);
      load.around().loop().after(TRY_AGAIN_MILLIS, device::connect);
    }
  }
}
