package io.carillon.http.rest;

import static io.carillon.http.rest.Route.Access.KNOWN;

import com.fasterxml.jackson.core.JsonGenerator;
import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.Ids;
import io.carillon.engine.identity.RealmId;
import io.carillon.engine.identity.UserId;
import io.carillon.engine.identity.UserKey;
import io.carillon.http.auth.Principal;
import io.carillon.http.auth.Role;
import io.carillon.http.protocol.ErrorCode;
import io.carillon.http.protocol.Problem;
import io.carillon.http.protocol.Reader;
import io.carillon.http.protocol.Timestamps;
import io.carillon.persistence.connection.DeviceConnection;
import io.carillon.persistence.realm.RealmCalls;
import io.carillon.persistence.realm.RealmUsers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/**
 * The users, devices and connections of a realm, for its administrators; that they looked is
 * recorded before it is answered.
 */
final class RealmUserRoutes {
  private static final String ADMIN = "/api/v1/admin";

  private final RealmCalls actions;
  private final RealmUsers users;
  private final Calls calls;
  private final Responses responses;

  RealmUserRoutes(RealmCalls actions, RealmUsers users, Calls calls, Responses responses) {
    this.actions = actions;
    this.users = users;
    this.calls = calls;
    this.responses = responses;
  }

  List<Route> routes() {
    return List.of(
        new Route("GET", ADMIN + "/users", KNOWN, this::list),
        new Route("GET", ADMIN + "/users/{user_id}", KNOWN, this::user),
        new Route("GET", ADMIN + "/connections", KNOWN, this::connections));
  }

  private static Principal admin(Exchange exchange) {
    if (!exchange.principal().roles().contains(Role.ADMIN)) {
      throw new Refusal(ErrorCode.FORBIDDEN);
    }
    return exchange.principal();
  }

  private CompletionStage<HttpResponse> list(Exchange exchange) {
    Principal admin = admin(exchange);
    Reader reader = calls.reader(admin);
    int limit = (int) exchange.number("limit", 50, 1, 100);
    Optional<UserId> after = exchange.query("cursor").map(RealmUserRoutes::userOf);
    return actions
        .record(
            admin.user(), "users", Optional.empty(), exchange.request().getUri().rawQueryString())
        .thenCompose(_ -> users.list(admin.user().realm(), after, limit + 1))
        .thenApply(
            found -> {
              List<RealmUsers.User> page = found.subList(0, Math.min(limit, found.size()));
              return responses.success(
                  200,
                  json -> {
                    json.writeArrayFieldStart("users");
                    for (RealmUsers.User user : page) {
                      json.writeStartObject();
                      write(json, user, reader);
                      json.writeEndObject();
                    }
                    json.writeEndArray();
                    if (found.size() > limit) {
                      json.writeStringField("next_cursor", cursor(page.getLast().id().value()));
                    }
                  });
            });
  }

  private CompletionStage<HttpResponse> user(Exchange exchange) {
    Principal admin = admin(exchange);
    Reader reader = calls.reader(admin);
    UserKey key = new UserKey(admin.user().realm(), exchange.user());
    return actions
        .record(admin.user(), "user", Optional.empty(), Optional.of("user " + key.user()))
        .thenCompose(_ -> users.find(key))
        .thenCombine(
            users.devices(key),
            (user, devices) -> {
              if (user.isEmpty()) {
                throw new Refusal(ErrorCode.NOT_FOUND);
              }
              return responses.success(
                  200,
                  json -> {
                    json.writeObjectFieldStart("user");
                    write(json, user.get(), reader);
                    json.writeArrayFieldStart("devices");
                    for (DeviceConnection last : devices) {
                      write(json, last, reader);
                    }
                    json.writeEndArray();
                    json.writeEndObject();
                  });
            });
  }

  private CompletionStage<HttpResponse> connections(Exchange exchange) {
    Principal admin = admin(exchange);
    Reader reader = calls.reader(admin);
    RealmId realm = admin.user().realm();
    int limit = (int) exchange.number("limit", 50, 1, 100);
    Optional<UserId> only = exchange.query("user").map(text -> wellFormed("/user", text));
    Optional<DeviceConnection> after = exchange.query("cursor").map(text -> place(realm, text));
    return actions
        .record(
            admin.user(),
            "connections",
            Optional.empty(),
            exchange.request().getUri().rawQueryString())
        .thenCompose(_ -> users.connections(realm, only, after, limit + 1))
        .thenApply(
            found -> {
              List<DeviceConnection> page = found.subList(0, Math.min(limit, found.size()));
              return responses.success(
                  200,
                  json -> {
                    json.writeArrayFieldStart("connections");
                    for (DeviceConnection connection : page) {
                      write(json, connection, reader);
                    }
                    json.writeEndArray();
                    if (found.size() > limit) {
                      DeviceConnection last = page.getLast();
                      json.writeStringField(
                          "next_cursor",
                          cursor(last.user().user() + "|" + last.device() + "|" + last.id()));
                    }
                  });
            });
  }

  private static void write(JsonGenerator json, RealmUsers.User user, Reader reader)
      throws IOException {
    reader.writeId(json, "user_id", user.id());
    json.writeStringField("name", user.name());
    if (user.email().isPresent()) {
      json.writeStringField("email", user.email().get());
    }
    json.writeBooleanField("disabled", user.disabled());
    json.writeStringField("known_since", Timestamps.text(user.knownSince()));
    json.writeNumberField("connections", user.connections());
    json.writeNumberField("open_calls", user.calls());
  }

  private static void write(JsonGenerator json, DeviceConnection connection, Reader reader)
      throws IOException {
    json.writeStartObject();
    reader.writeId(json, "user_id", connection.user().user());
    json.writeStringField("device_id", connection.device().value());
    json.writeStringField("platform", connection.platform());
    json.writeStringField("node", connection.node());
    json.writeBooleanField("connected", connection.closedAt().isEmpty());
    json.writeStringField("connected_at", Timestamps.text(connection.openedAt()));
    if (connection.closedAt().isPresent()) {
      json.writeStringField("disconnected_at", Timestamps.text(connection.closedAt().get()));
    }
    if (connection.closeReason().isPresent()) {
      json.writeStringField("reason", connection.closeReason().get());
    }
    json.writeEndObject();
  }

  private static String cursor(String place) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(place.getBytes(StandardCharsets.UTF_8));
  }

  private static UserId userOf(String cursor) {
    return wellFormed("/cursor", decoded(cursor));
  }

  private static DeviceConnection place(RealmId realm, String cursor) {
    String[] parts = decoded(cursor).split("\\|", -1);
    if (parts.length == 3 && Ids.isWellFormed(parts[1])) {
      try {
        return new DeviceConnection(
            UUID.fromString(parts[2]),
            new UserKey(realm, wellFormed("/cursor", parts[0])),
            new DeviceId(parts[1]),
            "",
            "",
            Instant.EPOCH,
            Optional.empty(),
            Optional.empty());
      } catch (IllegalArgumentException _) {
        // Not a connection's id: refused below.
      }
    }
    throw badCursor();
  }

  private static String decoded(String cursor) {
    try {
      return new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      throw badCursor();
    }
  }

  private static UserId wellFormed(String pointer, String text) {
    if (!Ids.isWellFormed(text)) {
      throw new Refusal(Problem.invalid(pointer, "must be an id"));
    }
    return new UserId(text);
  }

  private static Refusal badCursor() {
    return new Refusal(Problem.invalid("/cursor", "must be a next_cursor of an earlier page"));
  }
}
