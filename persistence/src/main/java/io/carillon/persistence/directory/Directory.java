package io.carillon.persistence.directory;

import io.carillon.engine.identity.RealmId;
import io.carillon.engine.identity.UserId;
import io.carillon.engine.identity.UserKey;
import io.carillon.persistence.database.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The users of all realms: known since their first authenticated use, or put here by an
 * application. A node keeps those it was asked for at hand for {@code
 * carillon.directory.cache-ttl}; what another node changes is seen after that time at the latest,
 * what this node changes at once.
 */
public final class Directory {
  private static final String SELECT =
      "SELECT user_id, name, email, avatar_url, disabled FROM directory_user"
          + " WHERE realm = ? AND user_id = ANY (?)";

  /** Somebody put there by an application keeps the name the application gave. */
  private static final String SEEN =
      "INSERT INTO directory_user (realm, user_id, name) VALUES (?, ?, ?) ON CONFLICT DO NOTHING";

  private static final String PUT =
      """
      INSERT INTO directory_user (realm, user_id, name, email, avatar_url, disabled)
      VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (realm, user_id) DO UPDATE SET name = excluded.name, email = excluded.email,
        avatar_url = excluded.avatar_url, disabled = excluded.disabled, updated_at = now()""";

  private final Database database;
  // Empty: known to be unknown.
  private final ExpiringCache<UserKey, Optional<DirectoryUser>> cache;

  /** Reads and writes a database. */
  public Directory(Database database, DirectorySettings settings) {
    this.database = database;
    this.cache = new ExpiringCache<>(settings.cachedUsers(), settings.cacheTtl(), System::nanoTime);
  }

  /** A user; completed at once where the user is at hand. Empty: unknown here. */
  public CompletionStage<Optional<DirectoryUser>> find(UserKey user) {
    Optional<Optional<DirectoryUser>> known = cache.get(user);
    return known.isPresent()
        ? CompletableFuture.completedStage(known.get())
        : load(user.realm(), Set.of(user.user()))
            .thenApply(users -> Optional.ofNullable(users.get(user.user())));
  }

  /** A user's name, or the id of a user who is unknown; completed at once where it is at hand. */
  public CompletionStage<String> nameOf(UserKey user) {
    return find(user).thenApply(found -> nameOf(user.user(), found));
  }

  /** Several users' names, with one look at the database for all that are not at hand. */
  public CompletionStage<Map<UserId, String>> namesOf(RealmId realm, Set<UserId> users) {
    Map<UserId, String> names = new HashMap<>();
    List<UserId> missing = new ArrayList<>();
    for (UserId user : users) {
      cache
          .get(new UserKey(realm, user))
          .ifPresentOrElse(found -> names.put(user, nameOf(user, found)), () -> missing.add(user));
    }
    if (missing.isEmpty()) {
      return CompletableFuture.completedStage(names);
    }
    return load(realm, Set.copyOf(missing))
        .thenApply(
            loaded -> {
              for (UserId user : missing) {
                names.put(user, nameOf(user, Optional.ofNullable(loaded.get(user))));
              }
              return names;
            });
  }

  /**
   * Says that a user was here with a valid credential: makes them known if they were not. Cheap for
   * a user at hand.
   *
   * @param name from the credential; the id serves where there is none
   */
  public CompletionStage<DirectoryUser> seen(UserKey user, Optional<String> name) {
    return find(user)
        .thenCompose(
            found ->
                found
                    .<CompletionStage<DirectoryUser>>map(CompletableFuture::completedStage)
                    .orElseGet(() -> insert(user, name.orElse(user.user().value()))));
  }

  private CompletionStage<DirectoryUser> insert(UserKey user, String name) {
    return database
        .query(
            connection -> {
              try (PreparedStatement statement = connection.prepareStatement(SEEN)) {
                statement.setString(1, user.realm().value());
                statement.setString(2, user.user().value());
                statement.setString(3, name);
                return statement.executeUpdate();
              }
            })
        .thenCompose(
            _ -> {
              // Somebody else may have been first: what the table says counts.
              cache.remove(user);
              return find(user);
            })
        .thenApply(Optional::orElseThrow);
  }

  /** Puts a user, whole: what is absent is taken away. */
  public CompletionStage<DirectoryUser> put(DirectoryUser user) {
    return database
        .query(
            connection -> {
              try (PreparedStatement statement = connection.prepareStatement(PUT)) {
                statement.setString(1, user.key().realm().value());
                statement.setString(2, user.key().user().value());
                statement.setString(3, user.name());
                setText(statement, 4, user.email());
                setText(statement, 5, user.avatarUrl());
                statement.setBoolean(6, user.disabled());
                return statement.executeUpdate();
              }
            })
        .thenApply(
            _ -> {
              cache.put(user.key(), Optional.of(user));
              return user;
            });
  }

  private CompletableFuture<Map<UserId, DirectoryUser>> load(RealmId realm, Set<UserId> users) {
    return database
        .query(connection -> select(connection, realm, users))
        .thenApply(
            found -> {
              for (UserId user : users) {
                cache.put(new UserKey(realm, user), Optional.ofNullable(found.get(user)));
              }
              return found;
            });
  }

  private static Map<UserId, DirectoryUser> select(
      Connection connection, RealmId realm, Set<UserId> users) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SELECT)) {
      statement.setString(1, realm.value());
      statement.setArray(
          2, connection.createArrayOf("text", users.stream().map(UserId::value).toArray()));
      Map<UserId, DirectoryUser> found = new HashMap<>();
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          UserId user = new UserId(row.getString("user_id"));
          found.put(
              user,
              new DirectoryUser(
                  new UserKey(realm, user),
                  row.getString("name"),
                  Optional.ofNullable(row.getString("email")),
                  Optional.ofNullable(row.getString("avatar_url")),
                  row.getBoolean("disabled")));
        }
      }
      return found;
    }
  }

  private static String nameOf(UserId user, Optional<DirectoryUser> found) {
    return found.map(DirectoryUser::name).orElse(user.value());
  }

  private static void setText(PreparedStatement statement, int index, Optional<String> text)
      throws SQLException {
    if (text.isPresent()) {
      statement.setString(index, text.get());
    } else {
      statement.setNull(index, Types.VARCHAR);
    }
  }
}
