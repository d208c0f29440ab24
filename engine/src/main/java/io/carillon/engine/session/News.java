package io.carillon.engine.session;

import io.carillon.engine.call.CallEvent;
import io.carillon.engine.call.CallSnapshot;
import java.util.Optional;

/**
 * A stored event as a user's devices hear of it.
 *
 * @param event what happened
 * @param call the call right after it; its {@code seq} is the event's
 * @param offer the caller's SDP offer where it came with the call, for the callee's devices only
 */
public record News(CallEvent event, CallSnapshot call, Optional<String> offer) {
  /** The event's number in its call. */
  public long seq() {
    return call.seq();
  }

  @Override
  public String toString() {
    // The offer holds addresses of the media path; it stays out of logs.
    return "News[" + call.facts().key().call() + ":" + seq() + "]";
  }
}
