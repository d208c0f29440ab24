package io.carillon.engine.session;

import io.carillon.engine.call.CallCommand;
import io.carillon.engine.call.CallId;
import io.carillon.engine.call.CallMode;
import io.carillon.engine.call.CallSnapshot;
import io.carillon.engine.call.Decision;
import io.carillon.engine.call.EndReason;
import io.carillon.engine.call.Invitation;
import io.carillon.engine.call.Line;
import io.carillon.engine.call.Rejection;
import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.Endpoint;
import io.carillon.engine.identity.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Users who call each other, each with a line of their own, joined by messages that take their
 * time. Whoever runs it chooses what happens next among what may happen: a message arrives, a
 * session dies and begins anew, a front door asks again, somebody gives up waiting for a call that
 * is being stored. Calls and lines are the real ones; only the carrying between them is modelled.
 */
final class GlareModel {
  private static final Instant NOW = Instant.parse("2026-03-02T10:00:00Z");
  private static final LineLimits LIMITS = new LineLimits(0, 0, Duration.ofMinutes(10), 0);
  private static final int MAX_DETOURS = 3;

  /** Something that may happen next. */
  sealed interface Event {}

  record Place(CallId id) implements Event {}

  record Ask(CallId id, Optional<CallId> replaces, Optional<CallId> gone, int life)
      implements Event {}

  record Answered(CallId id, LineDesk.Answer answer, int life) implements Event {}

  record Store(CallId id, LineDesk.Proceed proceed, int life) implements Event {}

  record Stored(CallId id, CallSnapshot call, int life) implements Event {
    @Override
    public String toString() {
      return "Stored[id=" + id + ", seq=" + call.seq() + ", life=" + life + "]";
    }
  }

  record Accept(CallId id, CallId crossing, int life) implements Event {}

  record Accepted(CallId id, CallId crossing, boolean done, boolean found, int life)
      implements Event {}

  record Hear(CallId call, UserId user) implements Event {}

  record Merge(CallId givesWay, CallId survives) implements Event {}

  record AcceptSurvivor(CallId givesWay, CallId survives) implements Event {}

  record Attach(UserId user) implements Event {}

  record Lose(UserId user) implements Event {}

  record GiveUp(Accept waiting) implements Event {}

  /** One wish to call. */
  private static final class Wish {
    final CallId id;
    final UserId from;
    final UserId to;
    int life = -1;
    int detours;
    Optional<CallId> gone = Optional.empty();
    Optional<CallId> answer = Optional.empty();

    Wish(CallId id, UserId from, UserId to) {
      this.id = id;
      this.from = from;
      this.to = to;
    }
  }

  /** One user's session. */
  private static final class Side {
    final UserId user;

    /** What the session was told since it began, in order, boiled down to a number. */
    long history;

    CallBook book;
    LineDesk desk;
    boolean loaded;
    int life;

    Side(UserId user) {
      this.user = user;
      this.book = new CallBook(user);
      this.desk = new LineDesk(user, LIMITS, book.open());
    }

    void note(Object what) {
      history = mix(history, what.toString());
    }

    void die() {
      book = new CallBook(user);
      desk = new LineDesk(user, LIMITS, book.open());
      loaded = false;
      life++;
      history = 0;
    }
  }

  private final Map<UserId, Side> sides = new LinkedHashMap<>();
  private final Map<CallId, Wish> wishes = new LinkedHashMap<>();
  private final Map<CallId, DrivenCall> calls = new TreeMap<>((a, b) -> order(a, b));
  private final Set<String> takenBy = new TreeSet<>();
  private final Set<CallId> yieldedToAnswered = new HashSet<>();
  private final List<Event> inFlight = new ArrayList<>();
  private final List<Event> trace = new ArrayList<>();
  private boolean swift;
  private int losses;
  private int patience;

  /**
   * A world in which sessions may die so often, and in which so many times somebody may stop
   * waiting although the call might still be stored.
   */
  GlareModel(int losses, int patience) {
    this.losses = losses;
    this.patience = patience;
  }

  /** Lets what is only told arrive at once: fewer worlds, the same questions and answers. */
  GlareModel withSwiftNews() {
    swift = true;
    return this;
  }

  private static int order(CallId a, CallId b) {
    return a.value().compareTo(b.value());
  }

