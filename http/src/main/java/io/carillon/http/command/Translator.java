package io.carillon.http.command;

import io.carillon.engine.actor.Initiation;
import io.carillon.engine.call.CallCommand;
import io.carillon.engine.call.CallId;
import io.carillon.engine.call.EndReason;
import io.carillon.engine.call.MediaPlane;
import io.carillon.engine.call.RequestKey;
import io.carillon.engine.call.Signal;
import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.Endpoint;
import io.carillon.engine.identity.UserId;
import io.carillon.http.auth.Principal;
import io.carillon.http.auth.Role;
import io.carillon.http.protocol.ClientFrame;
import io.carillon.http.protocol.ErrorCode;
import io.carillon.http.protocol.Problem;
import io.carillon.http.settings.RealmSettings;
import java.util.List;
import java.util.Optional;

/** Makes of an order what the engine understands; pure. */
final class Translator {
  private Translator() {}

  /** What an order means to the engine. */
  sealed interface Meaning {
    /** Place a call. */
    record Place(Initiation initiation) implements Meaning {}

    /**
     * Bring a command to its call.
     *
     * @param answer an SDP answer that came with an accept
     */
    record Submit(CallId call, CallCommand command, Optional<Signal> answer) implements Meaning {}

    /** Call further users into a call. */
    record Invite(CallId call, Endpoint by, List<UserId> callees, Optional<RequestKey> key)
        implements Meaning {}

    /** Pass a signal on. */
    record Relay(CallId call, Signal signal) implements Meaning {}

    /** Refused before it gets anywhere. */
    record Refused(Problem problem) implements Meaning {}
  }

  /**
   * Says what an order means.
   *
   * @param device the device that asks; empty for an initiate that leaves it to the engine
   */
  static Meaning meaning(
      ClientFrame.Order order,
      Principal principal,
      Optional<DeviceId> device,
      RealmSettings realm) {
    Optional<RequestKey> key =
        order
            .tag()
            .idempotencyKey()
            .map(k -> new RequestKey(principal.user().user(), k, Fingerprint.of(order)));
    Endpoint by = new Endpoint(principal.user().user(), device.orElse(DeviceId.REST));
    return switch (order) {
      case ClientFrame.Initiate o -> place(o, principal, device, key, realm);
      case ClientFrame.Acknowledge o ->
          submit(o, new CallCommand.AcknowledgeRing(by, o.withheld(), key));
      case ClientFrame.Accept o ->
          new Meaning.Submit(
              o.call(),
              new CallCommand.Accept(by, o.takeover(), key),
              o.answer()
                  .map(
                      sdp ->
                          new Signal(Signal.Kind.ANSWER, sdp, Optional.empty(), Optional.empty())));
      case ClientFrame.Reject o ->
          submit(o, new CallCommand.Decline(by, o.reason(), o.scope(), key));
      case ClientFrame.Cancel o -> submit(o, new CallCommand.Cancel(by, key));
      case ClientFrame.End o -> submit(o, new CallCommand.Hangup(by, o.reason(), key));
      case ClientFrame.Leave o -> submit(o, new CallCommand.Hangup(by, EndReason.HANGUP, key));
      case ClientFrame.Status o ->
          submit(o, new CallCommand.ChangeStatus(by, o.status(), o.active(), key));
      case ClientFrame.Heartbeat o -> submit(o, new CallCommand.Heartbeat(by));
      case ClientFrame.Invite o -> new Meaning.Invite(o.call(), by, o.callees(), key);
      case ClientFrame.Uninvite o -> submit(o, new CallCommand.Uninvite(by, o.user(), key));
      case ClientFrame.Remove o -> submit(o, new CallCommand.Remove(by, o.user(), o.barred(), key));
      case ClientFrame.AssignRole o ->
          submit(o, new CallCommand.AssignRole(by, o.user(), o.role(), key));
      case ClientFrame.Mute o -> submit(o, new CallCommand.MuteOther(by, o.user(), key));
      case ClientFrame.EndForAll o -> submit(o, new CallCommand.EndForAll(by, key));
      case ClientFrame.Escalate o -> submit(o, new CallCommand.Escalate(by, key));
      case ClientFrame.HandOff o -> submit(o, new CallCommand.HandOff(by, o.to(), key));
      case ClientFrame.Extend o -> submit(o, new CallCommand.Extend(by, o.extra(), key));
      case ClientFrame.Media o -> new Meaning.Relay(o.call(), o.signal());
    };
  }

  private static Meaning submit(ClientFrame.CallOrder order, CallCommand command) {
    return new Meaning.Submit(order.call(), command, Optional.empty());
  }

  private static Meaning place(
      ClientFrame.Initiate order,
      Principal principal,
      Optional<DeviceId> device,
      Optional<RequestKey> key,
      RealmSettings realm) {
    MediaPlane plane = order.plane().orElse(realm.plane());
    if (order.callees().contains(principal.user().user())) {
      return new Meaning.Refused(Problem.of(ErrorCode.SELF_CALL));
    }
    if (!realm.allows(order.type()) || !realm.allows(plane)) {
      return new Meaning.Refused(Problem.of(ErrorCode.UNSUPPORTED_MEDIA));
    }
    Optional<RealmSettings.OutOfRange> wrong = realm.outOfRange(order.timeouts());
    if (wrong.isPresent()) {
      return new Meaning.Refused(
          Problem.invalid(
              wrong.get().pointer(), "must lie between " + wrong.get().range() + " milliseconds"));
    }
    return new Meaning.Place(
        new Initiation(
            principal.user(),
            device,
            order.callees(),
            order.type(),
            order.mode(),
            order.ring(),
            plane,
            order.context(),
            order.metadata(),
            realm.limits(order.timeouts()),
            order.offer(),
            order.detached(),
            principal.roles().contains(Role.SERVICE),
            realm.refuseBusy(),
            key,
            order.callId()));
  }
}
