package io.carillon.http.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.typesafe.config.ConfigFactory;
import io.carillon.engine.call.CallId;
import io.carillon.engine.call.CallKey;
import io.carillon.engine.call.Line;
import io.carillon.engine.identity.RealmId;
import io.carillon.engine.identity.UserId;
import io.carillon.engine.identity.UserKey;
import io.carillon.http.auth.Credential;
import io.carillon.http.auth.Principal;
import io.carillon.http.auth.Role;
import io.carillon.http.settings.Realms;
import io.carillon.http.testnode.Snapshots;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rooms, room tokens and TURN credentials: for one user, and only when it is time. */
class MediaCredentialsTest {
  private static final InstantSource CLOCK = InstantSource.fixed(Snapshots.AT);
  private static final String SECRET = "a secret of a Jitsi server, long enough";

  private static Realms realms(String hocon) {
    return new Realms(ConfigFactory.parseString(hocon).withFallback(ConfigFactory.load()));
  }

  private static Principal principal(String user) {
    return new Principal(
        new UserKey(new RealmId("acme"), new UserId(user)),
        Optional.empty(),
        Set.of(Role.USER),
        Optional.empty(),
        new Credential.Key());
  }

  private static JitsiTokens tokens(String style) {
    return new JitsiTokens(
        realms("carillon.calls.jitsi { enabled = true, token { " + style + " } }"),
        user -> new JitsiTokens.Profile("Name of " + user.user(), "", ""),
        CLOCK);
  }

  private static final JitsiTokens SELF_HOSTED =
      tokens(
          "style = self-hosted, app-id = carillon, domain = meet.example.org, app-secret = \""
              + SECRET
              + "\"");

  @Test
  void aParticipantOfAnAcceptedCallGetsATokenForItsRoom() throws Exception {
    var call = Snapshots.shown(Snapshots.accepted());
    SignedJWT token = SignedJWT.parse(SELF_HOSTED.issue(call, principal("9")).orElseThrow());
    assertThat(token.verify(new MACVerifier(SECRET))).isTrue();
    var claims = token.getJWTClaimsSet();
    assertThat(claims.getAudience()).containsExactly("jitsi");
    assertThat(claims.getIssuer()).isEqualTo("carillon");
    assertThat(claims.getSubject()).isEqualTo("meet.example.org");
    assertThat(claims.getStringClaim("room")).isEqualTo("room-1");
    assertThat(claims.getExpirationTime().toInstant())
        .isEqualTo(call.endsBy().orElseThrow())
        .isBeforeOrEqualTo(Snapshots.AT.plusSeconds(7200));
    Map<?, ?> user = shownUser(claims);
    assertThat(user.get("id")).isEqualTo("9");
    assertThat(user.get("name")).isEqualTo("Name of 9");
    assertThat(user.get("moderator")).isEqualTo(false);
  }

  private static Map<?, ?> shownUser(JWTClaimsSet claims) throws ParseException {
    return (Map<?, ?>)
        Objects.requireNonNull(claims.getJSONObjectClaim("context").get("user"), "context.user");
  }

  @Test
  void nobodyGetsATokenBeforeTheAcceptOrWithoutAPart() {
    var ringing = Snapshots.shown(Snapshots.placed(Line.FREE));
    assertThat(SELF_HOSTED.issue(ringing, principal("7"))).isEmpty();
    assertThat(SELF_HOSTED.issue(ringing, principal("9"))).isEmpty();
    var accepted = Snapshots.shown(Snapshots.accepted());
    assertThat(SELF_HOSTED.issue(accepted, principal("8"))).isEmpty();
    assertThat(tokens("style = none").issue(accepted, principal("9"))).isEmpty();
  }

  @Test
  void aServiceOfJitsiGetsItsOwnKindOfToken(@TempDir Path directory) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    KeyPair pair = generator.generateKeyPair();
    Path file = directory.resolve("key.pem");
    Files.writeString(
        file,
        "-----BEGIN PRIVATE KEY-----\n"
            + Base64.getMimeEncoder().encodeToString(pair.getPrivate().getEncoded())
            + "\n-----END PRIVATE KEY-----\n");
    JitsiTokens jaas =
        tokens(
            "style = jaas, app-id = vpaas-magic-cookie-1, key-id = vpaas-magic-cookie-1/k,"
                + " private-key-file = \""
                + file
                + "\"");
    SignedJWT token =
        SignedJWT.parse(
            jaas.issue(Snapshots.shown(Snapshots.accepted()), principal("7")).orElseThrow());
    assertThat(token.verify(new RSASSAVerifier((RSAPublicKey) pair.getPublic()))).isTrue();
    assertThat(token.getHeader().getKeyID()).isEqualTo("vpaas-magic-cookie-1/k");
    var claims = token.getJWTClaimsSet();
    assertThat(claims.getIssuer()).isEqualTo("chat");
    assertThat(claims.getSubject()).isEqualTo("vpaas-magic-cookie-1");
    Map<?, ?> context = claims.getJSONObjectClaim("context");
    assertThat(shownUser(claims).get("moderator")).isEqualTo("true");
    assertThat(context.get("features")).isNotNull();
  }

  @Test
  void aRoomCannotBeGuessedFromItsCall() {
    Realms realms = realms("carillon.calls.jitsi { enabled = true, meeting-prefix = \"p-\" }");
    CallKey call = new CallKey(new RealmId("acme"), new CallId("c-1"));
    CallKey twin = new CallKey(new RealmId("rival"), new CallId("c-1"));
    var room = new JitsiRooms(realms, new byte[] {1}).apply(call).orElseThrow();
    assertThat(room.name()).matches("p-[0-9a-f]{40}").doesNotContain("c-1");
    assertThat(new JitsiRooms(realms, new byte[] {1}).apply(call)).contains(room);
    assertThat(new JitsiRooms(realms, new byte[] {2}).apply(call)).isNotEqualTo(Optional.of(room));
    assertThat(new JitsiRooms(realms, new byte[] {1}).apply(twin)).isNotEqualTo(Optional.of(room));
    assertThat(new JitsiRooms(realms(""), new byte[] {1}).apply(call)).isEmpty();
  }

  @Test
  void turnCredentialsAreThoseCoturnComputes() {
    Realms realms =
        realms(
            """
            carillon.calls.ice {
              turn-urls = ["turn:turn.example.org:3478"]
              turn-secret = "north"
              turn-valid-for = 1 h
            }
            """);
    var offer = new IceServers(realms, CLOCK).of(principal("9").user());
    var turn = offer.servers().getLast();
    String username = turn.username().orElseThrow();
    assertThat(username).startsWith(Snapshots.AT.plusSeconds(3600).getEpochSecond() + ":");
    assertThat(turn.credential().orElseThrow())
        .isEqualTo(
            Base64.getEncoder()
                .encodeToString(
                    Hashes.hmac(
                        "HmacSHA1",
                        "north".getBytes(java.nio.charset.StandardCharsets.UTF_8),
                        username)));
    assertThat(turn.toString()).doesNotContain(turn.credential().orElseThrow());
  }
}
