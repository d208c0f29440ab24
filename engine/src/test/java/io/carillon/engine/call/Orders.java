package io.carillon.engine.call;

import io.carillon.engine.call.CallCommand.Decline.DeclineReason;
import io.carillon.engine.call.CallCommand.Decline.Scope;
import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.Endpoint;
import io.carillon.engine.identity.RealmId;
import io.carillon.engine.identity.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Draws what people, devices and the engine may ask of a call: mostly what makes sense in the
 * call's state, now and then anything at all.
 */
final class Orders {
  private static final List<Duration> EXTRAS =
      List.of(Duration.ZERO, Duration.ofSeconds(30), Duration.ofSeconds(70), Duration.ofDays(2));
  private static final List<EndReason> HANGUPS = List.copyOf(CallCommand.Hangup.REASONS);
  private static final List<MediaStatus> STATUSES = List.of(MediaStatus.values());
  private static final List<CallMode> MODES = List.of(CallMode.values());
  private static final List<RingStyle> STYLES = List.of(RingStyle.values());
  private static final List<ParticipantRole> ROLES = List.of(ParticipantRole.values());
  private static final List<DeclineReason> DECLINES = List.of(DeclineReason.values());
  private static final List<Line> LINES =
      List.of(Line.FREE, Line.FREE, Line.FREE, Line.BUSY, Line.DO_NOT_DISTURB, Line.BLOCKED);
  private static final CallKey KEY = new CallKey(new RealmId("realm"), new CallId("call"));
  private static final CallId OTHER = new CallId("other");

  /** The commands that may be drawn. */
  private enum Kind {
    ACKNOWLEDGE,
    WITHHOLD,
    ACCEPT,
    TAKE_OVER,
    DECLINE,
    IGNORE,
    CANCEL,
    HANG_UP,
    STATUS,
    HEARTBEAT,
    INVITE,
    UNINVITE,
    REMOVE,
    ASSIGN_ROLE,
    MUTE_OTHER,
    END_FOR_ALL,
    ESCALATE,
    HAND_OFF,
    EXTEND,
    ADMIN_END,
    LOSE,
    REGAIN,
    SUPERSEDE,
    INITIATE,
    CHECK
  }

  private static final List<Kind> KINDS = List.of(Kind.values());

  private final Chance chance;
  private final Crowd crowd;
  private final List<Kind> unanswered = new ArrayList<>(128);
  private final List<Kind> answered = new ArrayList<>(128);
  private final int keyed;
  private final int wild;
  private final CallCommand.Initiate first;
  private int keys;

  Orders(Chance chance, Crowd crowd) {
    this.chance = chance;
    this.crowd = crowd;
    this.keyed = chance.oneOf(List.of(0, 40, 90));
    this.wild = chance.oneOf(List.of(0, 10, 40));
    for (Kind kind : KINDS) {
      int weight = weight(kind);
      add(unanswered, isForRinging(kind) ? 3 * weight : weight / 3, kind);
      add(answered, isForRinging(kind) ? weight / 2 : weight, kind);
    }
    add(unanswered, chance.between(2, 12), Kind.ACKNOWLEDGE);
    add(unanswered, chance.between(2, 12), Kind.ACCEPT);
    this.first = initiation();
  }

  private static void add(List<Kind> bag, int times, Kind kind) {
    for (int i = 0; i < times; i++) {
      bag.add(kind);
    }
  }

  /** Each history has its own taste, and does without some commands altogether. */
  private int weight(Kind kind) {
    return switch (kind) {
      // What ends a call at once is rare, or histories would be short.
      case ADMIN_END, SUPERSEDE, END_FOR_ALL -> chance.below(2);
      case INITIATE -> 3;
      case CHECK -> 3;
      case ACKNOWLEDGE,
          ACCEPT,
          WITHHOLD,
          TAKE_OVER,
          DECLINE,
          IGNORE,
          CANCEL,
          HANG_UP,
          STATUS,
          HEARTBEAT,
          INVITE,
          UNINVITE,
          REMOVE,
          ASSIGN_ROLE,
          MUTE_OTHER,
          ESCALATE,
          HAND_OFF,
          EXTEND,
          LOSE,
          REGAIN ->
          chance.percent(60) ? chance.between(1, 8) : 0;
    };
  }

