package io.carillon.engine.actor;

import io.carillon.engine.call.CallId;
import io.carillon.engine.call.CallSnapshot;
import io.carillon.engine.call.Decision;
import io.carillon.engine.call.Rejection;
import java.util.Optional;

/** What became of a request to the engine. */
public sealed interface Reply extends ClusterMessage {
  /**
   * Done, and stored.
   *
   * @param call the call after it, or, when replayed, as the first answer showed it
   * @param effect what became of it
   * @param replayed whether the same keyed request had been done before (R27)
   * @param receiverOnline whether any callee has a connected device; meaningful for initiate only
   * @param offer the caller's waiting SDP offer, with an accept only (R10)
   * @param requested the id the asker's own call would have had, with {@link Decision.Effect#GLARE}
   *     only (R16)
   */
  record Done(
      CallSnapshot call,
      Decision.Effect effect,
      boolean replayed,
      boolean receiverOnline,
      Optional<String> offer,
      Optional<CallId> requested)
      implements Reply {
    @Override
    public String toString() {
      return "Done[" + call.facts().key() + ":" + call.seq() + ", " + effect + "]";
    }
  }

  /** Refused by the rules; nothing was changed by this request. */
  record Refused(Rejection rejection) implements Reply {}

  /**
   * Nobody can say now; the same request with the same key may be sent again (I18).
   *
   * @param outcomeUnknown whether it may nevertheless have been stored
   */
  record Unavailable(boolean outcomeUnknown) implements Reply {}
}
