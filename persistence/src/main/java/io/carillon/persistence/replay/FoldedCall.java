package io.carillon.persistence.replay;

import io.carillon.engine.call.Actor;
import io.carillon.engine.call.Call;
import io.carillon.engine.call.CallEvent;
import io.carillon.engine.call.CallSnapshot;
import io.carillon.engine.call.EndReason;
import io.carillon.engine.call.Invitation;
import io.carillon.engine.call.Leg;
import io.carillon.engine.call.Line;
import io.carillon.engine.call.Participant;
import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.Endpoint;
import io.carillon.engine.identity.UserId;
import io.carillon.persistence.readmodel.HistoryCall;
import io.carillon.persistence.readmodel.HistoryParty;
import io.carillon.persistence.words.CallStateWord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A call's history worked out of its journal alone, by the rules of the engine: what its rows have
 * to say (J12, I22). It shares no code with what writes or reads the rows.
 */
public final class FoldedCall {
  /** What the roster forgets of a user as the call goes on. */
  private static final class Part {
    final Instant calledAt;
    Line line;
    @Nullable Instant joinedAt;
    @Nullable DeviceId device;

    Part(Instant calledAt, Line line) {
      this.calledAt = calledAt;
      this.line = line;
    }

    void join(Instant at, DeviceId with) {
      joinedAt = joinedAt == null ? at : joinedAt;
      device = with;
    }
  }

  private final Map<UserId, Part> parts = new HashMap<>();

  private FoldedCall() {}

  /** The history of a call, as far as its journal can be read; empty where it cannot be at all. */
  public static Optional<HistoryCall> of(CallJournal journal) {
    return journal.steps().isEmpty() ? Optional.empty() : Optional.of(of(journal.steps()));
  }

  /** The history of a call of at least one step. */
  public static HistoryCall of(List<Call.Step> steps) {
    FoldedCall fold = new FoldedCall();
    steps.forEach(step -> fold.apply(step.stored().event()));
    return fold.history(CallSnapshot.of(steps.getLast().after()));
  }

  private void apply(CallEvent event) {
    Instant at = event.header().at();
    switch (event) {
      case CallEvent.Initiated e -> {
        Part caller = new Part(e.facts().createdAt(), Line.FREE);
        caller.join(e.facts().createdAt(), e.facts().caller().device());
        parts.put(e.facts().caller().user(), caller);
        call(e.invitations(), e.facts().createdAt());
      }
      case CallEvent.Invited e -> call(e.invitations(), at);
      case CallEvent.Accepted e ->
          parts
              .computeIfAbsent(e.by().user(), _ -> new Part(at, Line.FREE))
              .join(at, e.by().device());
      case CallEvent.HandedOff e ->
          parts.computeIfAbsent(e.user(), _ -> new Part(at, Line.FREE)).join(at, e.to());
      case CallEvent.RingStarted _,
          CallEvent.RingWithheld _,
          CallEvent.RingIgnored _,
          CallEvent.Connected _,
          CallEvent.StatusChanged _,
          CallEvent.ConnectionLost _,
          CallEvent.ConnectionRegained _,
          CallEvent.LegClosed _,
          CallEvent.Left _,
          CallEvent.RoleChanged _,
          CallEvent.ModeChanged _,
          CallEvent.Extended _,
          CallEvent.Expiring _,
          CallEvent.Ended _,
          CallEvent.LateAccepted _ -> {
        // The roster keeps what these change.
      }
    }
  }

  private void call(List<Invitation> invitations, Instant at) {
    for (Invitation invitation : invitations) {
      parts.computeIfAbsent(invitation.user(), _ -> new Part(at, invitation.line())).line =
          invitation.line();
    }
  }

