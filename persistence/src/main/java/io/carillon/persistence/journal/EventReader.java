package io.carillon.persistence.journal;

import io.carillon.engine.call.Actor;
import io.carillon.engine.call.CallEvent;
import io.carillon.engine.call.CallFacts;
import io.carillon.engine.call.CallId;
import io.carillon.engine.call.CallKey;
import io.carillon.engine.call.CallLimits;
import io.carillon.engine.call.EventHeader;
import io.carillon.engine.call.Invitation;
import io.carillon.engine.call.JitsiRoom;
import io.carillon.engine.call.RequestKey;
import io.carillon.engine.call.StoredEvent;
import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.Endpoint;
import io.carillon.engine.identity.RealmId;
import io.carillon.engine.identity.UserId;
import io.carillon.persistence.words.Vocabulary;
import java.util.List;

/** Reads every version of every event that was ever written. */
final class EventReader {
  private EventReader() {}

  static StoredEvent read(String manifest, JsonFields json) {
    CallKey key = new CallKey(new RealmId(json.text("realm")), new CallId(json.text("call_id")));
    return new StoredEvent(
        key,
        json.number("seq"),
        event(manifest, json, key, header(json)),
        json.optionalMoment("wake_at"));
  }

  private static CallEvent event(
      String manifest, JsonFields json, CallKey key, EventHeader header) {
    return switch (manifest) {
      case "call.initiated.v1" ->
          new CallEvent.Initiated(header, facts(json.object("facts"), key), invitations(json));
      case "call.ring_started.v1" ->
          new CallEvent.RingStarted(header, endpoint(json, "by"), json.moment("deadline"));
      case "call.ring_withheld.v1" ->
          new CallEvent.RingWithheld(header, endpoint(json, "by"), json.text("why"));
      case "call.ring_ignored.v1" -> new CallEvent.RingIgnored(header, endpoint(json, "by"));
      case "call.accepted.v1" -> new CallEvent.Accepted(header, endpoint(json, "by"));
      case "call.connected.v1" -> new CallEvent.Connected(header);
      case "call.status_changed.v1" ->
          new CallEvent.StatusChanged(
              header,
              user(json, "user"),
              Vocabulary.STATUSES.constant(json.text("status")),
              json.flag("active"));
      case "call.connection_lost.v1" ->
          new CallEvent.ConnectionLost(header, endpoint(json, "device"), json.moment("deadline"));
      case "call.connection_regained.v1" ->
          new CallEvent.ConnectionRegained(header, endpoint(json, "device"));
      case "call.invited.v1" -> new CallEvent.Invited(header, user(json, "by"), invitations(json));
      case "call.leg_closed.v1" ->
          new CallEvent.LegClosed(
              header, user(json, "user"), Vocabulary.REASONS.constant(json.text("reason")));
      case "call.left.v1" ->
          new CallEvent.Left(
              header,
              user(json, "user"),
              Vocabulary.REASONS.constant(json.text("reason")),
              json.flag("barred"));
      case "call.role_changed.v1" ->
          new CallEvent.RoleChanged(
              header, user(json, "user"), Vocabulary.ROLES.constant(json.text("role")));
      case "call.mode_changed.v1" ->
          new CallEvent.ModeChanged(header, Vocabulary.MODES.constant(json.text("mode")));
      case "call.handed_off.v1" ->
          new CallEvent.HandedOff(
              header,
              user(json, "user"),
              new DeviceId(json.text("from")),
              new DeviceId(json.text("to")));
      case "call.extended.v1" -> new CallEvent.Extended(header, json.moment("ends_by"));
      case "call.expiring.v1" -> new CallEvent.Expiring(header, json.duration("remaining_ms"));
      case "call.ended.v1" ->
          new CallEvent.Ended(
              header,
              Vocabulary.REASONS.constant(json.text("reason")),
              json.optionalText("note"),
              json.optionalText("successor").map(CallId::new),
              json.flag("raced_cancel"));
      case "call.late_accepted.v1" ->
          new CallEvent.LateAccepted(header, endpoint(json, "by"), json.duration("late_by_ms"));
      default ->
          throw new UnreadableEventException(
              manifest, "this version of the engine does not know it", null);
    };
  }

  private static EventHeader header(JsonFields json) {
    return new EventHeader(
        json.moment("at"),
        actor(json.object("actor")),
        json.optionalObject("request")
            .map(
                request ->
                    new RequestKey(
                        user(request, "user"), request.text("key"), request.text("fingerprint"))));
  }

  static Actor actor(JsonFields json) {
    String kind = json.text("kind");
    return switch (kind) {
      case "device" ->
          new Actor.Device(new Endpoint(user(json, "user"), new DeviceId(json.text("device"))));
      case "clock" -> new Actor.Clock(json.moment("due"));
      case "engine" -> new Actor.Engine();
      case "admin" -> new Actor.Admin(user(json, "user"));
      case "service" -> new Actor.Service(user(json, "user"));
      default -> throw new IllegalArgumentException("unknown kind of actor '" + kind + "'");
    };
  }

  private static CallFacts facts(JsonFields json, CallKey key) {
    return new CallFacts(
        key,
        endpoint(json, "caller"),
        Vocabulary.TYPES.constant(json.text("call_type")),
        Vocabulary.MODES.constant(json.text("mode")),
        Vocabulary.RINGS.constant(json.text("ring")),
        Vocabulary.MEDIA_PLANES.constant(json.text("media_plane")),
        json.optionalObject("jitsi")
            .map(room -> new JitsiRoom(room.text("server_url"), room.text("name"))),
        json.optionalText("context"),
        json.optionalText("metadata"),
        json.flag("detached"),
        limits(json.object("limits")),
        json.moment("created_at"));
  }

  private static CallLimits limits(JsonFields json) {
    return new CallLimits(
        json.duration("setup_timeout_ms"),
        json.duration("ring_timeout_ms"),
        json.duration("ring_cap_ms"),
        json.duration("ring_grace_ms"),
        json.duration("min_ring_ms"),
        json.duration("caller_ring_grace_ms"),
        json.duration("reconnect_grace_ms"),
        json.duration("connect_timeout_ms"),
        json.duration("max_duration_ms"),
        json.duration("empty_timeout_ms"),
        json.duration("departure_timeout_ms"),
        (int) json.number("ring_size"));
  }

  private static List<Invitation> invitations(JsonFields json) {
    return json.list(
        "invitations",
        item -> new Invitation(user(item, "user"), Vocabulary.LINES.constant(item.text("line"))));
  }

  private static Endpoint endpoint(JsonFields json, String name) {
    JsonFields endpoint = json.object(name);
    return new Endpoint(user(endpoint, "user"), new DeviceId(endpoint.text("device")));
  }

  private static UserId user(JsonFields json, String name) {
    return new UserId(json.text(name));
  }
}
