package io.carillon.engine.call;

import io.carillon.engine.call.Notice.All;
import io.carillon.engine.call.Notice.AllBut;
import io.carillon.engine.call.Notice.Audience;
import io.carillon.engine.call.Notice.Only;
import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.Endpoint;
import io.carillon.engine.identity.UserId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who is told what about a stored event: a rule, so the live path and every resume tell the same
 * story. Each device that was told of a direct call is told of its end by exactly one of {@code
 * ring_stopped}, {@code call_rejected} or {@code call_ended}; nobody is told anything about a call
 * they are no longer part of (I13).
 */
public final class Fanout {
  private Fanout() {}

  /** The notices of one event, given the call before and after it. No device is in two of them. */
  public static List<Notice> of(CallState before, CallEvent event, CallState after) {
    if (!(after instanceof CallState.Known known)) {
      return List.of();
    }
    Roster was = before instanceof CallState.Known k ? k.roster() : new Roster(List.of());
    List<Notice> notices = new ArrayList<>();
    switch (event) {
      case CallEvent.Initiated e -> initiated(e, known, notices);
      case CallEvent.RingStarted e -> ringStarted(e, was, known, notices);
      case CallEvent.RingWithheld _, CallEvent.Connected _, CallEvent.LateAccepted _ -> {}
      case CallEvent.RingIgnored e -> {
        if (known.facts().ring() != RingStyle.SILENT) {
          notices.add(Notice.stop(e.by().user(), new Only(e.by().device()), StopReason.IGNORED));
        }
      }
      case CallEvent.Accepted e -> accepted(e, before, was, known, notices);
      case CallEvent.StatusChanged e ->
          tellJoined(known, actorUser(e), Notice.Type.CALL_STATUS_UPDATE, notices);
      case CallEvent.ConnectionLost e ->
          tellJoined(
              known, Optional.of(e.device().user()), Notice.Type.PARTICIPANT_RECONNECTING, notices);
      case CallEvent.ConnectionRegained e ->
          tellJoined(
              known, Optional.of(e.device().user()), Notice.Type.PARTICIPANT_JOINED, notices);
      case CallEvent.Invited e -> {
        ring(known, e.invitations(), notices);
        tellJoined(known, Optional.empty(), Notice.Type.PARTICIPANT_INVITED, notices);
      }
      case CallEvent.LegClosed e -> legClosed(e, was, known, notices);
      case CallEvent.Left e -> {
        was.find(e.user())
            .filter(p -> p.leg() instanceof Leg.Joined)
            .ifPresent(
                p -> notices.add(Notice.of(e.user(), p.audience(), Notice.Type.PARTICIPANT_LEFT)));
        was.find(e.user())
            .filter(p -> isRung(known, p.leg()))
            .ifPresent(
                p -> notices.add(Notice.stop(e.user(), rung(p.leg()), StopReason.CANCELLED)));
        tellJoined(known, Optional.empty(), Notice.Type.PARTICIPANT_LEFT, notices);
      }
      case CallEvent.RoleChanged _ ->
          tellJoined(known, Optional.empty(), Notice.Type.PARTICIPANT_ROLE_CHANGED, notices);
      case CallEvent.ModeChanged _ ->
          tellJoined(known, Optional.empty(), Notice.Type.CALL_MODE_CHANGED, notices);
      case CallEvent.HandedOff e -> {
        notices.add(Notice.stop(e.user(), new Only(e.from()), StopReason.HANDOFF));
        notices.add(Notice.of(e.user(), new Only(e.to()), Notice.Type.CALL_ACCEPTED));
        tellJoined(known, Optional.of(e.user()), Notice.Type.PARTICIPANT_JOINED, notices);
      }
      case CallEvent.Extended _ ->
          tellJoined(known, Optional.empty(), Notice.Type.CALL_EXTENDED, notices);
      case CallEvent.Expiring e -> {
        for (Participant p : known.roster().joined()) {
          notices.add(
              new Notice(
                  p.user(),
                  p.audience(),
                  Notice.Type.CALL_EXPIRING,
                  Optional.empty(),
                  Optional.of(e.remaining())));
        }
      }
      case CallEvent.Ended e -> ended(e, before, was, known, notices);
    }
    return List.copyOf(notices);
  }

  private static void initiated(
      CallEvent.Initiated e, CallState.Known known, List<Notice> notices) {
    Endpoint caller = e.facts().caller();
    notices.add(Notice.of(caller.user(), allBut(caller.device()), Notice.Type.CALL_STARTED));
    ring(known, e.invitations(), notices);
  }

  private static void ring(
      CallState.Known known, List<Invitation> invitations, List<Notice> notices) {
    if (known.facts().ring() == RingStyle.SILENT) {
      return;
    }
    for (Invitation invitation : invitations) {
      if (invitation.line() == Line.FREE) {
        notices.add(Notice.of(invitation.user(), new All(), Notice.Type.CALL_STARTED));
      }
    }
  }

  private static void ringStarted(
      CallEvent.RingStarted e, Roster was, CallState.Known known, List<Notice> notices) {
    UserId user = e.by().user();
    boolean first = was.find(user).map(p -> p.leg() instanceof Leg.Invited).orElse(false);
    if (first) {
      tellJoined(known, Optional.of(user), Notice.Type.PARTICIPANT_RINGING, notices);
    }
  }

