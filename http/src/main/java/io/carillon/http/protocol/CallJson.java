package io.carillon.http.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.carillon.engine.call.Actor;
import io.carillon.engine.call.CallSnapshot;
import io.carillon.engine.call.EndReason;
import io.carillon.engine.call.Leg;
import io.carillon.engine.call.Link;
import io.carillon.engine.call.MediaStatus;
import io.carillon.engine.call.Participant;
import io.carillon.engine.call.Signal;
import io.carillon.engine.identity.Endpoint;
import io.carillon.engine.identity.UserId;
import io.carillon.engine.identity.UserKey;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The call object of the protocol: one call as one reader sees it, the same in replies, frames and
 * history.
 */
public final class CallJson {
  private final Names names;

  /**
   * @param names what users are called
   */
  public CallJson(Names names) {
    this.names = names;
  }

  /**
   * Writes the call as an object. Times that run ({@code remaining_ms}) are those at {@code now}.
   */
  public void write(JsonGenerator json, CallSnapshot call, Reader reader, Instant now)
      throws IOException {
    json.writeStartObject();
    writeFields(json, call, reader, now);
    json.writeEndObject();
  }

  /** Writes the call's fields into an object that is open already. */
  public void writeFields(JsonGenerator json, CallSnapshot call, Reader reader, Instant now)
      throws IOException {
    json.writeStringField("call_id", call.facts().key().call().value());
    json.writeStringField("call_type", Words.CALL_TYPE.word(call.facts().type()));
    json.writeStringField("mode", Words.MODE.word(call.mode()));
    json.writeStringField("state", Words.state(call));
    if (call.ending().isPresent()) {
      json.writeStringField("reason", Words.REASON.word(call.ending().get().reason()));
    }
    writeParties(json, call, reader);
    json.writeArrayFieldStart("participants");
    for (Participant participant : call.roster().participants()) {
      write(json, call, participant, reader);
    }
    json.writeEndArray();
    json.writeBooleanField("is_outgoing", call.facts().caller().user().equals(reader.user()));
    writeJitsi(json, call);
    json.writeStringField("media_plane", Words.MEDIA_PLANE.word(call.facts().mediaPlane()));
    if (call.facts().context().isPresent()) {
      json.writeFieldName("context");
      json.writeRawValue(call.facts().context().get());
    }
    writeTimes(json, call, reader, now);
    json.writeNumberField("call_seq", call.seq());
  }

  /** Writes who calls whom, by id and name. */
  void writeParties(JsonGenerator json, CallSnapshot call, Reader reader) throws IOException {
    UserId sender = call.facts().caller().user();
    reader.writeId(json, "sender_id", sender);
    json.writeStringField("sender_name", name(call, sender));
    Optional<UserId> receiver = receiver(call);
    if (receiver.isPresent()) {
      reader.writeId(json, "receiver_id", receiver.get());
      json.writeStringField("receiver_name", name(call, receiver.get()));
    }
  }

  /** Writes where the call's Jitsi room is, if it has one. */
  static void writeJitsi(JsonGenerator json, CallSnapshot call) throws IOException {
    if (call.facts().jitsi().isPresent()) {
      json.writeStringField("jitsi_url", call.facts().jitsi().get().url());
    }
  }

  /** The first one called. */
  private static Optional<UserId> receiver(CallSnapshot call) {
    UserId sender = call.facts().caller().user();
    return call.roster().stream().map(Participant::user).filter(u -> !u.equals(sender)).findFirst();
  }

  /** The other party from this reader's side: the callee for the caller, the caller for others. */
  public static UserId peer(CallSnapshot call, UserId reader) {
    UserId sender = call.facts().caller().user();
    return sender.equals(reader) ? receiver(call).orElse(sender) : sender;
  }

  String name(CallSnapshot call, UserId user) {
    return names.of(new UserKey(call.facts().key().realm(), user));
  }

  private void write(JsonGenerator json, CallSnapshot call, Participant participant, Reader reader)
      throws IOException {
    json.writeStartObject();
    reader.writeId(json, "user_id", participant.user());
    json.writeStringField("name", name(call, participant.user()));
    json.writeStringField("role", Words.ROLE.word(participant.role()));
    json.writeStringField("state", state(participant));
    json.writeArrayFieldStart("statuses");
    for (MediaStatus status : participant.statuses()) {
      json.writeString(Words.STATUS.word(status));
    }
    json.writeEndArray();
    if (participant.leg() instanceof Leg.Joined(var device, _, _)) {
      json.writeStringField("device_id", device.value());
    }
    json.writeEndObject();
  }

  /** The participant's word. Whether a leg is kept from its user's devices is nobody's business. */
  static String state(Participant participant) {
    return switch (participant.leg()) {
      case Leg.Invited _, Leg.Suppressed _ -> "invited";
      case Leg.Ringing _ -> "ringing";
      case Leg.Joined(_, _, Link.Lost _) -> "reconnecting";
      case Leg.Joined(_, _, Link.Up _) ->
          participant.statuses().contains(MediaStatus.CONNECTED) ? "joined" : "accepted";
      case Leg.Closed(_, EndReason reason, boolean was) -> was ? "left" : closed(reason);
      case Leg.Barred _ -> "left";
    };
  }

