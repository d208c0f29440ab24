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
import io.carillon.engine.call.Leg;
import io.carillon.engine.call.Line;
import io.carillon.engine.call.Rejection;
import io.carillon.engine.identity.Endpoint;
import io.carillon.engine.identity.UserId;
import io.carillon.engine.identity.UserKey;
import io.carillon.engine.session.CallBook;
import io.carillon.engine.session.CrossedCalls;
import io.carillon.engine.session.LineDesk;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * How a session places its user's calls. {@link LineDesk} decides; this carries the questions and
 * answers between sessions and calls. What the callee's session says is {@link LineAnswers}.
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
  /** How often a request may turn out to have made way for a call that came to nothing. */
  private static final int MAX_DETOURS = 3;

  private final UserKey user;
  private final UserSession.Surroundings node;
  private final ActorContext<SessionMessage> context;
  private final LineKnowledge knowledge;
  private final LineDesk desk;
  private final CallBook book;
  private final Crossing crossings;

  /** Requests that made way for a call that came to nothing, until they are answered. */
  private final Map<CallId, Detour> detours = new HashMap<>();

  private record Detour(CallId gone, int times) {}

  Placement(
      UserKey user,
      UserSession.Surroundings node,
      ActorContext<SessionMessage> context,
      LineKnowledge knowledge,
      LineDesk desk,
      CallBook book) {
    this.user = user;
    this.node = node;
    this.context = context;
    this.knowledge = knowledge;
    this.desk = desk;
    this.book = book;
    this.crossings = new Crossing(node.calls(), node.settings().askTimeout(), context.getSystem());
  }

  void heard(CallSnapshot call) {
    desk.heard(call);
    desk.toMerge().filter(this::isMine).ifPresent(crossings::merge);
  }

  /**
   * One of the two sessions makes one call of two: the one that gives way its own. Where the other
   * call is kept from it, it does not know of both, and it falls to the other session.
   */
  private boolean isMine(CrossedCalls.Merge merge) {
    UserId yielding = merge.givesWay().facts().caller().user();
    boolean knows =
        merge
            .survives()
            .roster()
            .find(yielding)
            .map(p -> !(p.leg() instanceof Leg.Suppressed))
            .orElse(false);
    return knows == yielding.equals(user.user());
  }

  void place(SessionMessage.Place m) {
    if (!knowledge.isEnoughFor(m)) {
      return;
    }
    Initiation wish = m.wish();
    LineDesk.Placing placing =
        desk.place(m.id(), m.device(), wish.mode(), wish.callees(), node.clock().instant());
    switch (placing) {
      case LineDesk.AskCallee _ -> askCallees(m);
      case LineDesk.AskCall _ -> store(m, freeLines(m), !m.wish().callees().isEmpty());
      case LineDesk.AcceptInstead(CallId crossing) -> acceptCrossing(m, crossing);
      case LineDesk.Replace(CallId old) -> recall(m, old);
      case LineDesk.Refuse(Rejection.AlreadyInCall(Optional<CallId> other))
          when other.isPresent() ->
          recall(m, other.get());
      case LineDesk.Refuse(Rejection rejection) -> m.replyTo().tell(new Reply.Refused(rejection));
    }
  }

  /**
   * Before an accepted call is replaced, or refuses another, it is asked whether it goes on, and
   * whether this very request was answered before, by it or by a call of its own: two calls had
   * crossed, the answer was lost, and the request comes again (R26, R27).
   */
  private void recall(SessionMessage.Place m, CallId old) {
    CallKey oldKey = new CallKey(user.realm(), old);
    CompletionStage<Optional<Reply>> answered =
        node.calls()
            .recall(new CallKey(user.realm(), m.id()), m.request(), Lines.TIMEOUT)
            .thenCombine(
                node.calls().recall(oldKey, m.request(), Lines.TIMEOUT),
                (own, crossed) -> own.or(() -> crossed.map(reply -> glare(reply, m.id()))));
    context.pipeToSelf(
        answered.thenCombine(
            node.calls().describe(oldKey, Lines.TIMEOUT),
            (reply, now) -> new SessionMessage.OldCall(m, old, Calls.isOver(now), reply)),
        (answer, failure) ->
            // Without knowing, neither ending a call nor refusing one is right: ask again.
            failure == null
                ? answer
                : new SessionMessage.OldCall(
                    m, old, false, Optional.of(new Reply.Unavailable(false))));
  }

  void old(SessionMessage.OldCall m) {
    CallId id = m.place().id();
    if (m.answered().isPresent()) {
      answer(m.place(), m.answered().get());
      return;
    }
    CallSnapshot known = book.open().get(m.old());
    boolean here =
        known != null && known.roster().isJoined(new Endpoint(user.user(), m.place().device()));
    if (m.over()) {
      book.drop(m.old());
      if (!here) {
        place(m.place());
        return;
      }
    } else if (here) {
      desk.replaces(id, m.old());
      // Whether it hears so before the new one rings or after: it is the same for both sides.
      var _ =
          crossings.supersede(
              new CallKey(user.realm(), m.old()),
              new CallCommand.Supersede(EndReason.REPLACED, id));
    } else {
      answer(m.place(), new Reply.Refused(new Rejection.AlreadyInCall(Optional.of(m.old()))));
      return;
    }
    askCallees(m.place());
  }

  private void askCallees(SessionMessage.Place m) {
    CallKey key = new CallKey(user.realm(), m.id());
    Optional<CallId> gone = Optional.ofNullable(detours.get(m.id())).map(Detour::gone);
    Optional<CallId> replaces = desk.replacedBy(m.id());
    CompletionStage<List<SessionMessage.LineAnswer>> all =
        Lines.of(
            m.wish().callees(),
            user.realm(),
            node.sharding(),
            node.questions(),
            replyTo ->
                new SessionMessage.AskLine(
                    key, user.user(), m.wish().mode(), replaces, gone, replyTo));
    context.pipeToSelf(
        all,
        (answers, failure) ->
            new SessionMessage.LinesAnswered(m, answers == null ? Map.of() : byUser(answers)));
  }

  private static Map<UserId, SessionMessage.LineAnswer> byUser(
      List<SessionMessage.LineAnswer> answers) {
    Map<UserId, SessionMessage.LineAnswer> byUser = new HashMap<>();
    answers.forEach(answer -> byUser.put(answer.user(), answer));
    return byUser;
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
          desk.becomes(place.id(), crossing);
          acceptCrossing(place, crossing);
          return;
        }
        case LineDesk.TooMany(Duration wait) -> {
          answer(place, new Reply.Refused(new Rejection.RateLimited(wait)));
          return;
        }
      }
    }
    boolean allBusy =
        !invitations.isEmpty() && invitations.stream().allMatch(i -> i.line() == Line.BUSY);
    if (allBusy && place.wish().refuseBusy()) {
      answer(place, new Reply.Refused(new Rejection.AlreadyInCall(Optional.empty())));
      return;
    }
    Optional<CallId> instead = desk.letThrough(place.id());
    if (instead.isPresent()) {
      acceptCrossing(place, instead.get());
      return;
    }
    store(place, invitations, online);
  }

  private static List<Invitation> freeLines(SessionMessage.Place place) {
    return place.wish().callees().stream().map(u -> new Invitation(u, Line.FREE)).toList();
  }

  private void store(SessionMessage.Place place, List<Invitation> invitations, boolean online) {
    CallKey key = new CallKey(user.realm(), place.id());
    CallFacts facts = place.facts();
    Endpoint caller = facts.caller();
    Actor actor =
        place.wish().asService() ? new Actor.Service(caller.user()) : new Actor.Device(caller);
    CallCommand command =
        new CallCommand.Initiate(actor, facts, invitations, Optional.of(place.request()));
    context.pipeToSelf(
        node.calls().submit(key, command, place.wish().offer(), node.settings().askTimeout()),
        (answer, failure) ->
            new SessionMessage.PlacedCall(
                place, failure == null ? reached(answer, online) : new Reply.Unavailable(true)));
  }

  private static Reply reached(Reply reply, boolean online) {
    return switch (reply) {
      case Reply.Done d ->
          new Reply.Done(d.call(), d.effect(), d.replayed(), online, d.offer(), Optional.empty());
      case Reply.Refused r -> r;
      case Reply.Unavailable u -> u;
    };
  }

  /** How long the user has to wait before ringing these too; the call they come into exists. */
  void mayRing(SessionMessage.MayRing m) {
    m.replyTo()
        .tell(new SessionMessage.RingLeave(desk.invite(m.callees(), node.clock().instant())));
  }

  void placed(SessionMessage.PlacedCall m) {
    if (m.reply() instanceof Reply.Unavailable) {
      // It may be stored all the same: until it is heard of, or forgotten, it counts as coming.
      detours.remove(m.place().id());
      m.place().replyTo().tell(m.reply());
    } else {
      answer(m.place(), m.reply());
    }
  }

  private void answer(SessionMessage.Place place, Reply reply) {
    desk.settled(place.id());
    detours.remove(place.id());
    place.replyTo().tell(reply);
  }

  /** Takes the call of the callee who was calling at the same time (R16). */
  private void acceptCrossing(SessionMessage.Place place, CallId crossing) {
    Endpoint by = new Endpoint(user.user(), place.device());
    // Under the request's own key: the same request sent again finds what became of it (R27).
    CallCommand.Accept accept = new CallCommand.Accept(by, false, Optional.of(place.request()));
    context.pipeToSelf(
        crossings.take(new CallKey(user.realm(), crossing), accept),
        (reply, failure) ->
            new SessionMessage.Crossed(
                place, crossing, failure == null ? reply : new Reply.Unavailable(true)));
  }

  void crossed(SessionMessage.Crossed m) {
    switch (m.reply()) {
      case Reply.Done done -> answer(m.place(), glare(done, m.place().id()));
      case Reply.Unavailable unavailable -> m.place().replyTo().tell(unavailable);
      case Reply.Refused(Rejection.AnsweredElsewhere _) ->
          answer(
              m.place(), new Reply.Refused(new Rejection.AlreadyInCall(Optional.of(m.crossing()))));
      case Reply.Refused(Rejection.KeyReused _) -> answer(m.place(), m.reply());
      case Reply.Refused _ -> detour(m);
    }
  }

  /** The other side's call is over, or never came to be: this one is placed after all. */
  private void detour(SessionMessage.Crossed m) {
    CallId id = m.place().id();
    Detour before = detours.get(id);
    int times = before == null ? 1 : before.times() + 1;
    desk.cameToNothing(m.crossing());
    if (!(m.reply() instanceof Reply.Refused(Rejection.CallNotFound _))) {
      // It said itself that there is nothing to take. One that was not found may have been stored
      // since: then it is known by now, and taken the next time.
      book.drop(m.crossing());
    }
    if (times > MAX_DETOURS) {
      answer(m.place(), new Reply.Unavailable(false));
      return;
    }
    detours.put(id, new Detour(m.crossing(), times));
    place(m.place());
  }

  private static Reply glare(Reply reply, CallId requested) {
    return switch (reply) {
      case Reply.Done d ->
          new Reply.Done(
              d.call(),
              Decision.Effect.GLARE,
              d.replayed(),
              true,
              d.offer(),
              Optional.of(requested));
      case Reply.Refused r -> r;
      case Reply.Unavailable u -> u;
    };
  }
}
