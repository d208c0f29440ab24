package io.carillon.http.rest;

import static io.carillon.http.rest.Route.Access.KNOWN;

import io.carillon.engine.identity.UserId;
import io.carillon.http.auth.Principal;
import io.carillon.http.auth.RevocationOffice;
import io.carillon.http.auth.Role;
import io.carillon.http.auth.TokenVerifier;
import io.carillon.http.protocol.ErrorCode;
import io.carillon.http.protocol.Problem;
import io.carillon.http.protocol.SimpleBody;
import io.carillon.http.protocol.Timestamps;
import io.carillon.persistence.realm.RealmCalls;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** Takes tokens back, for an administrator or an application of their realm; recorded. */
final class RevocationRoutes {
  private final RevocationOffice office;
  private final RealmCalls realm;
  private final Responses responses;

  RevocationRoutes(RevocationOffice office, RealmCalls realm, Responses responses) {
    this.office = office;
    this.realm = realm;
    this.responses = responses;
  }

  List<Route> routes() {
    return List.of(new Route("POST", "/api/v1/admin/revocations", KNOWN, this::revoke));
  }

  private CompletionStage<HttpResponse> revoke(Exchange exchange) {
    Principal asker = exchange.principal();
    if (!asker.roles().contains(Role.ADMIN) && !asker.roles().contains(Role.SERVICE)) {
      throw new Refusal(ErrorCode.FORBIDDEN);
    }
    SimpleBody body = NodeRoutes.read(exchange);
    Optional<String> token = body.text("token_id", TokenVerifier.MAX_TOKEN_ID);
    Optional<UserId> user = body.id("user_id", UserId::new);
    body.check().ifPresent(NodeRoutes::refuse);
    if (token.isPresent() == user.isPresent()) {
      throw new Refusal(Problem.invalid("/user_id", "give either this or token_id"));
    }
    String what = token.map(id -> "token " + id).orElseGet(() -> "user " + user.get().value());
    return realm
        .record(asker.user(), "revoke", Optional.empty(), Optional.of(what))
        .thenCompose(
            recorded ->
                token.isPresent()
                    ? office.revokeToken(asker, token.get())
                    : office.revokeUser(asker, user.orElseThrow()))
        .thenApply(this::revoked);
  }

  private HttpResponse revoked(Instant at) {
    return responses.success(200, json -> json.writeStringField("revoked_at", Timestamps.text(at)));
  }
}
