package io.carillon.http.app;

import io.carillon.engine.identity.RealmId;
import io.carillon.engine.identity.UserId;
import io.carillon.engine.identity.UserKey;
import io.carillon.http.settings.Environment;
import io.carillon.persistence.database.Database;
import io.carillon.persistence.database.DatabaseSettings;
import io.carillon.persistence.directory.ApiKeys;
import io.carillon.persistence.directory.Directory;
import io.carillon.persistence.directory.DirectorySettings;
import io.carillon.persistence.journal.JournalPlugin;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes and revokes API keys, in the database the configuration names. */
@Command(
    name = "apikey",
    description = "Make and revoke API keys.",
    mixinStandardHelpOptions = true)
final class ApiKeyCommand implements Runnable {

  @Override
  public void run() {
    CommandLine.usage(this, System.out);
  }

  private interface Work {
    CompletionStage<String> run(ApiKeys keys, Directory directory);
  }

  private static void with(Work work) {
    var config = JournalPlugin.over(Environment.overFile());
    try (Database database = Database.open(DatabaseSettings.from(config))) {
      Directory directory = new Directory(database, DirectorySettings.from(config));
      System.out.println(work.run(new ApiKeys(database), directory).toCompletableFuture().join());
    }
  }

  @Command(
      name = "create",
      description = "Print a new key; it is shown this once.",
      mixinStandardHelpOptions = true)
  void create(
      @Option(names = "--realm", required = true, description = "the realm") String realm,
      @Option(names = "--user", required = true, description = "the user's or service's id")
          String user,
      @Option(names = "--service", description = "the key of an application") boolean service,
      @Option(names = "--label", defaultValue = "", description = "what it is for") String label) {
    UserKey owner = new UserKey(new RealmId(realm), new UserId(user));
    with(
        (keys, directory) ->
            directory
                .seen(owner, Optional.empty())
                .thenCompose(known -> keys.create(owner, service, label))
                .thenApply(key -> key.text() + "\nid for revoking: " + key.id()));
  }

  @Command(
      name = "revoke",
      description = "Make a key useless, on every node at once.",
      mixinStandardHelpOptions = true)
  void revoke(
      @Option(names = "--realm", required = true, description = "the realm") String realm,
      @Option(names = "--id", required = true, description = "the key's id") String id) {
    with(
        (keys, directory) ->
            keys.revoke(new RealmId(realm), id)
                .thenApply(done -> done ? "revoked" : "there is no such key in this realm"));
  }
}
