package io.carillon.engine.actor;

import com.typesafe.config.Config;
import io.carillon.engine.call.SignalDesk;
import io.carillon.engine.session.LineLimits;
import java.time.Duration;

/**
 * What the engine's shell can be told; defaults and reasons stand in {@code reference.conf} under
 * {@code carillon.engine}.
 *
 * @param askTimeout one attempt to reach an entity
 * @param askBudget all attempts of one request together
 * @param resendAfter after which call news nobody acknowledged are sent again
 * @param presenceInterval how often an accepted call asks whether its devices are there
 * @param lostAfter how long a device may be without a socket before its calls hear of it
 * @param sweepInterval how often each node looks for calls that are due and asleep
 * @param endedLinger how long a call that is over stays in memory for late commands
 * @param sessionIdle how long a session without devices and calls stays in memory
 * @param resumeWindow how old a cursor may be
 * @param resumeCalls how many changed calls a resume covers; more mean a resync
 * @param reconcileSpread within which time of a lost node the sessions read what they may have
 *     missed
 * @param heldSignals how many signals wait for a device that is away
 * @param negotiation how renegotiations that cross are treated
 * @param lineLimits how much one user may ring others
 */
public record EngineSettings(
    Duration askTimeout,
    Duration askBudget,
    Duration resendAfter,
    Duration presenceInterval,
    Duration lostAfter,
    Duration sweepInterval,
    Duration endedLinger,
    Duration sessionIdle,
    Duration resumeWindow,
    int resumeCalls,
    Duration reconcileSpread,
    int heldSignals,
    SignalDesk.Negotiation negotiation,
    LineLimits lineLimits) {

  /** Reads {@code carillon.engine}. */
  public static EngineSettings from(Config root) {
    Config c = root.getConfig("carillon.engine");
    return new EngineSettings(
        c.getDuration("ask-timeout"),
        c.getDuration("ask-budget"),
        c.getDuration("resend-after"),
        c.getDuration("presence-interval"),
        c.getDuration("lost-after"),
        c.getDuration("sweep-interval"),
        c.getDuration("ended-linger"),
        c.getDuration("session-idle"),
        c.getDuration("resume-window"),
        c.getInt("resume-calls"),
        c.getDuration("reconcile-spread"),
        c.getInt("held-signals"),
        c.getEnum(SignalDesk.Negotiation.class, "negotiation"),
        new LineLimits(
            c.getInt("limits.initiates-per-minute"),
            c.getInt("limits.redials"),
            c.getDuration("limits.redial-window"),
            c.getInt("limits.rings-per-callee")));
  }
}
