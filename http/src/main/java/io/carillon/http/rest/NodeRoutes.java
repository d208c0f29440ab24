package io.carillon.http.rest;

import static io.carillon.http.rest.Route.Access.ANYONE;
import static io.carillon.http.rest.Route.Access.KNOWN;

import com.fasterxml.jackson.core.JsonGenerator;
import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.Ids;
import io.carillon.engine.identity.UserId;
import io.carillon.engine.identity.UserKey;
import io.carillon.http.auth.DisplayName;
import io.carillon.http.auth.Principal;
import io.carillon.http.auth.Role;
import io.carillon.http.auth.TicketOffice;
import io.carillon.http.command.IceServers;
import io.carillon.http.directory.NameCache;
import io.carillon.http.directory.UserDirectory.Person;
import io.carillon.http.protocol.ErrorCode;
import io.carillon.http.protocol.FrameReader;
import io.carillon.http.protocol.Problem;
import io.carillon.http.protocol.Reading;
import io.carillon.http.protocol.SimpleBody;
import io.carillon.http.settings.HttpSettings;
import io.carillon.http.settings.RealmSettings;
import io.carillon.http.settings.Realms;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** The routes beside calls: what a client needs to begin, users, and the health of the node. */
final class NodeRoutes {
  private static final int MAX_NAME = 200;

  private final NodeState state;
  private final HttpSettings settings;
  private final Realms realms;
  private final IceServers ice;
  private final TicketOffice tickets;
  private final NameCache names;
  private final Responses responses;

  NodeRoutes(
      NodeState state,
      HttpSettings settings,
      Realms realms,
      IceServers ice,
      TicketOffice tickets,
      NameCache names,
      Responses responses) {
    this.state = state;
    this.settings = settings;
    this.realms = realms;
    this.ice = ice;
    this.tickets = tickets;
    this.names = names;
    this.responses = responses;
  }

  List<Route> routes() {
    return List.of(
        new Route("GET", "/health/live", ANYONE, exchange -> health(Optional.empty())),
        new Route(
            "GET", "/health/ready", ANYONE, exchange -> state.unready().thenCompose(this::health)),
        new Route("GET", "/metrics", ANYONE, exchange -> text(state::metrics)),
        new Route(
            "GET", "/errors", ANYONE, exchange -> done(ErrorPages.index(wantsHtml(exchange)))),
        new Route("GET", "/errors/{code}", ANYONE, this::errorPage),
        new Route("GET", "/api/v1/config", KNOWN, this::config),
        new Route("GET", "/api/v1/ice-servers", KNOWN, this::iceServers),
        new Route("POST", "/api/v1/tickets", KNOWN, this::ticket),
        new Route("POST", "/api/v1/admin/node/drain", KNOWN, this::drain),
        new Route("PUT", "/api/v1/users/{user_id}", KNOWN, this::putUser));
  }

  private static CompletionStage<HttpResponse> done(HttpResponse response) {
    return CompletableFuture.completedFuture(response);
  }

  private static CompletionStage<HttpResponse> text(Supplier<String> text) {
    return done(
        Responses.text(
            200, ContentTypes.TEXT_PLAIN_UTF8, text.get().getBytes(StandardCharsets.UTF_8)));
  }

  private CompletionStage<HttpResponse> health(Optional<String> unready) {
    byte[] body =
        (unready.isEmpty() ? "{\"status\":\"up\"}" : "{\"status\":\"down\"}")
            .getBytes(StandardCharsets.UTF_8);
    return done(Responses.text(unready.isEmpty() ? 200 : 503, ContentTypes.APPLICATION_JSON, body));
  }

  private CompletionStage<HttpResponse> drain(Exchange exchange) {
    if (!exchange.principal().roles().contains(Role.OPERATOR)) {
      throw new Refusal(
          Problem.of(ErrorCode.FORBIDDEN, "Nodes are drained with the operator role."));
    }
    state.drain();
    return done(responses.success(202, json -> json.writeStringField("status", "draining")));
  }

  private static boolean wantsHtml(Exchange exchange) {
    return exchange.header("Accept").filter(accept -> accept.contains("text/html")).isPresent();
  }

  private CompletionStage<HttpResponse> errorPage(Exchange exchange) {
    return done(
        ErrorPages.page(exchange.path().getFirst(), wantsHtml(exchange))
            .orElseThrow(() -> new Refusal(ErrorCode.NOT_FOUND)));
  }

