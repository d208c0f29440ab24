package io.carillon.http.websocket;

import io.carillon.engine.call.CallSnapshot;
import io.carillon.engine.call.Notice;
import io.carillon.engine.identity.UserKey;
import io.carillon.http.auth.Principal;
import io.carillon.http.auth.Role;
import io.carillon.http.protocol.ClientFrame;
import io.carillon.http.protocol.ErrorCode;
import io.carillon.http.protocol.Problem;
import io.carillon.http.protocol.ServerFrame;
import io.carillon.persistence.database.DatabaseUnavailableException;
import io.carillon.persistence.realm.RealmCalls;
import io.carillon.persistence.realm.RealmFeed;
import io.carillon.persistence.replay.EventWords;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one administrator's socket follows (R76). Each watch reads the feed of its realm by itself,
 * one reading at a time, and the next one only when the client has taken what the last one brought:
 * a slow client gets it later, and the node holds one reading for it at most.
 */
final class Watches {
  private static final Logger LOG = LoggerFactory.getLogger(Watches.class);

  /** Watches of one socket. */
  static final int MOST = 4;

  /** How old a cursor may be; behind an older one there may be more than anybody wants to see. */
  private static final Duration WINDOW = Duration.ofHours(24);

  private static final int CALLS_IN_FRAME = 10;
  private static final Duration COUNT_EVERY = Duration.ofSeconds(2);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

  /**
   * Where watches read from.
   *
   * @param actions the record of what administrators look at
   * @param poll how often a watch that has seen everything looks again
   */
  record Source(RealmFeed feed, RealmCalls actions, Duration poll) {}

  private static final class Watch {
    final String id;
    final RealmFeed.Subject subject;
    final ArrayDeque<ServerFrame> ready = new ArrayDeque<>();
    RealmFeed.Position position = new RealmFeed.Position(0, 0);
    RealmFeed.@Nullable Counters counted;
    long countedAt;
    boolean reading = true;
    boolean more;

    Watch(String id, RealmFeed.Subject subject) {
      this.id = id;
      this.subject = subject;
    }
  }

  private final Source source;
  private final InstantSource clock;
  private final Supplier<SocketPhase> phase;
  private final Consumer<Runnable> later;
  private final Consumer<ServerFrame> say;
  private final BooleanSupplier idle;
  private final Map<String, Watch> watches = new LinkedHashMap<>(2);

  /**
   * @param phase how far the socket is now
   * @param later runs something on the socket's thread of control, if it still has one
   * @param say sends a frame
   * @param idle whether the client waits for more
   */
  Watches(
      Source source,
      InstantSource clock,
      Supplier<SocketPhase> phase,
      Consumer<Runnable> later,
      Consumer<ServerFrame> say,
      BooleanSupplier idle) {
    this.source = source;
    this.clock = clock;
    this.phase = phase;
    this.later = later;
    this.say = say;
    this.idle = idle;
  }

  /** Begins or ends a watch. */
  void take(ClientFrame.Administration frame) {
    Optional<Problem> refusal = refusal(frame);
    if (refusal.isPresent()) {
      say.accept(new ServerFrame.Refused(Optional.of(frame.id()), refusal.get()));
      return;
    }
    switch (frame) {
      case ClientFrame.Watch watch -> admin().ifPresent(admin -> begin(watch, admin.user()));
      case ClientFrame.Unwatch unwatch -> {
        watches.remove(unwatch.watch());
        say.accept(done(unwatch.id()));
      }
    }
  }

  private Optional<Principal> admin() {
    return phase.get() instanceof SocketPhase.Attached now
            && now.principal().roles().contains(Role.ADMIN)
        ? Optional.of(now.principal())
        : Optional.empty();
  }

