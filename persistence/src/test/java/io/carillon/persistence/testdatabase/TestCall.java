package io.carillon.persistence.testdatabase;

import io.carillon.engine.call.Actor;
import io.carillon.engine.call.Call;
import io.carillon.engine.call.CallCommand;
import io.carillon.engine.call.CallFacts;
import io.carillon.engine.call.CallId;
import io.carillon.engine.call.CallKey;
import io.carillon.engine.call.CallLimits;
import io.carillon.engine.call.CallMode;
import io.carillon.engine.call.CallSnapshot;
import io.carillon.engine.call.CallState;
import io.carillon.engine.call.CallType;
import io.carillon.engine.call.Decision;
import io.carillon.engine.call.EndReason;
import io.carillon.engine.call.Invitation;
import io.carillon.engine.call.Line;
import io.carillon.engine.call.MediaPlane;
import io.carillon.engine.call.MediaStatus;
import io.carillon.engine.call.RingStyle;
import io.carillon.engine.call.StoredEvent;
import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.Endpoint;
import io.carillon.engine.identity.RealmId;
import io.carillon.engine.identity.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A call run by the real rules, for its events. Every user has one device, named as the user is.
 */
public final class TestCall {
  private final CallKey key;
  private final List<StoredEvent> journal = new ArrayList<>();
  private CallState state = Call.UNKNOWN;
  private Instant now;

  private TestCall(CallKey key, Instant now) {
    this.key = key;
    this.now = now;
  }

  /** A ringing call of a mode from the first user to the others, whose lines are free. */
  public static TestCall placed(
      String realm, String id, CallMode mode, Instant at, String caller, String... callees) {
    return placed(
        realm,
        id,
        mode,
        RingStyle.RING,
        at,
        caller,
        Arrays.stream(callees).map(c -> new Invitation(new UserId(c), Line.FREE)).toList());
  }

  /** A call in any way it may be placed. */
  public static TestCall placed(
      String realm,
      String id,
      CallMode mode,
      RingStyle ring,
      Instant at,
      String caller,
      List<Invitation> invitations) {
    CallKey key = new CallKey(new RealmId(realm), new CallId(id));
    TestCall call = new TestCall(key, at);
    CallFacts facts =
        new CallFacts(
            key,
            device(caller),
            CallType.VIDEO,
            mode,
            ring,
            MediaPlane.P2P,
            Optional.empty(),
            Optional.of("{\"conversation_id\": 7}"),
            Optional.empty(),
            false,
            CallLimits.STANDARD,
            at);
    call.command(
        new CallCommand.Initiate(
            new Actor.Device(device(caller)), facts, invitations, Optional.empty()));
    return call;
  }

  /** The device of a user. */
  public static Endpoint device(String user) {
    return new Endpoint(new UserId(user), new DeviceId(user));
  }

  /** Lets time pass. */
  public TestCall after(Duration time) {
    now = now.plus(time);
    return this;
  }

  /** A user's device rings. */
  public TestCall ring(String user) {
    return command(
        new CallCommand.AcknowledgeRing(device(user), Optional.empty(), Optional.empty()));
  }

  /** A user accepts or joins. */
  public TestCall accept(String user) {
    return command(new CallCommand.Accept(device(user), false, Optional.empty()));
  }

  /** A user declines. */
  public TestCall decline(String user) {
    return command(
        new CallCommand.Decline(
            device(user),
            CallCommand.Decline.DeclineReason.DECLINED,
            CallCommand.Decline.Scope.USER,
            Optional.empty()));
  }

  /** A user hangs up or leaves. */
  public TestCall hangUp(String user) {
    return command(new CallCommand.Hangup(device(user), EndReason.HANGUP, Optional.empty()));
  }

  /** A user mutes themself. */
  public TestCall mute(String user) {
    return command(
        new CallCommand.ChangeStatus(device(user), MediaStatus.MUTED, true, Optional.empty()));
  }

  /** Deadlines are looked at. */
  public TestCall checkDeadlines() {
    return command(new CallCommand.CheckDeadlines());
  }

  /** Any command; a refusal stores what it stores. */
  public TestCall command(CallCommand command) {
    Decision decision = Call.decide(state, command, now);
    for (Call.Step step : Call.steps(key, state, decision.events())) {
      journal.add(step.stored());
      state = step.after();
    }
    return this;
  }

  /** The call. */
  public CallKey key() {
    return key;
  }

  /** What was stored, all of it. */
  public List<StoredEvent> journal() {
    return List.copyOf(journal);
  }

  /** The call as the rules have it. */
  public CallSnapshot snapshot() {
    return CallSnapshot.of((CallState.Known) state);
  }
}
