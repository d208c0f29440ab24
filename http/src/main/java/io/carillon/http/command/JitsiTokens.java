package io.carillon.http.command;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.carillon.engine.call.CallSnapshot;
import io.carillon.engine.call.JitsiRoom;
import io.carillon.engine.call.Leg;
import io.carillon.engine.identity.UserKey;
import io.carillon.http.auth.Principal;
import io.carillon.http.settings.JitsiSettings;
import io.carillon.http.settings.Realms;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Makes what lets one user into a call's Jitsi room (R44): only for somebody who is in an accepted
 * call, only in the reply to that user, never in an event, a push or a log.
 */
public final class JitsiTokens {
  /** How far the room server's clock may be behind ours. */
  private static final Duration SKEW = Duration.ofSeconds(10);

  private final Realms realms;
  private final Function<UserKey, Profile> profiles;
  private final InstantSource clock;
  private final Map<String, PrivateKey> keys = new ConcurrentHashMap<>();

  /** What a room shows of a user; empty texts where nothing is known. */
  public record Profile(String name, String email, String avatarUrl) {}

  /** Makes tokens that show users as {@code profiles} says. */
  public JitsiTokens(Realms realms, Function<UserKey, Profile> profiles, InstantSource clock) {
    this.realms = realms;
    this.profiles = profiles;
    this.clock = clock;
  }

  /** The user's token for the call's room; empty without a room, a signature, or a part in it. */
  public Optional<String> issue(CallSnapshot call, Principal principal) {
    Optional<JitsiRoom> room = call.facts().jitsi();
    boolean talks =
        call.phase() == CallSnapshot.Phase.ACCEPTED
            && call.roster()
                .find(principal.user().user())
                .filter(p -> p.leg() instanceof Leg.Joined)
                .isPresent();
    if (room.isEmpty() || !talks) {
      return Optional.empty();
    }
    boolean moderator = call.facts().caller().user().equals(principal.user().user());
    return switch (realms.of(principal.user().realm()).jitsi().token()) {
      case JitsiSettings.Open _ -> Optional.empty();
      case JitsiSettings.SelfHosted s -> {
        Map<String, Object> user = user(principal, moderator);
        user.put("moderator", moderator);
        JWTClaimsSet claims =
            claims(call, room.get(), s.validFor())
                .issuer(s.appId())
                .subject(s.domain())
                .claim("context", Map.of("user", user))
                .build();
        yield Optional.of(
            signed(new JWSHeader(JWSAlgorithm.HS256), claims, () -> mac(s.appSecret())));
      }
      case JitsiSettings.Jaas s -> {
        // JaaS reads the flag as text.
        Map<String, Object> user = user(principal, moderator);
        user.put("moderator", Boolean.toString(moderator));
        Map<String, Object> features =
            Map.of("livestreaming", false, "recording", false, "transcription", false);
        JWTClaimsSet claims =
            claims(call, room.get(), s.validFor())
                .issuer("chat")
                .subject(s.appId())
                .claim("context", Map.of("user", user, "features", features))
                .build();
        JWSHeader header =
            new JWSHeader.Builder(JWSAlgorithm.RS256)
                .type(JOSEObjectType.JWT)
                .keyID(s.keyId())
                .build();
        yield Optional.of(
            signed(
                header,
                claims,
                () ->
                    new RSASSASigner(keys.computeIfAbsent(s.privateKeyFile(), JitsiTokens::read))));
      }
    };
  }

  private JWTClaimsSet.Builder claims(CallSnapshot call, JitsiRoom room, Duration validFor) {
    Instant now = clock.instant();
    Instant end = now.plus(validFor);
    Instant until = call.endsBy().filter(endsBy -> endsBy.isBefore(end)).orElse(end);
    return new JWTClaimsSet.Builder()
        .audience("jitsi")
        .claim("room", room.name())
        .notBeforeTime(Date.from(now.minus(SKEW)))
        .expirationTime(Date.from(until));
  }

  private Map<String, Object> user(Principal principal, boolean moderator) {
    Profile profile = profiles.apply(principal.user());
    Map<String, Object> user = new LinkedHashMap<>();
    user.put("id", principal.user().user().value());
    user.put("name", profile.name());
    user.put("email", profile.email());
    user.put("avatar", profile.avatarUrl());
    user.put("affiliation", moderator ? "owner" : "member");
    return user;
  }

  @FunctionalInterface
  private interface Signing {
    JWSSigner signer() throws JOSEException;
  }

  private static JWSSigner mac(String secret) throws JOSEException {
    return new MACSigner(secret.getBytes(StandardCharsets.UTF_8));
  }

  private static String signed(JWSHeader header, JWTClaimsSet claims, Signing signing) {
    try {
      SignedJWT token = new SignedJWT(header, claims);
      token.sign(signing.signer());
      return token.serialize();
    } catch (JOSEException unusable) {
      throw new IllegalStateException("a room's token could not be signed", unusable);
    }
  }

  private static PrivateKey read(String file) {
    try {
      String pem =
          Files.readString(Path.of(file))
              .replaceAll("-----(BEGIN|END) PRIVATE KEY-----", "")
              .replaceAll("\\s", "");
      return KeyFactory.getInstance("RSA")
          .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem)));
    } catch (IOException | GeneralSecurityException | IllegalArgumentException unreadable) {
      throw new IllegalStateException(
          file + " is not a PKCS #8 PEM file of an RSA key", unreadable);
    }
  }
}
