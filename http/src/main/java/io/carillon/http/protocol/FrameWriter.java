package io.carillon.http.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import io.carillon.engine.call.Actor;
import io.carillon.engine.call.CallEvent;
import io.carillon.engine.call.CallSnapshot;
import io.carillon.engine.call.Notice;
import io.carillon.engine.call.Signal;
import io.carillon.engine.identity.UserId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Writes frames and REST bodies as UTF-8 JSON, field by field: this is the hottest code of the
 * edge, and a tree or reflection in between costs as much as everything else together.
 */
public final class FrameWriter {
  private static final int USUAL_BYTES = 1024;

  private final CallJson calls;

  /**
   * @param names what users are called
   */
  public FrameWriter(Names names) {
    this.calls = new CallJson(names);
  }

  /** Something that writes JSON. */
  @FunctionalInterface
  public interface Content {
    /** Writes it. */
    void write(JsonGenerator json) throws IOException;
  }

  /** The renderer of call objects. */
  public CallJson calls() {
    return calls;
  }

  /** Runs the writer and returns the bytes. */
  public static byte[] bytes(Content content) {
    try (ByteArrayBuilder out = new ByteArrayBuilder(USUAL_BYTES)) {
      // Closing the generator is what brings its buffer into ours.
      try (JsonGenerator json = Json.FACTORY.createGenerator(out)) {
        content.write(json);
      }
      return out.toByteArray();
    } catch (IOException inMemory) {
      throw new UncheckedIOException(inMemory);
    }
  }

  /** Writes one frame for one reader; running times are those at {@code now}. */
  public byte[] write(ServerFrame frame, Reader reader, Instant now) {
    return bytes(
        json -> {
          json.writeStartObject();
          fields(json, frame, reader, now);
          json.writeEndObject();
        });
  }

  private void fields(JsonGenerator json, ServerFrame frame, Reader reader, Instant now)
      throws IOException {
    switch (frame) {
      case ServerFrame.ConnectionAck f -> {
        type(json, "connection.ack");
        reader.writeId(json, "user_id", f.user());
        json.writeStringField("device_id", f.device().value());
        json.writeStringField("session_id", f.sessionId());
        json.writeStringField("server_time", Timestamps.text(f.serverTime()));
        json.writeNumberField("heartbeat_ms", f.heartbeatMs());
        json.writeBooleanField("recovered", f.recovered());
        calls(json, f.calls(), reader, now);
        json.writeStringField("cursor", f.cursor());
        json.writeArrayFieldStart("features");
        for (String feature : f.features()) {
          json.writeString(feature);
        }
        json.writeEndArray();
      }
      case ServerFrame.CallEventFrame f -> event(json, f, reader, now);
      case ServerFrame.MediaFrame f -> media(json, f, reader);
      case ServerFrame.Done f -> {
        type(json, "reply");
        json.writeStringField("id", f.id());
        json.writeBooleanField("ok", true);
        if (f.replayed()) {
          json.writeBooleanField("replayed", true);
        }
        if (f.requested().isPresent()) {
          json.writeBooleanField("glare", true);
          json.writeStringField("requested", f.requested().get().value());
        }
        if (f.call().isPresent()) {
          json.writeFieldName("call");
          calls.write(json, f.call().get(), reader, now);
        }
        raw(json, "offer", f.offer());
        if (f.jitsiToken().isPresent()) {
          json.writeStringField("jitsi_token", f.jitsiToken().get());
        }
      }
      case ServerFrame.Refused f -> {
        type(json, "reply");
        if (f.id().isPresent()) {
          json.writeStringField("id", f.id().get());
        }
        json.writeBooleanField("ok", false);
        json.writeFieldName("error");
        problem(json, f.problem(), Optional.empty(), reader, now);
      }
      case ServerFrame.Pong(Instant serverTime) -> {
        type(json, "pong");
        json.writeStringField("server_time", Timestamps.text(serverTime));
      }
      case ServerFrame.Ping _ -> type(json, "ping");
      case ServerFrame.CatchupDone(String cursor) -> {
        type(json, "catchup.done");
        json.writeStringField("cursor", cursor);
      }
      case ServerFrame.Resync f -> {
        type(json, "resync");
        calls(json, f.calls(), reader, now);
        json.writeStringField("cursor", f.cursor());
      }
      case ServerFrame.AuthExpiring(long expiresInMs) -> {
        type(json, "auth.expiring");
        json.writeNumberField("expires_in_ms", expiresInMs);
      }
      case ServerFrame.Disconnect f -> {
        type(json, "disconnect");
        json.writeNumberField("code", f.code());
        json.writeStringField("reason", f.reason());
        json.writeBooleanField("reconnect", f.reconnect());
        json.writeNumberField("after_ms", f.afterMs());
      }
      case ServerFrame.Watched f -> watched(json, f, reader, now);
      case ServerFrame.Failure(Problem problem) -> {
        type(json, "error");
        json.writeFieldName("error");
        problem(json, problem, Optional.empty(), reader, now);
      }
    }
  }

