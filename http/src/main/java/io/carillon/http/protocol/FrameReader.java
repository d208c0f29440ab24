package io.carillon.http.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.engine.call.CallCommand.Decline.DeclineReason;
import io.carillon.engine.call.CallCommand.Decline.Scope;
import io.carillon.engine.call.CallId;
import io.carillon.engine.call.CallMode;
import io.carillon.engine.call.CallType;
import io.carillon.engine.call.EndReason;
import io.carillon.engine.call.RingStyle;
import io.carillon.engine.call.Signal;
import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.UserId;
import io.carillon.engine.session.Cursor;
import io.carillon.http.protocol.ClientFrame.Order;
import io.carillon.http.protocol.ClientFrame.Tag;
import io.carillon.http.protocol.ClientFrame.Timeouts;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads what clients send: socket frames and the bodies of REST requests, by the same rules.
 * Whatever is sent, the answer is a value; nothing is thrown and nothing sent is quoted back.
 */
public final class FrameReader {
  /** Callees of one order. */
  public static final int MAX_CALLEES = 64;

  /** Characters of the application's own JSON in one call: it is stored with the call. */
  public static final int MAX_APPLICATION_JSON = 8 * 1024;

  /** Characters of an idempotency key. */
  public static final int MAX_KEY = 128;

  private static final int MAX_TOKEN = 8 * 1024;

  private static final Set<String> WITHHELD =
      Set.of("muted", "focus", "permission_denied", "already_in_call");

  private static final Set<String> CALLEE_FIELDS =
      new LinkedHashSet<>(List.of("receiver_id", "user_id", "recipient_user_id", "callee"));

  private FrameReader() {}

  /** What a REST route asks for; its fields are those of the frame of the same name. */
  public enum Kind {
    INITIATE,
    ACKNOWLEDGE,
    ACCEPT,
    REJECT,
    /** {@code {response: accept|reject|decline}}: one of the two above. */
    RESPOND,
    CANCEL,
    END,
    LEAVE,
    STATUS,
    HEARTBEAT,
    INVITE,
    UNINVITE,
    REMOVE,
    ROLE,
    MUTE,
    END_FOR_ALL,
    ESCALATE,
    HANDOFF,
    EXTEND,
    /** {@code {type: offer|answer|candidate|negotiate, …}}. */
    SIGNAL
  }

  /** The body of a request. */
  public sealed interface Body {
    /** JSON, as it came; no bytes count as an empty object. */
    @SuppressWarnings("ArrayRecordComponent") // never compared, and copying it would be waste
    record JsonBody(byte[] bytes) implements Body {}

    /** A form's fields in their order. */
    record FormBody(List<Map.Entry<String, String>> fields) implements Body {}
  }

  /** Reads one text message of a socket. */
  public static Reading<ClientFrame> frame(byte[] text) {
    Optional<String> id = Optional.empty();
    try {
      Fields fields = Fields.json(text);
      id = fields.id("id", s -> s);
      Tag tag = new Tag(id, key(fields), Optional.empty());
      Optional<String> type = fields.required("type", fields.text("type", 64));
      return new Reading.Good<>(frame(fields.present(type), fields, tag));
    } catch (BadInput bad) {
      return new Reading.Bad<>(bad.problem(), id);
    }
  }

  /**
   * Reads one REST request.
   *
   * @param call the id in the path, which then is the one that counts
   * @param idempotencyKey the header's, which then is the one that counts
   */
  public static Reading<Order> order(
      Kind kind, Body body, Optional<CallId> call, Optional<String> idempotencyKey) {
    try {
      Fields fields = fields(body);
      Optional<String> key = idempotencyKey.isPresent() ? idempotencyKey : key(fields);
      Tag tag = new Tag(Optional.empty(), key, fields.id("device_id", DeviceId::new));
      Order order = order(kind, fields, tag, call);
      fields.check();
      return new Reading.Good<>(order);
    } catch (BadInput bad) {
      return new Reading.Bad<>(bad.problem(), Optional.empty());
    }
  }

