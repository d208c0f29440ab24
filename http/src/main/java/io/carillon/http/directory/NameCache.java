package io.carillon.http.directory;

import io.carillon.engine.identity.RealmId;
import io.carillon.engine.identity.UserId;
import io.carillon.engine.identity.UserKey;
import io.carillon.http.directory.UserDirectory.Person;
import io.carillon.http.protocol.Names;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Names of users, kept for a while. A name changed through another node is seen within {@link
 * #MAX_AGE}.
 */
public final class NameCache implements Names {
  private static final Logger LOG = LoggerFactory.getLogger(NameCache.class);

  /** How long a name is believed. */
  static final Duration MAX_AGE = Duration.ofMinutes(5);

  /** How long a user is believed to be unknown: they may sign in at any moment. */
  private static final Duration UNKNOWN_MAX_AGE = Duration.ofSeconds(5);

  /** How long a frame waits for names before it goes out with ids in their place. */
  private static final Duration PATIENCE = Duration.ofMillis(500);

  /** Beyond this many everything is forgotten: simpler than an order, and rare. */
  private static final int MAX_ENTRIES = 200_000;

  private record Entry(Optional<Person> person, long until) {}

  private final UserDirectory directory;
  private final Map<UserKey, Entry> entries = new ConcurrentHashMap<>();
  private final Set<UserKey> recorded = ConcurrentHashMap.newKeySet();

  /** A cache before this directory. */
  public NameCache(UserDirectory directory) {
    this.directory = directory;
  }

  @Override
  public String of(UserKey user) {
    return person(user).map(Person::name).orElse(user.user().value());
  }

  /** What is known of the user at this moment. */
  public Optional<Person> person(UserKey user) {
    Entry entry = entries.get(user);
    return entry == null ? Optional.empty() : entry.person();
  }

  /** Whether the user's name needs no loading. */
  public boolean isReady(UserKey user) {
    Entry entry = entries.get(user);
    return entry != null && entry.until() - System.nanoTime() > 0;
  }

  /**
   * Loads the names that are missing. Completes within half a second, never exceptionally: where a
   * name cannot be had, the id stands for it.
   */
  public CompletionStage<Void> load(RealmId realm, Set<UserId> users) {
    Set<UserId> missing = new HashSet<>();
    for (UserId user : users) {
      if (!isReady(new UserKey(realm, user))) {
        missing.add(user);
      }
    }
    if (missing.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    CompletableFuture<Map<UserId, Person>> found =
        directory.find(realm, missing).toCompletableFuture();
    return found
        .copy()
        .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .handle(
            (people, failure) -> {
              for (UserId user : missing) {
                UserKey key = new UserKey(realm, user);
                Person person = people == null ? null : people.get(user);
                remember(key, Optional.ofNullable(person).or(() -> person(key)));
              }
              return null;
            });
  }

  private void remember(UserKey user, Optional<Person> person) {
    if (entries.size() >= MAX_ENTRIES) {
      entries.clear();
    }
    Duration age = person.isPresent() ? MAX_AGE : UNKNOWN_MAX_AGE;
    entries.put(user, new Entry(person, System.nanoTime() + age.toNanos()));
  }

  /**
   * Notes that a user was seen. The directory is told only of what is new to this node: once per
   * user and name, not once per request.
   */
  public void seen(UserKey user, Optional<String> name) {
    Optional<Person> known = person(user);
    boolean renamed = name.isPresent() && !known.map(Person::name).equals(name);
    if (!renamed && recorded.contains(user)) {
      return;
    }
    if (recorded.size() >= MAX_ENTRIES) {
      recorded.clear();
    }
    recorded.add(user);
    if (renamed) {
      remember(
          user,
          Optional.of(
              new Person(
                  name.get(), known.flatMap(Person::email), known.flatMap(Person::avatarUrl))));
    }
    directory
        .seen(user, name)
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                recorded.remove(user); // the next request tries again
                LOG.warn("a user could not be recorded in the directory: {}", failure.toString());
              }
            });
  }

  /** Some users of a realm whose names this node has at hand, in the order of their ids. */
  public List<UserKey> some(RealmId realm, int limit) {
    return entries.entrySet().stream()
        .filter(e -> e.getKey().realm().equals(realm) && e.getValue().person().isPresent())
        .map(Map.Entry::getKey)
        .sorted(Comparator.comparing(key -> key.user().value()))
        .limit(limit)
        .toList();
  }

  /** Puts a user into the directory. */
  public CompletionStage<Void> put(UserKey user, Person person) {
    return directory.put(user, person).thenRun(() -> remember(user, Optional.of(person)));
  }

  /** Those of these users nobody has heard of. */
  public CompletionStage<List<UserId>> unknown(RealmId realm, List<UserId> users) {
    return load(realm, Set.copyOf(users))
        .thenApply(
            loaded -> {
              List<UserId> strangers = new ArrayList<>();
              for (UserId user : users) {
                if (person(new UserKey(realm, user)).isEmpty()) {
                  strangers.add(user);
                }
              }
              return strangers;
            });
  }
}
