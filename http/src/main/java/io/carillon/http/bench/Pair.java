package io.carillon.http.bench;

import java.util.ArrayDeque;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Two users, one of whom calls the other, again and again, one call at a time. */
final class Pair implements Device.Listener {
  /** So many calls that are over are remembered, to notice what is told twice or too late. */
  private static final int REMEMBERED = 64;

  private static final byte[] CALL_EVENT = FrameScan.ascii("call_event");
  private static final byte[] REPLY = FrameScan.ascii("reply");
  private static final byte[] ERROR = FrameScan.ascii("error");
  private static final long RECONNECT_MILLIS = 50;

  private final Load load;
  private final ArrayDeque<CallRun> over = new ArrayDeque<>(REMEMBERED);
  private final User caller;
  private final User callee;
  private @Nullable CallRun run;

  /**
   * @param caller makes the one who calls; devices know their pair, so they come after it
   * @param callee makes the one who is called
   */
  Pair(Load load, Function<Pair, User> caller, Function<Pair, User> callee) {
    this.load = load;
    this.caller = caller.apply(this);
    this.callee = callee.apply(this);
  }

  Load load() {
    return load;
  }

  User caller() {
    return caller;
  }

  User callee() {
    return callee;
  }

  /** Whether both acting devices have their sockets. */
  boolean isUp() {
    return caller.acting().isUp() && callee.acting().isUp();
  }

  boolean isBusy() {
    return run != null;
  }

  /** Whether a socket of theirs may be cut off without taking with it what nobody repeats. */
  boolean mayLoseSocket() {
    return run == null || (!run.isRelaying() && load.stepsNeedNoSocket());
  }

  void call(Outcome outcome, long intendedAt) {
    CallRun fresh = new CallRun(this, outcome, intendedAt);
    run = fresh;
    load.tally().started();
    fresh.begin();
  }

  /** The call went as it had to. */
  void completed(Outcome outcome) {
    load.tally().completed(outcome);
    load.meter().completed();
    retire();
    load.isFree(this);
  }

  /** The call went wrong: whatever is left of it is ended before the next one. */
  void failed() {
    retire();
    load.recover(this);
  }

  private void retire() {
    CallRun done = run;
    run = null;
    if (done != null) {
      if (over.size() == REMEMBERED) {
        over.removeLast();
      }
      over.addFirst(done);
    }
  }

  /** Gives up a call that has not moved since then. */
  void giveUpIfStill(long since) {
    if (run != null && run.progressAt() < since) {
      run.giveUp();
    }
  }

  @Override
  public void up(Device device, boolean first) {
    load.isUp(device, first);
    if (run != null) {
      run.advance();
    }
  }

  @Override
  public void told(Device device, FrameScan frame) {
    if (frame.type.is(CALL_EVENT)) {
      event(device, frame);
    } else if (frame.type.is(REPLY)) {
      load.steps().replied(frame);
    } else if (frame.type.is(ERROR)) {
      FrameScan error = new FrameScan();
      error.scan(frame.error.array(), frame.error.from(), frame.error.to());
      load.tally().failed("socket: " + error.code.text());
    } else if (!frame.callId.isEmpty()) {
      signal(device, frame);
    }
  }

  private void event(Device device, FrameScan frame) {
    EventType type = EventType.of(frame.eventType);
    CallRun call = callOf(frame, type);
    if (call == null) {
      // A resume may tell of calls so old that they are forgotten here.
      load.tally()
          .event(
              frame.isCatchup() ? CallLedger.Verdict.AGAIN : CallLedger.Verdict.UNEXPECTED,
              device,
              frame);
      return;
    }
    CallLedger.Verdict verdict =
        call.ledger()
            .told(device.index(), device.socketNumber(), type, frame.seq(), frame.isCatchup());
    load.tally().event(verdict, device, frame);
    if (verdict == CallLedger.Verdict.NEW && call == run) {
      call.told(device.index(), type);
    }
  }

  private @Nullable CallRun callOf(FrameScan frame, EventType type) {
    CallRun now = run;
    if (now != null && now.hasId() && frame.callId.is(now.callId())) {
      return now;
    }
    for (CallRun done : over) {
      if (frame.callId.is(done.callId())) {
        return done;
      }
    }
    // The callee may hear of a call before its caller has the reply.
    if (now != null && !now.hasId() && type == EventType.CALL_STARTED) {
      now.isCalled(frame.callId);
      return now;
    }
    return null;
  }

  private void signal(Device device, FrameScan frame) {
    int number = Signals.number(frame);
    if (run != null && frame.callId.is(run.callId())) {
      run.relayed(number, device);
    } else {
      load.tally().relay(CallLedger.Verdict.UNEXPECTED, number, device);
    }
  }

  @Override
  public void lost(Device device, String why) {
    load.isLost(device, why);
    load.around().loop().after(RECONNECT_MILLIS, device::connect);
  }
}
