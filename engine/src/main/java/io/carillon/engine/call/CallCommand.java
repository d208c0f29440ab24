package io.carillon.engine.call;

import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.Endpoint;
import io.carillon.engine.identity.UserId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What somebody asks of a call. Identities come from credentials, never from a request's body. */
public sealed interface CallCommand {

  /** The idempotency key the request came with, if any (R27). */
  Optional<RequestKey> request();

  /** A command of a participant's device. */
  sealed interface ByDevice extends CallCommand {
    /** Whose device asks. */
    Endpoint by();
  }

  /** Place the call (R3). */
  record Initiate(
      Actor actor, CallFacts facts, List<Invitation> invitations, Optional<RequestKey> request)
      implements CallCommand {}

  /** A device says that it rings, or, with {@code withheld}, why it does not (R8). */
  record AcknowledgeRing(Endpoint by, Optional<String> withheld, Optional<RequestKey> request)
      implements ByDevice {}

  /** Take the call, or join it (R10, R37); {@code takeover}: hand it to this device (R30a). */
  record Accept(Endpoint by, boolean takeover, Optional<RequestKey> request) implements ByDevice {}

  /** Turn the call down for the user, or for this device alone (R9, R13). */
  record Decline(Endpoint by, DeclineReason reason, Scope scope, Optional<RequestKey> request)
      implements ByDevice {
    /** How far a decline reaches. */
    public enum Scope {
      USER,
      DEVICE
    }

    /** What the declining user gives as the reason. */
    public enum DeclineReason {
      DECLINED(EndReason.DECLINED),
      BUSY(EndReason.BUSY),
      UNAVAILABLE(EndReason.UNAVAILABLE);

      private final EndReason endReason;

      DeclineReason(EndReason endReason) {
        this.endReason = endReason;
      }

      /** The same reason as an end of the call. */
      public EndReason endReason() {
        return endReason;
      }
    }
  }

  /** The caller takes the call back before it is accepted (T5, R11). */
  record Cancel(Endpoint by, Optional<RequestKey> request) implements ByDevice {}

  /**
   * A participant hangs up: an accepted direct call ends, a conference goes on without them. Before
   * the accept it is the caller's cancel or the callee's decline (R20).
   *
   * @param reason {@link EndReason#HANGUP}, or what a device reports of its media: {@code
   *     ICE_FAILED}, {@code MEDIA_FAILED}, {@code MEDIA_TIMEOUT} (T12, T15)
   */
  record Hangup(Endpoint by, EndReason reason, Optional<RequestKey> request) implements ByDevice {
    /** The reasons a device may give. */
    public static final Set<EndReason> REASONS =
        Set.of(
            EndReason.HANGUP,
            EndReason.ICE_FAILED,
            EndReason.MEDIA_FAILED,
            EndReason.MEDIA_TIMEOUT);
  }

  /** A participant's flag (R46). */
  record ChangeStatus(Endpoint by, MediaStatus status, boolean active, Optional<RequestKey> request)
      implements ByDevice {}

  /** The participant is alive, whatever its socket does (R25). */
  record Heartbeat(Endpoint by) implements ByDevice {
    @Override
    public Optional<RequestKey> request() {
      return Optional.empty();
    }
  }

  /** Call further users into the call (R33). */
  record Invite(Endpoint by, List<Invitation> invitations, Optional<RequestKey> request)
      implements ByDevice {}

  /** Take back the ring of one invited user (R35). */
  record Uninvite(Endpoint by, UserId user, Optional<RequestKey> request) implements ByDevice {}

  /** Put a participant out; {@code barred}: for good (R37). */
  record Remove(Endpoint by, UserId user, boolean barred, Optional<RequestKey> request)
      implements ByDevice {}

  /** Give a participant another role (R34). */
  record AssignRole(Endpoint by, UserId user, ParticipantRole role, Optional<RequestKey> request)
      implements ByDevice {}

  /** A host mutes another participant (R34). */
  record MuteOther(Endpoint by, UserId user, Optional<RequestKey> request) implements ByDevice {}

  /** A host ends a conference for everybody (R22). */
  record EndForAll(Endpoint by, Optional<RequestKey> request) implements ByDevice {}

  /** Turn a direct call into a conference (R38). */
  record Escalate(Endpoint by, Optional<RequestKey> request) implements ByDevice {}

  /** Go on with another device of the same user (R30a). */
  record HandOff(Endpoint by, DeviceId to, Optional<RequestKey> request) implements ByDevice {}

  /** Let the call last longer (R19). */
  record Extend(Endpoint by, Duration extra, Optional<RequestKey> request) implements ByDevice {}

  /** An administrator ends the call (R22). */
  record AdminEnd(Actor actor, String note, Optional<RequestKey> request) implements CallCommand {}

  /** The session of a participant sees that its device is gone (R23, R25). */
  record LoseDevice(Endpoint device) implements CallCommand {
    @Override
    public Optional<RequestKey> request() {
      return Optional.empty();
    }
  }

  /** The session of a participant sees that its device is back. */
  record RegainDevice(Endpoint device) implements CallCommand {
    @Override
    public Optional<RequestKey> request() {
      return Optional.empty();
    }
  }

  /** The engine replaces this call by another one: glare or recall (R16, R26). */
  record Supersede(EndReason reason, CallId successor) implements CallCommand {
    @Override
    public Optional<RequestKey> request() {
      return Optional.empty();
    }
  }

  /** A deadline may have passed: look (R5, R7). A late or early look is a decided no-op. */
  record CheckDeadlines() implements CallCommand {
    @Override
    public Optional<RequestKey> request() {
      return Optional.empty();
    }
  }
}
