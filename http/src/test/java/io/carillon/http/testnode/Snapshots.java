package io.carillon.http.testnode;

import io.carillon.engine.call.Actor;
import io.carillon.engine.call.Call;
import io.carillon.engine.call.CallCommand;
import io.carillon.engine.call.CallEvent;
import io.carillon.engine.call.CallFacts;
import io.carillon.engine.call.CallId;
import io.carillon.engine.call.CallKey;
import io.carillon.engine.call.CallLimits;
import io.carillon.engine.call.CallMode;
import io.carillon.engine.call.CallSnapshot;
import io.carillon.engine.call.CallState;
import io.carillon.engine.call.CallType;
import io.carillon.engine.call.Invitation;
import io.carillon.engine.call.JitsiRoom;
import io.carillon.engine.call.Line;
import io.carillon.engine.call.MediaPlane;
import io.carillon.engine.call.RingStyle;
import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.Endpoint;
import io.carillon.engine.identity.RealmId;
import io.carillon.engine.identity.UserId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Calls made by the real rules: 7 calls 9, with a room. */
public final class Snapshots {
  /** When they are placed. */
  public static final Instant AT = Instant.parse("2026-06-01T12:00:00Z");

  /** The caller's device. */
  public static final Endpoint CALLER = new Endpoint(new UserId("7"), new DeviceId("laptop"));

  /** The callee's device. */
  public static final Endpoint CALLEE = new Endpoint(new UserId("9"), new DeviceId("phone"));

  private Snapshots() {}

  /** A call just placed; the callee's line says this. */
  public static CallState placed(Line line) {
    CallFacts facts =
        new CallFacts(
            new CallKey(new RealmId("acme"), new CallId("c-1")),
            CALLER,
            CallType.VIDEO,
            CallMode.DIRECT,
            RingStyle.RING,
            MediaPlane.JITSI,
            Optional.of(new JitsiRoom("https://meet.example.org", "room-1")),
            Optional.of("{\"conversation_id\":5}"),
            Optional.empty(),
            false,
            CallLimits.STANDARD,
            AT);
    return after(
        Call.UNKNOWN,
        new CallCommand.Initiate(
            new Actor.Device(CALLER),
            facts,
            List.of(new Invitation(CALLEE.user(), line)),
            Optional.empty()),
        0);
  }

  /** The state after a command, so many seconds after the call was placed. */
  public static CallState after(CallState state, CallCommand command, long seconds) {
    CallState next = state;
    for (CallEvent event : Call.decide(state, command, AT.plusSeconds(seconds)).events()) {
      next = Call.evolve(next, event);
    }
    return next;
  }

  /** An accepted call. */
  public static CallState accepted() {
    return after(placed(Line.FREE), new CallCommand.Accept(CALLEE, false, Optional.empty()), 3);
  }

  /** As it may be shown. */
  public static CallSnapshot shown(CallState state) {
    return CallSnapshot.of((CallState.Known) state);
  }
}