  void wish(String id, String from, String to) {
    Wish wish = new Wish(new CallId(id), new UserId(from), new UserId(to));
    wishes.put(wish.id, wish);
    sides.computeIfAbsent(wish.from, Side::new);
    sides.computeIfAbsent(wish.to, Side::new);
    inFlight.add(new Place(wish.id));
  }

  /** Everything that may happen next; empty: nothing does any more. */
  List<Event> enabled() {
    List<Event> events = new ArrayList<>();
    List<Accept> waiting = new ArrayList<>();
    for (Event event : inFlight) {
      if (event instanceof Accept accept && !calls.containsKey(accept.crossing())) {
        waiting.add(accept);
      } else if (!events.contains(event)) {
        events.add(event);
      }
    }
    for (Wish wish : wishes.values()) {
      boolean forgotten = wish.life >= 0 && wish.life != sideOf(wish.from).life;
      if (wish.answer.isEmpty() && forgotten) {
        // Its session died with it: the front door asks again.
        events.add(new Place(wish.id));
      }
    }
    if (events.isEmpty() || patience > 0) {
      waiting.forEach(accept -> events.add(new GiveUp(accept)));
    }
    if (events.isEmpty()) {
      // A session that has forgotten everything learns it again from the next device that comes.
      sides.values().stream()
          .filter(side -> !side.loaded)
          .forEach(side -> events.add(new Attach(side.user)));
    }
    if (losses > 0 && !events.isEmpty()) {
      // One that has not been told anything has nothing to lose.
      sides.values().stream()
          .filter(side -> side.history != 0)
          .forEach(side -> events.add(new Lose(side.user)));
    }
    return events;
  }

  void happen(Event event) {
    trace.add(event);
    boolean urgent = enabledWithoutPatience();
    if (event instanceof GiveUp(Accept waiting)) {
      inFlight.remove(waiting);
    } else {
      inFlight.remove(event);
    }
    switch (event) {
      case Place e -> place(wish(e.id()));
      case Ask e -> ask(e);
      case Answered e -> answered(e);
      case Store e -> store(e);
      case Stored e -> settled(e);
      case Accept e -> accept(e);
      case Accepted e -> accepted(e);
      case Hear e -> hear(e);
      case Merge e -> merge(e);
      case AcceptSurvivor e -> acceptSurvivor(e);
      case Attach e -> ready(e.user(), e);
      case Lose e -> {
        losses--;
        sideOf(e.user()).die();
      }
      case GiveUp(Accept waiting) -> {
        if (urgent) {
          patience--;
        }
        inFlight.add(new Accepted(waiting.id(), waiting.crossing(), false, false, waiting.life()));
      }
    }
  }

  private boolean enabledWithoutPatience() {
    return inFlight.stream()
        .anyMatch(e -> !(e instanceof Accept accept) || calls.containsKey(accept.crossing()));
  }

  /** Two worlds with the same fingerprint have the same futures. */
  long fingerprint() {
    long print = 31L * losses + patience;
    for (Side side : sides.values()) {
      print = mix(print, side.life + ":" + side.loaded + ":" + side.history);
    }
    for (Wish wish : wishes.values()) {
      print = mix(print, wish.life + ":" + wish.detours + wish.gone + wish.answer);
    }
    for (DrivenCall call : calls.values()) {
      print = mix(print, call.id() + ":" + call.steps().size());
    }
    long flying = 0;
    for (Event event : inFlight) {
      flying += mix(17, event.toString());
    }
    return mix(print, flying + ":" + takenBy + yieldedToAnswered);
  }

  private static long mix(long hash, String text) {
    long next = hash;
    for (int i = 0; i < text.length(); i++) {
      next = (next ^ text.charAt(i)) * 0x100000001b3L;
    }
    return next ^ (next >>> 29);
  }

  // ---- what users hold against it ----

  /** The direct calls that go on. */
  List<CallSnapshot> live() {
    return calls.values().stream()
        .map(DrivenCall::snapshot)
        .filter(call -> !call.isEnded())
        .toList();
  }

  /** The ids of the calls stored, in order. */
  List<CallId> stored() {
    return List.copyOf(calls.keySet());
  }

  CallSnapshot call(CallId id) {
    return driven(id).snapshot();
  }