  private static boolean isForRinging(Kind kind) {
    return switch (kind) {
      case ACKNOWLEDGE, WITHHOLD, ACCEPT, IGNORE -> true;
      case TAKE_OVER,
          DECLINE,
          CANCEL,
          HANG_UP,
          STATUS,
          HEARTBEAT,
          INVITE,
          UNINVITE,
          REMOVE,
          ASSIGN_ROLE,
          MUTE_OTHER,
          END_FOR_ALL,
          ESCALATE,
          HAND_OFF,
          EXTEND,
          ADMIN_END,
          LOSE,
          REGAIN,
          SUPERSEDE,
          INITIATE,
          CHECK ->
          false;
    };
  }

  CallCommand.Initiate first() {
    return first;
  }

  private CallCommand.Initiate initiation() {
    CallMode mode = chance.oneOf(MODES);
    RingStyle ring = chance.percent(80) ? RingStyle.RING : chance.oneOf(STYLES);
    List<Invitation> invitations = new ArrayList<>();
    int most = mode == CallMode.DIRECT ? 1 : crowd.size() - 1;
    int count = ring == RingStyle.SILENT ? chance.below(most + 1) : chance.between(1, most);
    for (int i = 1; i <= count; i++) {
      invitations.add(new Invitation(crowd.user(i), line()));
    }
    Endpoint caller =
        new Endpoint(crowd.user(0), chance.percent(95) ? crowd.device(0, 0) : DeviceId.REST);
    CallFacts facts =
        new CallFacts(
            KEY,
            caller,
            CallType.VIDEO,
            mode,
            ring,
            MediaPlane.P2P,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            chance.percent(10),
            limits(),
            Instant.EPOCH);
    return new CallCommand.Initiate(
        new Actor.Device(caller), facts, invitations, key(crowd.user(0)));
  }

  private Line line() {
    return chance.percent(85) ? Line.FREE : chance.oneOf(LINES);
  }

  private CallLimits limits() {
    return new CallLimits(
        seconds(5, 120),
        seconds(5, 60),
        seconds(20, 120),
        seconds(0, 5),
        seconds(3, 3),
        seconds(0, 30),
        seconds(5, 60),
        chance.percent(80) ? Duration.ZERO : seconds(5, 30),
        chance.percent(15) ? Duration.ZERO : seconds(20, 600),
        seconds(10, 300),
        seconds(0, 20),
        chance.between(3, 5));
  }

  private Duration seconds(int least, int most) {
    return Duration.ofSeconds(chance.between(least, most));
  }

  private Optional<RequestKey> key(UserId user) {
    if (!chance.percent(keyed)) {
      return Optional.empty();
    }
    return Optional.of(new RequestKey(user, "key" + keys++, "print"));
  }

