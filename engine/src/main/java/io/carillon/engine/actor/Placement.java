package io.carillon.engine.actor;

import io.carillon.engine.call.Actor;
import io.carillon.engine.call.CallCommand;
import io.carillon.engine.call.CallFacts;
import io.carillon.engine.call.CallId;
import io.carillon.engine.call.CallKey;
import io.carillon.engine.call.CallSnapshot;
import io.carillon.engine.call.Decision;
import io.carillon.engine.call.EndReason;
import io.carillon.engine.call.Invitation;
import io.carillon.engine.call.Line;
import io.carillon.engine.call.Rejection;
import io.carillon.engine.identity.Endpoint;
import io.carillon.engine.identity.UserId;
import io.carillon.engine.identity.UserKey;
import io.carillon.engine.session.CatchUp;
import io.carillon.engine.session.LineDesk;
import io.carillon.engine.session.UserSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;
import org.jspecify.annotations.Nullable;

/**
 * How a session places its user's calls and answers for its user's line. {@link LineDesk} decides;
 * this carries the questions and answers between sessions and calls.
 *
 * <pre>
 *   caller's session          callee's session         call
 *     Place ── AskLine ─────────► ask ── (busy? Describe ──►)
 *        ◄──── LineAnswer ───────┘
 *        ── Submit(Initiate, or Accept of the crossing call) ──►
 *        ◄──────────────────────────────────────── Reply ──┘
 * </pre>
 */
final class Placement {
  /** How long another session may take to say whether its line is free. */
  private static final Duration LINE_TIMEOUT = Duration.ofSeconds(1);

  /** How often a crossing call that is being stored just now is asked for. */
  private static final int CROSSING_TRIES = 20;

  private static final Duration CROSSING_PAUSE = Duration.ofMillis(50);

  private final UserKey user;
  private final UserSession.Surroundings node;
  private final ActorContext<SessionMessage> context;
  private final LineDesk desk;
  private final Map<CallId, CallSnapshot> calls;

  /** Empty until read; then kept until somebody says that they changed. */
  private @Nullable UserSettings settings;

  private boolean loading;
  private boolean callsKnown;
  private final List<SessionMessage> untilLoaded = new ArrayList<>();

  Placement(
      UserKey user,
      UserSession.Surroundings node,
      ActorContext<SessionMessage> context,
      Map<CallId, CallSnapshot> calls) {
    this.user = user;
    this.node = node;
    this.context = context;
    this.calls = calls;
    this.desk = new LineDesk(user.user(), node.settings().lineLimits(), calls);
  }

