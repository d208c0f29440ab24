package io.carillon.http.bench;

import io.carillon.engine.identity.RealmId;
import io.carillon.engine.identity.UserId;
import io.carillon.engine.identity.UserKey;
import io.carillon.http.auth.DevTokens;
import io.carillon.http.auth.Role;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Where users get their tokens. */
sealed interface Credentials {
  /** Where the load's users live, unless said otherwise. */
  String REALM = "bench";

  /** Gets a token; one of the two is called, perhaps at once. */
  void token(String user, Consumer<String> good, Consumer<String> bad);

  /** As the plan says. */
  static Credentials of(BenchPlan plan, Surroundings around) {
    return plan.secret().isPresent()
        ? new Signed(
            new DevTokens(
                plan.secret().get().getBytes(StandardCharsets.UTF_8), InstantSource.system()),
            new RealmId(plan.realm().orElse(REALM)))
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
  record Signed(DevTokens tokens, RealmId realm) implements Credentials {
    private static final Duration VALID_FOR = Duration.ofHours(12);

    @Override
    public void token(String user, Consumer<String> good, Consumer<String> bad) {
      UserKey key = new UserKey(realm, new UserId(user));
      good.accept(tokens.issue(key, Optional.empty(), Set.of(Role.USER), VALID_FOR));
    }
  }
}
