package io.carillon.engine.call;

import java.util.List;

/**
 * What {@link Call#decide} says to a command.
 *
 * @param events to store, all or none, in this order; empty: nothing changes
 * @param answer to send once they are stored
 */
public record Decision(List<CallEvent> events, Answer answer) {
  public Decision {
    events = List.copyOf(events);
  }

  /** The answer to the asker. */
  public sealed interface Answer {}

  /** Done; the reply shows the call after the events. */
  public record Done(Effect effect) implements Answer {}

  /** The same keyed request was done before; this is what it showed then (R27). */
  public record Replayed(CallSnapshot result) implements Answer {}

  /** Refused. Events may still be stored: a deadline that was due, a late accept. */
  public record Refused(Rejection rejection) implements Answer {}

  /** What became of a command that was not refused. */
  public enum Effect {
    /** It did what it says. */
    APPLIED,
    /** It was so already; nothing was stored (R28). */
    NO_OP,
    /** A call was placed towards somebody who was calling: their call was taken instead (R16). */
    GLARE,
    /** A cancel that came after the accept was carried out as a hang-up (R11). */
    HANGUP
  }

  static Decision applied(CallEvent... events) {
    return new Decision(List.of(events), new Done(Effect.APPLIED));
  }

  static Decision noOp() {
    return new Decision(List.of(), new Done(Effect.NO_OP));
  }

  static Decision refused(Rejection rejection) {
    return new Decision(List.of(), new Refused(rejection));
  }
}
