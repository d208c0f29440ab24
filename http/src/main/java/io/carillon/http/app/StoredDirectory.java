package io.carillon.http.app;

import io.carillon.engine.identity.RealmId;
import io.carillon.engine.identity.UserId;
import io.carillon.engine.identity.UserKey;
import io.carillon.http.directory.UserDirectory;
import io.carillon.persistence.directory.Directory;
import io.carillon.persistence.directory.DirectoryUser;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** The edge's port to the users the database knows. */
record StoredDirectory(Directory directory) implements UserDirectory {
  @Override
  public CompletionStage<Void> seen(UserKey user, Optional<String> name) {
    return directory.seen(user, name).thenAccept(known -> {});
  }

  @Override
  public CompletionStage<Void> put(UserKey user, Person person) {
    return directory
        .put(new DirectoryUser(user, person.name(), person.email(), person.avatarUrl(), false))
        .thenAccept(done -> {});
  }

  @Override
  public CompletionStage<Map<UserId, Person>> find(RealmId realm, Set<UserId> users) {
    Map<UserId, Person> found = new ConcurrentHashMap<>();
    CompletableFuture<?>[] all =
        users.stream()
            .map(
                user ->
                    directory
                        .find(new UserKey(realm, user))
                        .thenAccept(known -> known.ifPresent(u -> found.put(user, person(u))))
                        .toCompletableFuture())
            .toArray(CompletableFuture[]::new);
    return CompletableFuture.allOf(all).thenApply(done -> found);
  }

  private static Person person(DirectoryUser user) {
    return new Person(user.name(), user.email(), user.avatarUrl());
  }
}
