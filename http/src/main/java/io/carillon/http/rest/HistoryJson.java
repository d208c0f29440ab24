package io.carillon.http.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import io.carillon.engine.identity.UserId;
import io.carillon.engine.identity.UserKey;
import io.carillon.http.protocol.Names;
import io.carillon.http.protocol.Reader;
import io.carillon.http.protocol.Timestamps;
import io.carillon.http.protocol.Words;
import io.carillon.persistence.readmodel.HistoryCall;
import io.carillon.persistence.readmodel.HistoryParty;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * A call of the history: the call object, as far as rows tell it, with the seeds' {@code user_id}
 * and {@code user_name} of the peer.
 */
final class HistoryJson {
  private final Names names;

  HistoryJson(Names names) {
    this.names = names;
  }

  void write(JsonGenerator json, HistoryCall call, Reader reader, Instant now) throws IOException {
    json.writeStartObject();
    json.writeStringField("call_id", call.key().call().value());
    Optional<UserId> peer = call.peer(reader.user());
    if (peer.isPresent()) {
      user(json, call, reader, "user", peer.get());
    }
    json.writeStringField("call_type", Words.CALL_TYPE.word(call.type()));
    json.writeStringField("mode", Words.MODE.word(call.mode()));
    json.writeStringField("state", call.state().name().toLowerCase(Locale.ROOT));
    if (call.reason().isPresent()) {
      json.writeStringField("reason", Words.REASON.word(call.reason().get()));
    }
    user(json, call, reader, "sender", call.caller().user());
    if (call.receiver().isPresent()) {
      user(json, call, reader, "receiver", call.receiver().get());
    }
    json.writeArrayFieldStart("participants");
    for (HistoryParty party : call.parties()) {
      json.writeStartObject();
      reader.writeId(json, "user_id", party.user());
      json.writeStringField("name", name(call, party.user()));
      json.writeStringField("role", Words.ROLE.word(party.role()));
      json.writeStringField("state", party.state().name().toLowerCase(Locale.ROOT));
      json.writeArrayFieldStart("statuses");
      json.writeEndArray();
      if (party.device().isPresent()) {
        json.writeStringField("device_id", party.device().get().value());
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeBooleanField("is_outgoing", call.isOutgoing(reader.user()));
    text(json, "jitsi_url", call.jitsiUrl());
    json.writeStringField("media_plane", Words.MEDIA_PLANE.word(call.mediaPlane()));
    if (call.context().isPresent()) {
      json.writeFieldName("context");
      json.writeRawValue(call.context().get());
    }
    times(json, call, reader, now);
    json.writeNumberField("call_seq", call.seq());
    json.writeEndObject();
  }

  private static void times(JsonGenerator json, HistoryCall call, Reader reader, Instant now)
      throws IOException {
    json.writeStringField("created_at", Timestamps.text(call.createdAt()));
    text(json, "ringing_at", call.ringingAt().map(Timestamps::text));
    text(json, "answered_at", call.answeredAt().map(Timestamps::text));
    text(json, "connected_at", call.connectedAt().map(Timestamps::text));
    text(json, "ended_at", call.endedAt().map(Timestamps::text));
    if (call.endedBy().isPresent()) {
      HistoryCall.EndedBy by = call.endedBy().get();
      json.writeObjectFieldStart("ended_by");
      json.writeStringField(
          "type",
          switch (by.kind()) {
            case "device" -> "user";
            case "admin", "service" -> by.kind();
            default -> "system";
          });
      if (by.user().isPresent()) {
        reader.writeId(json, "user_id", by.user().get());
      }
      if (by.device().isPresent()) {
        json.writeStringField("device_id", by.device().get().value());
      }
      json.writeEndObject();
    }
    json.writeNumberField("duration", seconds(call.talk(now)));
    json.writeNumberField("ring_duration", seconds(call.ring(now)));
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }

  private void user(JsonGenerator json, HistoryCall call, Reader reader, String prefix, UserId user)
      throws IOException {
    reader.writeId(json, prefix + "_id", user);
    json.writeStringField(prefix + "_name", name(call, user));
  }

  private String name(HistoryCall call, UserId user) {
    return names.of(new UserKey(call.key().realm(), user));
  }

  private static void text(JsonGenerator json, String field, Optional<String> value)
      throws IOException {
    if (value.isPresent()) {
      json.writeStringField(field, value.get());
    }
  }
}
