package io.carillon.engine.actor;

import io.carillon.engine.call.CallFacts;
import io.carillon.engine.call.CallId;
import io.carillon.engine.call.CallKey;
import io.carillon.engine.call.CallMode;
import io.carillon.engine.call.CallSnapshot;
import io.carillon.engine.call.Notice;
import io.carillon.engine.call.RequestKey;
import io.carillon.engine.call.Signal;
import io.carillon.engine.call.StoredEvent;
import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.Endpoint;
import io.carillon.engine.identity.UserId;
import io.carillon.engine.identity.UserKey;
import io.carillon.engine.session.LineDesk;
import io.carillon.engine.session.News;
import io.carillon.engine.session.UserSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;

/** What a user's session is sent: by calls, by sockets, by other sessions, by itself. */
sealed interface SessionMessage extends ClusterMessage {
  /**
   * News of a call for this user, resent until answered by {@link CallEntity.Heard}.
   *
   * @param previous number of the news sent before these; a session that lacks them waits
   */
  record Tell(
      CallKey key,
      UserId user,
      News news,
      List<Notice> notices,
      long previous,
      ActorRef<CallEntity.Message> from)
      implements SessionMessage {}

  /** A signal for one of the user's devices. */
  record Signalled(CallSnapshot call, Endpoint from, DeviceId to, Signal signal)
      implements SessionMessage {}

  /** A socket is there. */
  record Attach(
      UserKey user,
      DeviceId device,
      String platform,
      Optional<String> cursor,
      ActorRef<ToSocket> socket)
      implements SessionMessage {}

  /** A socket is gone. */
  record Detach(DeviceId device, ActorRef<ToSocket> socket) implements SessionMessage {}

  /**
   * A socket has taken everything up to the end of a page, and waits for more.
   *
   * @param sessionId the attachment the page was told to
   * @param page see {@link ToSocket.Pause}
   */
  record More(DeviceId device, String sessionId, int page) implements SessionMessage {}

  /** A socket gives a sign of life; a session that does not know it asks it to attach again. */
  record StillHere(DeviceId device, ActorRef<ToSocket> socket) implements SessionMessage {}

  /**
   * A call asks whether a device is there; silence means that it is as the call has it.
   *
   * @param lost whether the call takes the device for lost
   */
  record ConfirmPresence(CallKey key, DeviceId device, boolean lost) implements SessionMessage {}

  /** Which devices are connected? */
  record ListDevices(ActorRef<Devices> replyTo) implements SessionMessage {}

  /** The connected devices. */
  record Devices(UserId user, Set<DeviceId> connected) implements ClusterMessage {}

  /** A node is gone: what its calls had stored but not told has to be read. */
  record Reconcile() implements SessionMessage {}

  /** What a call that was not heard of for long said of itself; empty: there is none. */
  record Verified(CallKey key, Optional<CallSnapshot> call) implements SessionMessage {}

  /** The user wants to call somebody; the device is known by now. */
  record Place(
      Initiation wish,
      CallId id,
      DeviceId device,
      CallFacts facts,
      RequestKey request,
      ActorRef<Reply> replyTo)
      implements SessionMessage {}

  /**
   * Another user's session asks whether this user's line is free.
   *
   * @param replaces the accepted call between the two that the new one takes the place of
   * @param gone a call of this user that the asker wanted to take and could not
   */
  record AskLine(
      CallKey key,
      UserId caller,
      CallMode mode,
      Optional<CallId> replaces,
      Optional<CallId> gone,
      ActorRef<LineAnswer> replyTo)
      implements SessionMessage {}

  /** What the line says, and whether any device is connected. */
  record LineAnswer(UserId user, LineDesk.Answer answer, boolean online)
      implements ClusterMessage {}

  /** The user wants to ring these users into a call the user is in. */
  record MayRing(List<UserId> callees, ActorRef<RingLeave> replyTo) implements SessionMessage {}

  /** How long to wait before ringing them; empty: not at all. */
  record RingLeave(Optional<Duration> after) implements ClusterMessage {}

  /** The user's settings were stored anew. */
  record SettingsChanged() implements SessionMessage {}

  /** The user's settings and open calls; no calls: they could not be read. */
  record LineLoaded(UserSettings settings, Optional<List<CallSnapshot>> open)
      implements SessionMessage {}

  /** Whether a call that an asker could not take is over. */
  record Doubted(AskLine question, CallId call, boolean over) implements SessionMessage {}

  /**
   * What the calls that make the line busy said of themselves.
   *
   * @param over those that are over after all
   * @param busy whether every one of the others said that it goes on
   */
  record LineVerified(AskLine question, List<CallId> over, boolean busy)
      implements SessionMessage {}

  /** What the callees' lines said. */
  record LinesAnswered(Place place, Map<UserId, LineAnswer> answers) implements SessionMessage {}

  /** What became of taking a crossing call instead. */
  record Crossed(Place place, CallId crossing, Reply reply) implements SessionMessage {}

  /**
   * What the accepted call with the same callee said.
   *
   * @param over whether it is over after all
   * @param answered what it answered this very request before: the request is a repeated one
   */
  record OldCall(Place place, CallId old, boolean over, Optional<Reply> answered)
      implements SessionMessage {}

  /** What became of a wish to call. */
  record PlacedCall(Place place, Reply reply) implements SessionMessage {}

  /** What a device may have missed was read. */
  record Read(DeviceId device, String sessionId, List<List<StoredEvent>> journals)
      implements SessionMessage {}

  /** It could not be read. */
  record Unread(DeviceId device, String sessionId) implements SessionMessage {}

  /**
   * Journals to tell from what nobody told.
   *
   * @param about the call they were read for; empty: for all of the user's calls
   */
  record Reread(Optional<CallId> about, List<List<StoredEvent>> journals)
      implements SessionMessage {}

  /** A call's journal could not be read. */
  record Unreadable(CallKey key) implements SessionMessage {}

  /** It is time to try again. */
  record ReadAgain(CallKey key) implements SessionMessage {}

  /** A device has been without a socket for a while. */
  record Missing(DeviceId device) implements SessionMessage {}

  /** A socket stopped. */
  record SocketGone(DeviceId device, ActorRef<ToSocket> socket) implements SessionMessage {}

  /** The session's own timers, and the shard's wish that it stop. */
  enum Tick implements SessionMessage {
    IDLE,
    VERIFY,
    RECONCILE,
    STOP
  }
}
