package io.carillon.engine.session;

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
import io.carillon.engine.call.RingStyle;
import io.carillon.engine.call.StoredEvent;
import io.carillon.engine.identity.Endpoint;
import io.carillon.engine.identity.RealmId;
import io.carillon.engine.identity.UserId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One call, driven by commands through the real rules. */
public final class DrivenCall {
  public static final RealmId REALM = new RealmId("acme");

  private final CallKey key;
  private CallState state = Call.UNKNOWN;
  private final List<Call.Step> steps = new ArrayList<>();

  public DrivenCall(String id) {
    this.key = new CallKey(REALM, new CallId(id));
  }

  /** A direct call to somebody whose line is free, as stored. */
  public static DrivenCall placed(String id, Endpoint caller, UserId callee, Instant now) {
    return placed(id, caller, CallMode.DIRECT, now, new Invitation(callee, Line.FREE));
  }

  public static DrivenCall placed(
      String id, Endpoint caller, CallMode mode, Instant now, Invitation... invitations) {
    DrivenCall call = new DrivenCall(id);
    call.place(caller, mode, RingStyle.RING, now, List.of(invitations));
    return call;
  }

  public DrivenCall place(
      Endpoint caller, CallMode mode, RingStyle ring, Instant now, List<Invitation> invitations) {
    CallFacts facts =
        new CallFacts(
            key,
            caller,
            CallType.AUDIO,
            mode,
            ring,
            MediaPlane.P2P,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            false,
            CallLimits.STANDARD,
            now);
    submit(
        new CallCommand.Initiate(new Actor.Device(caller), facts, invitations, Optional.empty()),
        now);
    return this;
  }

  /** Gives a command to the call and stores what it decides. */
  public Decision submit(CallCommand command, Instant now) {
    Decision decision = Call.decide(state, command, now);
    List<Call.Step> taken = Call.steps(key, state, decision.events());
    steps.addAll(taken);
    if (!taken.isEmpty()) {
      state = taken.getLast().after();
    }
    return decision;
  }

  public DrivenCall ring(Endpoint by, Instant now) {
    submit(new CallCommand.AcknowledgeRing(by, Optional.empty(), Optional.empty()), now);
    return this;
  }

  public DrivenCall accept(Endpoint by, Instant now) {
    submit(new CallCommand.Accept(by, false, Optional.empty()), now);
    return this;
  }

  public DrivenCall decline(Endpoint by, Instant now) {
    submit(
        new CallCommand.Decline(
            by,
            CallCommand.Decline.DeclineReason.DECLINED,
            CallCommand.Decline.Scope.USER,
            Optional.empty()),
        now);
    return this;
  }

  public DrivenCall ignore(Endpoint by, Instant now) {
    submit(
        new CallCommand.Decline(
            by,
            CallCommand.Decline.DeclineReason.DECLINED,
            CallCommand.Decline.Scope.DEVICE,
            Optional.empty()),
        now);
    return this;
  }

  public DrivenCall cancel(Endpoint by, Instant now) {
    submit(new CallCommand.Cancel(by, Optional.empty()), now);
    return this;
  }

  public DrivenCall hangUp(Endpoint by, Instant now) {
    submit(new CallCommand.Hangup(by, EndReason.HANGUP, Optional.empty()), now);
    return this;
  }

  public DrivenCall settle(Instant now) {
    submit(new CallCommand.CheckDeadlines(), now);
    return this;
  }

  public CallKey key() {
    return key;
  }

  public CallId id() {
    return key.call();
  }

  public CallState state() {
    return state;
  }

  public CallSnapshot snapshot() {
    return CallSnapshot.of((CallState.Known) state);
  }

  public List<Call.Step> steps() {
    return List.copyOf(steps);
  }

  public List<StoredEvent> journal() {
    return steps.stream().map(Call.Step::stored).toList();
  }
}
