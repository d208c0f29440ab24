package io.carillon.persistence.journal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import io.carillon.engine.call.Actor;
import io.carillon.engine.call.CallEvent;
import io.carillon.engine.call.CallFacts;
import io.carillon.engine.call.CallLimits;
import io.carillon.engine.call.EventHeader;
import io.carillon.engine.call.Invitation;
import io.carillon.engine.call.StoredEvent;
import io.carillon.engine.identity.Endpoint;
import io.carillon.engine.identity.UserId;
import io.carillon.persistence.words.Vocabulary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Writes events as the current version of each. The mirror of {@link EventReader}. */
final class EventWriter {
  private static final int USUAL_SIZE = 512;

  private final JsonFactory factory;

  EventWriter(JsonFactory factory) {
    this.factory = factory;
  }

  byte[] write(StoredEvent stored) {
    try (ByteArrayBuilder bytes = new ByteArrayBuilder(USUAL_SIZE)) {
      try (JsonGenerator json = factory.createGenerator(bytes)) {
        json.writeStartObject();
        json.writeStringField("realm", stored.key().realm().value());
        json.writeStringField("call_id", stored.key().call().value());
        json.writeNumberField("seq", stored.seq());
        header(json, stored.event().header());
        body(json, stored.event());
        moment(json, "wake_at", stored.wakeAt());
        json.writeEndObject();
      }
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // Into memory: not reached.
    }
  }

  private static void header(JsonGenerator json, EventHeader header) throws IOException {
    moment(json, "at", header.at());
    json.writeFieldName("actor");
    actor(json, header.actor());
    if (header.request().isPresent()) {
      var request = header.request().get();
      json.writeObjectFieldStart("request");
      json.writeStringField("user", request.user().value());
      json.writeStringField("key", request.key());
      json.writeStringField("fingerprint", request.fingerprint());
      json.writeEndObject();
    }
  }

  private static void actor(JsonGenerator json, Actor actor) throws IOException {
    json.writeStartObject();
    switch (actor) {
      case Actor.Device(Endpoint endpoint) -> {
        json.writeStringField("kind", "device");
        json.writeStringField("user", endpoint.user().value());
        json.writeStringField("device", endpoint.device().value());
      }
      case Actor.Clock(Instant due) -> {
        json.writeStringField("kind", "clock");
        moment(json, "due", due);
      }
      case Actor.Engine _ -> json.writeStringField("kind", "engine");
      case Actor.Admin(UserId user) -> {
        json.writeStringField("kind", "admin");
        json.writeStringField("user", user.value());
      }
      case Actor.Service(UserId user) -> {
        json.writeStringField("kind", "service");
        json.writeStringField("user", user.value());
      }
    }
    json.writeEndObject();
  }

  private void body(JsonGenerator json, CallEvent event) throws IOException {
    switch (event) {
      case CallEvent.Initiated e -> {
        facts(json, e.facts());
        invitations(json, e.invitations());
      }
      case CallEvent.RingStarted e -> {
        endpoint(json, "by", e.by());
        moment(json, "deadline", e.deadline());
      }
      case CallEvent.RingWithheld e -> {
        endpoint(json, "by", e.by());
        json.writeStringField("why", e.why());
      }
      case CallEvent.RingIgnored e -> endpoint(json, "by", e.by());
      case CallEvent.Accepted e -> endpoint(json, "by", e.by());
      case CallEvent.Connected _ -> {}
      case CallEvent.StatusChanged e -> {
        json.writeStringField("user", e.user().value());
        json.writeStringField("status", Vocabulary.STATUSES.word(e.status()));
        json.writeBooleanField("active", e.active());
      }
      case CallEvent.ConnectionLost e -> {
        endpoint(json, "device", e.device());
        moment(json, "deadline", e.deadline());
      }
      case CallEvent.ConnectionRegained e -> endpoint(json, "device", e.device());
      case CallEvent.Invited e -> {
        json.writeStringField("by", e.by().value());
        invitations(json, e.invitations());
      }
      case CallEvent.LegClosed e -> {
        json.writeStringField("user", e.user().value());
        json.writeStringField("reason", Vocabulary.REASONS.word(e.reason()));
      }
      case CallEvent.Left e -> {
        json.writeStringField("user", e.user().value());
        json.writeStringField("reason", Vocabulary.REASONS.word(e.reason()));
        json.writeBooleanField("barred", e.barred());
      }
      case CallEvent.RoleChanged e -> {
        json.writeStringField("user", e.user().value());
        json.writeStringField("role", Vocabulary.ROLES.word(e.role()));
      }
      case CallEvent.ModeChanged e ->
          json.writeStringField("mode", Vocabulary.MODES.word(e.mode()));
      case CallEvent.HandedOff e -> {
        json.writeStringField("user", e.user().value());
        json.writeStringField("from", e.from().value());
        json.writeStringField("to", e.to().value());
      }
      case CallEvent.Extended e -> moment(json, "ends_by", e.endsBy());
      case CallEvent.Expiring e -> duration(json, "remaining_ms", e.remaining());
      case CallEvent.Ended e -> {
        json.writeStringField("reason", Vocabulary.REASONS.word(e.reason()));
        text(json, "note", e.note());
        text(json, "successor", e.successor().map(Object::toString));
        json.writeBooleanField("raced_cancel", e.racedCancel());
      }
      case CallEvent.LateAccepted e -> {
        endpoint(json, "by", e.by());
        duration(json, "late_by_ms", e.lateBy());
      }
    }
  }

