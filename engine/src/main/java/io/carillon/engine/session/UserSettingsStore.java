package io.carillon.engine.session;

import io.carillon.engine.identity.UserId;
import io.carillon.engine.identity.UserKey;
import java.util.concurrent.CompletionStage;

/** Where users' settings are kept: a port the persistence module fills. */
public interface UserSettingsStore {
  /** What the user has set; {@link UserSettings#STANDARD} where nothing is stored. */
  CompletionStage<UserSettings> read(UserKey user);

  /** Stores call waiting and quiet hours, in place of what was there; blocks stay. */
  CompletionStage<Void> write(
      UserKey user, UserSettings.CallWaiting callWaiting, UserSettings.DoNotDisturb dnd);

  /** Blocks another user; blocking twice is blocking once. */
  CompletionStage<Void> block(UserKey user, UserId blocked);

  /** Takes a block back; no block, no change. */
  CompletionStage<Void> unblock(UserKey user, UserId blocked);
}
