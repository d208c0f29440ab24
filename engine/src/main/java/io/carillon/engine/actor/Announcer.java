package io.carillon.engine.actor;

import io.carillon.engine.call.Call;
import io.carillon.engine.call.CallEvent;
import io.carillon.engine.call.CallKey;
import io.carillon.engine.call.CallSnapshot;
import io.carillon.engine.call.Notice;
import io.carillon.engine.identity.UserId;
import io.carillon.engine.session.News;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;

/**
 * Tells the sessions of a call's users what was stored, again and again until they have heard it.
 * Lives in memory: what it forgets when its node dies is rebuilt from the journal.
 */
final class Announcer {
  /** How much news waits for one session; a session that missed more reads the journal. */
  private static final int MAX_UNHEARD = 64;

  private final CallKey key;
  private final ActorRef<CallEntity.Message> self;
  private final Function<UserId, EntityRef<SessionMessage>> sessions;

  /** News each session has not confirmed, oldest first. */
  private final Map<UserId, List<SessionMessage.Tell>> unheard = new LinkedHashMap<>();

  /** Number of the newest news for each session, so that a session notices a hole. */
  private final Map<UserId, Long> lastTold = new LinkedHashMap<>();

  Announcer(
      CallKey key,
      ActorRef<CallEntity.Message> self,
      Function<UserId, EntityRef<SessionMessage>> sessions) {
    this.key = key;
    this.self = self;
    this.sessions = sessions;
  }

  /** Tells everybody concerned of a step. */
  void tell(Call.Step step, Optional<String> offer) {
    tells(step, offer).forEach(this::send);
  }

  /** Tells each user the newest of what a journal has for them, or, if not loud, only counts. */
  void tellNewest(List<Call.Step> journal, Optional<String> offer, boolean loud) {
    Map<UserId, SessionMessage.Tell> newest = new LinkedHashMap<>();
    for (Call.Step step : journal) {
      tells(step, offer).forEach(tell -> newest.put(tell.user(), tell));
    }
    if (loud) {
      newest.values().forEach(this::send);
    }
  }

  /** A session has taken the news up to this number. */
  void heard(UserId user, long seq) {
    List<SessionMessage.Tell> waiting = unheard.get(user);
    if (waiting != null) {
      waiting.removeIf(tell -> tell.news().seq() <= seq);
      if (waiting.isEmpty()) {
        unheard.remove(user);
      }
    }
  }

  /** Whether everything was heard. */
  boolean isDone() {
    return unheard.isEmpty();
  }

  void resend() {
    unheard.forEach((user, tells) -> tells.forEach(sessions.apply(user)::tell));
  }

  private void send(SessionMessage.Tell tell) {
    List<SessionMessage.Tell> waiting =
        unheard.computeIfAbsent(tell.user(), user -> new ArrayList<>(2));
    if (waiting.size() >= MAX_UNHEARD) {
      waiting.removeFirst();
    }
    waiting.add(tell);
    sessions.apply(tell.user()).tell(tell);
  }

  /** What each user concerned is told by a step, in line with what was told before. */
  private List<SessionMessage.Tell> tells(Call.Step step, Optional<String> offer) {
    Map<UserId, List<Notice>> byUser = new LinkedHashMap<>();
    for (Notice notice : step.notices()) {
      byUser.computeIfAbsent(notice.to(), user -> new ArrayList<>(2)).add(notice);
    }
    if (byUser.isEmpty()) {
      return List.of();
    }
    CallSnapshot call = CallSnapshot.of(step.after());
    UserId caller = call.facts().caller().user();
    CallEvent event = step.stored().event();
    List<SessionMessage.Tell> tells = new ArrayList<>(byUser.size());
    byUser.forEach(
        (user, notices) -> {
          boolean offered = event instanceof CallEvent.Initiated && !user.equals(caller);
          News news = new News(event, call, offered ? offer : Optional.empty());
          long previous = lastTold.getOrDefault(user, 0L);
          lastTold.put(user, news.seq());
          tells.add(new SessionMessage.Tell(key, user, news, notices, previous, self));
        });
    return tells;
  }
}
