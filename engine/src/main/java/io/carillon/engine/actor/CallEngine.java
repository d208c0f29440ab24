package io.carillon.engine.actor;

import io.carillon.engine.call.CallCommand;
import io.carillon.engine.call.CallKey;
import io.carillon.engine.call.RequestKey;
import io.carillon.engine.call.Signal;
import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.Endpoint;
import io.carillon.engine.identity.RealmId;
import io.carillon.engine.identity.UserId;
import io.carillon.engine.identity.UserKey;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The engine's front door: the one thing the edge talks to, the same on every node. Stages complete
 * within the engine's ask budget, with {@link Reply.Unavailable} rather than exceptionally.
 */
public interface CallEngine {
  /** Places a call (R3). */
  CompletionStage<Reply> initiate(Initiation initiation);

  /** Brings a command to its call. */
  CompletionStage<Reply> submit(CallKey call, CallCommand command);

  /**
   * Calls further users into a call (R33). Their lines are asked as when a call is placed: who is
   * busy, not to be disturbed, or has blocked the inviter, is not rung.
   */
  CompletionStage<Reply> invite(
      CallKey call, Endpoint by, List<UserId> callees, Optional<RequestKey> request);

  /** Brings a media signal to its call, from one of its parties (R41, R42). */
  CompletionStage<Reply> signal(CallKey call, Endpoint from, Signal signal);

  /**
   * The device a request without a device id acts as: the user's only connected one, or {@link
   * DeviceId#REST} when there are none or several.
   */
  CompletionStage<DeviceId> actingDevice(UserKey user);

  /** Which of these users of one realm have a connected device, as far as this node can learn. */
  CompletionStage<Set<UserId>> online(RealmId realm, Set<UserId> users);

  /** Says that a user's settings were stored anew, so that the user's line goes by them. */
  void settingsChanged(UserKey user);

  /**
   * Attaches a socket to its user's session. Whatever the device has to hear comes as {@link
   * ToSocket} until the socket's actor stops, which detaches it. Another socket of the same device
   * is told {@link ToSocket.CloseReason#REPLACED}.
   *
   * @param cursor the last one the device has seen, to resume from
   */
  void attach(
      UserKey user,
      DeviceId device,
      String platform,
      Optional<String> cursor,
      ActorRef<ToSocket> socket);

  /**
   * A sign of life, every heartbeat: a session that lost its memory with its node answers {@link
   * ToSocket.AttachAgain}.
   */
  void alive(UserKey user, DeviceId device, ActorRef<ToSocket> socket);

  /** Detaches a socket that was closed by its client on purpose or is dead. */
  void detach(UserKey user, DeviceId device, ActorRef<ToSocket> socket);
}