  private void watched(JsonGenerator json, ServerFrame.Watched frame, Reader reader, Instant now)
      throws IOException {
    switch (frame) {
      case ServerFrame.RealmSnapshot f -> WatchJson.snapshot(json, f, calls, reader, now);
      case ServerFrame.RealmEvent f -> WatchJson.event(json, f, calls, reader, now);
      case ServerFrame.RealmCounters f -> WatchJson.counters(json, f);
      case ServerFrame.WatchEnded f -> {
        type(json, "admin.ended");
        json.writeStringField("watch", f.watch());
        json.writeFieldName("error");
        problem(json, f.problem(), Optional.empty(), reader, now);
      }
    }
  }

  private static void type(JsonGenerator json, String type) throws IOException {
    json.writeStringField("type", type);
  }

  private void calls(JsonGenerator json, List<CallSnapshot> list, Reader reader, Instant now)
      throws IOException {
    json.writeArrayFieldStart("calls");
    for (CallSnapshot call : list) {
      calls.write(json, call, reader, now);
    }
    json.writeEndArray();
  }

  private static void raw(JsonGenerator json, String field, Optional<String> value)
      throws IOException {
    if (value.isPresent()) {
      json.writeFieldName(field);
      json.writeRawValue(value.get());
    }
  }

  private void event(
      JsonGenerator json, ServerFrame.CallEventFrame frame, Reader reader, Instant now)
      throws IOException {
    CallSnapshot call = frame.call();
    String id = call.facts().key().call().value();
    type(json, "call_event");
    json.writeStringField("event_type", Words.EVENT_TYPE.word(frame.notice().type()));
    json.writeStringField("event_id", id + ":" + call.seq());
    json.writeStringField("call_id", id);
    json.writeNumberField("call_seq", call.seq());
    json.writeStringField("cursor", frame.cursor());
    if (frame.catchup()) {
      json.writeBooleanField("catchup", true);
    }
    json.writeStringField("call_type", Words.CALL_TYPE.word(call.facts().type()));
    calls.writeParties(json, call, reader);
    CallJson.writeJitsi(json, call);
    json.writeStringField("state", Words.state(call));
    Optional<String> reason = reason(frame);
    if (reason.isPresent()) {
      json.writeStringField("reason", reason.get());
    }
    remaining(json, frame, reader, now);
    json.writeFieldName("actor");
    Actor actor = frame.event().header().actor();
    CallJson.writeActor(json, actor, reader);
    subject(json, frame.event(), reader);
    json.writeStringField("created_at", Timestamps.text(call.facts().createdAt()));
    json.writeStringField("timestamp", Timestamps.text(frame.event().header().at()));
    raw(json, "offer", frame.offer());
    json.writeFieldName("call");
    calls.write(json, call, reader, now);
  }

  private static Optional<String> reason(ServerFrame.CallEventFrame frame) {
    if (frame.notice().stop().isPresent()) {
      return frame.notice().stop().map(Words.STOP_REASON::word);
    }
    return switch (frame.event()) {
      case CallEvent.LegClosed e -> Optional.of(Words.REASON.word(e.reason()));
      case CallEvent.Left e -> Optional.of(Words.REASON.word(e.reason()));
      case CallEvent.Initiated _,
          CallEvent.RingStarted _,
          CallEvent.RingWithheld _,
          CallEvent.RingIgnored _,
          CallEvent.Accepted _,
          CallEvent.Connected _,
          CallEvent.StatusChanged _,
          CallEvent.ConnectionLost _,
          CallEvent.ConnectionRegained _,
          CallEvent.Invited _,
          CallEvent.RoleChanged _,
          CallEvent.ModeChanged _,
          CallEvent.HandedOff _,
          CallEvent.Extended _,
          CallEvent.Expiring _,
          CallEvent.Ended _,
          CallEvent.LateAccepted _ ->
          frame.call().ending().map(ending -> Words.REASON.word(ending.reason()));
    };
  }

  private static void remaining(
      JsonGenerator json, ServerFrame.CallEventFrame frame, Reader reader, Instant now)
      throws IOException {
    Notice notice = frame.notice();
    if (notice.remaining().isPresent()) {
      json.writeNumberField("remaining_ms", notice.remaining().get().toMillis());
      return;
    }
    Optional<Instant> deadline = CallJson.deadline(frame.call(), reader.user());
    if (deadline.isPresent()) {
      json.writeNumberField("remaining_ms", CallJson.remaining(deadline.get(), now));
    }
  }

