package io.carillon.http.auth;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.util.Base64URL;
import io.carillon.engine.identity.Ids;
import io.carillon.engine.identity.RealmId;
import io.carillon.engine.identity.UserId;
import io.carillon.engine.identity.UserKey;
import io.carillon.http.protocol.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * Checks signed tokens (JWT, RFC 7519, by the advice of RFC 8725): the issuer chooses the key and
 * the key the algorithm; a token that brings or names its own key is refused, and so is one with a
 * repeated claim, an extension it calls critical, or no end.
 */
public final class TokenVerifier {
  /** Characters of a token. */
  static final int MAX_TOKEN = 8 * 1024;

  /** Characters of a token's id. */
  public static final int MAX_TOKEN_ID = 256;

  private static final int MAX_NAME = 200;

  private static final Set<String> FORBIDDEN_HEADERS =
      Set.of("jwk", "jku", "x5u", "x5c", "x5t", "x5t#S256", "crit", "b64", "zip", "cty", "enc");

  private static final Set<String> TYPES = Set.of("JWT", "jwt", "at+jwt");

  private final Map<String, Issuer> named = new HashMap<>();
  private final Optional<Issuer> unnamed;
  private final Duration skew;
  private final InstantSource clock;

  /**
   * @param issuers whose tokens are believed; at most one without a name
   * @param skew how far others' clocks may be off
   */
  public TokenVerifier(List<Issuer> issuers, Duration skew, InstantSource clock) {
    Optional<Issuer> nameless = Optional.empty();
    for (Issuer issuer : issuers) {
      if (issuer.name().isPresent()) {
        named.put(issuer.name().get(), issuer);
      } else {
        nameless = Optional.of(issuer);
      }
    }
    this.unnamed = nameless;
    this.skew = skew;
    this.clock = clock;
  }

  /** Says whose token this is, or that it is nobody's. Never completes exceptionally. */
  public CompletionStage<Verdict> verify(String token) {
    Parts parts;
    try {
      parts = Parts.of(token);
    } catch (IOException notAToken) {
      return refused();
    }
    Optional<Issuer> issuer = issuer(parts.claims());
    if (issuer.isEmpty()
        || !isPlain(parts.header())
        || !parts.header().path("alg").asText().equals(issuer.get().keys().algorithm().word())) {
      return refused();
    }
    JsonNode kid = parts.header().path("kid");
    if (!kid.isMissingNode() && (!kid.isTextual() || kid.asText().length() > Ids.MAX_LENGTH)) {
      return refused();
    }
    Optional<String> keyId = kid.isTextual() ? Optional.of(kid.asText()) : Optional.empty();
    Issuer trusted = issuer.get();
    return trusted
        .keys()
        .find(keyId)
        .thenApply(
            key ->
                key.isPresent()
                        && key.get().algorithm() == trusted.keys().algorithm()
                        && key.get()
                            .verifies(
                                parts.signed().getBytes(StandardCharsets.US_ASCII),
                                parts.signature())
                    ? judge(trusted, parts.claims())
                    : new Verdict.Refused())
        .exceptionally(
            failure -> {
              Throwable cause =
                  failure instanceof CompletionException && failure.getCause() != null
                      ? failure.getCause()
                      : failure;
              return cause instanceof KeySet.KeysUnavailable
                  ? new Verdict.Undecided()
                  : new Verdict.Refused();
            });
  }

  private static CompletionStage<Verdict> refused() {
    return CompletableFuture.completedFuture(new Verdict.Refused());
  }

  private Optional<Issuer> issuer(JsonNode claims) {
    JsonNode iss = claims.path("iss");
    if (iss.isMissingNode()) {
      return unnamed;
    }
    return iss.isTextual() ? Optional.ofNullable(named.get(iss.asText())) : Optional.empty();
  }

  private static boolean isPlain(JsonNode header) {
    for (String name : FORBIDDEN_HEADERS) {
      if (header.has(name)) {
        return false;
      }
    }
    JsonNode type = header.path("typ");
    return type.isMissingNode() || (type.isTextual() && TYPES.contains(type.asText()));
  }