  /** Something to ask of a call in this state. */
  CallCommand next(CallState state) {
    Kind kind = chance.oneOf(state instanceof CallState.Accepted ? answered : unanswered);
    Endpoint by = chance.percent(wild) ? anyone() : fit(kind, state);
    Optional<RequestKey> key = key(by.user());
    return switch (kind) {
      case ACKNOWLEDGE -> new CallCommand.AcknowledgeRing(by, Optional.empty(), key);
      case WITHHOLD -> new CallCommand.AcknowledgeRing(by, Optional.of("muted"), key);
      case ACCEPT -> new CallCommand.Accept(by, false, key);
      case TAKE_OVER -> new CallCommand.Accept(by, true, key);
      case DECLINE -> new CallCommand.Decline(by, chance.oneOf(DECLINES), Scope.USER, key);
      case IGNORE -> new CallCommand.Decline(by, DeclineReason.DECLINED, Scope.DEVICE, key);
      case CANCEL -> new CallCommand.Cancel(by, key);
      case HANG_UP ->
          new CallCommand.Hangup(
              by, chance.percent(80) ? EndReason.HANGUP : chance.oneOf(HANGUPS), key);
      case STATUS ->
          new CallCommand.ChangeStatus(
              by,
              chance.percent(40) ? MediaStatus.CONNECTED : chance.oneOf(STATUSES),
              chance.percent(70),
              key);
      case HEARTBEAT -> new CallCommand.Heartbeat(by);
      case INVITE -> new CallCommand.Invite(by, invitations(), key);
      case UNINVITE -> new CallCommand.Uninvite(by, anybody(), key);
      case REMOVE -> new CallCommand.Remove(by, anybody(), chance.percent(50), key);
      case ASSIGN_ROLE -> new CallCommand.AssignRole(by, anybody(), chance.oneOf(ROLES), key);
      case MUTE_OTHER -> new CallCommand.MuteOther(by, anybody(), key);
      case END_FOR_ALL -> new CallCommand.EndForAll(by, key);
      case ESCALATE -> new CallCommand.Escalate(by, key);
      case HAND_OFF -> new CallCommand.HandOff(by, deviceOf(by.user()), key);
      case EXTEND -> new CallCommand.Extend(by, chance.oneOf(EXTRAS), key);
      case ADMIN_END -> new CallCommand.AdminEnd(new Actor.Admin(by.user()), "note", key);
      case LOSE -> new CallCommand.LoseDevice(by);
      case REGAIN -> new CallCommand.RegainDevice(by);
      case SUPERSEDE -> new CallCommand.Supersede(EndReason.REPLACED, OTHER);
      case INITIATE -> first;
      case CHECK -> new CallCommand.CheckDeadlines();
    };
  }

  private List<Invitation> invitations() {
    List<Invitation> invitations = new ArrayList<>();
    for (int i = chance.between(1, 2); i > 0; i--) {
      invitations.add(new Invitation(anybody(), line()));
    }
    return invitations;
  }

  private UserId anybody() {
    return crowd.user(chance.below(crowd.size()));
  }

  private Endpoint anyone() {
    return anyDeviceOf(chance.below(crowd.size()));
  }

  private Endpoint anyDeviceOf(int user) {
    return new Endpoint(crowd.user(user), deviceOf(crowd.user(user)));
  }

  private DeviceId deviceOf(UserId user) {
    int device = chance.below(crowd.devices() * 8 + 1);
    return device == crowd.devices() * 8
        ? DeviceId.REST
        : crowd.device(crowd.indexOf(user), device % crowd.devices());
  }

  /** Somebody who has a reason to ask for this. */
  private Endpoint fit(Kind kind, CallState state) {
    if (!(state instanceof CallState.Known known)) {
      return anyone();
    }
    return switch (kind) {
      case ACKNOWLEDGE, WITHHOLD, ACCEPT, DECLINE, IGNORE -> someCallee(known);
      case CANCEL -> anyDeviceOf(0);
      case TAKE_OVER -> sameUser(someoneIn(known));
      case HANG_UP,
          STATUS,
          HEARTBEAT,
          INVITE,
          UNINVITE,
          REMOVE,
          ASSIGN_ROLE,
          MUTE_OTHER,
          END_FOR_ALL,
          ESCALATE,
          HAND_OFF,
          EXTEND,
          LOSE,
          REGAIN ->
          someoneIn(known);
      case ADMIN_END, SUPERSEDE, INITIATE, CHECK -> anyone();
    };
  }

  private Endpoint sameUser(Endpoint endpoint) {
    return new Endpoint(endpoint.user(), deviceOf(endpoint.user()));
  }

  private Endpoint someCallee(CallState.Known known) {
    List<Participant> all = known.roster().participants();
    int start = chance.below(all.size());
    for (int i = 0; i < all.size(); i++) {
      Participant p = all.get((start + i) % all.size());
      if (p.leg().isOpen()) {
        return new Endpoint(p.user(), deviceOf(p.user()));
      }
    }
    return anyone();
  }

  private Endpoint someoneIn(CallState.Known known) {
    List<Participant> all = known.roster().participants();
    int start = chance.below(all.size());
    for (int i = 0; i < all.size(); i++) {
      Participant p = all.get((start + i) % all.size());
      if (p.leg() instanceof Leg.Joined joined) {
        return new Endpoint(p.user(), joined.device());
      }
    }
    return anyone();
  }
}
