package io.carillon.persistence.directory;

import io.carillon.engine.identity.RealmId;
import io.carillon.engine.identity.UserId;
import io.carillon.engine.identity.UserKey;
import io.carillon.persistence.database.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * API keys of users and of services: {@code ck_<id>_<secret>}. The id finds the key, and with it
 * the realm, which a client that logs in with an email does not name.
 */
public final class ApiKeys {
  private static final String PREFIX = "ck_";

  private static final String INSERT =
      "INSERT INTO api_key (key_id, realm, user_id, service, label, salt, hash)"
          + " VALUES (?, ?, ?, ?, ?, ?, ?)";

  private static final String FIND =
      """
      SELECT k.realm, k.user_id, k.service, k.salt, k.hash, u.email
      FROM api_key k
      LEFT JOIN directory_user u ON u.realm = k.realm AND u.user_id = k.user_id
      WHERE k.key_id = ? AND k.revoked_at IS NULL AND u.disabled IS NOT TRUE""";

  private static final String LIST =
      "SELECT key_id, label, service, created_at FROM api_key"
          + " WHERE realm = ? AND user_id = ? AND revoked_at IS NULL ORDER BY created_at, key_id";

  private static final String REVOKE =
      "UPDATE api_key SET revoked_at = now()"
          + " WHERE realm = ? AND key_id = ? AND revoked_at IS NULL";

  private final Database database;

  /**
   * A new key; the only time its text is to be seen.
   *
   * @param id to revoke it by
   * @param text what a client sends
   */
  public record NewKey(String id, String text) {
    @Override
    public String toString() {
      return "NewKey[" + id + "]";
    }
  }

  /**
   * Whose key was shown.
   *
   * @param user who
   * @param service whether it is an application rather than a person
   */
  public record Owner(UserKey user, boolean service) {}

  /** A key without its secret. */
  public record Listed(String id, String label, boolean service, Instant createdAt) {}

  /** Reads and writes a database. */
  public ApiKeys(Database database) {
    this.database = database;
  }

  /** Makes a key for a user, or for a service under a name of its own. */
  public CompletionStage<NewKey> create(UserKey owner, boolean service, String label) {
    String id = Secrets.identifier();
    String secret = Secrets.secret();
    byte[] salt = Secrets.salt();
    return database
        .query(
            connection -> {
              try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
                statement.setString(1, id);
                statement.setString(2, owner.realm().value());
                statement.setString(3, owner.user().value());
                statement.setBoolean(4, service);
                statement.setString(5, label);
                statement.setBytes(6, salt);
                statement.setBytes(7, Secrets.hash(salt, secret));
                return statement.executeUpdate();
              }
            })
        .thenApply(_ -> new NewKey(id, PREFIX + id + "_" + secret));
  }

  /**
   * Says whose key this is; empty where it is nobody's, revoked, of a disabled user, or not of the
   * one who logs in with it: nobody can tell which.
   *
   * @param login the owner's user id or email, the latter in any case
   * @param key what the client sent
   */
  public CompletionStage<Optional<Owner>> verify(String login, String key) {
    int end = key.indexOf('_', PREFIX.length());
    if (!key.startsWith(PREFIX) || end < 0) {
      return CompletableFuture.completedStage(Optional.empty());
    }
    String id = key.substring(PREFIX.length(), end);
    String secret = key.substring(end + 1);
    return database.query(connection -> verify(connection, login, id, secret));
  }

  private static Optional<Owner> verify(
      Connection connection, String login, String id, String secret) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(FIND)) {
      statement.setString(1, id);
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()
            || !Secrets.same(row.getBytes("hash"), Secrets.hash(row.getBytes("salt"), secret))) {
          return Optional.empty();
        }
        String user = row.getString("user_id");
        String email = row.getString("email");
        if (!login.equals(user) && !login.equalsIgnoreCase(email)) {
          return Optional.empty();
        }
        return Optional.of(
            new Owner(
                new UserKey(new RealmId(row.getString("realm")), new UserId(user)),
                row.getBoolean("service")));
      }
    }
  }

  /** A user's keys that are not revoked, oldest first. */
  public CompletionStage<List<Listed>> list(UserKey owner) {
    return database.query(
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(LIST)) {
            statement.setString(1, owner.realm().value());
            statement.setString(2, owner.user().value());
            List<Listed> keys = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
              while (row.next()) {
                keys.add(
                    new Listed(
                        row.getString("key_id"),
                        row.getString("label"),
                        row.getBoolean("service"),
                        row.getObject("created_at", OffsetDateTime.class).toInstant()));
              }
            }
            return keys;
          }
        });
  }

  /** Makes a key useless, on every node at once. False: there is no such key in the realm. */
  public CompletionStage<Boolean> revoke(RealmId realm, String id) {
    return database.query(
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(REVOKE)) {
            statement.setString(1, realm.value());
            statement.setString(2, id);
            return statement.executeUpdate() > 0;
          }
        });
  }
}