  /** Reads the body of a request that is no order. */
  public static Reading<SimpleBody> simple(Body body) {
    try {
      return new Reading.Good<>(new SimpleBody(fields(body)));
    } catch (BadInput bad) {
      return new Reading.Bad<>(bad.problem(), Optional.empty());
    }
  }

  private static Fields fields(Body body) {
    return switch (body) {
      case Body.JsonBody(byte[] bytes) -> Fields.json(bytes);
      case Body.FormBody(var pairs) -> Fields.form(pairs);
    };
  }

  private static Optional<String> key(Fields fields) {
    return fields.text("idempotency_key", MAX_KEY);
  }

  private static ClientFrame frame(String type, Fields fields, Tag tag) {
    ClientFrame frame =
        switch (type) {
          case "hello" ->
              new ClientFrame.Hello(
                  fields.present(fields.required("token", fields.text("token", MAX_TOKEN))),
                  fields.id("device_id", DeviceId::new),
                  fields.text("platform", 32),
                  fields.text("cursor", Cursor.MAX_TEXT));
          case "ping" -> new ClientFrame.Ping();
          case "pong" -> new ClientFrame.Pong();
          case "ack" ->
              new ClientFrame.Ack(
                  fields.present(
                      fields.required("cursor", fields.text("cursor", Cursor.MAX_TEXT))));
          case "auth.refresh" ->
              new ClientFrame.AuthRefresh(
                  fields.present(fields.required("token", fields.text("token", MAX_TOKEN))));
          case "admin.watch" -> watch(fields, tag);
          case "admin.unwatch" ->
              new ClientFrame.Unwatch(
                  fields.present(fields.required("id", tag.id())),
                  fields.present(fields.required("watch", fields.id("watch", s -> s))));
          case "call.initiate" -> order(Kind.INITIATE, fields, tag, Optional.empty());
          case "call.acknowledge" -> order(Kind.ACKNOWLEDGE, fields, tag, Optional.empty());
          case "call.accept", "call.join" -> order(Kind.ACCEPT, fields, tag, Optional.empty());
          case "call.reject" -> order(Kind.REJECT, fields, tag, Optional.empty());
          case "call.cancel" -> order(Kind.CANCEL, fields, tag, Optional.empty());
          case "call.end" -> order(Kind.END, fields, tag, Optional.empty());
          case "call.leave" -> order(Kind.LEAVE, fields, tag, Optional.empty());
          case "call.status" -> order(Kind.STATUS, fields, tag, Optional.empty());
          case "call.invite" -> order(Kind.INVITE, fields, tag, Optional.empty());
          case "call.uninvite" -> order(Kind.UNINVITE, fields, tag, Optional.empty());
          case "call.remove" -> order(Kind.REMOVE, fields, tag, Optional.empty());
          case "call.role" -> order(Kind.ROLE, fields, tag, Optional.empty());
          case "call.mute" -> order(Kind.MUTE, fields, tag, Optional.empty());
          case "call.end_for_all" -> order(Kind.END_FOR_ALL, fields, tag, Optional.empty());
          case "call.escalate" -> order(Kind.ESCALATE, fields, tag, Optional.empty());
          case "call.handoff" -> order(Kind.HANDOFF, fields, tag, Optional.empty());
          case "call.extend" -> order(Kind.EXTEND, fields, tag, Optional.empty());
          case "call.offer" -> media(Signal.Kind.OFFER, fields, tag, Optional.empty());
          case "call.answer" -> media(Signal.Kind.ANSWER, fields, tag, Optional.empty());
          case "call.candidate" -> media(Signal.Kind.CANDIDATES, fields, tag, Optional.empty());
          case "call.negotiate" -> media(Signal.Kind.NEGOTIATE, fields, tag, Optional.empty());
          default -> {
            fields.wrong("type", "is not a type of frame this protocol has");
            throw checked(fields);
          }
        };
    fields.check();
    return frame;
  }

