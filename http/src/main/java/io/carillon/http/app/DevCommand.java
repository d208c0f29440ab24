package io.carillon.http.app;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.carillon.engine.identity.RealmId;
import io.carillon.engine.identity.UserId;
import io.carillon.engine.identity.UserKey;
import io.carillon.http.auth.DevTokens;
import io.carillon.http.auth.Role;
import io.carillon.http.settings.Environment;
import io.carillon.persistence.embedded.EmbeddedDatabase;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A node for development: its own database, tokens for the asking, readable logs. */
@Command(
    name = "dev",
    description = "One node with its own PostgreSQL and the development conveniences.",
    mixinStandardHelpOptions = true)
final class DevCommand implements Runnable {
  private static final Duration TOKENS = Duration.ofHours(12);

  @Option(names = "--port", description = "port to listen on (default: ${DEFAULT-VALUE})")
  int port = 8080;

  @Option(names = "--host", description = "address to listen on (default: ${DEFAULT-VALUE})")
  String host = "127.0.0.1";

  @Option(names = "--data", description = "directory for data (default: ${DEFAULT-VALUE})")
  Path data = Path.of(".carillon", "dev");

  @Override
  public void run() {
    String secret = DevSecret.of(data);
    EmbeddedDatabase database = EmbeddedDatabase.start(data);
    Node node;
    try {
      node = Node.start(config(secret, database.config()));
    } catch (RuntimeException failure) {
      database.close();
      throw failure;
    }
    greet(node, secret);
    Running.untilStopped(node, database::close);
  }

  /** What a development node has in front of the operator's file. */
  Config config(String secret, Config databaseConfig) {
    return ConfigFactory.parseMap(
            Map.of(
                "carillon.dev.enabled",
                true,
                "carillon.auth.secret",
                secret,
                "carillon.http.host",
                host,
                "carillon.http.port",
                port,
                "carillon.http.allowed-origins",
                List.of("http://localhost:*", "http://127.0.0.1:*"),
                "carillon.cluster.host",
                "127.0.0.1",
                "carillon.cluster.port",
                0,
                // Alone on its own database; whoever stops it in a terminal wants to go on later.
                "carillon.cluster.suspension-check",
                false,
                // A node that was killed a moment ago is no reason to wait: nobody else is here.
                "carillon.cluster.alive-within",
                "1 ms"))
        .withFallback(databaseConfig)
        .withFallback(Environment.overFile());
  }

  private void greet(Node node, String secret) {
    DevTokens tokens =
        new DevTokens(secret.getBytes(StandardCharsets.UTF_8), InstantSource.system());
    String alice = token(tokens, "alice", "Alice");
    String bob = token(tokens, "bob", "Bob");
    String base = "http://localhost:" + node.port();
    System.out.println(
        """

        Carillon is ready.

          demo     %1$s/demo/   (open it twice)
          REST     %1$s/api/v1/
          socket   %2$s/api/v1/socket
          health   %1$s/health/ready   metrics %1$s/metrics   errors %1$s/errors

        Tokens of two users, good for 12 hours (any other: POST %1$s/api/v1/dev/tokens {"user_id":"…"}):

          ALICE=%3$s
          BOB=%4$s

        Let Alice ring Bob:

          curl -s %1$s/api/v1/calls -H 'Authorization: Bearer %3$s' \\
            -H 'Content-Type: application/json' -d '{"receiver_id":"bob","call_type":"video"}'

        Stop with Ctrl-C.
        """
            .formatted(base, base.replaceFirst("http", "ws"), alice, bob));
    System.out.flush();
  }

  private static String token(DevTokens tokens, String user, String name) {
    return tokens.issue(
        new UserKey(new RealmId("dev"), new UserId(user)),
        Optional.of(name),
        Set.of(Role.USER),
        TOKENS);
  }
}
