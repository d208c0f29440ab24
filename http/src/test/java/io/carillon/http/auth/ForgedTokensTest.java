package io.carillon.http.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.carillon.engine.identity.RealmId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.EdECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tokens somebody made to get in. Every one is refused, and nothing says why. */
class ForgedTokensTest {
  private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
  private static final String SECRET = "a secret of tests, long enough to sign with";
  private static final RSAKey RSA = rsa("rsa-1");
  private static final RSAKey OTHER_RSA = rsa("rsa-1");
  private static final ECKey EC = ec();
  private static final KeyPair ED = ed();

  private static final TokenVerifier VERIFIER = verifier();

  private static TokenVerifier verifier() {
    try {
      return new TokenVerifier(
          List.of(
              new Issuer(
                  Optional.empty(),
                  Optional.empty(),
                  Optional.empty(),
                  KeySet.secret(SECRET.getBytes(StandardCharsets.UTF_8))),
              new Issuer(
                  Optional.of("https://rsa.example"),
                  Optional.empty(),
                  Optional.of("carillon"),
                  KeySet.text(new JWKSet(RSA.toPublicJWK()).toString(), Algorithm.RS256)),
              new Issuer(
                  Optional.of("https://ec.example"),
                  Optional.of(new RealmId("acme")),
                  Optional.empty(),
                  KeySet.text(new JWKSet(EC.toPublicJWK()).toString(), Algorithm.ES256)),
              new Issuer(
                  Optional.of("https://ed.example"),
                  Optional.empty(),
                  Optional.empty(),
                  KeySet.text(new JWKSet(edJwk()).toString(), Algorithm.EDDSA))),
          Duration.ofSeconds(5),
          InstantSource.fixed(NOW));
    } catch (IOException broken) {
      throw new AssertionError(broken);
    }
  }

  private static RSAKey rsa(String id) {
    try {
      return new RSAKeyGenerator(2048).keyID(id).generate();
    } catch (JOSEException broken) {
      throw new AssertionError(broken);
    }
  }

  private static ECKey ec() {
    try {
      return new ECKeyGenerator(Curve.P_256).keyID("ec-1").generate();
    } catch (JOSEException broken) {
      throw new AssertionError(broken);
    }
  }

  private static KeyPair ed() {
    try {
      return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (GeneralSecurityException broken) {
      throw new AssertionError(broken);
    }
  }

  private static OctetKeyPair edJwk() {
    byte[] encoded = ((EdECPublicKey) ED.getPublic()).getEncoded();
    byte[] x = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
    return new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(x)).keyID("ed-1").build();
  }

  // ---- Making tokens

  private static Map<String, Object> claims() {
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("sub", "alice");
    claims.put("realm", "acme");
    claims.put("exp", NOW.plusSeconds(600).getEpochSecond());
    return claims;
  }

  private static String json(Map<String, Object> map) {
    return com.nimbusds.jose.util.JSONObjectUtils.toJSONString(map);
  }

