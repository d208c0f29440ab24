package io.carillon.http.protocol;

import io.carillon.engine.call.CallEvent;
import io.carillon.engine.call.CallId;
import io.carillon.engine.call.CallSnapshot;
import io.carillon.engine.call.Notice;
import io.carillon.engine.call.Signal;
import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.Endpoint;
import io.carillon.engine.identity.UserId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Everything the server may say on a socket. {@link FrameWriter} turns them into JSON. */
public sealed interface ServerFrame {
  /** The socket is ready: the first frame after the credential was accepted. */
  record ConnectionAck(
      UserId user,
      DeviceId device,
      String sessionId,
      Instant serverTime,
      long heartbeatMs,
      boolean recovered,
      List<CallSnapshot> calls,
      String cursor,
      List<String> features)
      implements ServerFrame {}

  /**
   * A stored event.
   *
   * @param event what happened
   * @param notice how this device is told
   * @param call the call right after it
   * @param offer the caller's SDP offer, with {@code call_started} to a callee only
   * @param cursor where the device stands once it has seen this
   * @param catchup whether it is told late, on a resume
   */
  record CallEventFrame(
      CallEvent event,
      Notice notice,
      CallSnapshot call,
      Optional<String> offer,
      String cursor,
      boolean catchup)
      implements ServerFrame {
    @Override
    public String toString() {
      return "CallEventFrame[" + call.facts().key() + ":" + call.seq() + "]";
    }
  }

  /** SDP or ICE from another party's device. */
  record MediaFrame(CallSnapshot call, Endpoint from, Signal signal) implements ServerFrame {}

  /**
   * An order was carried out.
   *
   * @param requested where two calls crossed and the other one is it: the id this one would have
   *     had (R16)
   */
  record Done(
      String id,
      Optional<CallSnapshot> call,
      boolean replayed,
      Optional<String> offer,
      Optional<String> jitsiToken,
      Optional<CallId> requested)
      implements ServerFrame {
    @Override
    public String toString() {
      return "Done[" + id + "]";
    }
  }

  /** An order was refused; {@code id} is empty for a signal that carried none. */
  record Refused(Optional<String> id, Problem problem) implements ServerFrame {}

  /** Answers {@code ping}. */
  record Pong(Instant serverTime) implements ServerFrame {}

  /** Asks for a sign of life. */
  record Ping() implements ServerFrame {}

  /** The catch-up is complete. */
  record CatchupDone(String cursor) implements ServerFrame {}

  /** The cursor was no good: here is everything instead. */
  record Resync(List<CallSnapshot> calls, String cursor) implements ServerFrame {}

  /** The token runs out in this long. */
  record AuthExpiring(long expiresInMs) implements ServerFrame {}

  /** The socket is about to be closed with this code. */
  record Disconnect(int code, String reason, boolean reconnect, long afterMs)
      implements ServerFrame {}

  /** A frame could not be read. */
  record Failure(Problem problem) implements ServerFrame {}

  /** Something of a realm's stream, for an administrator who watches it. */
  sealed interface Watched extends ServerFrame {
    /** Which watch. */
    String watch();
  }

  /**
   * How things stand when a watch begins.
   *
   * @param recovered whether the cursor was good: what follows goes on from there, and no calls are
   *     told of here
   * @param calls a part of the open calls
   * @param more whether another part follows
   * @param truncated whether there are more open calls than are told of
   * @param cursor where the watch stands; with the last part only, for who goes on from an earlier
   *     one would miss the others
   */
  record RealmSnapshot(
      String watch,
      boolean recovered,
      List<CallSnapshot> calls,
      boolean more,
      boolean truncated,
      Optional<String> cursor)
      implements Watched {}

  /**
   * An event of the realm.
   *
   * @param event what happened
   * @param name its name in the journal, without prefix and version
   * @param detail what the name does not say, for a person
   * @param call the call right after it
   * @param told who was told what
   * @param node the node that stored it, where that is known
   */
  record RealmEvent(
      String watch,
      CallEvent event,
      String name,
      String detail,
      CallSnapshot call,
      List<Notice> told,
      Optional<String> node,
      String cursor)
      implements Watched {
    @Override
    public String toString() {
      return "RealmEvent[" + call.facts().key() + ":" + call.seq() + "]";
    }
  }

  /** How many calls are open in the realm, and how many sockets. */
  record RealmCounters(String watch, long calling, long ringing, long accepted, long connections)
      implements Watched {}

  /** The watch is over, and why. */
  record WatchEnded(String watch, Problem problem) implements Watched {}

  /** Where the client stands once it has seen this; empty: where it stood. */
  default Optional<String> position() {
    return switch (this) {
      case ConnectionAck f -> Optional.of(f.cursor);
      case CallEventFrame f -> Optional.of(f.cursor);
      case CatchupDone f -> Optional.of(f.cursor);
      case Resync f -> Optional.of(f.cursor);
      case MediaFrame _,
          Done _,
          Refused _,
          Pong _,
          Ping _,
          AuthExpiring _,
          Disconnect _,
          Failure _,
          Watched _ ->
          Optional.empty();
    };
  }

  /** The calls in it, whose participants' names it shows. */
  default List<CallSnapshot> calls() {
    return switch (this) {
      case ConnectionAck f -> f.calls;
      case CallEventFrame f -> List.of(f.call);
      case MediaFrame f -> List.of(f.call);
      case Done f -> f.call.map(List::of).orElse(List.of());
      case Refused f -> f.problem.call().map(List::of).orElse(List.of());
      case Resync f -> f.calls;
      case Failure f -> f.problem.call().map(List::of).orElse(List.of());
      case RealmSnapshot f -> f.calls;
      case RealmEvent f -> List.of(f.call);
      case Pong _,
          Ping _,
          CatchupDone _,
          AuthExpiring _,
          Disconnect _,
          RealmCounters _,
          WatchEnded _ ->
          List.of();
    };
  }
}