  private Optional<Problem> refusal(ClientFrame.Administration frame) {
    if (!(phase.get() instanceof SocketPhase.Attached)) {
      return Optional.of(Problem.of(ErrorCode.UNAUTHENTICATED));
    }
    if (admin().isEmpty()) {
      return Optional.of(Problem.of(ErrorCode.FORBIDDEN));
    }
    return switch (frame) {
      case ClientFrame.Watch watch when watches.containsKey(watch.id()) ->
          Optional.of(Problem.invalid("/id", "names a watch that goes on; choose another"));
      case ClientFrame.Watch _ when watches.size() >= MOST ->
          Optional.of(
              Problem.of(
                  ErrorCode.VALIDATION, "A socket has at most " + MOST + " watches; end one."));
      case ClientFrame.Watch _ -> Optional.empty();
      case ClientFrame.Unwatch unwatch ->
          watches.containsKey(unwatch.watch())
              ? Optional.empty()
              : Optional.of(Problem.invalid("/watch", "names no watch of this socket"));
    };
  }

  private static ServerFrame done(String id) {
    return new ServerFrame.Done(
        id, Optional.empty(), false, Optional.empty(), Optional.empty(), Optional.empty());
  }

  private void begin(ClientFrame.Watch frame, UserKey admin) {
    Watch watch =
        new Watch(frame.id(), new RealmFeed.Subject(admin.realm(), frame.call(), frame.user()));
    watches.put(watch.id, watch);
    Instant oldest = clock.instant().minus(WINDOW);
    Optional<WatchCursor> from =
        frame
            .cursor()
            .flatMap(WatchCursor::parse)
            .filter(cursor -> cursor.issued().isAfter(oldest));
    // Recorded before anything is shown.
    source
        .actions()
        .record(admin, "watch", frame.call(), frame.user().map(user -> "user " + user))
        .whenComplete(
            (_, failure) ->
                later.accept(
                    () -> {
                      if (failure != null) {
                        drop(watch, failure);
                      } else if (from.isPresent()) {
                        say.accept(done(watch.id));
                        watch.position = from.get().position();
                        watch.ready.add(snapshot(watch, true, List.of(), false, false));
                        settled(watch);
                      } else {
                        start(watch, true);
                      }
                    }));
  }

  private void drop(Watch watch, Throwable failure) {
    watches.remove(watch.id);
    say.accept(new ServerFrame.Refused(Optional.of(watch.id), problem(failure)));
  }