  /** For places where something wrong was just noted: {@code check} is sure to throw. */
  private static IllegalStateException checked(Fields fields) {
    fields.check();
    return new IllegalStateException("nothing was wrong");
  }

  private static ClientFrame watch(Fields fields, Tag tag) {
    String id = fields.present(fields.required("id", tag.id()));
    Optional<CallId> call = fields.id("call_id", CallId::new);
    Optional<UserId> user = fields.id("user_id", UserId::new);
    if (call.isPresent() && user.isPresent()) {
      fields.wrong("user_id", "cannot be watched together with call_id: watch them separately");
    }
    return new ClientFrame.Watch(id, call, user, fields.text("watch_cursor", 1024));
  }

  private static Order order(Kind kind, Fields fields, Tag tag, Optional<CallId> path) {
    return switch (kind) {
      case INITIATE -> initiate(fields, tag);
      case ACKNOWLEDGE ->
          new ClientFrame.Acknowledge(tag, call(fields, path), acknowledged(fields));
      case ACCEPT -> accept(fields, tag, path);
      case REJECT -> reject(fields, tag, path);
      case RESPOND -> respond(fields, tag, path);
      case CANCEL -> new ClientFrame.Cancel(tag, call(fields, path));
      case END -> new ClientFrame.End(tag, call(fields, path), endReason(fields));
      case LEAVE -> new ClientFrame.Leave(tag, call(fields, path));
      case STATUS -> {
        var status = fields.required("status", fields.word("status", Words.STATUS));
        boolean active = fields.bool("active").orElse(true);
        CallId call = call(fields, path);
        yield new ClientFrame.Status(tag, call, fields.present(status), active);
      }
      case HEARTBEAT -> new ClientFrame.Heartbeat(tag, call(fields, path));
      case INVITE -> {
        List<UserId> callees = callees(fields);
        yield new ClientFrame.Invite(tag, call(fields, path), callees);
      }
      case UNINVITE -> new ClientFrame.Uninvite(tag, call(fields, path), participant(fields));
      case REMOVE -> {
        boolean barred = fields.bool("barred").orElse(false);
        yield new ClientFrame.Remove(tag, call(fields, path), participant(fields), barred);
      }
      case ROLE -> {
        var role = fields.required("role", fields.word("role", Words.ROLE));
        UserId user = participant(fields);
        yield new ClientFrame.AssignRole(tag, call(fields, path), user, fields.present(role));
      }
      case MUTE -> new ClientFrame.Mute(tag, call(fields, path), participant(fields));
      case END_FOR_ALL -> new ClientFrame.EndForAll(tag, call(fields, path));
      case ESCALATE -> new ClientFrame.Escalate(tag, call(fields, path));
      case HANDOFF -> {
        var to = fields.required("to_device", fields.id("to_device", DeviceId::new));
        yield new ClientFrame.HandOff(tag, call(fields, path), fields.present(to));
      }
      case EXTEND -> {
        var extra = fields.required("extra_ms", fields.millis("extra_ms"));
        yield new ClientFrame.Extend(tag, call(fields, path), fields.present(extra));
      }
      case SIGNAL -> signal(fields, tag, path);
    };
  }

  /** Whom an order about one participant is about. */
  private static UserId participant(Fields fields) {
    return fields.present(fields.required("user_id", fields.id("user_id", UserId::new)));
  }

  private static CallId call(Fields fields, Optional<CallId> path) {
    if (path.isPresent()) {
      return path.get();
    }
    return fields.present(fields.required("call_id", fields.id("call_id", CallId::new)));
  }

  private static Order accept(Fields fields, Tag tag, Optional<CallId> path) {
    return new ClientFrame.Accept(
        tag,
        call(fields, path),
        fields.bool("takeover").orElse(false),
        fields.word("existing_calls", Words.EXISTING_CALLS).orElse(ClientFrame.ExistingCalls.KEEP),
        fields.object("answer", Json.MAX_BYTES));
  }