  private DrivenCall driven(CallId id) {
    DrivenCall call = calls.get(id);
    if (call == null) {
      throw new IllegalStateException("never stored: " + id);
    }
    return call;
  }

  /** Whether a call made way for one that somebody had taken by then. */
  boolean gaveWayToAnswered(CallId id) {
    return yieldedToAnswered.contains(id);
  }

  /** Which call each wish was answered with, where that call led, by wish. */
  Map<CallId, Optional<CallId>> answers() {
    Map<CallId, Optional<CallId>> answers = new LinkedHashMap<>();
    wishes.forEach((id, wish) -> answers.put(id, wish.answer.map(this::survivor)));
    return answers;
  }

  private CallId survivor(CallId id) {
    return call(id).ending().flatMap(CallSnapshot.Ending::successor).map(this::survivor).orElse(id);
  }

  String story() {
    return trace.stream().map(Event::toString).collect(Collectors.joining("\n"));
  }

  // ---- what sessions do ----

  private Side sideOf(UserId user) {
    Side side = sides.get(user);
    if (side == null) {
      throw new IllegalStateException("nobody: " + user);
    }
    return side;
  }

  private Wish wish(CallId id) {
    Wish wish = wishes.get(id);
    if (wish == null) {
      throw new IllegalStateException("nobody's wish: " + id);
    }
    return wish;
  }

  /** A session that has just begun reads its user's open calls before it judges. */
  private Side ready(UserId user, Event event) {
    Side side = sideOf(user);
    if (!side.loaded) {
      side.loaded = true;
      for (DrivenCall call : calls.values()) {
        if (call.snapshot().concerns(user) && !call.snapshot().isEnded()) {
          learn(side, call.snapshot());
        }
      }
    }
    side.note(event);
    return side;
  }

  private void learn(Side side, CallSnapshot call) {
    side.note("hears " + call.facts().key().call() + ":" + call.seq());
    if (side.book.learn(call, NOW)) {
      side.desk.heard(call);
      side.desk
          .toMerge()
          .filter(m -> m.givesWay().facts().caller().user().equals(side.user))
          .ifPresent(m -> inFlight.add(new Merge(idOf(m.givesWay()), idOf(m.survives()))));
    }
  }

  private static CallId idOf(CallSnapshot call) {
    return call.facts().key().call();
  }

  private void place(Wish wish) {
    Side side = ready(wish.from, new Place(wish.id));
    wish.life = side.life;
    DeviceId device = device(wish.from).device();
    switch (side.desk.place(wish.id, device, CallMode.DIRECT, List.of(wish.to), NOW)) {
      case LineDesk.AskCallee _ ->
          inFlight.add(new Ask(wish.id, side.desk.replacedBy(wish.id), wish.gone, side.life));
      case LineDesk.AskCall _ ->
          inFlight.add(new Store(wish.id, new LineDesk.Proceed(Line.FREE), side.life));
      case LineDesk.AcceptInstead(CallId crossing) ->
          inFlight.add(new Accept(wish.id, crossing, side.life));
      case LineDesk.Replace(CallId old) -> {
        wish.answer = wish.answer.or(() -> recall(wish, old));
        side.desk.settled(wish.id);
      }
      case LineDesk.Refuse(Rejection why) ->
          throw new IllegalStateException("refused: " + why + "\n" + story());
    }
  }

  /** What a call says to a request it was asked before. */
  private Optional<CallId> recall(Wish wish, CallId old) {
    if (calls.containsKey(wish.id)) {
      return Optional.of(wish.id);
    }
    if (takenBy.contains(wish.id + " took " + old)) {
      return Optional.of(old);
    }
    throw new IllegalStateException("replaced " + old + "\n" + story());
  }

  private void ask(Ask ask) {
    Wish wish = wish(ask.id());
    Side side = ready(wish.to, ask);
    ask.gone()
        .ifPresent(
            gone -> {
              side.desk.cameToNothing(gone);
              if (calls.containsKey(gone) && call(gone).isEnded()) {
                side.book.drop(gone);
              }
            });
    LineDesk.Answer answer =
        side.desk.ask(
            wish.id, wish.from, CallMode.DIRECT, ask.replaces(), UserSettings.STANDARD, NOW);
    inFlight.add(new Answered(wish.id, answer, ask.life()));
  }