  private CompletionStage<HttpResponse> config(Exchange exchange) {
    Principal asker = exchange.principal();
    RealmSettings realm = realms.of(asker.user().realm());
    return done(
        responses.success(
            200,
            json -> {
              json.writeStringField("realm", asker.user().realm().value());
              json.writeStringField("socket_url", socketUrl(exchange));
              json.writeArrayFieldStart("subprotocols");
              json.writeString("carillon.v1");
              json.writeEndArray();
              json.writeNumberField("heartbeat_ms", settings.socket().heartbeat().toMillis());
              json.writeNumberField("max_frame_bytes", settings.socket().maxMessage());
              json.writeObjectFieldStart("timeouts");
              json.writeNumberField("ring_timeout_ms", realm.limits().ringTimeout().toMillis());
              json.writeNumberField("setup_timeout_ms", realm.limits().setupTimeout().toMillis());
              json.writeNumberField("max_duration_ms", realm.limits().maxDuration().toMillis());
              json.writeEndObject();
              writeIce(json, ice.of(asker.user()));
              json.writeObjectFieldStart("features");
              json.writeBooleanField("audio", realm.audio());
              json.writeBooleanField("video", realm.video());
              json.writeBooleanField("jitsi", realm.jitsi().enabled());
              json.writeBooleanField("integer_user_ids", realm.integerIds());
              json.writeEndObject();
            }));
  }

  private String socketUrl(Exchange exchange) {
    boolean secure = exchange.header("X-Forwarded-Proto").filter("https"::equals).isPresent();
    String base = settings.publicUrl().orElse((secure ? "https://" : "http://") + exchange.host());
    return base.replaceFirst("^http", "ws") + "/api/v1/socket";
  }

  private CompletionStage<HttpResponse> iceServers(Exchange exchange) {
    IceServers.Offer offer = ice.of(exchange.principal().user());
    return done(responses.success(200, json -> writeIce(json, offer)));
  }

  private static void writeIce(JsonGenerator json, IceServers.Offer offer) throws IOException {
    json.writeArrayFieldStart("ice_servers");
    for (IceServers.Server server : offer.servers()) {
      json.writeStartObject();
      json.writeArrayFieldStart("urls");
      for (String url : server.urls()) {
        json.writeString(url);
      }
      json.writeEndArray();
      if (server.username().isPresent() && server.credential().isPresent()) {
        json.writeStringField("username", server.username().get());
        json.writeStringField("credential", server.credential().get());
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeNumberField("expires_in_ms", offer.validFor().toMillis());
  }

  private CompletionStage<HttpResponse> ticket(Exchange exchange) {
    SimpleBody body = read(exchange);
    Optional<DeviceId> device = body.id("device_id", DeviceId::new);
    body.check().ifPresent(NodeRoutes::refuse);
    return tickets
        .issue(exchange.principal(), device)
        .thenApply(
            ticket ->
                responses.success(
                    200,
                    json -> {
                      json.writeStringField("ticket", ticket);
                      json.writeNumberField("expires_in_ms", TicketOffice.VALIDITY.toMillis());
                    }));
  }

  /** The body of a request that is no order. */
  static SimpleBody read(Exchange exchange) {
    return switch (FrameReader.simple(exchange.body())) {
      case Reading.Good<SimpleBody>(SimpleBody body) -> body;
      case Reading.Bad<SimpleBody>(Problem problem, _) -> throw new Refusal(problem);
    };
  }

  static void refuse(Problem problem) {
    throw new Refusal(problem);
  }

  private CompletionStage<HttpResponse> putUser(Exchange exchange) {
    if (!exchange.principal().roles().contains(Role.SERVICE)) {
      throw new Refusal(
          Problem.of(ErrorCode.FORBIDDEN, "Users are put here with the service role."));
    }
    String id = exchange.path().getFirst();
    if (!Ids.isWellFormed(id)) {
      throw new Refusal(Problem.invalid("/user_id", "must be an id"));
    }
    SimpleBody body = read(exchange);
    Optional<String> name =
        body.required("name", MAX_NAME).flatMap(n -> DisplayName.clean(n, MAX_NAME));
    Optional<String> email = body.text("email", 320);
    Optional<String> avatar = body.text("avatar_url", 2048);
    body.check().ifPresent(NodeRoutes::refuse);
    UserKey user = new UserKey(exchange.principal().user().realm(), new UserId(id));
    Person person =
        new Person(
            name.orElseThrow(() -> new Refusal(Problem.invalid("/name", "must not be blank"))),
            email,
            avatar);
    return names
        .put(user, person)
        .thenApply(
            done ->
                responses.success(
                    200,
                    json -> {
                      json.writeStringField("user_id", id);
                      json.writeStringField("name", person.name());
                    }));
  }
}
