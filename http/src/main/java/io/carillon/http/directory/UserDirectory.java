package io.carillon.http.directory;

import io.carillon.engine.identity.RealmId;
import io.carillon.engine.identity.UserId;
import io.carillon.engine.identity.UserKey;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** Where users are kept: a port that the application fills. */
public interface UserDirectory {
  /** What is known of a user; texts that may be shown to others of the realm. */
  record Person(String name, Optional<String> email, Optional<String> avatarUrl) {}

  /** Notes that a user was seen; the name, where given, replaces the one known. */
  CompletionStage<Void> seen(UserKey user, Optional<String> name);

  /** Puts a user there, replacing what was known. */
  CompletionStage<Void> put(UserKey user, Person person);

  /** Those of these users that are known. */
  CompletionStage<Map<UserId, Person>> find(RealmId realm, Set<UserId> users);
}