  private static String closed(EndReason reason) {
    return switch (reason) {
      case DECLINED, UNAVAILABLE -> "declined";
      case BUSY -> "busy";
      case NO_ANSWER -> "missed";
      case UNREACHABLE -> "unreachable";
      case HANGUP,
          CANCELLED,
          CALLER_LOST,
          GLARE_MERGED,
          REPLACED,
          ICE_FAILED,
          MEDIA_TIMEOUT,
          MEDIA_FAILED,
          MAX_DURATION,
          CONNECTION_LOST,
          ADMIN_ENDED,
          ENDED_BY_HOST,
          REMOVED,
          TRANSFERRED,
          PICKED_UP,
          EMPTY,
          SERVER_SHUTDOWN,
          SERVER_ERROR ->
          "cancelled";
    };
  }

  private void writeTimes(JsonGenerator json, CallSnapshot call, Reader reader, Instant now)
      throws IOException {
    time(json, "created_at", Optional.of(call.facts().createdAt()));
    time(json, "ringing_at", call.ringingAt());
    time(json, "answered_at", call.answeredAt());
    time(json, "connected_at", call.connectedAt());
    time(json, "ends_by", call.endsBy());
    time(json, "ended_at", call.ending().map(CallSnapshot.Ending::at));
    if (call.ending().isPresent()) {
      json.writeFieldName("ended_by");
      writeActor(json, call.ending().get().by(), reader);
    }
    Instant end = call.ending().map(CallSnapshot.Ending::at).orElse(now);
    seconds(json, "duration", call.answeredAt(), end);
    seconds(json, "ring_duration", call.ringingAt(), call.answeredAt().orElse(end));
    Optional<Instant> deadline = deadline(call, reader.user());
    time(json, "ring_deadline", deadline);
    if (deadline.isPresent()) {
      json.writeNumberField("remaining_ms", remaining(deadline.get(), now));
    }
  }

  /** What this reader waits for, empty where nothing rings for them. */
  public static Optional<Instant> deadline(CallSnapshot call, UserId reader) {
    boolean suppressed =
        call.roster().find(reader).filter(p -> p.leg() instanceof Leg.Suppressed).isPresent();
    return suppressed || call.isEnded() ? Optional.empty() : call.ringDeadline(reader);
  }

  /** Whole milliseconds left, never negative. */
  static long remaining(Instant deadline, Instant now) {
    return Math.max(0, Duration.between(now, deadline).toMillis());
  }

  /** Writes who did something; a clock and the engine itself are both the system to others. */
  public static void writeActor(JsonGenerator json, Actor actor, Reader reader) throws IOException {
    json.writeStartObject();
    switch (actor) {
      case Actor.Device(Endpoint endpoint) -> {
        json.writeStringField("type", "user");
        reader.writeId(json, "user_id", endpoint.user());
        json.writeStringField("device_id", endpoint.device().value());
      }
      case Actor.Admin(UserId user) -> {
        json.writeStringField("type", "admin");
        reader.writeId(json, "user_id", user);
      }
      case Actor.Service(UserId user) -> {
        json.writeStringField("type", "service");
        reader.writeId(json, "user_id", user);
      }
      case Actor.Clock _, Actor.Engine _ -> json.writeStringField("type", "system");
    }
    json.writeEndObject();
  }

  private static void time(JsonGenerator json, String field, Optional<Instant> at)
      throws IOException {
    if (at.isPresent()) {
      json.writeStringField(field, Timestamps.text(at.get()));
    }
  }

  private static void seconds(JsonGenerator json, String field, Optional<Instant> from, Instant to)
      throws IOException {
    long millis = from.map(start -> Math.max(0, Duration.between(start, to).toMillis())).orElse(0L);
    json.writeNumberField(field, millis / 1000.0);
  }

  /** The {@code conversation_id} of the application's context, as JSON. */
  static Optional<String> conversation(CallSnapshot call) {
    Optional<String> context = call.facts().context().filter(c -> c.contains("conversation_id"));
    if (context.isEmpty()) {
      return Optional.empty();
    }
    try {
      var id = Json.trees().readTree(context.get()).get("conversation_id");
      return id == null ? Optional.empty() : Optional.of(id.toString());
    } catch (JsonProcessingException notOurs) {
      return Optional.empty(); // stored by something that does not read it as JSON
    }
  }

  /** The field of a signal's frame that holds its payload. */
  static String payloadField(Signal.Kind kind) {
    return switch (kind) {
      case OFFER -> "offer";
      case ANSWER -> "answer";
      case CANDIDATES -> "candidates";
      case NEGOTIATE, NEGOTIATE_ANSWER -> "description";
      case DTMF -> "dtmf";
    };
  }
}
