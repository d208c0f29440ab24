package io.carillon.engine.actor;

import io.carillon.engine.call.CallId;
import io.carillon.engine.call.CallKey;
import io.carillon.engine.call.CallSnapshot;
import io.carillon.engine.call.Notice;
import io.carillon.engine.call.StoredEvent;
import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.UserId;
import io.carillon.engine.session.CatchUp;
import io.carillon.engine.session.Coverage;
import io.carillon.engine.session.Cursor;
import io.carillon.engine.session.News;
import io.carillon.engine.session.Progress;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * One attached socket, and how far its device has been told. First its missed events are read and
 * told, page by page, the next one when the socket has taken the last; what happens meanwhile waits
 * behind them; then it lives. Owned by one session.
 */
final class AttachedDevice {
  /** How much may wait for a device to be caught up; one that is further behind comes again. */
  private static final int MAX_WAITING = 1024;

  /** About how many bytes of frames are told before the socket has to ask for more. */
  private static final int PAGE_BYTES = 32 * 1024;

  /** What a frame has in any case, and what each participant adds to it, about. */
  private static final int FRAME_BYTES = 768;

  private static final int PARTICIPANT_BYTES = 160;

  /** Something to be told in its turn. */
  private sealed interface Next {
    /** An event that was missed, of what was read then. */
    record Late(CatchUp.Missed missed, Reading reading) implements Next {}

    /** All that was read has been told. */
    record Told(CatchUp catchUp, Reading reading) implements Next {}

    /** Journals that may be newer than what was read for this device. */
    record Journals(List<List<StoredEvent>> journals, Instant readAt) implements Next {}

    /** News of life that came then. */
    record Fresh(SessionMessage.Tell tell, Instant cameAt) implements Next {}

    record Media(SessionMessage.Signalled signal) implements Next {}
  }

  /**
   * One reading of journals.
   *
   * @param at when it was done: what was stored by then is in it
   * @param coverage what it showed, where it was done because the device attached
   */
  private record Reading(Instant at, Optional<Coverage> coverage) {}

  private final UserId user;
  private final DeviceId id;
  private final ActorRef<ToSocket> socket;
  private final String sessionId = UUID.randomUUID().toString();
  private final Optional<Cursor> cursor;
  private final boolean unreadableCursor;

  /** What was over before it is no news here: it was read when the device came, or long before. */
  private final Instant horizon;

  private final ActorRef<SessionMessage> session;
  private final Consumer<CallKey> holes;

  private Progress progress = new Progress();

  /** What the device was told when it was caught up. */
  private Optional<Cursor.Covered> covered = Optional.empty();

  private boolean begun;
  private boolean toldToLive;
  private final Deque<Next> waiting = new ArrayDeque<>();

  /** How much of what waits came after the device did. */
  private int behind;

  /** The calls of what waits, as they are by now. */
  private final Map<CallId, CallSnapshot> now = new HashMap<>();

  /** Number of the page after which the socket is waited for; 0: none is. */
  private int pausedAfter;

  private int pages;