  private static Order reject(Fields fields, Tag tag, Optional<CallId> path) {
    return new ClientFrame.Reject(
        tag,
        call(fields, path),
        fields.word("reason", Words.DECLINE_REASON).orElse(DeclineReason.DECLINED),
        fields.word("scope", Words.DECLINE_SCOPE).orElse(Scope.USER));
  }

  private static Order respond(Fields fields, Tag tag, Optional<CallId> path) {
    Optional<String> response = fields.required("response", fields.text("response", 16));
    return switch (fields.present(response)) {
      case "accept" -> accept(fields, tag, path);
      case "reject", "decline" -> reject(fields, tag, path);
      default -> {
        fields.wrong("response", "must be one of: accept, reject, decline");
        throw checked(fields);
      }
    };
  }

  private static Optional<String> acknowledged(Fields fields) {
    String status = fields.text("status", 32).orElse("ringing");
    return switch (status) {
      case "ringing" -> Optional.empty();
      case "not_ringing" -> {
        String why = fields.text("reason", 32).orElse("muted");
        if (!WITHHELD.contains(why)) {
          fields.wrong(
              "reason", "must be one of: muted, focus, permission_denied, already_in_call");
        }
        yield Optional.of(why);
      }
      default -> {
        fields.wrong("status", "must be one of: ringing, not_ringing");
        yield Optional.empty();
      }
    };
  }

  private static EndReason endReason(Fields fields) {
    EndReason reason = fields.word("reason", Words.REASON).orElse(EndReason.HANGUP);
    return switch (reason) {
      case HANGUP, ICE_FAILED, MEDIA_FAILED, MEDIA_TIMEOUT -> reason;
      case CANCELLED,
          CALLER_LOST,
          DECLINED,
          BUSY,
          UNAVAILABLE,
          NO_ANSWER,
          UNREACHABLE,
          GLARE_MERGED,
          REPLACED,
          MAX_DURATION,
          CONNECTION_LOST,
          ADMIN_ENDED,
          ENDED_BY_HOST,
          REMOVED,
          TRANSFERRED,
          PICKED_UP,
          EMPTY,
          SERVER_SHUTDOWN,
          SERVER_ERROR -> {
        fields.wrong("reason", "must be one of: hangup, ice_failed, media_failed, media_timeout");
        yield EndReason.HANGUP;
      }
    };
  }

  private static Order initiate(Fields fields, Tag tag) {
    CallMode mode = fields.word("mode", Words.MODE).orElse(CallMode.DIRECT);
    RingStyle ring = fields.word("ring", Words.RING).orElse(RingStyle.RING);
    // A room that is joined by its id needs nobody to be called (R39).
    boolean room = mode == CallMode.CONFERENCE && ring == RingStyle.SILENT && namesNobody(fields);
    List<UserId> callees = room ? List.of() : callees(fields);
    if (mode == CallMode.DIRECT && callees.size() > 1) {
      fields.wrong("callees", "must name one user in a direct call");
    }
    CallType type =
        fields
            .word("call_type", Words.CALL_TYPE)
            .or(() -> fields.bool("is_video_call").map(v -> v ? CallType.VIDEO : CallType.AUDIO))
            .orElse(CallType.VIDEO);
    Fields times = fields.nested("timeouts");
    return new ClientFrame.Initiate(
        tag,
        callees,
        type,
        mode,
        ring,
        fields.word("media_plane", Words.MEDIA_PLANE),
        context(fields),
        fields.object("metadata", MAX_APPLICATION_JSON),
        new Timeouts(
            times.millis("ring_timeout_ms"),
            times.millis("setup_timeout_ms"),
            times.millis("max_duration_ms")),
        fields.object("offer", Json.MAX_BYTES),
        fields.bool("detached").orElse(false),
        fields.id("call_id", CallId::new));
  }