  /**
   * Whether the line can be judged now; else the message is kept and sent again once the user's
   * settings and open calls are read. A session that was born a moment ago must not call a busy
   * user free.
   */
  private boolean isReady(SessionMessage message) {
    if (settings != null && callsKnown) {
      return true;
    }
    untilLoaded.add(message);
    if (!loading) {
      loading = true;
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
          node.store().read(user).thenCombine(open, SessionMessage.LineLoaded::new),
          (loaded, failure) ->
              failure == null
                  ? loaded
                  : new SessionMessage.LineLoaded(UserSettings.STANDARD, null));
    }
    return false;
  }

  /** The settings and open calls were read; where they could not be, the line counts as free. */
  List<CallSnapshot> loaded(SessionMessage.LineLoaded m) {
    loading = false;
    settings = m.settings();
    callsKnown = true;
    List<SessionMessage> again = List.copyOf(untilLoaded);
    untilLoaded.clear();
    again.forEach(context.getSelf()::tell);
    if (m.open() == null) {
      // For the messages that waited only: the next one reads again.
      context.getSelf().tell(new SessionMessage.SettingsChanged());
      return List.of();
    }
    return m.open();
  }

  /** Reads everything again before the next answer. */
  void settingsChanged() {
    settings = null;
    callsKnown = false;
  }

  void heard(CallSnapshot call) {
    desk.heard(call, node.clock().instant());
    desk.toMerge()
        .ifPresent(
            merge ->
                call(merge.givesWay().facts().key())
                    .tell(
                        new CallEntity.Poke(
                            new CallCommand.Supersede(
                                EndReason.GLARE_MERGED, merge.survives().facts().key().call()))));
  }

  // ---- this user's line, asked by others ----

  void ask(SessionMessage.AskLine m, boolean online) {
    if (!isReady(m)) {
      return;
    }
    UserSettings known = settings == null ? UserSettings.STANDARD : settings;
    LineDesk.Answer answer =
        desk.ask(m.key().call(), m.caller(), m.mode(), known, node.clock().instant());
    if (answer instanceof LineDesk.BusyWith(CallSnapshot other)) {
      verify(m, other);
      return;
    }
    m.replyTo().tell(new SessionMessage.LineAnswer(user.user(), answer, online));
  }

  /** "Busy" is said only after the other call itself said that it goes on (R17). */
  private void verify(SessionMessage.AskLine m, CallSnapshot other) {
    CompletionStage<CallEntity.Described> described =
        call(other.facts().key()).ask(CallEntity.Describe::new, LINE_TIMEOUT);
    context.pipeToSelf(
        described,
        (answer, failure) -> {
          boolean over = failure == null && answer.call().map(CallSnapshot::isEnded).orElse(true);
          return new SessionMessage.LineVerified(m, other, over);
        });
  }

  void verified(SessionMessage.LineVerified m, boolean online) {
    if (m.over()) {
      calls.remove(m.other().facts().key().call());
      ask(m.question(), online);
      return;
    }
    m.question()
        .replyTo()
        .tell(new SessionMessage.LineAnswer(user.user(), new LineDesk.Proceed(Line.BUSY), online));
  }

  // ---- this user's own calls ----

  void place(SessionMessage.Place m) {
    if (!isReady(m)) {
      return;
    }
    Initiation wish = m.wish();
    LineDesk.Placing placing =
        desk.place(m.id(), m.device(), wish.mode(), wish.callees(), node.clock().instant());
    switch (placing) {
      case LineDesk.AskCallee _ -> askCallees(m);
      case LineDesk.AcceptInstead(CallId crossing) -> acceptCrossing(m, crossing);
      case LineDesk.Replace(CallId old) -> {
        call(new CallKey(user.realm(), old))
            .tell(new CallEntity.Poke(new CallCommand.Supersede(EndReason.REPLACED, m.id())));
        calls.remove(old);
        askCallees(m);
      }
      case LineDesk.Refuse(Rejection rejection) -> m.replyTo().tell(new Reply.Refused(rejection));
    }
  }

  private void askCallees(SessionMessage.Place m) {
    CallKey key = new CallKey(user.realm(), m.id());
    CompletionStage<Map<UserId, SessionMessage.LineAnswer>> all =
        CompletableFuture.completedFuture(new LinkedHashMap<>());
    for (UserId callee : m.wish().callees()) {
      CompletionStage<SessionMessage.LineAnswer> answer =
          session(callee)
              .<SessionMessage.LineAnswer>ask(
                  replyTo -> new SessionMessage.AskLine(key, user.user(), m.wish().mode(), replyTo),
                  LINE_TIMEOUT)
              // A session that is just moving must not keep a new call waiting: it rings later.
              .exceptionally(
                  failure ->
                      new SessionMessage.LineAnswer(
                          callee, new LineDesk.Proceed(Line.FREE), false));
      all =
          all.thenCombine(
              answer,
              (answers, one) -> {
                answers.put(callee, one);
                return answers;
              });
    }
    context.pipeToSelf(
        all,
        (answers, failure) ->
            new SessionMessage.LinesAnswered(m, answers == null ? Map.of() : answers));
  }

  void answered(SessionMessage.LinesAnswered m) {
    SessionMessage.Place place = m.place();
    List<Invitation> invitations = new ArrayList<>();
    boolean online = false;
    for (UserId callee : place.wish().callees()) {
      SessionMessage.LineAnswer answer = m.answers().get(callee);
      LineDesk.Answer said = answer == null ? new LineDesk.Proceed(Line.FREE) : answer.answer();
      online |= answer != null && answer.online();
      switch (said) {
        case LineDesk.Proceed(Line line) -> invitations.add(new Invitation(callee, line));
        case LineDesk.BusyWith _ -> invitations.add(new Invitation(callee, Line.BUSY));
        case LineDesk.Glare(CallId crossing) -> {
          desk.settled(place.id());
          acceptCrossing(place, crossing);
          return;
        }
        case LineDesk.TooMany(Duration wait) -> {
          desk.settled(place.id());
          place.replyTo().tell(new Reply.Refused(new Rejection.RateLimited(wait)));
          return;
        }
      }
    }
    boolean allBusy =
        !invitations.isEmpty() && invitations.stream().allMatch(i -> i.line() == Line.BUSY);
    if (allBusy && place.wish().refuseBusy()) {
      desk.settled(place.id());
      place.replyTo().tell(new Reply.Refused(new Rejection.AlreadyInCall(Optional.empty())));
      return;
    }
    desk.letThrough(place.id());
    store(place, invitations, online);
  }

  private void store(SessionMessage.Place place, List<Invitation> invitations, boolean online) {
    CallKey key = new CallKey(user.realm(), place.id());
    CallFacts facts = place.facts();
    Endpoint caller = facts.caller();
    Actor actor =
        place.wish().asService() ? new Actor.Service(caller.user()) : new Actor.Device(caller);
    CallCommand command =
        new CallCommand.Initiate(actor, facts, invitations, Optional.of(place.request()));
    CompletionStage<Reply> reply =
        call(key)
            .ask(
                replyTo -> new CallEntity.Submit(command, place.wish().offer(), replyTo),
                node.settings().askTimeout());
    context.pipeToSelf(
        reply,
        (answer, failure) ->
            new SessionMessage.PlacedCall(
                place, failure == null ? reached(answer, online) : new Reply.Unavailable(true)));
  }

  private static Reply reached(Reply reply, boolean online) {
    return switch (reply) {
      case Reply.Done d -> new Reply.Done(d.call(), d.effect(), d.replayed(), online, d.offer());
      case Reply.Refused r -> r;
      case Reply.Unavailable u -> u;
    };
  }

  void placed(SessionMessage.PlacedCall m) {
    desk.settled(m.place().id());
    m.place().replyTo().tell(m.reply());
  }

  /** Takes the call of the callee who was calling at the same time (R16). */
  private void acceptCrossing(SessionMessage.Place place, CallId crossing) {
    CallKey key = new CallKey(user.realm(), crossing);
    Endpoint by = new Endpoint(user.user(), place.device());
    CallCommand accept = new CallCommand.Accept(by, false, Optional.empty());
    context.pipeToSelf(
        takeCrossing(key, accept, CROSSING_TRIES),
        (reply, failure) ->
            new SessionMessage.PlacedCall(
                place, failure == null ? glare(reply) : new Reply.Unavailable(true)));
  }

  private CompletionStage<Reply> takeCrossing(CallKey key, CallCommand accept, int tries) {
    return call(key)
        .<Reply>ask(
            replyTo -> new CallEntity.Submit(accept, Optional.empty(), replyTo),
            node.settings().askTimeout())
        .thenCompose(
            reply -> {
              boolean notYet =
                  reply instanceof Reply.Refused(Rejection.CallNotFound _) && tries > 1;
              if (!notYet) {
                return CompletableFuture.completedFuture(reply);
              }
              // The other side is storing it this moment.
              CompletableFuture<Reply> later = new CompletableFuture<>();
              context
                  .getSystem()
                  .scheduler()
                  .scheduleOnce(
                      CROSSING_PAUSE,
                      () ->
                          takeCrossing(key, accept, tries - 1)
                              .whenComplete(
                                  (again, failure) -> {
                                    if (failure == null) {
                                      later.complete(again);
                                    } else {
                                      later.completeExceptionally(failure);
                                    }
                                  }),
                      context.getSystem().executionContext());
              return later;
            });
  }

  private static Reply glare(Reply reply) {
    return switch (reply) {
      case Reply.Done d ->
          new Reply.Done(d.call(), Decision.Effect.GLARE, d.replayed(), true, d.offer());
      case Reply.Refused r -> r;
      case Reply.Unavailable u -> u;
    };
  }

  private EntityRef<CallEntity.Message> call(CallKey key) {
    return node.sharding().entityRefFor(ShardedEngine.CALLS, ShardedEngine.entityId(key));
  }

  private EntityRef<SessionMessage> session(UserId other) {
    return node.sharding()
        .entityRefFor(UserSession.TYPE, UserSession.entityId(user.realm(), other));
  }
}
