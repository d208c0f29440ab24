package io.carillon.persistence.sample;

import io.carillon.engine.call.Actor;
import io.carillon.engine.call.Call;
import io.carillon.engine.call.CallCommand;
import io.carillon.engine.call.CallCommand.Decline.DeclineReason;
import io.carillon.engine.call.CallCommand.Decline.Scope;
import io.carillon.engine.call.CallFacts;
import io.carillon.engine.call.CallId;
import io.carillon.engine.call.CallKey;
import io.carillon.engine.call.CallLimits;
import io.carillon.engine.call.CallMode;
import io.carillon.engine.call.CallState;
import io.carillon.engine.call.CallType;
import io.carillon.engine.call.Decision;
import io.carillon.engine.call.EndReason;
import io.carillon.engine.call.Invitation;
import io.carillon.engine.call.Line;
import io.carillon.engine.call.MediaPlane;
import io.carillon.engine.call.MediaStatus;
import io.carillon.engine.call.RequestKey;
import io.carillon.engine.call.RingStyle;
import io.carillon.engine.call.StoredEvent;
import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.Endpoint;
import io.carillon.engine.identity.RealmId;
import io.carillon.engine.identity.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * One made-up call: what its people do is put on a schedule, and the rules decide what comes of it.
 */
final class SampleCall {
  private static final List<String> DEVICES = List.of("phone", "laptop", "desk");

  private record Planned(Instant at, int order, CallCommand command) {}

  private final SplittableRandom random;
  private final CallKey key;
  private final int users;
  private final Instant placedAt;
  private final PriorityQueue<Planned> plan =
      new PriorityQueue<>(Comparator.comparing(Planned::at).thenComparingInt(Planned::order));
  private final List<StoredEvent> journal = new ArrayList<>();
  private CallState state = Call.UNKNOWN;

  SampleCall(SplittableRandom random, RealmId realm, CallId id, int users, Instant placedAt) {
    this.random = random;
    this.key = new CallKey(realm, id);
    this.users = users;
    this.placedAt = placedAt;
  }

  List<StoredEvent> play() {
    int kind = random.nextInt(100);
    CallMode mode = kind < 88 ? CallMode.DIRECT : kind < 94 ? CallMode.HUNT : CallMode.CONFERENCE;
    Endpoint caller = device(user(), 0);
    List<UserId> callees = callees(mode, caller.user());
    place(mode, caller, callees);
    switch (mode) {
      case DIRECT -> direct(caller, callees.getFirst());
      case HUNT -> hunt(caller, callees);
      case CONFERENCE -> conference(caller, callees);
    }
    run();
    return List.copyOf(journal);
  }

  private void run() {
    for (Planned next = plan.poll(); next != null; next = plan.poll()) {
      settle(next.at());
      command(next.command(), next.at());
    }
    settle(Instant.MAX);
  }

  /** Timers fire a few milliseconds late, as they do. */
  private void settle(Instant until) {
    for (Optional<Instant> due = Call.deadline(state);
        due.isPresent() && !due.get().isAfter(until);
        due = Call.deadline(state)) {
      command(new CallCommand.CheckDeadlines(), due.get().plusMillis(random.nextInt(12)));
    }
  }

  private void command(CallCommand command, Instant at) {
    Decision decision = Call.decide(state, command, at);
    for (Call.Step step : Call.steps(key, state, decision.events())) {
      journal.add(step.stored());
      state = step.after();
    }
  }

  private void at(Instant moment, CallCommand command) {
    plan.add(new Planned(moment, plan.size(), command));
  }

