package io.carillon.engine.call;

import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** How an event changes a call. Never refuses: what is stored has happened. */
final class Evolution {
  private Evolution() {}

  static CallState apply(CallState state, CallEvent event) {
    CallState.Known next =
        switch (state) {
          case CallState.Unknown _ -> initiated(event);
          case CallState.Live live -> alive(live, event);
          case CallState.Ended ended -> ended(ended, event);
        };
    return event
        .header()
        .request()
        .<CallState>map(
            request ->
                withLedger(
                    next, next.ledger().with(new Ledger.Receipt(request, CallSnapshot.of(next)))))
        .orElse(next);
  }

  private static CallState.Known initiated(CallEvent event) {
    if (!(event instanceof CallEvent.Initiated(EventHeader header, CallFacts facts, var invited))) {
      throw new IllegalStateException("a call's journal begins with its initiation");
    }
    Instant at = header.at();
    UserId caller = facts.caller().user();
    Leg callerLeg = new Leg.Joined(facts.caller().device(), at, new Link.Up());
    Roster roster =
        new Roster(
            List.of(
                new Participant(
                    caller,
                    caller,
                    ParticipantRole.HOST,
                    callerLeg,
                    Set.of(),
                    new Notice.All(),
                    Line.FREE)));
    return new CallState.Calling(
        facts,
        facts.mode(),
        invite(roster, facts, at, caller, invited),
        new Ledger(1, at, List.of()));
  }

