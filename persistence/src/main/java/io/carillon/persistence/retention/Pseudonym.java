package io.carillon.persistence.retention;

import io.carillon.engine.call.Actor;
import io.carillon.engine.call.CallEvent;
import io.carillon.engine.call.CallFacts;
import io.carillon.engine.call.EventHeader;
import io.carillon.engine.call.Invitation;
import io.carillon.engine.call.StoredEvent;
import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.Endpoint;
import io.carillon.engine.identity.UserId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts a pseudonym in a user's place, event by event. What happened, when, and to everybody else
 * stays; what could tell who it was goes: the user's id and devices, the keys of the user's
 * requests, the application's texts of calls that the user placed, and every text that contains the
 * id. One of these for all of a user's calls, so that a device keeps its new name among them. Pure.
 */
final class Pseudonym {
  private final UserId user;
  private final UserId instead;
  private final Map<DeviceId, DeviceId> devices = new HashMap<>();

  Pseudonym(UserId user, UserId instead) {
    this.user = user;
    this.instead = instead;
  }

  StoredEvent of(StoredEvent stored) {
    return new StoredEvent(stored.key(), stored.seq(), event(stored.event()), stored.wakeAt());
  }

  private CallEvent event(CallEvent event) {
    EventHeader header = header(event.header());
    return switch (event) {
      case CallEvent.Initiated e ->
          new CallEvent.Initiated(header, facts(e.facts()), invitations(e.invitations()));
      case CallEvent.RingStarted e ->
          new CallEvent.RingStarted(header, endpoint(e.by()), e.deadline());
      case CallEvent.RingWithheld e ->
          new CallEvent.RingWithheld(header, endpoint(e.by()), e.why());
      case CallEvent.RingIgnored e -> new CallEvent.RingIgnored(header, endpoint(e.by()));
      case CallEvent.Accepted e -> new CallEvent.Accepted(header, endpoint(e.by()));
      case CallEvent.Connected _ -> new CallEvent.Connected(header);
      case CallEvent.StatusChanged e ->
          new CallEvent.StatusChanged(header, user(e.user()), e.status(), e.active());
      case CallEvent.ConnectionLost e ->
          new CallEvent.ConnectionLost(header, endpoint(e.device()), e.deadline());
      case CallEvent.ConnectionRegained e ->
          new CallEvent.ConnectionRegained(header, endpoint(e.device()));
      case CallEvent.Invited e ->
          new CallEvent.Invited(header, user(e.by()), invitations(e.invitations()));
      case CallEvent.LegClosed e -> new CallEvent.LegClosed(header, user(e.user()), e.reason());
      case CallEvent.Left e -> new CallEvent.Left(header, user(e.user()), e.reason(), e.barred());
      case CallEvent.RoleChanged e -> new CallEvent.RoleChanged(header, user(e.user()), e.role());
      case CallEvent.ModeChanged e -> new CallEvent.ModeChanged(header, e.mode());
      case CallEvent.HandedOff e ->
          e.user().equals(user)
              ? new CallEvent.HandedOff(header, instead, device(e.from()), device(e.to()))
              : new CallEvent.HandedOff(header, e.user(), e.from(), e.to());
      case CallEvent.Extended e -> new CallEvent.Extended(header, e.endsBy());
      case CallEvent.Expiring e -> new CallEvent.Expiring(header, e.remaining());
      case CallEvent.Ended e ->
          new CallEvent.Ended(header, e.reason(), silent(e.note()), e.successor(), e.racedCancel());
      case CallEvent.LateAccepted e ->
          new CallEvent.LateAccepted(header, endpoint(e.by()), e.lateBy());
    };
  }

  private EventHeader header(EventHeader header) {
    return new EventHeader(
        header.at(), actor(header.actor()), header.request().filter(r -> !r.user().equals(user)));
  }

  private Actor actor(Actor actor) {
    return switch (actor) {
      case Actor.Device(Endpoint by) -> new Actor.Device(endpoint(by));
      case Actor.Admin(UserId by) -> new Actor.Admin(user(by));
      case Actor.Service(UserId by) -> new Actor.Service(user(by));
      case Actor.Clock _, Actor.Engine _ -> actor;
    };
  }

  private CallFacts facts(CallFacts facts) {
    boolean own = facts.caller().user().equals(user);
    return new CallFacts(
        facts.key(),
        endpoint(facts.caller()),
        facts.type(),
        facts.mode(),
        facts.ring(),
        facts.mediaPlane(),
        facts.jitsi(),
        own ? Optional.empty() : silent(facts.context()),
        own ? Optional.empty() : silent(facts.metadata()),
        facts.detached(),
        facts.limits(),
        facts.createdAt());
  }

  private Optional<String> silent(Optional<String> text) {
    return text.filter(t -> !t.contains(user.value()));
  }

  private List<Invitation> invitations(List<Invitation> invitations) {
    return invitations.stream().map(i -> new Invitation(user(i.user()), i.line())).toList();
  }

  private Endpoint endpoint(Endpoint endpoint) {
    return endpoint.user().equals(user)
        ? new Endpoint(instead, device(endpoint.device()))
        : endpoint;
  }

  private DeviceId device(DeviceId device) {
    return device.equals(DeviceId.REST)
        ? device
        : devices.computeIfAbsent(device, _ -> new DeviceId("device-" + (devices.size() + 1)));
  }

  private UserId user(UserId one) {
    return one.equals(user) ? instead : one;
  }
}
