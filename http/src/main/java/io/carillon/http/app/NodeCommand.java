package io.carillon.http.app;

import com.typesafe.config.Config;
import io.carillon.engine.identity.RealmId;
import io.carillon.engine.identity.UserId;
import io.carillon.engine.identity.UserKey;
import io.carillon.http.auth.DevTokens;
import io.carillon.http.auth.Role;
import io.carillon.http.settings.Environment;
import io.carillon.persistence.journal.JournalPlugin;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What an operator asks of a running node. */
@Command(
    name = "node",
    description = "Ask something of a running node.",
    mixinStandardHelpOptions = true)
final class NodeCommand implements Runnable {
  /** Between two looks at whether the node is gone. */
  private static final Duration LOOK = Duration.ofMillis(200);

  private static final Duration TOKEN = Duration.ofMinutes(5);
  private static final Duration ANSWER = Duration.ofSeconds(10);

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(ANSWER).build();

  @Override
  public void run() {
    CommandLine.usage(this, System.out);
  }

  @Command(
      name = "drain",
      description = "Send a node away in order, and wait until it is gone.",
      mixinStandardHelpOptions = true)
  void drain(
      @Option(
              names = "--url",
              description = "the node (default: this machine, at the configured port)")
          @Nullable String url,
      @Option(
              names = "--token-file",
              description =
                  "a file with a token of the operator role (default: one is made with"
                      + " carillon.auth.secret)")
          @Nullable Path tokenFile,
      @Option(
              names = "--wait",
              description = "seconds to wait for the node to be gone (default: ${DEFAULT-VALUE})",
              defaultValue = "60")
          int wait)
      throws IOException, InterruptedException {
    Config config = JournalPlugin.over(Environment.overFile());
    String base =
        Optional.ofNullable(url)
            .orElseGet(() -> "http://127.0.0.1:" + config.getInt("carillon.http.port"))
            .replaceAll("/+$", "");
    String token = tokenFile == null ? ownToken(config) : Files.readString(tokenFile).strip();
    long since = System.nanoTime();
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(URI.create(base + "/api/v1/admin/node/drain"))
                .timeout(ANSWER)
                .header("Authorization", "Bearer " + token)
                .POST(HttpRequest.BodyPublishers.noBody())
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 202) {
      throw new IllegalStateException(
          base + " does not drain: " + answer.statusCode() + " " + answer.body());
    }
    System.out.println(base + " is draining");
    long until = since + Duration.ofSeconds(wait).toNanos();
    while (answers(base)) {
      if (System.nanoTime() > until) {
        throw new IllegalStateException(base + " is still there after " + wait + " s");
      }
      Thread.sleep(LOOK.toMillis());
    }
    System.out.printf(
        "%s takes no more requests after %.1f s%n", base, (System.nanoTime() - since) / 1e9);
  }

  private static String ownToken(Config config) {
    byte[] secret =
        AuthSettings.secret(config)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "there is no carillon.auth.secret to make a token with; name a"
                            + " --token-file with a token of the operator role"));
    return new DevTokens(secret, InstantSource.system())
        .issue(
            new UserKey(new RealmId("operators"), new UserId("node-drain")),
            Optional.empty(),
            Set.of(Role.OPERATOR),
            TOKEN);
  }

  private boolean answers(String base) throws InterruptedException {
    try {
      http.send(
          HttpRequest.newBuilder(URI.create(base + "/health/live")).timeout(ANSWER).build(),
          HttpResponse.BodyHandlers.discarding());
      return true;
    } catch (IOException gone) {
      return false;
    }
  }
}
