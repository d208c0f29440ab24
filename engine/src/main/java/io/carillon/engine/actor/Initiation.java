package io.carillon.engine.actor;

import io.carillon.engine.call.CallId;
import io.carillon.engine.call.CallLimits;
import io.carillon.engine.call.CallMode;
import io.carillon.engine.call.CallType;
import io.carillon.engine.call.MediaPlane;
import io.carillon.engine.call.RequestKey;
import io.carillon.engine.call.RingStyle;
import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.UserId;
import io.carillon.engine.identity.UserKey;
import java.util.List;
import java.util.Optional;

/**
 * A request to place a call, checked for form but not yet against anybody's line.
 *
 * @param caller who calls
 * @param device with which device; empty: the engine finds the user's only connected one, or {@link
 *     DeviceId#REST}
 * @param callees who is called, in order, without repeats; exactly one in a direct call
 * @param type audio or video
 * @param mode who may join
 * @param ring how they are told
 * @param mediaPlane where the media run
 * @param context the application's JSON
 * @param metadata the application's JSON
 * @param limits the times of this call
 * @param offer the caller's SDP offer as JSON, passed to the callee's devices, never stored
 * @param detached whether the call outlives its caller's connection (R23)
 * @param asService whether an application places it on the user's behalf
 * @param refuseBusy whether a busy callee means a refusal instead of a stored, rejected call
 * @param request the idempotency key (R27)
 * @param callId an id wanted by the caller; empty: derived from the key, or drawn
 */
public record Initiation(
    UserKey caller,
    Optional<DeviceId> device,
    List<UserId> callees,
    CallType type,
    CallMode mode,
    RingStyle ring,
    MediaPlane mediaPlane,
    Optional<String> context,
    Optional<String> metadata,
    CallLimits limits,
    Optional<String> offer,
    boolean detached,
    boolean asService,
    boolean refuseBusy,
    Optional<RequestKey> request,
    Optional<CallId> callId) {
  @Override
  public String toString() {
    return "Initiation[" + caller + " -> " + callees + "]";
  }
}