  private void answered(Answered e) {
    Wish wish = wish(e.id());
    Side side = sideOf(wish.from);
    if (side.life != e.life()) {
      return;
    }
    side.note(e);
    switch (e.answer()) {
      case LineDesk.Proceed proceed -> {
        inFlight.add(
            side.desk
                .letThrough(wish.id)
                .<Event>map(instead -> new Accept(wish.id, instead, side.life))
                .orElseGet(() -> new Store(wish.id, proceed, side.life)));
      }
      case LineDesk.Glare(CallId crossing) -> {
        side.desk.becomes(wish.id, crossing);
        inFlight.add(new Accept(wish.id, crossing, side.life));
      }
      case LineDesk.BusyWith _ ->
          inFlight.add(new Store(wish.id, new LineDesk.Proceed(Line.BUSY), side.life));
      case LineDesk.TooMany _ -> throw new IllegalStateException("refused: " + e + "\n" + story());
    }
  }

  private void store(Store e) {
    Wish wish = wish(e.id());
    if (!calls.containsKey(wish.id)) {
      DrivenCall call =
          DrivenCall.placed(
              wish.id.value(),
              device(wish.from),
              CallMode.DIRECT,
              NOW,
              new Invitation(wish.to, e.proceed().line()));
      calls.put(wish.id, call);
      tell(call);
    }
    inFlight.add(new Stored(wish.id, call(wish.id), e.life()));
  }

  private void settled(Stored e) {
    Wish wish = wish(e.id());
    Side side = sideOf(wish.from);
    if (side.life == e.life()) {
      side.note(e);
      learn(side, e.call());
      side.desk.settled(wish.id);
      wish.answer = wish.answer.or(() -> Optional.of(wish.id));
    }
  }

  private void accept(Accept e) {
    Wish wish = wish(e.id());
    DrivenCall call = driven(e.crossing());
    Decision decision =
        call.submit(new CallCommand.Accept(device(wish.from), false, Optional.empty()), NOW);
    tell(call);
    boolean done = decision.answer() instanceof Decision.Done;
    if (done) {
      takenBy.add(wish.id + " took " + e.crossing());
    }
    inFlight.add(new Accepted(wish.id, e.crossing(), done, true, e.life()));
  }

  private void accepted(Accepted e) {
    Wish wish = wish(e.id());
    Side side = sideOf(wish.from);
    if (side.life != e.life()) {
      return;
    }
    side.note(e);
    if (e.done()) {
      learn(side, call(e.crossing()));
      side.desk.settled(wish.id);
      wish.answer = wish.answer.or(() -> Optional.of(e.crossing()));
      return;
    }
    wish.detours++;
    if (wish.detours > MAX_DETOURS) {
      throw new IllegalStateException("refused for good\n" + story());
    }
    wish.gone = Optional.of(e.crossing());
    side.desk.cameToNothing(e.crossing());
    if (e.found()) {
      side.book.drop(e.crossing());
    }
    place(wish);
  }

  private void hear(Hear e) {
    learn(sideOf(e.user()), call(e.call()));
  }

  private void merge(Merge e) {
    CrossedCalls.choose(call(e.givesWay()), call(e.survives()))
        .ifPresent(
            chosen -> {
              CallId old = idOf(chosen.givesWay());
              CallId by = idOf(chosen.survives());
              driven(old).submit(new CallCommand.Supersede(EndReason.GLARE_MERGED, by), NOW);
              if (chosen.survives().answeredAt().isPresent()) {
                yieldedToAnswered.add(old);
              } else {
                inFlight.add(new AcceptSurvivor(old, by));
              }
              tell(driven(old));
            });
  }

  private void acceptSurvivor(AcceptSurvivor e) {
    CallSnapshot yielded = call(e.givesWay());
    if (yielded.answeredAt().isEmpty()) {
      DrivenCall survivor = driven(e.survives());
      survivor.accept(yielded.facts().caller(), NOW);
      tell(survivor);
    }
  }

  private void tell(DrivenCall call) {
    for (var participant : call.snapshot().roster().participants()) {
      Hear hear = new Hear(call.id(), participant.user());
      if (swift) {
        hear(hear);
      } else if (!inFlight.contains(hear)) {
        inFlight.add(hear);
      }
    }
  }

  private static Endpoint device(UserId user) {
    return new Endpoint(user, new DeviceId(user.value() + "-phone"));
  }
}
