package io.carillon.engine.actor;

import io.carillon.engine.call.CallCommand;
import io.carillon.engine.call.CallKey;
import io.carillon.engine.call.CallMode;
import io.carillon.engine.call.CallSnapshot;
import io.carillon.engine.call.Invitation;
import io.carillon.engine.call.Leg;
import io.carillon.engine.call.Line;
import io.carillon.engine.call.Rejection;
import io.carillon.engine.call.RequestKey;
import io.carillon.engine.identity.Endpoint;
import io.carillon.engine.identity.UserId;
import io.carillon.engine.session.LineDesk;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;

/**
 * One wish to call further users into a running call, made ready for the call to decide (R33). It
 * asks the call whether the inviter is in it, the inviter's session whether it is too soon, and the
 * callees' sessions for their lines. Remembers nothing; its stages may run on any thread.
 *
 * <p>Lines are asked only on behalf of somebody who is in the call: a question leaves traces (who
 * calls twice within minutes breaks through quiet hours), and a stranger must not leave them.
 */
final class Summons {
  private final Calls calls;
  private final ClusterSharding sharding;
  private final Questions questions;
  private final EngineSettings settings;
  private final CallKey key;
  private final Endpoint by;
  private final List<UserId> callees;
  private final Optional<RequestKey> request;

  Summons(
      Calls calls,
      ClusterSharding sharding,
      Questions questions,
      EngineSettings settings,
      CallKey key,
      Endpoint by,
      List<UserId> callees,
      Optional<RequestKey> request) {
    this.calls = calls;
    this.sharding = sharding;
    this.questions = questions;
    this.settings = settings;
    this.key = key;
    this.by = by;
    this.callees = callees;
    this.request = request;
  }

  /** What is left to do. */
  sealed interface Prepared {}

  /** The call decides on this. */
  record Ready(CallCommand.Invite command) implements Prepared {}

  /** Nothing: this is the answer. */
  record Answered(Reply reply) implements Prepared {}

  /** Asks everybody who has to be asked first; never completes exceptionally. */
  CompletionStage<Prepared> prepare() {
    return answeredBefore()
        .thenCompose(
            before ->
                before
                    .<CompletionStage<Prepared>>map(reply -> done(new Answered(reply)))
                    .orElseGet(this::ask))
        // Nothing was asked of the call that changes it: the whole may be tried again.
        .exceptionally(failure -> new Answered(new Reply.Unavailable(false)));
  }

  /** A repeated request is answered as the first time, and does not count as a second (R27). */
  private CompletionStage<Optional<Reply>> answeredBefore() {
    if (request.isEmpty()) {
      return done(Optional.empty());
    }
    return calls.recall(key, request.get(), settings.askTimeout());
  }

  private CompletionStage<Prepared> ask() {
    return calls
        .describe(key, settings.askTimeout())
        .thenCompose(
            answer -> {
              Optional<CallSnapshot> known = answer.call().filter(this::mayRing);
              return known.isPresent() ? asParticipant(known.get()) : done(ready(Line.BLOCKED));
            });
  }

  private boolean mayRing(CallSnapshot call) {
    return !call.isEnded() && call.mode() != CallMode.DIRECT && isIn(call, by.user());
  }

  private static boolean isIn(CallSnapshot call, UserId user) {
    return call.roster().find(user).map(p -> p.leg() instanceof Leg.Joined).orElse(false);
  }

  /** What the call refuses anyway; should it not by now, nobody is rung unasked. */
  private Prepared ready(Line line) {
    return new Ready(
        new CallCommand.Invite(
            by, callees.stream().map(user -> new Invitation(user, line)).toList(), request));
  }

  private CompletionStage<Prepared> asParticipant(CallSnapshot call) {
    List<UserId> absent = callees.stream().filter(user -> !isIn(call, user)).toList();
    if (absent.isEmpty()) {
      return done(ready(Line.FREE));
    }
    CompletionStage<SessionMessage.RingLeave> leave =
        // Each time it is asked counts.
        Questions.once(
            session(by.user()),
            replyTo -> new SessionMessage.MayRing(absent, replyTo),
            Lines.TIMEOUT);
    return leave.thenCompose(
        said ->
            said.after().isPresent()
                ? done(refused(said.after().get()))
                : lines(call, absent).thenApply(this::invitations));
  }

  private static Answered refused(Duration wait) {
    return new Answered(new Reply.Refused(new Rejection.RateLimited(wait)));
  }

  private CompletionStage<List<SessionMessage.LineAnswer>> lines(
      CallSnapshot call, List<UserId> absent) {
    return Lines.of(
        absent,
        key.realm(),
        sharding,
        questions,
        replyTo ->
            new SessionMessage.AskLine(
                key, by.user(), call.mode(), Optional.empty(), Optional.empty(), replyTo));
  }

  private Prepared invitations(List<SessionMessage.LineAnswer> answers) {
    List<Invitation> invitations = new ArrayList<>();
    for (SessionMessage.LineAnswer said : answers) {
      switch (said.answer()) {
        case LineDesk.Proceed(Line line) -> invitations.add(new Invitation(said.user(), line));
        case LineDesk.BusyWith _ -> invitations.add(new Invitation(said.user(), Line.BUSY));
        // Only direct calls cross.
        case LineDesk.Glare _ -> invitations.add(new Invitation(said.user(), Line.FREE));
        case LineDesk.TooMany(Duration wait) -> {
          return refused(wait);
        }
      }
    }
    return new Ready(new CallCommand.Invite(by, invitations, request));
  }

  private static <T> CompletionStage<T> done(T value) {
    return CompletableFuture.completedFuture(value);
  }

  private EntityRef<SessionMessage> session(UserId user) {
    return sharding.entityRefFor(UserSession.TYPE, UserSession.entityId(key.realm(), user));
  }
}
