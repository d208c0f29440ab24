package io.carillon.engine.actor;

import io.carillon.engine.call.CallSnapshot;
import io.carillon.engine.identity.UserKey;
import io.carillon.engine.session.CatchUp;
import io.carillon.engine.session.UserSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.jspecify.annotations.Nullable;

/**
 * What a session has read before it judges its user's line: the user's settings and open calls. One
 * that was born a moment ago must not call a busy user free.
 */
final class LineKnowledge {
  /** How many messages wait for it; whoever sent more asks again. */
  private static final int MAX_WAITING = 256;

  private final UserKey user;
  private final UserSession.Surroundings node;
  private final ActorContext<SessionMessage> context;

  /** Empty until read; then kept until somebody says that they changed. */
  private @Nullable UserSettings settings;

  private boolean loading;

  /** Whether what is being read may be older than a change that was announced meanwhile. */
  private boolean outdated;

  private boolean callsKnown;
  private final List<SessionMessage> waiting = new ArrayList<>();

  LineKnowledge(UserKey user, UserSession.Surroundings node, ActorContext<SessionMessage> context) {
    this.user = user;
    this.node = node;
    this.context = context;
  }

  /** Whether the line can be judged now; else the message is kept, and sent again once it can. */
  boolean isEnoughFor(SessionMessage message) {
    if (settings != null && callsKnown) {
      return true;
    }
    if (waiting.size() < MAX_WAITING) {
      waiting.add(message);
    }
    if (!loading) {
      load();
    }
    return false;
  }

  private void load() {
    loading = true;
    outdated = false;
    CompletionStage<List<CallSnapshot>> open =
        callsKnown
            ? CompletableFuture.completedFuture(List.of())
            : node.records()
                .open(user)
                .thenApply(
                    journals ->
                        journals.stream()
                            .flatMap(journal -> CatchUp.current(journal).stream())
                            .toList());
    context.pipeToSelf(
        node.store()
            .read(user)
            .thenCombine(
                open, (read, calls) -> new SessionMessage.LineLoaded(read, Optional.of(calls))),
        (loaded, failure) ->
            failure == null
                ? loaded
                : new SessionMessage.LineLoaded(UserSettings.STANDARD, Optional.empty()));
  }

  /** The settings and open calls were read; where they could not be, the line counts as free. */
  void loaded(SessionMessage.LineLoaded m) {
    loading = false;
    if (outdated) {
      load();
      return;
    }
    settings = m.settings();
    callsKnown = true;
    List<SessionMessage> again = List.copyOf(waiting);
    waiting.clear();
    again.forEach(context.getSelf()::tell);
    if (m.open().isEmpty()) {
      // For the messages that waited only: the next one reads again.
      context.getSelf().tell(new SessionMessage.SettingsChanged());
    }
  }

  /** Reads everything again before the line is judged the next time. */
  void forget() {
    settings = null;
    callsKnown = false;
    outdated = loading;
  }

  /** The user's settings; the standard ones until they are read. */
  UserSettings settings() {
    return settings == null ? UserSettings.STANDARD : settings;
  }
}
