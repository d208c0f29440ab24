package io.carillon.http.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.carillon.engine.identity.UserKey;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Makes tokens with the shared secret: for development, and for the {@code token} command. */
public final class DevTokens {
  private final byte[] secret;
  private final InstantSource clock;

  /**
   * @param secret at least 32 bytes
   */
  public DevTokens(byte[] secret, InstantSource clock) {
    this.secret = secret.clone();
    this.clock = clock;
  }

  /** A token for this user. */
  public String issue(UserKey user, Optional<String> name, Set<Role> roles, Duration validFor) {
    List<String> words =
        roles.stream().map(role -> role.name().toLowerCase(Locale.ROOT)).sorted().toList();
    JWTClaimsSet.Builder claims =
        new JWTClaimsSet.Builder()
            .jwtID(UUID.randomUUID().toString())
            .subject(user.user().value())
            .claim("realm", user.realm().value())
            .claim("roles", words)
            .issueTime(Date.from(clock.instant()))
            .expirationTime(Date.from(clock.instant().plus(validFor)));
    name.ifPresent(n -> claims.claim("name", n));
    try {
      SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims.build());
      token.sign(new MACSigner(secret));
      return token.serialize();
    } catch (JOSEException defect) {
      throw new IllegalStateException("a token could not be signed", defect);
    }
  }
}
