package io.carillon.http.rest;

import static io.carillon.http.rest.Route.Access.ANYONE;

import io.carillon.engine.identity.RealmId;
import io.carillon.engine.identity.UserId;
import io.carillon.engine.identity.UserKey;
import io.carillon.http.auth.DevTokens;
import io.carillon.http.auth.DisplayName;
import io.carillon.http.auth.Role;
import io.carillon.http.directory.NameCache;
import io.carillon.http.protocol.Problem;
import io.carillon.http.protocol.SimpleBody;
import io.carillon.http.websocket.Sockets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** Tokens for whoever asks. These routes exist in dev mode only, and nowhere else at all. */
final class DevRoutes {
  static final RealmId REALM = new RealmId("dev");
  private static final Duration VALIDITY = Duration.ofHours(12);
  private static final int USERS = 100;

  private final DevTokens tokens;
  private final NameCache names;
  private final Sockets sockets;
  private final Responses responses;

  DevRoutes(DevTokens tokens, NameCache names, Sockets sockets, Responses responses) {
    this.tokens = tokens;
    this.names = names;
    this.sockets = sockets;
    this.responses = responses;
  }

  List<Route> routes() {
    return List.of(
        new Route("POST", "/api/v1/dev/tokens", ANYONE, this::token),
        new Route("GET", "/api/v1/dev/users", ANYONE, this::users));
  }

  private CompletionStage<HttpResponse> token(Exchange exchange) {
    SimpleBody body = NodeRoutes.read(exchange);
    Optional<UserId> user = body.id("user_id", UserId::new);
    RealmId realm = body.id("realm", RealmId::new).orElse(REALM);
    Optional<String> name = body.text("name", 200).flatMap(n -> DisplayName.clean(n, 200));
    Optional<Set<Role>> roles = body.words("roles", 8).map(DevRoutes::roles);
    body.check().ifPresent(NodeRoutes::refuse);
    if (user.isEmpty()) {
      throw new Refusal(Problem.invalid("/user_id", "is required"));
    }
    UserKey key = new UserKey(realm, user.get());
    String token = tokens.issue(key, name, roles.orElse(Set.of(Role.USER)), VALIDITY);
    return CompletableFuture.completedFuture(
        responses.success(
            200,
            json -> {
              json.writeStringField("token", token);
              json.writeStringField("user_id", user.get().value());
              json.writeStringField("realm", realm.value());
              json.writeNumberField("expires_in_ms", VALIDITY.toMillis());
            }));
  }

  private static Set<Role> roles(List<String> words) {
    Set<Role> roles = EnumSet.noneOf(Role.class);
    for (String word : words) {
      roles.add(
          Role.find(word)
              .orElseThrow(
                  () ->
                      new Refusal(
                          Problem.invalid(
                              "/roles",
                              "must be among: user, admin, analyst, service, operator"))));
    }
    return roles;
  }

  private CompletionStage<HttpResponse> users(Exchange exchange) {
    return CompletableFuture.completedFuture(
        responses.success(
            200,
            json -> {
              json.writeArrayFieldStart("users");
              for (UserKey user : names.some(REALM, USERS)) {
                json.writeStartObject();
                json.writeStringField("user_id", user.user().value());
                json.writeStringField("name", names.of(user));
                // A development node is alone, so its own sockets are all there are.
                json.writeBooleanField("online", sockets.has(user));
                json.writeEndObject();
              }
              json.writeEndArray();
            }));
  }
}