  private void facts(JsonGenerator json, CallFacts facts) throws IOException {
    json.writeObjectFieldStart("facts");
    endpoint(json, "caller", facts.caller());
    json.writeStringField("call_type", Vocabulary.TYPES.word(facts.type()));
    json.writeStringField("mode", Vocabulary.MODES.word(facts.mode()));
    json.writeStringField("ring", Vocabulary.RINGS.word(facts.ring()));
    json.writeStringField("media_plane", Vocabulary.MEDIA_PLANES.word(facts.mediaPlane()));
    if (facts.jitsi().isPresent()) {
      json.writeObjectFieldStart("jitsi");
      json.writeStringField("server_url", facts.jitsi().get().serverUrl());
      json.writeStringField("name", facts.jitsi().get().name());
      json.writeEndObject();
    }
    verbatim(json, "context", facts.context());
    verbatim(json, "metadata", facts.metadata());
    json.writeBooleanField("detached", facts.detached());
    limits(json, facts.limits());
    moment(json, "created_at", facts.createdAt());
    json.writeEndObject();
  }

  private static void limits(JsonGenerator json, CallLimits limits) throws IOException {
    json.writeObjectFieldStart("limits");
    duration(json, "setup_timeout_ms", limits.setupTimeout());
    duration(json, "ring_timeout_ms", limits.ringTimeout());
    duration(json, "ring_cap_ms", limits.ringCap());
    duration(json, "ring_grace_ms", limits.ringGrace());
    duration(json, "min_ring_ms", limits.minRing());
    duration(json, "caller_ring_grace_ms", limits.callerRingGrace());
    duration(json, "reconnect_grace_ms", limits.reconnectGrace());
    duration(json, "connect_timeout_ms", limits.connectTimeout());
    duration(json, "max_duration_ms", limits.maxDuration());
    duration(json, "empty_timeout_ms", limits.emptyTimeout());
    duration(json, "departure_timeout_ms", limits.departureTimeout());
    json.writeNumberField("ring_size", limits.ringSize());
    json.writeEndObject();
  }

  private static void invitations(JsonGenerator json, List<Invitation> invitations)
      throws IOException {
    json.writeArrayFieldStart("invitations");
    for (Invitation invitation : invitations) {
      json.writeStartObject();
      json.writeStringField("user", invitation.user().value());
      json.writeStringField("line", Vocabulary.LINES.word(invitation.line()));
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void endpoint(JsonGenerator json, String name, Endpoint endpoint)
      throws IOException {
    json.writeObjectFieldStart(name);
    json.writeStringField("user", endpoint.user().value());
    json.writeStringField("device", endpoint.device().value());
    json.writeEndObject();
  }

  private static void moment(JsonGenerator json, String name, Instant moment) throws IOException {
    json.writeNumberField(name, moment.toEpochMilli());
  }

  private static void moment(JsonGenerator json, String name, Optional<Instant> moment)
      throws IOException {
    if (moment.isPresent()) {
      moment(json, name, moment.get());
    }
  }

  private static void duration(JsonGenerator json, String name, Duration duration)
      throws IOException {
    json.writeNumberField(name, duration.toMillis());
  }

  private static void text(JsonGenerator json, String name, Optional<String> text)
      throws IOException {
    if (text.isPresent()) {
      json.writeStringField(name, text.get());
    }
  }

  /**
   * The application's own JSON goes in as it came, byte for byte: what a replay gives back is what
   * life had. What is not JSON would make the whole event unreadable, so it is looked through.
   */
  private void verbatim(JsonGenerator json, String name, Optional<String> text) throws IOException {
    if (text.isEmpty()) {
      return;
    }
    try (JsonParser parser = factory.createParser(text.get())) {
      if (parser.nextToken() == null) {
        throw new IllegalArgumentException("the call's " + name + " is empty");
      }
      parser.skipChildren();
      parser.finishToken();
      if (parser.nextToken() != null) {
        throw new IllegalArgumentException("the call's " + name + " is more than one JSON value");
      }
    } catch (com.fasterxml.jackson.core.JsonProcessingException _) {
      throw new IllegalArgumentException("the call's " + name + " is not JSON");
    }
    json.writeFieldName(name);
    json.writeRawValue(text.get().strip());
  }
}
