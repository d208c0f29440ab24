package io.carillon.http.bench;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Consumer;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Where users get their tokens. */
sealed interface Credentials {
  /** Gets a token; one of the two is called, perhaps at once. */
  void token(String user, Consumer<String> good, Consumer<String> bad);

  /** As the plan says. */
  static Credentials of(BenchPlan plan, Surroundings around) {
    return plan.secret().isPresent()
        ? new Signed(plan.secret().get(), plan.realm())
        : new FromNode(around, plan.realm());
  }

  /** The development node's route: it hands out tokens to whoever asks. */
  record FromNode(Surroundings around, Optional<String> realm) implements Credentials {
    @Override
    public void token(String user, Consumer<String> good, Consumer<String> bad) {
      Bytes body = around.message().clear().put("{\"user_id\":\"").put(user);
      realm.ifPresent(name -> body.put("\",\"realm\":\"").put(name));
      body.put("\"}");
      Bytes request =
          around
              .frame()
              .clear()
              .put("POST /api/v1/dev/tokens HTTP/1.1\r\nHost: ")
              .put(around.host())
              .put("\r\nContent-Type: application/json\r\nContent-Length: ")
              .putNumber(body.length())
              .put("\r\n\r\n")
              .put(body);
      around
          .http()
          .request(
              request,
              new HttpLane.Replies() {
                @Override
                public void replied(int status, byte[] bytes, int from, int to) {
                  FrameScan reply = around.scan();
                  if (status / 100 == 2 && reply.scan(bytes, from, to) && !reply.token.isEmpty()) {
                    good.accept(reply.token.text());
                  } else if (status == 404) {
                    bad.accept(
                        "the node hands out no tokens (only a development node does): name its"
                            + " secret with --auth-secret");
                  } else {
                    bad.accept("no token: " + HttpLane.words(status));
                  }
                }

                @Override
                public void failed(String why) {
                  bad.accept("no token: " + why);
                }
              });
    }
  }

  /** Signed here, with the node's own secret. */
  record Signed(String secret, Optional<String> realm) implements Credentials {
    private static final Duration VALID_FOR = Duration.ofHours(12);
    private static final String HEADER = encoded("{\"alg\":\"HS256\",\"typ\":\"JWT\"}");

    @Override
    public void token(String user, Consumer<String> good, Consumer<String> bad) {
      String realmClaim = realm.map(name -> ",\"realm\":\"" + name + "\"").orElse("");
      long expires = Instant.now().plus(VALID_FOR).getEpochSecond();
      String claims =
          "{\"sub\":\"" + user + "\",\"roles\":[\"user\"],\"exp\":" + expires + realmClaim + "}";
      String signed = HEADER + "." + encoded(claims);
      try {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        byte[] signature = mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII));
        good.accept(
            signed + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature));
      } catch (GeneralSecurityException unusable) {
        bad.accept("the secret cannot be used: " + unusable.getMessage());
      }
    }

    private static String encoded(String json) {
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
      return "Signed[secret not shown]";
    }
  }
}