  private static String part(String json) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }

  private static String hs(String header, String claims, String secret) {
    String signed = part(header) + "." + part(claims);
    try {
      Base64URL signature =
          new MACSigner(secret)
              .sign(new JWSHeader(JWSAlgorithm.HS256), signed.getBytes(StandardCharsets.US_ASCII));
      return signed + "." + signature;
    } catch (JOSEException broken) {
      throw new AssertionError(broken);
    }
  }

  private static String hs(String header, String claims) {
    return hs(header, claims, SECRET);
  }

  private static final String HS = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";

  private static String hs(Consumer<Map<String, Object>> change) {
    Map<String, Object> claims = claims();
    change.accept(claims);
    return hs(HS, json(claims));
  }

  private static String rs(RSAKey key, String keyId, Consumer<JWTClaimsSet.Builder> change) {
    JWTClaimsSet.Builder claims =
        new JWTClaimsSet.Builder()
            .issuer("https://rsa.example")
            .audience("carillon")
            .subject("alice")
            .claim("realm", "acme")
            .expirationTime(Date.from(NOW.plusSeconds(600)));
    change.accept(claims);
    try {
      SignedJWT token =
          new SignedJWT(
              new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(keyId).build(), claims.build());
      token.sign(new RSASSASigner(key));
      return token.serialize();
    } catch (JOSEException broken) {
      throw new AssertionError(broken);
    }
  }

  private static String es(Consumer<JWTClaimsSet.Builder> change) {
    JWTClaimsSet.Builder claims =
        new JWTClaimsSet.Builder()
            .issuer("https://ec.example")
            .subject("alice")
            .expirationTime(Date.from(NOW.plusSeconds(600)));
    change.accept(claims);
    try {
      SignedJWT token =
          new SignedJWT(
              new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("ec-1").build(), claims.build());
      token.sign(new ECDSASigner(EC));
      return token.serialize();
    } catch (JOSEException broken) {
      throw new AssertionError(broken);
    }
  }

  private static String eddsa() {
    Map<String, Object> claims = claims();
    claims.put("iss", "https://ed.example");
    String signed = part("{\"alg\":\"EdDSA\",\"kid\":\"ed-1\"}") + "." + part(json(claims));
    try {
      Signature signature = Signature.getInstance("Ed25519");
      signature.initSign(ED.getPrivate());
      signature.update(signed.getBytes(StandardCharsets.US_ASCII));
      return signed
          + "."
          + Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
    } catch (GeneralSecurityException broken) {
      throw new AssertionError(broken);
    }
  }

  private static String withSignature(String token, String signature) {
    return token.substring(0, token.lastIndexOf('.') + 1) + signature;
  }

  private static String withHeader(String token, String header) {
    return part(header) + token.substring(token.indexOf('.'));
  }

  private static final String GOOD = hs(claims -> {});
  private static final String GOOD_RS = rs(RSA, "rsa-1", claims -> {});
  private static final String GOOD_ES = es(claims -> {});

  static Stream<Arguments> forged() {
    String body = json(claims());
    String rsaPublic = new String(publicKey(), StandardCharsets.UTF_8);
    return Stream.of(
        Arguments.of("nothing", ""),
        Arguments.of("dots", ".."),
        Arguments.of("two parts", "a.b"),
        Arguments.of("four parts", GOOD + ".x"),
        Arguments.of("not base64", "!.!.!"),
        Arguments.of("a megabyte", "a".repeat(1 << 20) + ".b.c"),
        Arguments.of("no algorithm", part("{\"alg\":\"none\"}") + "." + part(body) + "."),
        Arguments.of(
            "none with a signature", part("{\"alg\":\"none\"}") + "." + part(body) + ".AA"),
        Arguments.of("None", withHeader(GOOD, "{\"alg\":\"None\"}")),
        Arguments.of("nOnE", withHeader(GOOD, "{\"alg\":\"nOnE\"}")),
        Arguments.of("lower case algorithm", hs("{\"alg\":\"hs256\"}", body)),
        Arguments.of("another strength", hs("{\"alg\":\"HS512\"}", body)),
        Arguments.of("algorithm missing", hs("{\"typ\":\"JWT\"}", body)),
        Arguments.of("algorithm a number", hs("{\"alg\":256}", body)),
        Arguments.of("empty signature", withSignature(GOOD, "")),
        Arguments.of("zero signature", withSignature(GOOD, part("\0".repeat(32)))),
        Arguments.of("short signature", withSignature(GOOD, "AAAA")),
        Arguments.of(
            "signature of another",
            withSignature(GOOD, GOOD_RS.substring(GOOD_RS.lastIndexOf('.') + 1))),
        Arguments.of("other secret", hs(HS, body, "another secret, long enough to sign with it")),
        Arguments.of(
            "public key as secret",
            hs(
                "{\"alg\":\"HS256\",\"kid\":\"rsa-1\"}",
                json(issued("https://rsa.example")),
                rsaPublic)),
        Arguments.of("HS256 for an RS256 issuer", hs(HS, json(issued("https://rsa.example")))),
        Arguments.of("RS256 claimed by HS256", hs("{\"alg\":\"RS256\"}", body)),
        Arguments.of(
            "changed claims", GOOD.replace(part(body), part(body.replace("alice", "admin")))),
        Arguments.of("changed header", withHeader(GOOD, "{\"typ\":\"JWT\",\"alg\":\"HS256\"}")),
        Arguments.of(
            "embedded key",
            hs("{\"alg\":\"HS256\",\"jwk\":{\"kty\":\"oct\",\"k\":\"AAAA\"}}", body)),
        Arguments.of(
            "key elsewhere", hs("{\"alg\":\"HS256\",\"jku\":\"https://evil.example/keys\"}", body)),
        Arguments.of(
            "certificate elsewhere",
            hs("{\"alg\":\"HS256\",\"x5u\":\"https://evil.example/\"}", body)),
        Arguments.of(
            "certificate brought along", hs("{\"alg\":\"HS256\",\"x5c\":[\"AAAA\"]}", body)),
        Arguments.of(
            "unknown extension called critical",
            hs("{\"alg\":\"HS256\",\"crit\":[\"exp2\"],\"exp2\":1}", body)),
        Arguments.of(
            "payload not encoded",
            hs("{\"alg\":\"HS256\",\"b64\":false,\"crit\":[\"b64\"]}", body)),
        Arguments.of("another type", hs("{\"alg\":\"HS256\",\"typ\":\"logout+jwt\"}", body)),
        Arguments.of("nested token", hs("{\"alg\":\"HS256\",\"cty\":\"JWT\"}", body)),
        Arguments.of("key id that is a path", rs(RSA, "../../../../dev/null", c -> {})),
        Arguments.of("key id that is SQL", rs(RSA, "x' UNION SELECT 'k", c -> {})),
        Arguments.of("endless key id", rs(RSA, "k".repeat(4000), c -> {})),
        Arguments.of("key id that is a list", hs("{\"alg\":\"HS256\",\"kid\":[\"a\"]}", body)),
        Arguments.of("right key id, other key", rs(OTHER_RSA, "rsa-1", c -> {})),
        Arguments.of("another audience", rs(RSA, "rsa-1", c -> c.audience("someone-else"))),
        Arguments.of("no audience", rs(RSA, "rsa-1", c -> c.audience((String) null))),
        Arguments.of("unknown issuer", rs(RSA, "rsa-1", c -> c.issuer("https://evil.example"))),
        Arguments.of(
            "issuer almost right", rs(RSA, "rsa-1", c -> c.issuer("https://rsa.example/"))),
        Arguments.of("issuer missing", rs(RSA, "rsa-1", c -> c.issuer(null))),
        Arguments.of("issuer of another realm", es(c -> c.claim("realm", "rival"))),
        Arguments.of("r and s zero", withSignature(GOOD_ES, part("\0".repeat(64)))),
        Arguments.of(
            "ECDSA signature as DER",
            withSignature(GOOD_ES, part("0\u0006\u0002\u0001\0\u0002\u0001\0"))),
        Arguments.of("no end", hs(c -> c.remove("exp"))),
        Arguments.of("end a text", hs(c -> c.put("exp", "never"))),
        Arguments.of("end beyond all time", hs(c -> c.put("exp", Long.MAX_VALUE))),
        Arguments.of("not yet", hs(c -> c.put("nbf", NOW.plusSeconds(60).getEpochSecond()))),
        Arguments.of(
            "from the future", hs(c -> c.put("iat", NOW.plusSeconds(60).getEpochSecond()))),
        Arguments.of("nobody", hs(c -> c.remove("sub"))),
        Arguments.of("a user that is an object", hs(c -> c.put("sub", Map.of("id", 1)))),
        Arguments.of("a user with a bar", hs(c -> c.put("sub", "acme|alice"))),
        Arguments.of("no realm", hs(c -> c.remove("realm"))),
        Arguments.of("an empty realm", hs(c -> c.put("realm", ""))),
        Arguments.of("roles a text", hs(c -> c.put("roles", "admin"))),
        Arguments.of(
            "a repeated claim",
            hs(
                HS,
                "{\"sub\":\"alice\",\"sub\":\"admin\",\"realm\":\"acme\",\"exp\":"
                    + NOW.plusSeconds(60).getEpochSecond()
                    + "}")),
        Arguments.of("a repeated header", hs("{\"alg\":\"none\",\"alg\":\"HS256\"}", body)),
        Arguments.of("claims that are a list", hs(HS, "[]")),
        Arguments.of("claims too deep", hs(HS, "{\"x\":" + "[".repeat(40) + "]".repeat(40) + "}")),
        Arguments.of("claims not JSON", hs(HS, "alice")));
  }

  private static Map<String, Object> issued(String issuer) {
    Map<String, Object> claims = claims();
    claims.put("iss", issuer);
    claims.put("aud", "carillon");
    return claims;
  }

  private static byte[] publicKey() {
    try {
      return Base64.getEncoder().encode(RSA.toRSAPublicKey().getEncoded());
    } catch (JOSEException broken) {
      throw new AssertionError(broken);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("forged")
  void isRefused(String how, String token) {
    assertThat(VERIFIER.verify(token).toCompletableFuture().join())
        .as(how)
        .isEqualTo(new Verdict.Refused());
  }

  @Test
  void theGoodOnesTheForgedOnesAreMadeOfAreAccepted() {
    for (String token : List.of(GOOD, GOOD_RS, GOOD_ES, eddsa())) {
      assertThat(VERIFIER.verify(token).toCompletableFuture().join())
          .isInstanceOfSatisfying(
              Verdict.Known.class,
              known -> {
                assertThat(known.principal().user().user().value()).isEqualTo("alice");
                assertThat(known.principal().user().realm().value()).isEqualTo("acme");
                assertThat(known.principal().roles()).containsExactly(Role.USER);
              });
    }
  }

  @Test
  void aTokenThatRanOutIsToldSoAfterTheSkew() {
    String skewed = hs(c -> c.put("exp", NOW.minusSeconds(4).getEpochSecond()));
    String expired = hs(c -> c.put("exp", NOW.minusSeconds(5).getEpochSecond()));
    assertThat(VERIFIER.verify(skewed).toCompletableFuture().join())
        .isInstanceOf(Verdict.Known.class);
    assertThat(VERIFIER.verify(expired).toCompletableFuture().join())
        .isEqualTo(new Verdict.Expired());
    // One with a bad signature is not told that it is old.
    assertThat(VERIFIER.verify(withSignature(expired, "AAAA")).toCompletableFuture().join())
        .isEqualTo(new Verdict.Refused());
  }

  @Test
  void numbersAreUserIdsToo() {
    assertThat(VERIFIER.verify(hs(c -> c.put("sub", 42))).toCompletableFuture().join())
        .isInstanceOfSatisfying(
            Verdict.Known.class,
            known -> assertThat(known.principal().user().user().value()).isEqualTo("42"));
  }

  @Test
  void anIssuerOfOneRealmNamesNoOperators() {
    List<String> both = List.of("admin", "operator");
    assertThat(roles(hs(c -> c.put("roles", both))))
        .containsExactlyInAnyOrder(Role.ADMIN, Role.OPERATOR);
    assertThat(roles(es(c -> c.claim("roles", both)))).containsExactly(Role.ADMIN);
  }

  private static Set<Role> roles(String token) {
    Verdict verdict = VERIFIER.verify(token).toCompletableFuture().join();
    return ((Verdict.Known) verdict).principal().roles();
  }
}
