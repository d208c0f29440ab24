package io.carillon.persistence.settings;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.carillon.engine.identity.UserId;
import io.carillon.engine.identity.UserKey;
import io.carillon.engine.session.UserSettings;
import io.carillon.engine.session.UserSettingsStore;
import io.carillon.persistence.database.Database;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** {@link UserSettingsStore} in the database. Stages fail where it does not answer. */
public final class StoredUserSettings implements UserSettingsStore {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String READ =
      """
      SELECT s.settings, b.blocked
      FROM (SELECT 1) one
      LEFT JOIN user_settings s ON s.realm = ? AND s.user_id = ?
      LEFT JOIN user_block b ON b.realm = ? AND b.user_id = ?""";

  private static final String WRITE =
      """
      INSERT INTO user_settings (realm, user_id, settings) VALUES (?, ?, ?::json)
      ON CONFLICT (realm, user_id)
      DO UPDATE SET settings = EXCLUDED.settings, updated_at = now()""";

  private static final String BLOCK =
      """
      INSERT INTO user_block (realm, user_id, blocked) VALUES (?, ?, ?)
      ON CONFLICT DO NOTHING""";

  private static final String UNBLOCK =
      "DELETE FROM user_block WHERE realm = ? AND user_id = ? AND blocked = ?";

  private final Database database;

  /** Keeps settings in a database. */
  public StoredUserSettings(Database database) {
    this.database = database;
  }

  @Override
  public CompletionStage<UserSettings> read(UserKey user) {
    return database.query(
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(READ)) {
            for (int part = 0; part < 2; part++) {
              statement.setString(part * 2 + 1, user.realm().value());
              statement.setString(part * 2 + 2, user.user().value());
            }
            try (ResultSet rows = statement.executeQuery()) {
              return settings(rows);
            }
          }
        });
  }

  private static UserSettings settings(ResultSet rows) throws SQLException {
    UserSettings settings = UserSettings.STANDARD;
    Set<UserId> blocked = new HashSet<>();
    while (rows.next()) {
      String json = rows.getString(1);
      if (json != null) {
        settings = parse(json);
      }
      String other = rows.getString(2);
      if (other != null) {
        blocked.add(new UserId(other));
      }
    }
    return new UserSettings(settings.callWaiting(), settings.dnd(), blocked);
  }

  private static UserSettings parse(String json) {
    try {
      return SettingsJson.read(JSON.readTree(json), UserSettings.STANDARD);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("stored settings are not JSON", e);
    }
  }

  @Override
  public CompletionStage<Void> write(
      UserKey user, UserSettings.CallWaiting callWaiting, UserSettings.DoNotDisturb dnd) {
    return run(WRITE, user, SettingsJson.write(callWaiting, dnd).toString());
  }

  @Override
  public CompletionStage<Void> block(UserKey user, UserId blocked) {
    return run(BLOCK, user, blocked.value());
  }

  @Override
  public CompletionStage<Void> unblock(UserKey user, UserId blocked) {
    return run(UNBLOCK, user, blocked.value());
  }

  private CompletionStage<Void> run(String sql, UserKey user, String last) {
    return database
        .query(
            connection -> {
              try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setString(1, user.realm().value());
                statement.setString(2, user.user().value());
                statement.setString(3, last);
                return statement.executeUpdate();
              }
            })
        .thenAccept(rows -> {});
  }
}
