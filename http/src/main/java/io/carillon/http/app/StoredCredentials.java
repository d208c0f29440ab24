package io.carillon.http.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.engine.identity.DeviceId;
import io.carillon.http.auth.ApiKeyStore;
import io.carillon.http.auth.Credential;
import io.carillon.http.auth.Principal;
import io.carillon.http.auth.Role;
import io.carillon.http.auth.TicketOffice;
import io.carillon.http.auth.Verdict;
import io.carillon.http.protocol.Json;
import io.carillon.persistence.directory.ApiKeys;
import io.carillon.persistence.directory.Tickets;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** The edge's ports to what the database knows of credentials. */
final class StoredCredentials {
  private StoredCredentials() {}

  static ApiKeyStore keys(ApiKeys keys) {
    return (login, key) ->
        keys.verify(login, key)
            .thenApply(
                owner ->
                    owner.isEmpty()
                        ? new Verdict.Refused()
                        : new Verdict.Known(
                            new Principal(
                                owner.get().user(),
                                Optional.empty(),
                                owner.get().service() ? Set.of(Role.SERVICE) : Set.of(Role.USER),
                                Optional.empty(),
                                new Credential.Key())));
  }

  static TicketOffice tickets(Tickets tickets) {
    return new TicketOffice() {
      @Override
      public CompletionStage<String> issue(Principal principal, Optional<DeviceId> device) {
        return tickets.issue(principal.user(), device, attributes(principal));
      }

      @Override
      public CompletionStage<Optional<Ticket>> redeem(String ticket) {
        return tickets
            .redeem(ticket)
            .thenApply(redeemed -> redeemed.map(r -> new Ticket(principal(r), r.device())));
      }
    };
  }

  /** What else the credential said that bought the ticket: the socket ends when it would have. */
  private static String attributes(Principal principal) {
    ObjectNode node = Json.trees().createObjectNode();
    principal.name().ifPresent(name -> node.put("name", name));
    principal.expiresAt().ifPresent(at -> node.put("expires_at", at.toEpochMilli()));
    if (principal.credential() instanceof Credential.Token(var id, var issuedAt)) {
      ObjectNode token = node.putObject("token");
      id.ifPresent(text -> token.put("id", text));
      issuedAt.ifPresent(at -> token.put("issued_at", at.getEpochSecond()));
    }
    var roles = node.putArray("roles");
    principal.roles().forEach(role -> roles.add(role.name()));
    return node.toString();
  }

  private static Credential credential(JsonNode token) {
    if (token.isMissingNode()) {
      return new Credential.Key();
    }
    return new Credential.Token(
        token.has("id") ? Optional.of(token.path("id").asText()) : Optional.empty(),
        token.has("issued_at")
            ? Optional.of(Instant.ofEpochSecond(token.path("issued_at").asLong()))
            : Optional.empty());
  }

  private static Principal principal(Tickets.Redeemed redeemed) {
    try {
      JsonNode node = Json.trees().readTree(redeemed.attributes());
      Set<Role> roles = EnumSet.noneOf(Role.class);
      for (JsonNode role : node.path("roles")) {
        roles.add(Role.valueOf(role.asText()));
      }
      return new Principal(
          redeemed.user(),
          node.has("name") ? Optional.of(node.path("name").asText()) : Optional.empty(),
          roles,
          node.has("expires_at")
              ? Optional.of(Instant.ofEpochMilli(node.path("expires_at").asLong()))
              : Optional.empty(),
          credential(node.path("token")));
    } catch (JsonProcessingException corrupt) {
      throw new IllegalStateException("a ticket's attributes are not ours", corrupt);
    }
  }
}