  private static List<UserId> callees(Fields fields) {
    Set<UserId> callees = new LinkedHashSet<>();
    List<String> used = new ArrayList<>();
    for (String name : CALLEE_FIELDS) {
      fields
          .id(name, UserId::new)
          .ifPresent(
              user -> {
                callees.add(user);
                used.add(name);
              });
    }
    if (callees.size() > 1) {
      fields.wrong(used.getLast(), "names another user than " + used.getFirst());
      return List.of(callees.iterator().next());
    }
    fields.ids("callees", MAX_CALLEES, UserId::new).ifPresent(callees::addAll);
    if (callees.isEmpty() && namesNobody(fields)) {
      fields.wrong("receiver_id", "is required");
    }
    return List.copyOf(callees);
  }

  private static boolean namesNobody(Fields fields) {
    return !fields.has("callees") && CALLEE_FIELDS.stream().noneMatch(fields::has);
  }

  /** The context with the seed's {@code conversation_id} in it. */
  private static Optional<String> context(Fields fields) {
    Optional<String> context = fields.object("context", MAX_APPLICATION_JSON);
    Optional<JsonNode> conversation = fields.scalar("conversation_id");
    if (conversation.isEmpty()) {
      return context;
    }
    try {
      ObjectNode node =
          context.isPresent()
              ? (ObjectNode) Json.trees().readTree(context.get())
              : Json.trees().createObjectNode();
      node.set("conversation_id", conversation.get());
      return Optional.of(Json.trees().writeValueAsString(node));
    } catch (JsonProcessingException impossible) {
      throw BadInput.malformed("Not JSON."); // it has been read once already
    }
  }

  private static Order signal(Fields fields, Tag tag, Optional<CallId> path) {
    Optional<String> type = fields.required("type", fields.text("type", 32));
    return switch (fields.present(type)) {
      case "offer" -> media(Signal.Kind.OFFER, fields, tag, path);
      case "answer" -> media(Signal.Kind.ANSWER, fields, tag, path);
      case "candidate" -> media(Signal.Kind.CANDIDATES, fields, tag, path);
      case "negotiate" -> media(Signal.Kind.NEGOTIATE, fields, tag, path);
      default -> {
        fields.wrong("type", "must be one of: offer, answer, candidate, negotiate");
        throw checked(fields);
      }
    };
  }

  private static Order media(Signal.Kind kind, Fields fields, Tag tag, Optional<CallId> path) {
    String name = CallJson.payloadField(kind);
    Optional<String> payload;
    if (kind == Signal.Kind.CANDIDATES) {
      // One candidate alone, as the seed's clients send it, is a list of one.
      payload =
          fields
              .array(name, Json.MAX_BYTES)
              .or(() -> fields.object("candidate", Json.MAX_BYTES).map(one -> "[" + one + "]"));
      if (payload.isEmpty() && !fields.has("candidate")) {
        fields.required(name, payload);
      }
    } else {
      payload = fields.required(name, fields.object(name, Json.MAX_BYTES));
    }
    CallId call = call(fields, path);
    Signal.Kind meant = kind == Signal.Kind.NEGOTIATE ? negotiation(fields) : kind;
    Optional<UserId> toUser = fields.id("to_user", UserId::new);
    Optional<DeviceId> toDevice = fields.id("to_device", DeviceId::new);
    return new ClientFrame.Media(
        tag, call, new Signal(meant, fields.present(payload), toUser, toDevice));
  }

  /** One frame serves both halves of a renegotiation; the description says which it is (R43). */
  private static Signal.Kind negotiation(Fields fields) {
    String type = fields.nested("description").text("type", 32).orElse("offer");
    return type.equals("answer") || type.equals("pranswer")
        ? Signal.Kind.NEGOTIATE_ANSWER
        : Signal.Kind.NEGOTIATE;
  }
}