  private static Problem problem(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof DatabaseUnavailableException) {
      return Problem.retry(ErrorCode.UNAVAILABLE, AFTER_FAILURE);
    }
    LOG.error("a watch failed", failure);
    return Problem.of(ErrorCode.INTERNAL_ERROR);
  }

  /** Tells how things stand, whole. */
  private void start(Watch watch, boolean reply) {
    source
        .feed()
        .start(watch.subject)
        .whenComplete(
            (start, failure) ->
                later.accept(
                    () -> {
                      if (watches.get(watch.id) != watch) {
                        return;
                      }
                      if (failure != null) {
                        if (reply) {
                          drop(watch, failure);
                        } else {
                          again(watch, AFTER_FAILURE, () -> start(watch, false));
                        }
                        return;
                      }
                      if (reply && watch.subject.call().isPresent() && start.calls().isEmpty()) {
                        watches.remove(watch.id);
                        Problem unknown = Problem.of(ErrorCode.CALL_NOT_FOUND);
                        say.accept(new ServerFrame.Refused(Optional.of(watch.id), unknown));
                        return;
                      }
                      if (reply) {
                        say.accept(done(watch.id));
                      }
                      watch.position = start.position();
                      parts(watch, start.calls());
                      settled(watch);
                    }));
  }

  private void parts(Watch watch, List<CallSnapshot> calls) {
    boolean truncated = calls.size() >= RealmFeed.MOST_OPEN;
    int from = 0;
    do {
      int to = Math.min(from + CALLS_IN_FRAME, calls.size());
      boolean more = to < calls.size();
      watch.ready.add(snapshot(watch, false, calls.subList(from, to), more, truncated));
      from = to;
    } while (from < calls.size());
  }

  private ServerFrame snapshot(
      Watch watch, boolean recovered, List<CallSnapshot> calls, boolean more, boolean truncated) {
    return new ServerFrame.RealmSnapshot(
        watch.id,
        recovered,
        calls,
        more,
        truncated,
        more ? Optional.empty() : Optional.of(cursor(watch.position)));
  }

  private String cursor(RealmFeed.Position position) {
    return new WatchCursor(position, clock.instant()).text();
  }

  /** A reading is done; what it brought is ready. */
  private void settled(Watch watch) {
    watch.reading = false;
    if (watch.ready.isEmpty()) {
      next(watch);
    } else if (idle.getAsBoolean()) {
      flow();
    }
  }

  /** The client has taken everything and waits: gives it the next frame, or reads on. */
  void flow() {
    for (Watch watch : List.copyOf(watches.values())) {
      ServerFrame frame = watch.ready.poll();
      if (frame != null) {
        say.accept(frame);
        if (!watch.ready.isEmpty()) {
          return;
        }
      }
      if (frame != null && !watch.reading) {
        next(watch);
      }
    }
  }

  private void next(Watch watch) {
    watch.reading = true;
    long sinceCount = System.nanoTime() - watch.countedAt;
    boolean whole = watch.subject.call().isEmpty() && watch.subject.user().isEmpty();
    if (whole && (watch.counted == null || sinceCount > COUNT_EVERY.toNanos())) {
      count(watch);
    } else if (watch.more) {
      read(watch);
    } else {
      again(watch, source.poll(), () -> read(watch));
    }
  }

  private void again(Watch watch, Duration after, Runnable what) {
    CompletableFuture.delayedExecutor(after.toMillis(), TimeUnit.MILLISECONDS)
        .execute(
            () ->
                later.accept(
                    () -> {
                      if (watches.get(watch.id) == watch && mayGoOn(watch)) {
                        what.run();
                      }
                    }));
  }

  /** A newer token may say less than the one that began the watch. */
  private boolean mayGoOn(Watch watch) {
    if (admin().isPresent()) {
      return true;
    }
    watches.remove(watch.id);
    say.accept(new ServerFrame.WatchEnded(watch.id, Problem.of(ErrorCode.FORBIDDEN)));
    return false;
  }

  private void count(Watch watch) {
    watch.countedAt = System.nanoTime();
    goOn(
        watch,
        source.feed().counters(watch.subject.realm()),
        now -> {
          if (!now.equals(watch.counted)) {
            watch.counted = now;
            watch.ready.add(
                new ServerFrame.RealmCounters(
                    watch.id, now.calling(), now.ringing(), now.accepted(), now.connections()));
          }
        });
  }

  private void read(Watch watch) {
    goOn(
        watch,
        source.feed().after(watch.subject, watch.position),
        changes -> {
          if (changes.isEmpty()) {
            watch.reading = true;
            start(watch, false);
            return;
          }
          for (RealmFeed.Change change : changes.get().changes()) {
            watch.ready.add(event(watch, change));
          }
          watch.position = changes.get().next();
          watch.more = changes.get().more();
        });
  }

  private <T> void goOn(Watch watch, CompletionStage<T> reading, Consumer<T> then) {
    reading.whenComplete(
        (result, failure) ->
            later.accept(
                () -> {
                  if (watches.get(watch.id) != watch) {
                    return;
                  }
                  if (failure != null) {
                    problem(failure);
                    again(watch, AFTER_FAILURE, () -> read(watch));
                    return;
                  }
                  watch.reading = false;
                  then.accept(result);
                  if (!watch.reading) {
                    settled(watch);
                  }
                }));
  }

  private ServerFrame event(Watch watch, RealmFeed.Change change) {
    var event = change.step().stored().event();
    List<Notice> told =
        change.step().notices().stream()
            .filter(n -> watch.subject.user().map(n.to()::equals).orElse(true))
            .toList();
    return new ServerFrame.RealmEvent(
        watch.id,
        event,
        EventWords.name(event),
        EventWords.detail(event),
        CallSnapshot.of(change.step().after()),
        told,
        change.node(),
        cursor(change.position()));
  }
}
