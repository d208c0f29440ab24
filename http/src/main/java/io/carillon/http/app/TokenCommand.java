package io.carillon.http.app;

import io.carillon.engine.identity.RealmId;
import io.carillon.engine.identity.UserId;
import io.carillon.engine.identity.UserKey;
import io.carillon.http.auth.DevTokens;
import io.carillon.http.auth.Role;
import io.carillon.http.settings.Environment;
import io.carillon.persistence.journal.JournalPlugin;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Prints a token signed with the shared secret. */
@Command(
    name = "token",
    description = "Print a token signed with carillon.auth.secret, or a development node's.",
    mixinStandardHelpOptions = true)
final class TokenCommand implements Runnable {
  @Option(names = "--user", required = true, description = "the user's id")
  String user = "";

  @Option(names = "--realm", description = "the realm (default: ${DEFAULT-VALUE})")
  String realm = "dev";

  @Option(names = "--name", description = "what to call the user")
  @Nullable String name;

  @Option(
      names = "--role",
      description = "user, admin, analyst, service or operator; may be repeated (default: user)")
  List<String> roles = List.of("user");

  @Option(names = "--hours", description = "how long it is good (default: ${DEFAULT-VALUE})")
  int hours = 12;

  @Option(names = "--data", description = "the data directory of a development node")
  @Nullable Path data;

  @Override
  public void run() {
    byte[] secret =
        data != null
            ? DevSecret.of(data).getBytes(StandardCharsets.UTF_8)
            : AuthSettings.secret(JournalPlugin.over(Environment.overFile()))
                .orElseThrow(
                    () ->
                        new IllegalArgumentException(
                            "there is no carillon.auth.secret; name a development node's --data"));
    Set<Role> wanted = EnumSet.noneOf(Role.class);
    for (String role : roles) {
      wanted.add(
          Role.find(role)
              .orElseThrow(() -> new IllegalArgumentException("there is no role " + role)));
    }
    System.out.println(
        new DevTokens(secret, InstantSource.system())
            .issue(
                new UserKey(new RealmId(realm), new UserId(user)),
                Optional.ofNullable(name),
                wanted,
                Duration.ofHours(hours)));
  }
}