  private static void accepted(
      CallEvent.Accepted e,
      CallState before,
      Roster was,
      CallState.Known known,
      List<Notice> notices) {
    UserId user = e.by().user();
    boolean first = !(before instanceof CallState.Accepted);
    for (Participant p : known.roster().joined()) {
      boolean joiner = p.user().equals(user);
      notices.add(
          Notice.of(
              p.user(),
              p.audience(),
              first || joiner ? Notice.Type.CALL_ACCEPTED : Notice.Type.PARTICIPANT_JOINED));
    }
    DeviceId device = e.by().device();
    was.find(user)
        .filter(p -> isRung(known, p.leg()) && !device.equals(DeviceId.REST))
        .ifPresent(
            p ->
                notices.add(
                    Notice.stop(user, rungBut(p.leg(), device), StopReason.ANSWERED_ELSEWHERE)));
    for (Participant p : was.participants()) {
      boolean pickedUp =
          known
              .roster()
              .find(p.user())
              .map(
                  now ->
                      now.leg() instanceof Leg.Closed closed
                          && closed.reason() == EndReason.PICKED_UP)
              .orElse(false);
      if (pickedUp && isRung(known, p.leg())) {
        notices.add(Notice.stop(p.user(), rung(p.leg()), StopReason.PICKED_UP));
      }
    }
  }

  private static void legClosed(
      CallEvent.LegClosed e, Roster was, CallState.Known known, List<Notice> notices) {
    was.find(e.user())
        .filter(p -> isRung(known, p.leg()))
        .ifPresent(
            p -> {
              notices.add(stopFor(e, p));
              declinerHearsTheEnd(e, p, notices);
            });
    Notice.Type type =
        e.reason().outcome() == EndReason.Outcome.REJECTED
            ? Notice.Type.PARTICIPANT_DECLINED
            : Notice.Type.PARTICIPANT_LEFT;
    tellJoined(known, Optional.of(e.user()), type, notices);
  }

  /** The device that turned the call down is not told that another one did. */
  private static void declinerHearsTheEnd(
      CallEvent.LegClosed e, Participant p, List<Notice> notices) {
    DeviceId decliner = actorDevice(e);
    if (e.reason().outcome() == EndReason.Outcome.REJECTED
        && !decliner.equals(DeviceId.REST)
        && !p.leg().ignored().contains(decliner)) {
      notices.add(Notice.of(p.user(), new Only(decliner), Notice.Type.PARTICIPANT_DECLINED));
    }
  }

  private static Notice stopFor(CallEvent.LegClosed e, Participant p) {
    return switch (e.reason().outcome()) {
      case REJECTED ->
          Notice.stop(e.user(), rungBut(p.leg(), actorDevice(e)), elsewhere(e.reason()));
      case MISSED, TIMEOUT -> Notice.stop(e.user(), rung(p.leg()), StopReason.NO_ANSWER);
      case CANCELLED, ENDED -> Notice.stop(e.user(), rung(p.leg()), StopReason.CANCELLED);
    };
  }

  private static StopReason elsewhere(EndReason reason) {
    return reason == EndReason.BUSY ? StopReason.BUSY_ELSEWHERE : StopReason.DECLINED_ELSEWHERE;
  }

  private static void ended(
      CallEvent.Ended e,
      CallState before,
      Roster was,
      CallState.Known known,
      List<Notice> notices) {
    boolean rejected =
        e.reason().outcome() == EndReason.Outcome.REJECTED
            && before instanceof CallState.Live live
            && Endings.mode(live) == CallMode.DIRECT;
    Notice.Type type = rejected ? Notice.Type.CALL_REJECTED : Notice.Type.CALL_ENDED;
    for (Participant p : was.participants()) {
      if (p.leg() instanceof Leg.Joined) {
        notices.add(Notice.of(p.user(), p.audience(), type));
      } else if (isRung(known, p.leg())) {
        rungOneHearsTheEnd(e, p, rejected, notices);
      }
    }
  }

  private static void rungOneHearsTheEnd(
      CallEvent.Ended e, Participant p, boolean rejected, List<Notice> notices) {
    DeviceId decliner = actorDevice(e);
    if (!rejected) {
      notices.add(Notice.of(p.user(), rung(p.leg()), Notice.Type.CALL_ENDED));
      return;
    }
    if (!p.leg().ignored().contains(decliner)) {
      notices.add(Notice.of(p.user(), new Only(decliner), Notice.Type.CALL_REJECTED));
    }
    notices.add(Notice.stop(p.user(), rungBut(p.leg(), decliner), elsewhere(e.reason())));
  }

  /** Everybody in the call but one user. */
  private static void tellJoined(
      CallState.Known known, Optional<UserId> but, Notice.Type type, List<Notice> notices) {
    for (Participant p : known.roster().joined()) {
      if (but.isEmpty() || !p.user().equals(but.get())) {
        notices.add(Notice.of(p.user(), p.audience(), type));
      }
    }
  }

  /** Whether the user's devices were told that they are called. */
  private static boolean isRung(CallState.Known known, Leg leg) {
    return known.facts().ring() != RingStyle.SILENT
        && (leg instanceof Leg.Invited || leg instanceof Leg.Ringing);
  }

  private static Audience rung(Leg leg) {
    Set<DeviceId> ignored = leg.ignored();
    return ignored.isEmpty() ? new All() : new AllBut(ignored);
  }

  private static Audience rungBut(Leg leg, DeviceId device) {
    return new AllBut(Leg.plus(leg.ignored(), device));
  }

  private static Audience allBut(DeviceId device) {
    return new AllBut(Set.of(device));
  }

  private static Optional<UserId> actorUser(CallEvent event) {
    return event.header().actor() instanceof Actor.Device(Endpoint by)
        ? Optional.of(by.user())
        : Optional.empty();
  }

  private static DeviceId actorDevice(CallEvent event) {
    return event.header().actor() instanceof Actor.Device(Endpoint by)
        ? by.device()
        : DeviceId.REST;
  }
}