  /** The claims of a token whose signature is good. */
  private Verdict judge(Issuer issuer, JsonNode claims) {
    Instant now = clock.instant();
    JsonNode exp = claims.path("exp");
    if (!exp.isIntegralNumber() || !exp.canConvertToLong() || Math.abs(exp.asLong()) > 1L << 40) {
      return new Verdict.Refused();
    }
    if (!isPast(claims.path("nbf"), now)
        || !isPast(claims.path("iat"), now)
        || !names(claims.path("aud"), issuer.audience())) {
      return new Verdict.Refused();
    }
    Optional<UserId> user = subject(claims.path("sub")).map(UserId::new);
    Optional<RealmId> claimed = subject(claims.path("realm")).map(RealmId::new);
    Optional<RealmId> realm = issuer.realm().or(() -> claimed);
    // An issuer that speaks for one realm must not name another, by mistake or otherwise.
    boolean realmFits = claimed.isEmpty() || claimed.equals(realm);
    Optional<Set<Role>> roles = roles(claims.path("roles"), issuer);
    if (user.isEmpty() || realm.isEmpty() || !realmFits || roles.isEmpty()) {
      return new Verdict.Refused();
    }
    Optional<String> id = text(claims.path("jti"));
    if (id.isEmpty() && claims.has("jti")) {
      return new Verdict.Refused(); // nobody could revoke it by what it calls itself
    }
    Instant expiresAt = Instant.ofEpochSecond(exp.asLong());
    if (!now.isBefore(expiresAt.plus(skew))) {
      return new Verdict.Expired();
    }
    return new Verdict.Known(
        new Principal(
            new UserKey(realm.get(), user.get()),
            name(claims.path("name")),
            roles.get(),
            Optional.of(expiresAt),
            new Credential.Token(id, issuedAt(claims))));
  }

  private static Optional<String> text(JsonNode claim) {
    boolean usable = claim.isTextual() && claim.asText().length() <= MAX_TOKEN_ID;
    return usable && !claim.asText().isEmpty() ? Optional.of(claim.asText()) : Optional.empty();
  }

  private static Optional<Instant> issuedAt(JsonNode claims) {
    JsonNode iat = claims.path("iat");
    return iat.isMissingNode()
        ? Optional.empty()
        : Optional.of(Instant.ofEpochSecond(iat.asLong()));
  }

  private boolean isPast(JsonNode seconds, Instant now) {
    if (seconds.isMissingNode()) {
      return true;
    }
    return seconds.isIntegralNumber()
        && seconds.canConvertToLong()
        && seconds.asLong() <= now.plus(skew).getEpochSecond();
  }

  private static boolean names(JsonNode aud, Optional<String> wanted) {
    if (wanted.isEmpty()) {
      return true;
    }
    if (aud.isTextual()) {
      return aud.asText().equals(wanted.get());
    }
    if (aud.isArray()) {
      for (JsonNode one : aud) {
        if (one.isTextual() && one.asText().equals(wanted.get())) {
          return true;
        }
      }
    }
    return false;
  }

  private static Optional<String> subject(JsonNode claim) {
    boolean usable = claim.isTextual() || claim.isIntegralNumber();
    return usable && Ids.isWellFormed(claim.asText())
        ? Optional.of(claim.asText())
        : Optional.empty();
  }

  /** The roles we know among those named; a user's where none are named. */
  private static Optional<Set<Role>> roles(JsonNode claim, Issuer issuer) {
    if (claim.isMissingNode()) {
      return Optional.of(Set.of(Role.USER));
    }
    if (!claim.isArray()) {
      return Optional.empty();
    }
    Set<Role> roles = EnumSet.noneOf(Role.class);
    for (JsonNode one : claim) {
      if (!one.isTextual()) {
        return Optional.empty();
      }
      Role.find(one.asText()).ifPresent(roles::add);
    }
    if (issuer.realm().isPresent()) {
      // One who speaks for one realm has no say over nodes that serve the others too.
      roles.remove(Role.OPERATOR);
    }
    return Optional.of(roles);
  }

  /** A name that may be shown: no control characters, no halves of characters, not endless. */
  private static Optional<String> name(JsonNode claim) {
    return claim.isTextual() ? DisplayName.clean(claim.asText(), MAX_NAME) : Optional.empty();
  }

  private record Parts(JsonNode header, JsonNode claims, String signed, Base64URL signature) {
    static Parts of(String token) throws IOException {
      if (token.length() > MAX_TOKEN) {
        throw new IOException("too long");
      }
      int first = token.indexOf('.');
      int second = token.indexOf('.', first + 1);
      if (first <= 0
          || second <= first + 1
          || second == token.length() - 1
          || token.indexOf('.', second + 1) >= 0) {
        throw new IOException("not three parts");
      }
      String signature = token.substring(second + 1);
      decode(signature); // refuses what is not base64url, which Nimbus would skip over
      return new Parts(
          object(token.substring(0, first)),
          object(token.substring(first + 1, second)),
          token.substring(0, second),
          new Base64URL(signature));
    }

    private static JsonNode object(String part) throws IOException {
      try {
        JsonNode node = Json.trees().readTree(decode(part));
        if (node == null || !node.isObject()) {
          throw new IOException("not an object");
        }
        return node;
      } catch (JsonProcessingException notJson) {
        throw new IOException("not JSON", notJson);
      }
    }

    private static byte[] decode(String part) throws IOException {
      try {
        return Base64.getUrlDecoder().decode(part);
      } catch (IllegalArgumentException notBase64) {
        throw new IOException("not base64url", notBase64);
      }
    }
  }
}
