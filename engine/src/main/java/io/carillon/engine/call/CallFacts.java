package io.carillon.engine.call;

import io.carillon.engine.identity.Endpoint;
import java.time.Instant;
import java.util.Optional;

/**
 * What is fixed when a call is placed and never changes.
 *
 * @param key the call
 * @param caller who calls, and with which device
 * @param type what was asked for
 * @param mode how it was placed (a direct call may become a conference later, R38)
 * @param ring how the invited are told
 * @param mediaPlane where the media run
 * @param jitsi the room, where there is one
 * @param context the application's own JSON, opaque, returned as it came
 * @param metadata the application's own JSON for analysts, opaque
 * @param detached whether the call outlives its caller's connection (R23)
 * @param limits the times that bound it
 * @param createdAt when it was placed
 */
public record CallFacts(
    CallKey key,
    Endpoint caller,
    CallType type,
    CallMode mode,
    RingStyle ring,
    MediaPlane mediaPlane,
    Optional<JitsiRoom> jitsi,
    Optional<String> context,
    Optional<String> metadata,
    boolean detached,
    CallLimits limits,
    Instant createdAt) {

  /** The same, placed when it was decided: no later event may be older (J4). */
  CallFacts placedAt(Instant decidedAt) {
    return createdAt.equals(decidedAt)
        ? this
        : new CallFacts(
            key,
            caller,
            type,
            mode,
            ring,
            mediaPlane,
            jitsi,
            context,
            metadata,
            detached,
            limits,
            decidedAt);
  }
}
