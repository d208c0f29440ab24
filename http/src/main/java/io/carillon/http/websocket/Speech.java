package io.carillon.http.websocket;

import io.carillon.engine.call.CallSnapshot;
import io.carillon.engine.call.Participant;
import io.carillon.engine.identity.RealmId;
import io.carillon.engine.identity.UserId;
import io.carillon.engine.identity.UserKey;
import io.carillon.http.directory.NameCache;
import io.carillon.http.protocol.ServerFrame;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Holds frames back until the names in them are known, keeping their order. Nearly always they are
 * known already, and a frame passes straight through.
 */
final class Speech {
  private final NameCache names;
  private final Consumer<Runnable> later;
  private final Consumer<ServerFrame> write;
  private final int max;
  private final ArrayDeque<ServerFrame> waiting = new ArrayDeque<>(2);
  private boolean loading;

  /**
   * @param later runs something on the socket's thread of control
   * @param write writes a frame that is ready
   * @param max how many frames may wait
   */
  Speech(NameCache names, Consumer<Runnable> later, Consumer<ServerFrame> write, int max) {
    this.names = names;
    this.later = later;
    this.write = write;
    this.max = max;
  }

  /** Writes the frame, now or soon; false if too many wait, and then it was not taken. */
  boolean say(ServerFrame frame) {
    if (!loading && isNamed(frame)) {
      write.accept(frame);
      return true;
    }
    if (waiting.size() >= max) {
      return false;
    }
    waiting.add(frame);
    if (!loading) {
      load();
    }
    return true;
  }

  /** Whether no frame waits. */
  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Forgets what waits. */
  void clear() {
    waiting.clear();
  }

  private boolean isNamed(ServerFrame frame) {
    for (CallSnapshot call : frame.calls()) {
      for (Participant participant : call.roster().participants()) {
        UserKey user = new UserKey(call.facts().key().realm(), participant.user());
        if (!names.isReady(user)) {
          return false;
        }
      }
    }
    return true;
  }

  private void load() {
    Set<UserId> users = new HashSet<>();
    Optional<RealmId> realm = Optional.empty();
    for (ServerFrame frame : waiting) {
      for (CallSnapshot call : frame.calls()) {
        // One user's socket: every call on it is of the user's realm.
        realm = Optional.of(call.facts().key().realm());
        call.roster().participants().forEach(p -> users.add(p.user()));
      }
    }
    loading = true;
    names
        .load(realm.orElseThrow(), users)
        .whenComplete((done, failure) -> later.accept(this::loaded));
  }

  /** Writes what waited, whether every name came or not: a frame waits for names once. */
  private void loaded() {
    loading = false;
    for (ServerFrame next = waiting.poll(); next != null; next = waiting.poll()) {
      write.accept(next);
    }
  }
}
