package io.carillon.engine.session;

import io.carillon.engine.identity.UserKey;
import java.util.concurrent.CompletionStage;

/** Where users' settings are kept: a port the persistence module fills. */
public interface UserSettingsStore {
  /** What the user has set; {@link UserSettings#STANDARD} where nothing is stored. */
  CompletionStage<UserSettings> read(UserKey user);

  /** Stores the user's settings whole, in place of what was there. */
  CompletionStage<Void> write(UserKey user, UserSettings settings);
}