  private void place(CallMode mode, Endpoint caller, List<UserId> callees) {
    boolean jitsi = random.nextInt(10) == 0;
    CallFacts facts =
        new CallFacts(
            key,
            caller,
            random.nextInt(100) < 35 ? CallType.VIDEO : CallType.AUDIO,
            mode,
            RingStyle.RING,
            jitsi ? MediaPlane.JITSI : MediaPlane.P2P,
            Optional.empty(),
            random.nextInt(4) == 0
                ? Optional.of("{\"conversation_id\":" + random.nextInt(5000) + "}")
                : Optional.empty(),
            Optional.empty(),
            false,
            CallLimits.STANDARD,
            placedAt);
    List<Invitation> invitations = callees.stream().map(c -> new Invitation(c, line())).toList();
    Optional<RequestKey> request =
        Optional.of(
            new RequestKey(
                caller.user(),
                Long.toHexString(random.nextLong()),
                Long.toHexString(random.nextLong())));
    at(placedAt, new CallCommand.Initiate(new Actor.Device(caller), facts, invitations, request));
  }

  private Line line() {
    int said = random.nextInt(1000);
    return said < 30
        ? Line.BUSY
        : said < 45 ? Line.DO_NOT_DISTURB : said < 48 ? Line.BLOCKED : Line.FREE;
  }

  private void direct(Endpoint caller, UserId callee) {
    Optional<Instant> ringing = ring(callee);
    int outcome = random.nextInt(1000);
    Instant rung = ringing.orElse(placedAt.plusSeconds(2));
    Instant reaction = rung.plus(around(7000, 0.7));
    if (outcome < 640) {
      answered(caller, device(callee, random.nextInt(devices(callee))), reaction);
      if (random.nextInt(25) == 0) {
        // The other phone, a moment later.
        at(reaction.plusMillis(40), accept(device(callee, 1)));
      }
    } else if (outcome < 790) {
      // Nobody reacts; sometimes somebody does just after the ring is over.
      if (random.nextInt(12) == 0) {
        at(rung.plusMillis(32_150), accept(device(callee, 0)));
      }
    } else if (outcome < 870) {
      DeclineReason why = random.nextInt(5) == 0 ? DeclineReason.BUSY : DeclineReason.DECLINED;
      at(reaction, decline(device(callee, 0), why, Scope.USER));
    } else if (outcome < 880) {
      at(reaction, decline(device(callee, 0), DeclineReason.DECLINED, Scope.DEVICE));
    } else if (outcome < 975) {
      at(reaction, new CallCommand.Cancel(caller, Optional.empty()));
      if (random.nextInt(10) == 0) {
        at(reaction.plusMillis(180), accept(device(callee, 0)));
      }
    } else if (outcome < 990) {
      at(reaction, new CallCommand.LoseDevice(caller));
    } else {
      at(
          reaction,
          new CallCommand.AdminEnd(
              new Actor.Admin(new UserId("admin")), "maintenance", Optional.empty()));
    }
  }

  private void hunt(Endpoint caller, List<UserId> callees) {
    callees.forEach(this::ring);
    Instant reaction = placedAt.plusMillis(800).plus(around(5000, 0.6));
    if (random.nextInt(100) < 80) {
      answered(caller, device(callees.get(random.nextInt(callees.size())), 0), reaction);
      at(reaction.plusMillis(60), accept(device(callees.getLast(), 0)));
    }
  }

  private void conference(Endpoint caller, List<UserId> callees) {
    Instant end = placedAt.plus(around(600_000, 0.8));
    for (UserId callee : callees) {
      ring(callee);
      Instant joins = placedAt.plusSeconds(1).plus(around(6000, 0.6));
      Endpoint device = device(callee, 0);
      if (random.nextInt(100) < 75) {
        at(joins, accept(device));
        at(joins.plusMillis(400), status(device, MediaStatus.CONNECTED, true));
        if (random.nextInt(4) == 0) {
          at(joins.plusSeconds(20), hangup(device));
          at(joins.plusSeconds(50), accept(device));
        }
        at(end.plusMillis(random.nextLong(4000)), hangup(device));
      } else if (random.nextBoolean()) {
        at(joins, decline(device, DeclineReason.DECLINED, Scope.USER));
      }
    }
    UserId late = user();
    if (random.nextInt(3) == 0 && !late.equals(caller.user()) && !callees.contains(late)) {
      Instant invited = placedAt.plusSeconds(40);
      at(
          invited,
          new CallCommand.Invite(
              caller, List.of(new Invitation(late, Line.FREE)), Optional.empty()));
      at(invited.plusMillis(900), acknowledge(device(late, 0)));
    }
    at(end, hangup(caller));
  }

