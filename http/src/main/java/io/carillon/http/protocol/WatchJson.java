package io.carillon.http.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import io.carillon.engine.call.CallSnapshot;
import io.carillon.engine.call.Notice;
import io.carillon.engine.identity.DeviceId;
import java.io.IOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The frames of a realm's stream. */
final class WatchJson {
  private WatchJson() {}

  static void snapshot(
      JsonGenerator json,
      ServerFrame.RealmSnapshot frame,
      CallJson calls,
      Reader reader,
      Instant now)
      throws IOException {
    json.writeStringField("type", "admin.snapshot");
    json.writeStringField("watch", frame.watch());
    json.writeBooleanField("recovered", frame.recovered());
    json.writeArrayFieldStart("calls");
    for (CallSnapshot call : frame.calls()) {
      calls.write(json, call, reader, now);
    }
    json.writeEndArray();
    json.writeBooleanField("more", frame.more());
    if (frame.truncated()) {
      json.writeBooleanField("truncated", true);
    }
    if (frame.cursor().isPresent()) {
      json.writeStringField("watch_cursor", frame.cursor().get());
    }
  }

  static void event(
      JsonGenerator json, ServerFrame.RealmEvent frame, CallJson calls, Reader reader, Instant now)
      throws IOException {
    CallSnapshot call = frame.call();
    String id = call.facts().key().call().value();
    json.writeStringField("type", "admin.event");
    json.writeStringField("watch", frame.watch());
    json.writeStringField("event", frame.name());
    if (!frame.detail().isEmpty()) {
      json.writeStringField("detail", frame.detail());
    }
    json.writeStringField("call_id", id);
    json.writeNumberField("call_seq", call.seq());
    json.writeStringField("watch_cursor", frame.cursor());
    json.writeStringField("timestamp", Timestamps.text(frame.event().header().at()));
    json.writeFieldName("actor");
    CallJson.writeActor(json, frame.event().header().actor(), reader);
    if (frame.node().isPresent()) {
      json.writeStringField("node", frame.node().get());
    }
    json.writeArrayFieldStart("told");
    for (Notice notice : frame.told()) {
      told(json, notice, reader);
    }
    json.writeEndArray();
    json.writeFieldName("call");
    calls.write(json, call, reader, now);
  }

  private static void told(JsonGenerator json, Notice notice, Reader reader) throws IOException {
    json.writeStartObject();
    reader.writeId(json, "user_id", notice.to());
    json.writeStringField("event_type", Words.EVENT_TYPE.word(notice.type()));
    Optional<String> reason = notice.stop().map(Words.STOP_REASON::word);
    if (reason.isPresent()) {
      json.writeStringField("reason", reason.get());
    }
    switch (notice.audience()) {
      case Notice.All _ -> {}
      case Notice.Only(DeviceId device) -> devices(json, "devices", List.of(device));
      case Notice.AllBut(var but) ->
          devices(json, "devices_except", but.stream().sorted(BY_ID).toList());
    }
    json.writeEndObject();
  }

  private static final Comparator<DeviceId> BY_ID = Comparator.comparing(DeviceId::value);

  private static void devices(JsonGenerator json, String field, List<DeviceId> devices)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (DeviceId device : devices) {
      json.writeString(device.value());
    }
    json.writeEndArray();
  }

  static void counters(JsonGenerator json, ServerFrame.RealmCounters frame) throws IOException {
    json.writeStringField("type", "admin.counters");
    json.writeStringField("watch", frame.watch());
    json.writeNumberField("calling", frame.calling());
    json.writeNumberField("ringing", frame.ringing());
    json.writeNumberField("accepted", frame.accepted());
    json.writeNumberField("connections", frame.connections());
  }
}
