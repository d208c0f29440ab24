package io.carillon.engine.actor;

import io.carillon.engine.call.CallId;
import io.carillon.engine.call.CallKey;
import io.carillon.engine.call.CallSnapshot;
import io.carillon.engine.call.Notice;
import io.carillon.engine.call.StoredEvent;
import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.UserId;
import io.carillon.engine.session.CatchUp;
import io.carillon.engine.session.Cursor;
import io.carillon.engine.session.Progress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * One attached socket, and how far its device has been told. First its missed events are read; what
 * happens meanwhile waits; then both are told in order and it lives. Owned by one session.
 */
final class AttachedDevice {
  /** How much waits for the missed events to be read; a device behind more comes again. */
  private static final int MAX_WAITING = 1024;

  private final UserId user;
  private final DeviceId id;
  private final ActorRef<ToSocket> socket;
  private final String sessionId = UUID.randomUUID().toString();
  private final Optional<Cursor> cursor;
  private final boolean unreadableCursor;

  /** What was over before it is no news here: it was read when the device came, or long before. */
  private final Instant horizon;

  private Progress progress = new Progress();
  private boolean alive;
  private final List<SessionMessage.Tell> waiting = new ArrayList<>();
  private final List<List<StoredEvent>> waitingJournals = new ArrayList<>();
  private final List<SessionMessage.Signalled> waitingSignals = new ArrayList<>();

  /**
   * A socket that has just come.
   *
   * @param cursor from where it resumes; empty: it starts afresh
   * @param unreadableCursor whether it brought a cursor it cannot resume from
   * @param horizon from when on the journal is read for it
   */
  AttachedDevice(
      UserId user,
      DeviceId id,
      ActorRef<ToSocket> socket,
      Optional<Cursor> cursor,
      boolean unreadableCursor,
      Instant horizon) {
    this.user = user;
    this.id = id;
    this.socket = socket;
    this.cursor = cursor;
    this.unreadableCursor = unreadableCursor;
    this.horizon = horizon;
  }

  ActorRef<ToSocket> socket() {
    return socket;
  }

  /** Names this attachment. */
  String sessionId() {
    return sessionId;
  }

  void close(ToSocket.CloseReason reason, long afterMillis) {
    socket.tell(new ToSocket.Close(reason, afterMillis));
  }

  /** Whether news before these were lost on the way, so that the device must hear them first. */
  boolean lacks(SessionMessage.Tell tell) {
    return alive && progress.lastOf(tell.key().call()) < tell.previous();
  }

  /** Tells news of life, or keeps them while the device is caught up; false: too much waits. */
  boolean take(SessionMessage.Tell tell, Instant now) {
    if (!alive) {
      waiting.add(tell);
      return waiting.size() <= MAX_WAITING;
    }
    pass(tell, now);
    return true;
  }

  private void pass(SessionMessage.Tell tell, Instant now) {
    CallSnapshot call = tell.news().call();
    if (progress.has(tell.key().call(), call.seq())) {
      return;
    }
    progress.advance(call);
    if (call.at().isBefore(horizon)) {
      return;
    }
    for (Notice notice : tell.notices()) {
      if (notice.audience().includes(id) && !CatchUp.isStaleRing(user, notice, call, now)) {
        socket.tell(new ToSocket.Event(tell.news(), notice, cursor(now), false));
      }
    }
  }

  /** Passes a signal on, after everything that came before it; false: too much waits. */
  boolean hand(SessionMessage.Signalled m) {
    if (!alive) {
      waitingSignals.add(m);
      return waitingSignals.size() <= MAX_WAITING;
    }
    socket.tell(new ToSocket.SignalArrived(m.call(), m.from(), m.signal()));
    return true;
  }

  /** The signals that have not reached the socket. */
  List<SessionMessage.Signalled> unsent() {
    return List.copyOf(waitingSignals);
  }

  /**
   * The journal was read: greets the socket, tells what it missed, and lets it live.
   *
   * @param most how many calls a resume covers; more mean a resync
   * @param kept signals that came while the device was away, in order
   * @param holes called with each call of which news were lost meanwhile
   * @return what was read
   */
  CatchUp catchUp(
      List<List<StoredEvent>> journals,
      int most,
      Collection<SessionMessage.Signalled> kept,
      Consumer<CallKey> holes,
      ActorRef<SessionMessage> session,
      Instant now) {
    boolean tooMany = journals.size() > most;
    boolean resumes = cursor.isPresent() && !tooMany;
    progress = resumes ? Progress.from(cursor.get()) : new Progress();
    CatchUp catchUp = CatchUp.of(user, id, journals, progress, resumes, horizon, now);
    if (!resumes) {
      // A device that starts afresh has nothing to hear of what was over before it came.
      Set<CallId> ringing =
          catchUp.missed().stream()
              .map(m -> m.news().call().facts().key().call())
              .collect(Collectors.toSet());
      catchUp.latest().stream()
          .filter(call -> !ringing.contains(call.facts().key().call()))
          .forEach(progress::advance);
    }
    // Until the last thing missed is told, the device stands where it stood.
    Instant from = cursor.filter(c -> resumes).map(Cursor::since).orElse(now);
    socket.tell(new ToSocket.Welcome(sessionId, resumes, catchUp.calls(), cursor(from), session));
    if (unreadableCursor || (cursor.isPresent() && tooMany)) {
      socket.tell(new ToSocket.Resync(catchUp.calls(), cursor(from)));
    }
    for (CatchUp.Missed missed : catchUp.missed()) {
      progress.advance(missed.news().call());
      socket.tell(new ToSocket.Event(missed.news(), missed.notice(), cursor(from), true));
    }
    catchUp.latest().forEach(progress::advance);
    progress.settle(catchUp.calls());
    socket.tell(new ToSocket.CaughtUp(cursor(now)));
    comeAlive(kept, holes, now);
    return catchUp;
  }

  private void comeAlive(
      Collection<SessionMessage.Signalled> kept, Consumer<CallKey> holes, Instant now) {
    alive = true;
    if (!waitingJournals.isEmpty()) {
      tellMissed(List.copyOf(waitingJournals), now);
      waitingJournals.clear();
    }
    for (SessionMessage.Tell tell : waiting) {
      if (lacks(tell)) {
        holes.accept(tell.key());
      } else {
        pass(tell, now);
      }
    }
    waiting.clear();
    kept.forEach(this::hand);
    waitingSignals.forEach(this::hand);
    waitingSignals.clear();
  }

  /** Tells what a node stored and did not tell, or what was lost on the way (I11). */
  void tellMissed(List<List<StoredEvent>> journals, Instant now) {
    if (!alive) {
      // They may be newer than what was read for this device.
      waitingJournals.addAll(journals);
      return;
    }
    CatchUp catchUp = CatchUp.of(user, id, journals, progress, true, horizon, now);
    for (CatchUp.Missed missed : catchUp.missed()) {
      progress.advance(missed.news().call());
      socket.tell(new ToSocket.Event(missed.news(), missed.notice(), cursor(now), true));
    }
    catchUp.latest().forEach(progress::advance);
    if (!catchUp.missed().isEmpty()) {
      // Clients hold their bells from the first late event until this.
      socket.tell(new ToSocket.CaughtUp(cursor(now)));
    }
  }

  private String cursor(Instant at) {
    return progress.encode(at);
  }
}
