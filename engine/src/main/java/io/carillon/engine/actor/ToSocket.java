package io.carillon.engine.actor;

import io.carillon.engine.call.CallSnapshot;
import io.carillon.engine.call.Notice;
import io.carillon.engine.call.Signal;
import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.Endpoint;
import io.carillon.engine.session.News;
import java.util.List;
import java.util.Locale;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What a user's session says to one of the user's sockets, in the order in which the device is to
 * see it. The first message is always {@link Welcome}, then the catch-up, then {@link CaughtUp},
 * then {@link Live}, then life. Before that, and where much has to be told at once later, it comes
 * in pages, each but the last ended by a {@link Pause}.
 */
public sealed interface ToSocket extends ClusterMessage {
  /**
   * The socket is attached.
   *
   * @param sessionId names this attachment in logs and frames
   * @param recovered whether the cursor was good: everything missed follows as {@link Event}s
   * @param calls the user's calls that are not over
   * @param cursor where the device stands, before the catch-up
   * @param session whose end means that nobody tells this socket anything any more: it is to attach
   *     again, to the session that is born in its place
   */
  record Welcome(
      String sessionId,
      boolean recovered,
      List<CallSnapshot> calls,
      String cursor,
      ActorRef<SessionMessage> session)
      implements ToSocket {}

  /**
   * An event for this device.
   *
   * @param news what happened
   * @param notice how this device is told
   * @param cursor where the device stands once it has seen this
   * @param catchup whether it is told late, on a resume
   */
  record Event(News news, Notice notice, String cursor, boolean catchup) implements ToSocket {}

  /** A signal for this device, from another party's device. */
  record SignalArrived(CallSnapshot call, Endpoint from, Signal signal) implements ToSocket {}

  /** The catch-up is complete. */
  record CaughtUp(String cursor) implements ToSocket {}

  /**
   * There is more, and it is told when this is answered: once the client has taken what came
   * before.
   *
   * @param page counts them
   */
  record Pause(DeviceId device, String sessionId, int page, ActorRef<SessionMessage> session)
      implements ToSocket {
    /** The client has taken it: asks for more. */
    public void goOn() {
      session.tell(new SessionMessage.More(device, sessionId, page));
    }
  }

  /** Nothing waits any more: what follows is told as it happens. */
  record Live() implements ToSocket {}

  /** The cursor was too old or unreadable: here is everything instead. */
  record Resync(List<CallSnapshot> calls, String cursor) implements ToSocket {}

  /**
   * The session was born anew and does not know this socket: attach again, with the cursor of the
   * last thing that was sent to the client. What follows continues where the client is; its {@link
   * Welcome} is not to be shown again.
   */
  record AttachAgain() implements ToSocket {}

  /** The socket is to be closed with this frame and close code. */
  record Close(CloseReason reason, long afterMillis) implements ToSocket {}

  /** Why the server closes a socket; code and words of the protocol. */
  enum CloseReason {
    BAD_REQUEST(4000, false),
    UNAUTHENTICATED(4001, false),
    FORBIDDEN(4003, false),
    REPLACED(4005, false),
    OVERLOADED(4100, true),
    RATE_LIMITED(4103, true),
    SLOW_CONSUMER(4108, true),
    NO_HEARTBEAT(4109, true),
    DRAINING(4200, true),
    REBALANCE(4201, true),
    TOKEN_EXPIRED(4202, true);

    private final int code;
    private final boolean reconnect;

    CloseReason(int code, boolean reconnect) {
      this.code = code;
      this.reconnect = reconnect;
    }

    /** The reason as clients, logs and metrics name it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The WebSocket close code. */
    public int code() {
      return code;
    }

    /** Whether the client is to come back. */
    public boolean reconnect() {
      return reconnect;
    }
  }
}
