package io.carillon.engine.call;

import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.Endpoint;
import io.carillon.engine.identity.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a call's journal as it grows, keeps its own idea of the call, and objects to what must
 * never be there: a second account of the rules, as short as it can be. The numbers are those of
 * the invariants (J1 to J13, I2 to I23) it holds.
 */
final class Witness {
  private final Crowd crowd;
  private final Ears ears;
  private final Part[] parts;
  private final Map<RequestKey, CallSnapshot> results = new HashMap<>();

  private long seq;
  private @Nullable CallFacts facts;
  private @Nullable Instant last;
  private @Nullable Instant answeredAt;
  private @Nullable Instant endsBy;
  private CallMode mode = CallMode.DIRECT;
  private boolean ended;
  private boolean nearMiss;

  /** One user's part as the witness understood it. */
  private static final class Part {
    boolean called;
    boolean rung;
    boolean barred;
    Instant invitedAt = Instant.MIN;
    Instant advertised = Instant.MIN;
    @Nullable DeviceId joined;
    @Nullable Instant lostSince;

    void close() {
      called = false;
      rung = false;
      joined = null;
      lostSince = null;
    }
  }

  Witness(Crowd crowd) {
    this.crowd = crowd;
    this.ears = new Ears(crowd);
    this.parts = new Part[crowd.size()];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = new Part();
    }
  }

  Ears ears() {
    return ears;
  }

  /** The result a keyed request had, if it had an effect. */
  @Nullable CallSnapshot resultOf(RequestKey key) {
    return results.get(key);
  }

  /** Events that one command brought were stored. */
  void appended(Rules rules, CallState before, List<CallEvent> events) {
    CallState state = before;
    for (CallEvent event : events) {
      CallState next = rules.evolve(state, event);
      sees(event, next);
      ears.hear(event, rules.notices(state, event, next));
      state = next;
      ears.agreeWith((CallState.Known) state);
    }
    if (!events.isEmpty()) {
      remember(events, (CallState.Known) state);
    }
  }

  /** One key, one effect (I3, R27). */
  private void remember(List<CallEvent> events, CallState.Known after) {
    for (CallEvent event : events) {
      if (event.header().request().isPresent()) {
        RequestKey key = event.header().request().get();
        demand(results.put(key, CallSnapshot.of(after)) == null, "I3: two effects of one key");
        return;
      }
    }
  }

  private void sees(CallEvent event, CallState after) {
    Instant at = event.header().at();
    seq++;
    demand(((CallState.Known) after).ledger().seq() == seq, "I6: numbers have holes");
    demand(last == null || !at.isBefore(last), "I23: time goes backwards");
    last = at;
    if (ended) {
      demand(event instanceof CallEvent.LateAccepted && !nearMiss, "J1: something after the end");
      nearMiss = true;
      return;
    }
    switch (event) {
      case CallEvent.Initiated e -> initiated(e);
      case CallEvent.RingStarted e -> ringStarted(e);
      case CallEvent.RingWithheld e -> demand(part(e.by()).called, "I15: an uncalled device");
      case CallEvent.RingIgnored e -> demand(part(e.by()).called, "I15: an uncalled device");
      case CallEvent.Accepted e -> accepted(e);
      case CallEvent.Connected _ -> demand(answeredAt != null, "J4: connected before the accept");
      case CallEvent.StatusChanged e -> demand(in(e.user()), "I15: a flag of somebody not in it");
      case CallEvent.ConnectionLost e -> connectionLost(e);
      case CallEvent.ConnectionRegained e -> {
        demand(part(e.device()).lostSince != null, "nobody was lost");
        part(e.device()).lostSince = null;
      }
      case CallEvent.Invited e -> invite(e.by(), e.invitations(), at);
      case CallEvent.LegClosed e -> legClosed(e);
      case CallEvent.Left e -> left(e);
      case CallEvent.RoleChanged e -> demand(parts.length > index(e.user()), "unreachable");
      case CallEvent.ModeChanged e -> mode = e.mode();
      case CallEvent.HandedOff e -> handedOff(e);
      case CallEvent.Extended e -> {
        demand(endsBy != null && e.endsBy().isAfter(endsBy), "R19: extended backwards");
        endsBy = e.endsBy();
      }
      case CallEvent.Expiring e ->
          demand(
              endsBy != null && !at.plus(e.remaining()).isBefore(endsBy) && at.isBefore(endsBy),
              "R19: warned too early or too late");
      case CallEvent.Ended e -> ended(e, after);
      case CallEvent.LateAccepted _ -> objectTo("J1: a late accept of a call that goes on");
    }
  }

  private void initiated(CallEvent.Initiated e) {
    demand(seq == 1, "I5: initiated twice");
    facts = e.facts();
    mode = e.facts().mode();
    demand(!e.facts().createdAt().isAfter(e.header().at()), "J4: created after its first event");
    part(e.facts().caller()).joined = e.facts().caller().device();
    invite(e.facts().caller().user(), e.invitations(), e.header().at());
  }

  private void invite(UserId by, List<Invitation> invitations, Instant at) {
    demand(in(by), "I15: invited by somebody not in it");
    CallLimits limits = facts().limits();
    for (Invitation invitation : invitations) {
      Part part = parts[index(invitation.user())];
      demand(part.joined == null && !part.barred, "R33: rung though in the call, or barred");
      part.close();
      part.called = invitation.line() != Line.BUSY;
      part.invitedAt = at;
      part.advertised = at.plus(facts().ring() == RingStyle.RING ? setup() : limits.emptyTimeout());
    }
  }

  private Duration setup() {
    CallLimits limits = facts().limits();
    return limits.setupTimeout().compareTo(limits.ringCap()) < 0
        ? limits.setupTimeout()
        : limits.ringCap();
  }

  private void ringStarted(CallEvent.RingStarted e) {
    Part part = part(e.by());
    Instant at = e.header().at();
    CallLimits limits = facts().limits();
    demand(part.called, "I15: a ring of an uncalled user");
    demand(at.isBefore(due(part)), "I8: rings after the deadline");
    if (part.rung || facts().ring() != RingStyle.RING) {
      demand(e.deadline().equals(part.advertised), "R5: another device moved the deadline");
    } else {
      demand(!e.deadline().isAfter(at.plus(limits.ringTimeout())), "R5: the ring is too long");
      demand(
          !e.deadline().isAfter(part.invitedAt.plus(limits.ringCap())), "R5: beyond the ring cap");
    }
    part.rung = true;
    part.advertised = e.deadline();
  }

  private void accepted(CallEvent.Accepted e) {
    Part part = part(e.by());
    Instant at = e.header().at();
    demand(part.joined == null, "J2: a second device joined");
    demand(!part.barred, "R37: a barred user joined");
    if (part.called) {
      demand(at.isBefore(due(part)), "I9: accepted at or after the deadline");
    } else {
      demand(mode == CallMode.CONFERENCE, "I15: accepted without being called");
    }
    if (mode != CallMode.CONFERENCE) {
      demand(answeredAt == null, "I4, J6: accepted twice");
      for (Part other : parts) {
        other.called = false;
      }
    }
    part.close();
    part.joined = e.by().device();
    if (answeredAt == null) {
      answeredAt = at;
      Duration most = facts().limits().maxDuration();
      endsBy = most.isZero() ? null : at.plus(most);
    }
  }

  private void connectionLost(CallEvent.ConnectionLost e) {
    Part part = part(e.device());
    demand(e.device().device().equals(part.joined), "R25: lost a device that was not in it");
    demand(part.lostSince == null, "R25: lost twice");
    part.lostSince = e.header().at();
  }

  private void legClosed(CallEvent.LegClosed e) {
    Part part = parts[index(e.user())];
    demand(part.called, "R32: closed a leg that was not open");
    demand(mode != CallMode.DIRECT, "R13: a direct call ends as a whole");
    // Cancelled by the clock: its inviter was given up, and nobody else was there (R35).
    if (e.header().actor() instanceof Actor.Clock && e.reason() != EndReason.CANCELLED) {
      demand(!e.header().at().isBefore(due(part)), "I8: gave up before the deadline");
      demand(
          facts().ring() != RingStyle.RING
              || e.reason() == (part.rung ? EndReason.NO_ANSWER : EndReason.UNREACHABLE),
          "R24: unreachable is who never rang");
    }
    part.close();
  }

  private void left(CallEvent.Left e) {
    Part part = parts[index(e.user())];
    demand(part.joined != null || e.barred(), "left without having been in it");
    demand(mode == CallMode.CONFERENCE, "a call of two ends as a whole");
    if (e.reason() == EndReason.CONNECTION_LOST) {
      lostLongEnough(part, e.header().at(), facts().limits().reconnectGrace());
    }
    part.close();
    part.barred = e.barred();
  }

  private void handedOff(CallEvent.HandedOff e) {
    Part part = parts[index(e.user())];
    demand(e.from().equals(part.joined), "R30: handed off by a device not in it");
    demand(!e.to().equals(e.from()) && !e.to().equals(DeviceId.REST), "R30: handed off to nobody");
    part.joined = e.to();
    part.lostSince = null;
  }

  private void ended(CallEvent.Ended e, CallState after) {
    Instant at = e.header().at();
    ended = true;
    boolean answered = answeredAt != null;
    switch (e.reason()) {
      case NO_ANSWER, UNREACHABLE -> {
        demand(!answered, "an answered call was not answered");
        if (e.header().actor() instanceof Actor.Clock) {
          for (Part part : parts) {
            demand(!part.called || !at.isBefore(due(part)), "I8: gave up before the deadline");
          }
        }
      }
      case CALLER_LOST -> {
        demand(!answered, "R23: the caller of an answered call");
        lostLongEnough(part(facts().caller()), at, facts().limits().callerRingGrace());
      }
      case CONNECTION_LOST -> {
        demand(answered, "R25: nobody had answered");
        someoneLostLongEnough(at);
      }
      case MAX_DURATION -> demand(endsBy != null && !at.isBefore(endsBy), "R19: ended too early");
      case CANCELLED ->
          demand(
              !answered && (mode != CallMode.DIRECT || by(e).equals(facts().caller().user())),
              "I15: cancelled after the accept, or by another than the caller");
      case HANGUP -> demand(answered && in(by(e)), "I15: hung up by somebody not in it");
      case DECLINED, BUSY, UNAVAILABLE ->
          demand(
              !answered
                  && (mode != CallMode.DIRECT
                      || e.header().actor() instanceof Actor.Engine
                      || !by(e).equals(facts().caller().user())),
              "I15: declined by the caller");
      case EMPTY -> demand(nobodyIsHere() || !answered, "R36: somebody was in it");
      case ICE_FAILED, MEDIA_TIMEOUT, MEDIA_FAILED, ADMIN_ENDED, ENDED_BY_HOST -> {}
      case GLARE_MERGED, REPLACED -> demand(e.successor().isPresent(), "R16: no successor");
      case REMOVED, TRANSFERRED, PICKED_UP, SERVER_SHUTDOWN, SERVER_ERROR ->
          objectTo("a call never ends with " + e.reason());
    }
    Timeline t = ((CallState.Ended) after).timeline();
    demand(t.answeredAt().isPresent() == answered, "J5: answered without an accept");
    Instant ring = t.ringingAt().orElse(t.createdAt());
    Instant answer = t.answeredAt().orElse(ring);
    Instant connect = t.connectedAt().orElse(answer);
    demand(
        !ring.isBefore(t.createdAt())
            && !answer.isBefore(ring)
            && !connect.isBefore(answer)
            && !t.endedAt().isBefore(connect),
        "J4: the moments of the call are out of order");
    for (Part part : parts) {
      part.close();
    }
  }

  private boolean nobodyIsHere() {
    for (Part part : parts) {
      if (part.joined != null) {
        return false;
      }
    }
    return true;
  }

  private void lostLongEnough(Part part, Instant at, Duration grace) {
    demand(
        part.lostSince != null && !at.isBefore(part.lostSince.plus(grace)),
        "I8: given up before the grace was over");
  }

  private void someoneLostLongEnough(Instant at) {
    for (Part part : parts) {
      if (part.lostSince != null
          && !at.isBefore(part.lostSince.plus(facts().limits().reconnectGrace()))) {
        return;
      }
    }
    objectTo("R25: nobody was lost for long enough");
  }

  /** When the ring of this part is over for good (I9). */
  private Instant due(Part part) {
    return part.advertised.plus(facts().limits().ringGrace());
  }

  private boolean in(UserId user) {
    return parts[index(user)].joined != null;
  }

  private static UserId by(CallEvent.Ended e) {
    return e.header().actor() instanceof Actor.Device(Endpoint by) ? by.user() : new UserId("-");
  }

  private Part part(Endpoint endpoint) {
    return parts[index(endpoint.user())];
  }

  private int index(UserId user) {
    return user.value().equals("-") ? 0 : crowd.indexOf(user);
  }

  private CallFacts facts() {
    if (facts == null) {
      throw new Objection("I5: does not begin with its initiation");
    }
    return facts;
  }

  private static void demand(boolean holds, String otherwise) {
    if (!holds) {
      objectTo(otherwise);
    }
  }

  private static void objectTo(String what) {
    throw new Objection(what);
  }
}