  /** What an event says beyond the call it led to: whose part it is about, and what changed. */
  private static void subject(JsonGenerator json, CallEvent event, Reader reader)
      throws IOException {
    switch (event) {
      case CallEvent.StatusChanged e -> {
        reader.writeId(json, "user_id", e.user());
        json.writeStringField("status", Words.STATUS.word(e.status()));
        json.writeBooleanField("active", e.active());
      }
      case CallEvent.LegClosed e -> reader.writeId(json, "user_id", e.user());
      case CallEvent.Left e -> reader.writeId(json, "user_id", e.user());
      case CallEvent.RoleChanged e -> {
        reader.writeId(json, "user_id", e.user());
        json.writeStringField("role", Words.ROLE.word(e.role()));
      }
      case CallEvent.ConnectionLost e -> reader.writeId(json, "user_id", e.device().user());
      case CallEvent.ConnectionRegained e -> reader.writeId(json, "user_id", e.device().user());
      case CallEvent.HandedOff e -> reader.writeId(json, "user_id", e.user());
      case CallEvent.Ended e -> {
        if (e.note().isPresent()) {
          json.writeStringField("note", e.note().get());
        }
      }
      case CallEvent.Initiated _,
          CallEvent.RingStarted _,
          CallEvent.RingWithheld _,
          CallEvent.RingIgnored _,
          CallEvent.Accepted _,
          CallEvent.Connected _,
          CallEvent.Invited _,
          CallEvent.ModeChanged _,
          CallEvent.Extended _,
          CallEvent.Expiring _,
          CallEvent.LateAccepted _ -> {}
    }
  }

  private void media(JsonGenerator json, ServerFrame.MediaFrame frame, Reader reader)
      throws IOException {
    CallSnapshot call = frame.call();
    Signal signal = frame.signal();
    UserId from = frame.from().user();
    type(
        json,
        switch (signal.kind()) {
          case OFFER -> "call.offer";
          case ANSWER -> "call.answer";
          case CANDIDATES -> "call.candidate";
          case NEGOTIATE, NEGOTIATE_ANSWER -> "call.negotiate";
          case DTMF -> "call.dtmf";
        });
    json.writeStringField("call_id", call.facts().key().call().value());
    switch (signal.kind()) {
      case OFFER -> {
        reader.writeId(json, "caller_id", from);
        json.writeStringField("caller_username", calls.name(call, from));
        json.writeStringField("call_type", Words.CALL_TYPE.word(call.facts().type()));
        raw(json, "conversation_id", CallJson.conversation(call));
      }
      case ANSWER -> reader.writeId(json, "receiver_id", from);
      case CANDIDATES, NEGOTIATE, NEGOTIATE_ANSWER, DTMF -> {}
    }
    json.writeFieldName(CallJson.payloadField(signal.kind()));
    json.writeRawValue(signal.payload());
    reader.writeId(json, "from_user", from);
    json.writeStringField("from_device", frame.from().device().value());
  }

  /** A problem as the body of a response. */
  public byte[] problem(Problem problem, String requestId, Reader reader, Instant now) {
    return bytes(json -> problem(json, problem, Optional.of(requestId), reader, now));
  }

  private void problem(
      JsonGenerator json, Problem problem, Optional<String> requestId, Reader reader, Instant now)
      throws IOException {
    ErrorCode code = problem.code();
    json.writeStartObject();
    json.writeStringField("type", "/errors/" + code.code());
    json.writeStringField("title", code.title());
    json.writeNumberField("status", code.status());
    json.writeStringField("code", code.code());
    json.writeStringField("detail", problem.detail());
    json.writeBooleanField("retryable", code.retryable());
    if (requestId.isPresent()) {
      json.writeStringField("request_id", requestId.get());
    }
    json.writeStringField("result", "error");
    if (problem.call().isPresent()) {
      json.writeFieldName("call");
      calls.write(json, problem.call().get(), reader, now);
    }
    if (problem.other().isPresent()) {
      json.writeStringField("call_id", problem.other().get());
    }
    if (problem.retryAfter().isPresent()) {
      json.writeNumberField("retry_after_ms", problem.retryAfter().get().toMillis());
    }
    if (problem.outcome().isPresent()) {
      json.writeStringField(
          "outcome", problem.outcome().get() == Problem.Outcome.NONE ? "none" : "unknown");
    }
    if (!problem.errors().isEmpty()) {
      json.writeArrayFieldStart("errors");
      for (Problem.FieldError error : problem.errors()) {
        json.writeStartObject();
        json.writeStringField("pointer", error.pointer());
        json.writeStringField("detail", error.detail());
        json.writeEndObject();
      }
      json.writeEndArray();
    }
    json.writeEndObject();
  }
}