  /** The devices that are on acknowledge; empty: none is. */
  private Optional<Instant> ring(UserId callee) {
    Optional<Instant> first = Optional.empty();
    for (int i = 0; i < devices(callee); i++) {
      int on = random.nextInt(100);
      Instant heard = placedAt.plus(around(i == 0 ? 350 : 700, 0.8));
      if (on < 80) {
        at(heard, acknowledge(device(callee, i)));
        first = first.isEmpty() || heard.isBefore(first.get()) ? Optional.of(heard) : first;
      } else if (on < 84) {
        at(
            heard,
            new CallCommand.AcknowledgeRing(
                device(callee, i), Optional.of("permission_denied"), Optional.empty()));
      }
    }
    return first;
  }

  private void answered(Endpoint caller, Endpoint callee, Instant at) {
    Duration talk = around(95_000, 1.1);
    at(at, accept(callee));
    at(at.plusMillis(350), status(callee, MediaStatus.CONNECTED, true));
    at(at.plusMillis(420), status(caller, MediaStatus.CONNECTED, true));
    if (random.nextInt(5) == 0) {
      at(at.plus(talk.dividedBy(3)), status(caller, MediaStatus.MUTED, true));
      at(at.plus(talk.dividedBy(2)), status(caller, MediaStatus.MUTED, false));
    }
    if (random.nextInt(12) == 0) {
      Instant gone = at.plus(talk.dividedBy(4));
      at(gone, new CallCommand.LoseDevice(callee));
      if (random.nextInt(4) > 0) {
        at(gone.plusSeconds(6), new CallCommand.RegainDevice(callee));
      }
    }
    at(at.plus(talk), hangup(random.nextBoolean() ? caller : callee));
  }

  private static CallCommand accept(Endpoint by) {
    return new CallCommand.Accept(by, false, Optional.empty());
  }

  private static CallCommand acknowledge(Endpoint by) {
    return new CallCommand.AcknowledgeRing(by, Optional.empty(), Optional.empty());
  }

  private static CallCommand decline(Endpoint by, DeclineReason why, Scope scope) {
    return new CallCommand.Decline(by, why, scope, Optional.empty());
  }

  private static CallCommand hangup(Endpoint by) {
    return new CallCommand.Hangup(by, EndReason.HANGUP, Optional.empty());
  }

  private static CallCommand status(Endpoint by, MediaStatus status, boolean active) {
    return new CallCommand.ChangeStatus(by, status, active, Optional.empty());
  }

  /** Log-normal: most are near the median, a few take far longer; never less than 30 ms. */
  private Duration around(long medianMs, double spread) {
    return Duration.ofMillis(
        Math.max(30, Math.round(medianMs * Math.exp(spread * random.nextGaussian()))));
  }

  private List<UserId> callees(CallMode mode, UserId caller) {
    int wanted =
        switch (mode) {
          case DIRECT -> 1;
          case HUNT -> 2 + random.nextInt(4);
          case CONFERENCE -> 2 + random.nextInt(5);
        };
    List<UserId> callees = new ArrayList<>();
    while (callees.size() < wanted) {
      UserId callee = user();
      if (!callee.equals(caller) && !callees.contains(callee)) {
        callees.add(callee);
      }
    }
    return callees;
  }

  /** Some users are called far more often than others. */
  private UserId user() {
    double share = random.nextDouble();
    return new UserId(String.format(Locale.ROOT, "user-%04d", (int) (share * share * users)));
  }

  private static int devices(UserId user) {
    return 1 + Math.floorMod(user.value().hashCode(), DEVICES.size());
  }

  private static Endpoint device(UserId user, int number) {
    return new Endpoint(user, new DeviceId(DEVICES.get(number % devices(user))));
  }
}