  private static Roster invite(
      Roster roster, CallFacts facts, Instant at, UserId by, List<Invitation> invitations) {
    CallLimits limits = facts.limits();
    // Who never acknowledges is given up no later than who does (R5). A call without a ring waits
    // as long as an empty one may (R39).
    Instant deadline =
        at.plus(
            switch (facts.ring()) {
              case RING -> shorter(limits.setupTimeout(), limits.ringCap());
              case NOTIFY, SILENT -> limits.emptyTimeout();
            });
    Roster next = roster;
    for (Invitation invitation : invitations) {
      Leg leg =
          switch (invitation.line()) {
            case FREE -> new Leg.Invited(at, deadline, Hush.NONE);
            case BUSY -> new Leg.Closed(at, EndReason.BUSY, false);
            case DO_NOT_DISTURB, BLOCKED -> new Leg.Suppressed(at, deadline, invitation.line());
          };
      ParticipantRole role =
          roster.find(invitation.user()).map(Participant::role).orElse(ParticipantRole.PARTICIPANT);
      next =
          next.put(
              new Participant(
                  invitation.user(), by, role, leg, Set.of(), new Notice.All(), invitation.line()));
    }
    return next;
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  private static CallState.Known alive(CallState.Live live, CallEvent event) {
    Instant at = event.header().at();
    Roster roster = live.roster();
    return switch (event) {
      case CallEvent.Initiated _ -> throw new IllegalStateException("a call is initiated once");
      case CallEvent.RingStarted e -> ringing(live, e);
      case CallEvent.RingWithheld e ->
          with(
              live,
              at,
              roster.update(e.by().user(), p -> hush(p, h -> h.withhold(e.by().device()))));
      case CallEvent.RingIgnored e ->
          with(
              live, at, roster.update(e.by().user(), p -> hush(p, h -> h.ignore(e.by().device()))));
      case CallEvent.Accepted e -> accepted(live, e);
      case CallEvent.Connected _ -> connected(with(live, at, roster), at);
      case CallEvent.StatusChanged e ->
          with(live, at, roster.update(e.user(), p -> p.with(flag(p, e.status(), e.active()))));
      case CallEvent.ConnectionLost e ->
          with(
              live,
              at,
              roster.update(e.device().user(), p -> link(p, new Link.Lost(at, e.deadline()))));
      case CallEvent.ConnectionRegained e ->
          with(live, at, roster.update(e.device().user(), p -> link(p, new Link.Up())));
      case CallEvent.Invited e ->
          with(live, at, invite(roster, live.facts(), at, e.by(), e.invitations()));
      case CallEvent.LegClosed e ->
          with(
              live,
              at,
              roster.update(e.user(), p -> p.with(new Leg.Closed(at, e.reason(), false))));
      case CallEvent.Left e -> left(live, e);
      case CallEvent.RoleChanged e ->
          with(live, at, roster.update(e.user(), p -> p.with(e.role())));
      case CallEvent.ModeChanged e -> with(live, at, roster, e.mode());
      case CallEvent.HandedOff e ->
          with(
              live,
              at,
              roster.update(
                  e.user(),
                  p ->
                      p.handedOff(
                          new Leg.Joined(e.to(), joinedSince(p, at), new Link.Up()), e.from())));
      case CallEvent.Extended e -> extended(with(live, at, roster), e.endsBy());
      case CallEvent.Expiring e -> warned(with(live, at, roster), e.remaining().toSeconds());
      case CallEvent.Ended e -> over(live, e);
      case CallEvent.LateAccepted _ -> with(live, at, roster);
    };
  }

  private static CallState.Live ringing(CallState.Live live, CallEvent.RingStarted e) {
    Instant at = e.header().at();
    DeviceId device = e.by().device();
    Roster roster =
        live.roster()
            .update(
                e.by().user(),
                p ->
                    switch (p.leg()) {
                      case Leg.Invited leg ->
                          p.with(
                              new Leg.Ringing(
                                  leg.since(), at, e.deadline(), Set.of(device), leg.hush()));
                      case Leg.Ringing leg ->
                          p.with(
                              new Leg.Ringing(
                                  leg.invitedAt(),
                                  leg.since(),
                                  leg.deadline(),
                                  Leg.plus(leg.devices(), device),
                                  leg.hush()));
                      case Leg.Suppressed _, Leg.Joined _, Leg.Closed _, Leg.Barred _ -> p;
                    });
    return switch (live) {
      case CallState.Calling s ->
          new CallState.Ringing(s.facts(), s.mode(), roster, s.ledger().next(at), at);
      case CallState.Ringing _, CallState.Accepted _ -> with(live, at, roster);
    };
  }

  private static CallState.Live accepted(CallState.Live live, CallEvent.Accepted e) {
    Instant at = e.header().at();
    UserId user = e.by().user();
    Leg.Joined leg = new Leg.Joined(e.by().device(), at, new Link.Up());
    Participant joiner =
        live.roster()
            .find(user)
            .orElse(
                new Participant(
                    user,
                    user,
                    ParticipantRole.PARTICIPANT,
                    leg,
                    Set.of(),
                    new Notice.All(),
                    Line.FREE));
    Roster roster = live.roster().put(joiner.joining(leg));
    if (Endings.mode(live) == CallMode.HUNT) {
      roster =
          roster.map(
              p -> p.leg().isOpen() ? p.with(new Leg.Closed(at, EndReason.PICKED_UP, false)) : p);
    }
    return switch (live) {
      // Accepted by a device that never said it rang: it rang at the latest now (J4).
      case CallState.Calling s ->
          firstAccept(
              s,
              s.mode(),
              roster,
              at,
              s.facts().ring() == RingStyle.RING ? Optional.of(at) : Optional.empty());
      case CallState.Ringing s -> firstAccept(s, s.mode(), roster, at, Optional.of(s.ringingAt()));
      case CallState.Accepted s -> deserted((CallState.Accepted) with(s, at, roster), at);
    };
  }

  private static CallState.Accepted firstAccept(
      CallState.Live live, CallMode mode, Roster roster, Instant at, Optional<Instant> ringingAt) {
    CallLimits limits = live.facts().limits();
    return new CallState.Accepted(
        live.facts(),
        mode,
        roster.map(p -> longerGrace(p, limits.reconnectGrace())),
        live.ledger().next(at),
        ringingAt,
        at,
        Optional.empty(),
        limits.maxDuration().isZero()
            ? Optional.empty()
            : Optional.of(at.plus(limits.maxDuration())),
        0,
        Optional.empty());
  }

  /** A caller who was lost while it rang has, once it is accepted, a participant's grace (R23). */
  private static Participant longerGrace(Participant p, Duration grace) {
    if (!(p.leg() instanceof Leg.Joined(_, _, Link.Lost(Instant since, Instant deadline)))) {
      return p;
    }
    Instant later = since.plus(grace);
    return later.isAfter(deadline) ? link(p, new Link.Lost(since, later)) : p;
  }

  private static CallState.Live left(CallState.Live live, CallEvent.Left e) {
    Instant at = e.header().at();
    Roster roster =
        live.roster()
            .update(
                e.user(),
                p ->
                    p.with(Set.<MediaStatus>of())
                        .with(
                            e.barred()
                                ? new Leg.Barred(at)
                                : new Leg.Closed(at, e.reason(), true)));
    CallState.Live next = with(live, at, roster);
    return next instanceof CallState.Accepted accepted ? deserted(accepted, at) : next;
  }

  /** An accepted call remembers since when nobody is in it (R36). */
  private static CallState.Accepted deserted(CallState.Accepted s, Instant at) {
    Optional<Instant> emptySince =
        s.roster().joined().isEmpty() ? s.emptySince().or(() -> Optional.of(at)) : Optional.empty();
    return new CallState.Accepted(
        s.facts(),
        s.mode(),
        s.roster(),
        s.ledger(),
        s.ringingAt(),
        s.answeredAt(),
        s.connectedAt(),
        s.endsBy(),
        s.warned(),
        emptySince);
  }

  private static CallState.Live connected(CallState.Live live, Instant at) {
    return live instanceof CallState.Accepted s
        ? new CallState.Accepted(
            s.facts(),
            s.mode(),
            s.roster(),
            s.ledger(),
            s.ringingAt(),
            s.answeredAt(),
            s.connectedAt().or(() -> Optional.of(at)),
            s.endsBy(),
            s.warned(),
            s.emptySince())
        : live;
  }

  private static CallState.Live extended(CallState.Live live, Instant endsBy) {
    return live instanceof CallState.Accepted s
        ? new CallState.Accepted(
            s.facts(),
            s.mode(),
            s.roster(),
            s.ledger(),
            s.ringingAt(),
            s.answeredAt(),
            s.connectedAt(),
            Optional.of(endsBy),
            0,
            s.emptySince())
        : live;
  }

  private static CallState.Live warned(CallState.Live live, long seconds) {
    return live instanceof CallState.Accepted s
        ? new CallState.Accepted(
            s.facts(),
            s.mode(),
            s.roster(),
            s.ledger(),
            s.ringingAt(),
            s.answeredAt(),
            s.connectedAt(),
            s.endsBy(),
            seconds,
            s.emptySince())
        : live;
  }

  private static CallState.Ended over(CallState.Live live, CallEvent.Ended e) {
    Instant at = e.header().at();
    Timeline timeline =
        switch (live) {
          case CallState.Calling s ->
              timeline(s.facts(), Optional.empty(), Optional.empty(), Optional.empty(), at);
          case CallState.Ringing s ->
              timeline(
                  s.facts(), Optional.of(s.ringingAt()), Optional.empty(), Optional.empty(), at);
          case CallState.Accepted s ->
              timeline(s.facts(), s.ringingAt(), Optional.of(s.answeredAt()), s.connectedAt(), at);
        };
    boolean answered = timeline.answeredAt().isPresent();
    Roster roster = live.roster().map(p -> p.with(closing(p.leg(), at, e.reason(), answered)));
    return new CallState.Ended(
        live.facts(),
        Endings.mode(live),
        roster,
        live.ledger().next(at),
        timeline,
        e.reason(),
        e.header().actor(),
        e.note(),
        e.successor(),
        false);
  }

  private static Timeline timeline(
      CallFacts facts,
      Optional<Instant> ringingAt,
      Optional<Instant> answeredAt,
      Optional<Instant> connectedAt,
      Instant endedAt) {
    return new Timeline(facts.createdAt(), ringingAt, answeredAt, connectedAt, endedAt);
  }

  private static Leg closing(Leg leg, Instant at, EndReason reason, boolean answered) {
    return switch (leg) {
      case Leg.Joined _ -> new Leg.Closed(at, reason, true);
      // In a call that others had taken, whoever still rang was called off, not the reason of it.
      case Leg.Invited _, Leg.Suppressed _, Leg.Ringing _ ->
          new Leg.Closed(at, answered ? EndReason.CANCELLED : reason, false);
      case Leg.Closed _, Leg.Barred _ -> leg;
    };
  }

  private static CallState.Known ended(CallState.Ended s, CallEvent event) {
    boolean nearMiss = s.nearMiss() || event instanceof CallEvent.LateAccepted;
    return new CallState.Ended(
        s.facts(),
        s.mode(),
        s.roster(),
        s.ledger().next(event.header().at()),
        s.timeline(),
        s.reason(),
        s.endedBy(),
        s.note(),
        s.successor(),
        nearMiss);
  }

  private static Participant hush(Participant p, UnaryOperator<Hush> change) {
    return switch (p.leg()) {
      case Leg.Invited l ->
          p.with(new Leg.Invited(l.since(), l.deadline(), change.apply(l.hush())));
      case Leg.Ringing l ->
          p.with(
              new Leg.Ringing(
                  l.invitedAt(), l.since(), l.deadline(), l.devices(), change.apply(l.hush())));
      case Leg.Suppressed _, Leg.Joined _, Leg.Closed _, Leg.Barred _ -> p;
    };
  }

  private static Participant link(Participant p, Link link) {
    return p.leg() instanceof Leg.Joined joined
        ? p.with(new Leg.Joined(joined.device(), joined.since(), link))
        : p;
  }

  private static Instant joinedSince(Participant p, Instant at) {
    return p.leg() instanceof Leg.Joined joined ? joined.since() : at;
  }

  private static Set<MediaStatus> flag(Participant p, MediaStatus status, boolean active) {
    EnumSet<MediaStatus> next = EnumSet.noneOf(MediaStatus.class);
    next.addAll(p.statuses());
    if (active) {
      next.add(status);
    } else {
      next.remove(status);
    }
    // Not a copy of another kind: whoever shows the flags shows them in one order everywhere.
    return Collections.unmodifiableSet(next);
  }

  private static CallState.Live with(CallState.Live live, Instant at, Roster roster) {
    return with(live, at, roster, Endings.mode(live));
  }

  private static CallState.Live with(
      CallState.Live live, Instant at, Roster roster, CallMode mode) {
    Ledger ledger = live.ledger().next(at);
    return switch (live) {
      case CallState.Calling s -> new CallState.Calling(s.facts(), mode, roster, ledger);
      case CallState.Ringing s ->
          new CallState.Ringing(s.facts(), mode, roster, ledger, s.ringingAt());
      case CallState.Accepted s ->
          new CallState.Accepted(
              s.facts(),
              mode,
              roster,
              ledger,
              s.ringingAt(),
              s.answeredAt(),
              s.connectedAt(),
              s.endsBy(),
              s.warned(),
              s.emptySince());
    };
  }

  private static CallState.Known withLedger(CallState.Known state, Ledger ledger) {
    return switch (state) {
      case CallState.Calling s -> new CallState.Calling(s.facts(), s.mode(), s.roster(), ledger);
      case CallState.Ringing s ->
          new CallState.Ringing(s.facts(), s.mode(), s.roster(), ledger, s.ringingAt());
      case CallState.Accepted s ->
          new CallState.Accepted(
              s.facts(),
              s.mode(),
              s.roster(),
              ledger,
              s.ringingAt(),
              s.answeredAt(),
              s.connectedAt(),
              s.endsBy(),
              s.warned(),
              s.emptySince());
      case CallState.Ended s ->
          new CallState.Ended(
              s.facts(),
              s.mode(),
              s.roster(),
              ledger,
              s.timeline(),
              s.reason(),
              s.endedBy(),
              s.note(),
              s.successor(),
              s.nearMiss());
    };
  }
}