  /**
   * A socket that has just come.
   *
   * @param cursor from where it resumes; empty: it starts afresh
   * @param unreadableCursor whether it brought a cursor it cannot resume from
   * @param horizon from when on the journal is read for it
   * @param session to which it belongs
   * @param holes called with each call of which news were lost on their way
   */
  AttachedDevice(
      UserId user,
      DeviceId id,
      ActorRef<ToSocket> socket,
      Optional<Cursor> cursor,
      boolean unreadableCursor,
      Instant horizon,
      ActorRef<SessionMessage> session,
      Consumer<CallKey> holes) {
    this.user = user;
    this.id = id;
    this.socket = socket;
    this.cursor = cursor;
    this.unreadableCursor = unreadableCursor;
    this.horizon = horizon;
    this.session = session;
    this.holes = holes;
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

  private boolean isAlive() {
    return begun && waiting.isEmpty();
  }

  /** Whether news before these were lost on the way, so that the device must hear them first. */
  boolean lacks(SessionMessage.Tell tell) {
    return isAlive() && misses(tell);
  }

  private boolean misses(SessionMessage.Tell tell) {
    return progress.lastOf(tell.key().call()) < tell.previous();
  }

  /** Tells news of life, or keeps them while the device is caught up; false: too much waits. */
  boolean take(SessionMessage.Tell tell, Instant at) {
    if (isAlive()) {
      pass(tell, at, at);
      return true;
    }
    CallSnapshot call = tell.news().call();
    now.merge(call.facts().key().call(), call, AttachedDevice::later);
    return await(new Next.Fresh(tell, at), 1);
  }

  /** Passes a signal on, after everything that came before it; false: too much waits. */
  boolean hand(SessionMessage.Signalled m) {
    if (isAlive()) {
      socket.tell(new ToSocket.SignalArrived(m.call(), m.from(), m.signal()));
      return true;
    }
    return await(new Next.Media(m), 1);
  }

  private boolean await(Next next, int weight) {
    waiting.add(next);
    behind += weight;
    return behind <= MAX_WAITING;
  }

  /** The signals that have not reached the socket. */
  List<SessionMessage.Signalled> unsent() {
    List<SessionMessage.Signalled> unsent = new ArrayList<>();
    for (Next next : waiting) {
      if (next instanceof Next.Media(SessionMessage.Signalled signal)) {
        unsent.add(signal);
      }
    }
    return unsent;
  }

  /**
   * The journal was read: greets the socket, and tells the first of what it missed.
   *
   * @param most how many calls a resume covers; more mean a resync
   * @param kept signals that came while the device was away, in order
   * @return what was read
   */
  CatchUp catchUp(
      List<List<StoredEvent>> journals,
      int most,
      Collection<SessionMessage.Signalled> kept,
      Instant at) {
    boolean tooMany = journals.size() > most;
    boolean resumes = cursor.isPresent() && !tooMany;
    progress = resumes ? Progress.from(cursor.get()) : new Progress();
    Instant told = resumes ? Coverage.horizon(cursor.get(), journals) : horizon;
    CatchUp catchUp = CatchUp.of(user, id, journals, progress, resumes, told, at);
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
    // Until the first thing missed is told, the device stands where it stood.
    Optional<Cursor> from = cursor.filter(_ -> resumes);
    String stands =
        progress.encode(from.map(Cursor::since).orElse(at), from.flatMap(Cursor::covered));
    Reading reading = new Reading(at, Optional.of(Coverage.of(journals, start(at))));
    socket.tell(new ToSocket.Welcome(sessionId, resumes, catchUp.calls(), stands, session));
    if (unreadableCursor || (cursor.isPresent() && tooMany)) {
      socket.tell(new ToSocket.Resync(catchUp.calls(), stands));
    }
    List<Next> first = new ArrayList<>(late(catchUp, reading));
    first.add(new Next.Told(catchUp, reading));
    kept.forEach(signal -> first.add(new Next.Media(signal)));
    first.reversed().forEach(waiting::addFirst);
    begun = true;
    tellPage(at);
    return catchUp;
  }

  /**
   * Tells what a node stored and did not tell, or what was lost on the way (I11); false: too much
   * waits.
   */
  boolean tellMissed(List<List<StoredEvent>> journals, Instant at) {
    boolean wasAlive = isAlive();
    boolean room = await(new Next.Journals(journals, at), journals.size());
    if (wasAlive) {
      tellPage(at);
    }
    return wasAlive || room;
  }

  /** The socket has taken a page; tells the next one, if it is waited for. */
  void more(int page, Instant at) {
    if (page == pausedAfter) {
      tellPage(at);
    }
  }

  private void tellPage(Instant at) {
    toldToLive &= pausedAfter == 0;
    pausedAfter = 0;
    int room = PAGE_BYTES;
    while (!waiting.isEmpty() && room > 0) {
      room -= tell(waiting.remove(), at);
    }
    if (!waiting.isEmpty()) {
      pausedAfter = ++pages;
      socket.tell(new ToSocket.Pause(id, sessionId, pausedAfter, session));
      return;
    }
    behind = 0;
    now.clear();
    if (!toldToLive) {
      toldToLive = true;
      socket.tell(new ToSocket.Live());
    }
  }

  /** Tells what is next; about how many bytes of frames that made. */
  private int tell(Next next, Instant at) {
    return switch (next) {
      case Next.Late late -> tellLate(late, at);
      case Next.Told told -> {
        tellEnd(told);
        yield FRAME_BYTES;
      }
      case Next.Journals(List<List<StoredEvent>> journals, Instant readAt) -> {
        behind -= journals.size();
        readAgain(journals, readAt, at);
        yield 0;
      }
      case Next.Fresh(SessionMessage.Tell tell, Instant cameAt) -> {
        behind--;
        if (misses(tell)) {
          holes.accept(tell.key());
          yield 0;
        }
        yield pass(tell, cameAt, at);
      }
      case Next.Media(SessionMessage.Signalled m) -> {
        behind--;
        socket.tell(new ToSocket.SignalArrived(m.call(), m.from(), m.signal()));
        yield FRAME_BYTES + m.signal().payload().length();
      }
    };
  }

  private int tellLate(Next.Late late, Instant at) {
    CallSnapshot call = late.missed().news().call();
    CallId of = call.facts().key().call();
    if (progress.has(of, call.seq())) {
      return 0;
    }
    progress.advance(call);
    // Read a page ago, a ring may be over by now.
    if (!CatchUp.isStillNews(user, id, late.missed(), now.getOrDefault(of, call), at)) {
      return 0;
    }
    String stands = midway(late.reading(), call.at());
    socket.tell(new ToSocket.Event(late.missed().news(), late.missed().notice(), stands, true));
    return bytesOf(late.missed().news());
  }

  private void tellEnd(Next.Told told) {
    Reading reading = told.reading();
    told.catchUp().latest().forEach(progress::advance);
    if (reading.coverage().isPresent()) {
      progress.settle(told.catchUp().calls());
      covered = reading.coverage().map(coverage -> coverage.upTo(millis(reading.at())));
    }
    socket.tell(new ToSocket.CaughtUp(standing(reading.at())));
  }

  private void readAgain(List<List<StoredEvent>> journals, Instant readAt, Instant at) {
    CatchUp catchUp = CatchUp.of(user, id, journals, progress, true, horizon, at);
    if (catchUp.missed().isEmpty()) {
      catchUp.latest().forEach(progress::advance);
      return;
    }
    Reading reading = new Reading(readAt, Optional.empty());
    // Clients hold their bells from the first late event until they hear that it was the last.
    waiting.addFirst(new Next.Told(catchUp, reading));
    late(catchUp, reading).reversed().forEach(waiting::addFirst);
  }

  private List<Next.Late> late(CatchUp catchUp, Reading reading) {
    catchUp
        .latest()
        .forEach(call -> now.merge(call.facts().key().call(), call, AttachedDevice::later));
    return catchUp.missed().stream().map(missed -> new Next.Late(missed, reading)).toList();
  }

  private int pass(SessionMessage.Tell tell, Instant cameAt, Instant at) {
    CallSnapshot call = tell.news().call();
    CallId of = call.facts().key().call();
    if (progress.has(of, call.seq())) {
      return 0;
    }
    progress.advance(call);
    if (call.at().isBefore(horizon)) {
      return 0;
    }
    int bytes = 0;
    for (Notice notice : tell.notices()) {
      if (notice.audience().includes(id) && isNews(tell, notice, at)) {
        socket.tell(new ToSocket.Event(tell.news(), notice, standing(cameAt), false));
        bytes += bytesOf(tell.news());
      }
    }
    return bytes;
  }

  private boolean isNews(SessionMessage.Tell tell, Notice notice, Instant at) {
    CallSnapshot call = tell.news().call();
    CallSnapshot latest = now.getOrDefault(call.facts().key().call(), call);
    return latest.seq() > call.seq()
        ? CatchUp.isStillNews(user, id, new CatchUp.Missed(tell.news(), notice), latest, at)
        : !CatchUp.isStaleRing(user, notice, call, at);
  }

  /**
   * Where the device stands once it was told what happened at this moment. Everything of the
   * reading before it was told; but what was written while that was read may have happened before
   * it as well, so the cursor stays so far behind.
   */
  private String midway(Reading reading, Instant happened) {
    Instant until = millis(happened);
    Instant since = until.plus(Cursor.OVERLAP);
    if (since.isBefore(reading.at())) {
      return progress.encode(since);
    }
    return reading.coverage().isPresent()
        ? progress.encode(reading.at(), reading.coverage().map(c -> c.upTo(until)))
        : standing(reading.at());
  }

  /** Where the device stands once it was told everything up to a moment of its life. */
  private String standing(Instant at) {
    // As long as the time it was caught up with would be read once more, it is known from that.
    return covered.isPresent() && at.minus(Cursor.OVERLAP).isBefore(covered.get().until())
        ? progress.encode(covered.get().until(), covered)
        : progress.encode(at);
  }

  private static Instant start(Instant readAt) {
    return millis(readAt).minus(Cursor.OVERLAP);
  }

  private static Instant millis(Instant at) {
    return at.truncatedTo(ChronoUnit.MILLIS);
  }

  private static CallSnapshot later(CallSnapshot a, CallSnapshot b) {
    return a.seq() >= b.seq() ? a : b;
  }

  private static int bytesOf(News news) {
    return FRAME_BYTES
        + PARTICIPANT_BYTES * news.call().roster().participants().size()
        + news.call().facts().context().map(String::length).orElse(0)
        + news.offer().map(String::length).orElse(0);
  }
}
