package io.carillon.http.protocol;

import io.carillon.engine.call.CallCommand.Decline.DeclineReason;
import io.carillon.engine.call.CallCommand.Decline.Scope;
import io.carillon.engine.call.CallId;
import io.carillon.engine.call.CallMode;
import io.carillon.engine.call.CallType;
import io.carillon.engine.call.EndReason;
import io.carillon.engine.call.MediaPlane;
import io.carillon.engine.call.MediaStatus;
import io.carillon.engine.call.ParticipantRole;
import io.carillon.engine.call.RingStyle;
import io.carillon.engine.call.Signal;
import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.UserId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Everything a client may say. A REST request is one of the {@link Order}s too, so that the two
 * ways in cannot differ. Whoever adds an order adds a record here, a case in {@link FrameReader},
 * and follows the compiler.
 */
public sealed interface ClientFrame {

  /** Who opens the socket, with which device, and from where to go on. */
  record Hello(
      String token, Optional<DeviceId> device, Optional<String> platform, Optional<String> cursor)
      implements ClientFrame {
    @Override
    public String toString() {
      return "Hello[" + device + "]";
    }
  }

  /** Wants a {@code pong}. */
  record Ping() implements ClientFrame {}

  /** Answers the server's {@code ping}; being heard of is all it does. */
  record Pong() implements ClientFrame {}

  /** Has seen everything up to here. */
  record Ack(String cursor) implements ClientFrame {}

  /** Brings a newer token for the same user. */
  record AuthRefresh(String token) implements ClientFrame {
    @Override
    public String toString() {
      return "AuthRefresh[]";
    }
  }

  /** Something an administrator asks of the stream of a realm. */
  sealed interface Administration extends ClientFrame {
    /** Returned in the reply. */
    String id();
  }

  /**
   * Follow the realm, one call, or one user; the id names the watch from then on.
   *
   * @param call only this call
   * @param user only what this user does and is told
   * @param cursor the last one seen, to go on from
   */
  record Watch(String id, Optional<CallId> call, Optional<UserId> user, Optional<String> cursor)
      implements Administration {}

  /** Follow no longer. */
  record Unwatch(String id, String watch) implements Administration {}

  /** Something asked of a call. */
  sealed interface Order extends ClientFrame {
    /** How the reply finds its request, and how a repeat is told from a second request. */
    Tag tag();
  }

  /** Something asked of a call that exists. */
  sealed interface CallOrder extends Order {
    /** Which call. */
    CallId call();
  }

  /**
   * What every order carries beside its own fields.
   *
   * @param id returned in the reply; a socket's order without one is answered only if refused
   * @param idempotencyKey makes a repeat harmless (R27)
   * @param device the device a REST request acts as; a socket acts as its own
   */
  record Tag(Optional<String> id, Optional<String> idempotencyKey, Optional<DeviceId> device) {
    /** Carries nothing. */
    public static final Tag NONE = new Tag(Optional.empty(), Optional.empty(), Optional.empty());
  }

  /**
   * The times a caller may choose for one call; empty: the realm's.
   *
   * @param ring from the first ringing device to the end of the ring
   * @param setup from creation to the first device that rings
   * @param maxDuration from the accept to the forced end
   */
  record Timeouts(
      Optional<Duration> ring, Optional<Duration> setup, Optional<Duration> maxDuration) {
    /** The realm's times. */
    public static final Timeouts NONE =
        new Timeouts(Optional.empty(), Optional.empty(), Optional.empty());
  }

  /**
   * Call somebody (R3).
   *
   * @param callees in order, without repeats, at least one
   * @param type empty: video
   * @param plane empty: the realm's
   * @param context the application's JSON, {@code conversation_id} folded in
   * @param metadata the application's JSON
   * @param offer an SDP offer as JSON
   * @param detached whether the call outlives its caller's connection (R23)
   * @param callId an id chosen by the client
   */
  record Initiate(
      Tag tag,
      List<UserId> callees,
      CallType type,
      CallMode mode,
      RingStyle ring,
      Optional<MediaPlane> plane,
      Optional<String> context,
      Optional<String> metadata,
      Timeouts timeouts,
      Optional<String> offer,
      boolean detached,
      Optional<CallId> callId)
      implements Order {
    @Override
    public String toString() {
      return "Initiate[" + callees + "]";
    }
  }

  /** The device rings, or, with {@code withheld}, was told and does not (R8). */
  record Acknowledge(Tag tag, CallId call, Optional<String> withheld) implements CallOrder {}

  /** What becomes of the calls a user is in already when they accept another one (R10). */
  enum ExistingCalls {
    /** They go on, and the user's {@code on_hold} is set in them. */
    HOLD,
    /** The user hangs up in them. */
    END,
    /** They go on as they are. */
    KEEP
  }

  /**
   * Take the call (R10), or join one whose id is known (R37, R39).
   *
   * @param takeover take it from another of the user's devices (R30a)
   * @param existing what becomes of the user's other accepted calls
   * @param answer an SDP answer as JSON
   */
  record Accept(
      Tag tag, CallId call, boolean takeover, ExistingCalls existing, Optional<String> answer)
      implements CallOrder {
    @Override
    public String toString() {
      return "Accept[" + call + "]";
    }
  }

  /** Turn the call down (R13), or stop this device alone (R9). */
  record Reject(Tag tag, CallId call, DeclineReason reason, Scope scope) implements CallOrder {}

  /** Take the call back before it is accepted. */
  record Cancel(Tag tag, CallId call) implements CallOrder {}

  /**
   * Hang up.
   *
   * @param reason {@link EndReason#HANGUP}, or which way the media failed (T12, T15)
   */
  record End(Tag tag, CallId call, EndReason reason) implements CallOrder {}

  /** Leave the call to the others; of a direct call, the same as {@link End}. */
  record Leave(Tag tag, CallId call) implements CallOrder {}

  /** Set or clear one of the user's own flags (R46). */
  record Status(Tag tag, CallId call, MediaStatus status, boolean active) implements CallOrder {}

  /** The user is alive in the call, whatever the socket does (R25). REST only. */
  record Heartbeat(Tag tag, CallId call) implements CallOrder {}

  /** Call further users into the call (R33). */
  record Invite(Tag tag, CallId call, List<UserId> callees) implements CallOrder {}

  /** Take back the ring of one user (R35). */
  record Uninvite(Tag tag, CallId call, UserId user) implements CallOrder {}

  /** Put a participant out; {@code barred}: for good (R37). */
  record Remove(Tag tag, CallId call, UserId user, boolean barred) implements CallOrder {}

  /** Give a participant another role (R34). */
  record AssignRole(Tag tag, CallId call, UserId user, ParticipantRole role) implements CallOrder {}

  /** Mute another participant (R34). */
  record Mute(Tag tag, CallId call, UserId user) implements CallOrder {}

  /** End the call for everybody in it (R22). */
  record EndForAll(Tag tag, CallId call) implements CallOrder {}

  /** Turn a direct call into a conference (R38). */
  record Escalate(Tag tag, CallId call) implements CallOrder {}

  /** Go on with another device of the same user (R30a). */
  record HandOff(Tag tag, CallId call, DeviceId to) implements CallOrder {}

  /** Let the call last longer (R19). */
  record Extend(Tag tag, CallId call, Duration extra) implements CallOrder {}

  /** SDP or ICE for another party: {@code call.offer}, {@code .answer}, and so on (R41, R42). */
  record Media(Tag tag, CallId call, Signal signal) implements CallOrder {}
}