  private HistoryCall history(CallSnapshot call) {
    Optional<CallSnapshot.Ending> ending = call.ending();
    List<HistoryParty> parties = new ArrayList<>();
    for (Participant participant : call.roster().participants()) {
      parties.add(party(participant));
    }
    return new HistoryCall(
        call.facts().key(),
        call.facts().type(),
        call.mode(),
        call.facts().mediaPlane(),
        call.facts().caller(),
        word(call),
        ending.map(CallSnapshot.Ending::reason),
        call.facts().createdAt(),
        call.ringingAt(),
        call.answeredAt(),
        call.connectedAt(),
        ending.map(CallSnapshot.Ending::at),
        ending.map(e -> endedBy(e.by())),
        ending.map(CallSnapshot.Ending::nearMiss).orElse(false),
        ending.flatMap(CallSnapshot.Ending::note),
        ending.flatMap(CallSnapshot.Ending::successor),
        call.facts().jitsi().map(room -> room.url()),
        call.facts().context(),
        call.facts().metadata(),
        call.seq(),
        List.copyOf(parties));
  }

  private static CallStateWord word(CallSnapshot call) {
    return call.ending()
        .map(e -> CallStateWord.of(e.reason()))
        .orElseGet(
            () ->
                switch (call.phase()) {
                  case CALLING -> CallStateWord.CALLING;
                  case RINGING -> CallStateWord.RINGING;
                  case ACCEPTED, ENDED -> CallStateWord.ACCEPTED;
                });
  }

  private HistoryParty party(Participant p) {
    Part part = parts.getOrDefault(p.user(), new Part(Instant.EPOCH, Line.FREE));
    Optional<Instant> joinedAt = Optional.ofNullable(part.joinedAt);
    Optional<EndReason> outcome =
        switch (p.leg()) {
          case Leg.Closed closed -> Optional.of(closed.reason());
          case Leg.Barred _ -> Optional.of(EndReason.REMOVED);
          case Leg.Invited _, Leg.Suppressed _, Leg.Ringing _, Leg.Joined _ -> Optional.empty();
        };
    return new HistoryParty(
        p.user(),
        p.role(),
        part.line,
        part.calledAt,
        Optional.ofNullable(part.device),
        joinedAt,
        state(p.leg(), outcome, joinedAt.isPresent()),
        outcome);
  }

  private static HistoryParty.State state(Leg leg, Optional<EndReason> outcome, boolean joined) {
    if (outcome.isPresent() && joined) {
      return HistoryParty.State.LEFT;
    }
    return outcome
        .map(FoldedCall::ended)
        .orElse(
            leg instanceof Leg.Joined
                ? HistoryParty.State.JOINED
                : leg instanceof Leg.Ringing
                    ? HistoryParty.State.RINGING
                    : HistoryParty.State.INVITED);
  }

  private static HistoryParty.State ended(EndReason reason) {
    return switch (reason) {
      case DECLINED, UNAVAILABLE -> HistoryParty.State.DECLINED;
      case BUSY -> HistoryParty.State.BUSY;
      case NO_ANSWER -> HistoryParty.State.MISSED;
      case UNREACHABLE -> HistoryParty.State.UNREACHABLE;
      case HANGUP,
          CANCELLED,
          CALLER_LOST,
          GLARE_MERGED,
          REPLACED,
          ICE_FAILED,
          MEDIA_TIMEOUT,
          MEDIA_FAILED,
          MAX_DURATION,
          CONNECTION_LOST,
          ADMIN_ENDED,
          ENDED_BY_HOST,
          REMOVED,
          TRANSFERRED,
          PICKED_UP,
          EMPTY,
          SERVER_SHUTDOWN,
          SERVER_ERROR ->
          HistoryParty.State.CANCELLED;
    };
  }

  private static HistoryCall.EndedBy endedBy(Actor by) {
    return switch (by) {
      case Actor.Device(Endpoint endpoint) ->
          new HistoryCall.EndedBy(
              "device", Optional.of(endpoint.user()), Optional.of(endpoint.device()));
      case Actor.Clock _ -> new HistoryCall.EndedBy("clock", Optional.empty(), Optional.empty());
      case Actor.Engine _ -> new HistoryCall.EndedBy("engine", Optional.empty(), Optional.empty());
      case Actor.Admin(UserId user) ->
          new HistoryCall.EndedBy("admin", Optional.of(user), Optional.empty());
      case Actor.Service(UserId user) ->
          new HistoryCall.EndedBy("service", Optional.of(user), Optional.empty());
    };
  }
}
