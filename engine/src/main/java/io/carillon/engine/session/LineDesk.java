package io.carillon.engine.session;

import io.carillon.engine.call.CallId;
import io.carillon.engine.call.CallMode;
import io.carillon.engine.call.CallSnapshot;
import io.carillon.engine.call.EndReason;
import io.carillon.engine.call.Leg;
import io.carillon.engine.call.Line;
import io.carillon.engine.call.Rejection;
import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.Endpoint;
import io.carillon.engine.identity.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One user's line: who calls whom, is it busy, may it ring (R16, R17, R18, R26, R72). One owner,
 * the user's session; no clock and no messages of its own.
 *
 * <p><b>Glare.</b> When A calls B while B calls A, exactly one call may come to be. Before a direct
 * call is stored, the caller's session puts it down as {@linkplain #place outgoing} and asks the
 * callee's session, which puts it down as {@linkplain #ask expected}. Each session handles one
 * message at a time, so of two crossing calls X and Y the second one always meets the first:
 *
 * <ul>
 *   <li>A session about to place Y that already expects X accepts X instead.
 *   <li>A session asked about X while its own Y is outgoing: if Y was let through already, or Y has
 *       the lower id, the answer is Y; else X is let through, and Y's own question, at the other
 *       session, meets X there.
 * </ul>
 *
 * Either way one of them is never stored. Should two be stored after all, because a session died in
 * between, {@link #toMerge} names the one that gives way.
 */
public final class LineDesk {
  /** How long a call that was let through, but not heard of since, is expected. */
  static final Duration EXPECTATION = Duration.ofSeconds(10);

  /** Within which time a second call of the same user counts as repeated (R18). */
  static final Duration REPEATED = Duration.ofMinutes(3);

  private static final int MAX_REMEMBERED = 64;

  private final UserId user;
  private final LineLimits limits;

  /** The user's calls that are not over; kept by the session. */
  private final Map<CallId, CallSnapshot> calls;

  private final Map<CallId, Outgoing> outgoing = new LinkedHashMap<>();
  private final Map<CallId, Expected> expected = new LinkedHashMap<>();
  private final Deque<Instant> placed = new ArrayDeque<>();
  private final Map<UserId, Deque<Instant>> unanswered = new HashMap<>();
  private final Map<UserId, Instant> lastKeptAway = new LinkedHashMap<>();

  private record Outgoing(UserId callee, boolean letThrough, Instant since) {}

  private record Expected(UserId caller, Instant since) {}

  /** What a session does with its user's wish to call somebody. */
  public sealed interface Placing {}

  /** Ask the callee's session. */
  public record AskCallee() implements Placing {}

  /** The callee is calling this user already: take that call (R16). */
  public record AcceptInstead(CallId call) implements Placing {}

  /** The same device is in a call with the same peer: the new call takes its place (R26). */
  public record Replace(CallId old) implements Placing {}

  /** Not now. */
  public record Refuse(Rejection rejection) implements Placing {}

  /** What a callee's session answers. */
  public sealed interface Answer {}

  /** The call may be stored, ringing or not as the line says. */
  public record Proceed(Line line) implements Answer {}

  /** Busy, if this call is really not over: ask it before saying so (R17). */
  public record BusyWith(CallSnapshot call) implements Answer {}

  /** This user is calling the asker: that call is the one (R16). */
  public record Glare(CallId call) implements Answer {}

  /** Too many ring there already (R72). */
  public record TooMany(Duration retryAfter) implements Answer {}

  /** The line of a user whose open calls are {@code calls}, a live view. */
  public LineDesk(UserId user, LineLimits limits, Map<CallId, CallSnapshot> calls) {
    this.user = user;
    this.limits = limits;
    this.calls = calls;
  }

  /** This user wants to call {@code callees} from {@code device}. */
  public Placing place(
      CallId id, DeviceId device, CallMode mode, List<UserId> callees, Instant now) {
    forget(now);
    if (calls.containsKey(id) || outgoing.containsKey(id)) {
      // The same request again: its call answers it from its receipts.
      return new AskCallee();
    }
    if (mode == CallMode.DIRECT && callees.size() == 1) {
      UserId callee = callees.getFirst();
      Optional<CallId> crossing = expectedFrom(callee).or(() -> ringingFrom(callee));
      if (crossing.isPresent()) {
        return new AcceptInstead(crossing.get());
      }
      Optional<CallSnapshot> together = acceptedWith(callee);
      if (together.isPresent()) {
        CallId old = together.get().facts().key().call();
        return together.get().roster().isJoined(new Endpoint(user, device))
            ? new Replace(old)
            : new Refuse(new Rejection.AlreadyInCall(Optional.of(old)));
      }
    }
    Optional<Duration> wait = tooFast(callees, now);
    if (wait.isPresent()) {
      return new Refuse(new Rejection.RateLimited(wait.get()));
    }
    placed.add(now);
    if (mode == CallMode.DIRECT) {
      outgoing.put(id, new Outgoing(callees.getFirst(), false, now));
    }
    return new AskCallee();
  }

  /** The callee's session let this user's call through: from now on it is the one. */
  public void letThrough(CallId id) {
    outgoing.computeIfPresent(id, (key, o) -> new Outgoing(o.callee(), true, o.since()));
  }

  /** This user's call is stored, or came to nothing. */
  public void settled(CallId id) {
    outgoing.remove(id);
  }

  /** Somebody wants to call this user. */
  public Answer ask(CallId id, UserId caller, CallMode mode, UserSettings settings, Instant now) {
    forget(now);
    if (calls.containsKey(id)) {
      return new Proceed(Line.FREE);
    }
    if (settings.blocked().contains(caller)) {
      return new Proceed(Line.BLOCKED);
    }
    if (mode == CallMode.DIRECT) {
      Optional<CallId> crossing = crossing(id, caller);
      if (crossing.isPresent()) {
        return new Glare(crossing.get());
      }
    }
    if (isKeptAway(caller, settings.dnd(), now)) {
      return new Proceed(Line.DO_NOT_DISTURB);
    }
    long ringing = calls.values().stream().filter(this::ringsHere).count();
    if (limits.ringsPerCallee() > 0 && ringing >= limits.ringsPerCallee()) {
      return new TooMany(Duration.ofSeconds(10));
    }
    Optional<CallSnapshot> engaged = engaged();
    boolean full = settings.callWaiting() == UserSettings.CallWaiting.BUSY || ringing > 0;
    if (engaged.isPresent() && full && !engaged.get().concerns(caller)) {
      return new BusyWith(engaged.get());
    }
    if (mode == CallMode.DIRECT) {
      expected.put(id, new Expected(caller, now));
    }
    return new Proceed(Line.FREE);
  }

  /** A call of this user was heard of: it is expected no longer, and if over, counted. */
  public void heard(CallSnapshot call, Instant now) {
    CallId id = call.facts().key().call();
    expected.remove(id);
    boolean mine = call.facts().caller().user().equals(user);
    if (!mine || call.ending().isEmpty()) {
      return;
    }
    EndReason reason = call.ending().get().reason();
    for (var participant : call.roster().participants()) {
      if (participant.user().equals(user)) {
        continue;
      }
      if (call.answeredAt().isPresent()) {
        unanswered.remove(participant.user());
      } else if (reason.outcome() != EndReason.Outcome.ENDED) {
        remember(unanswered.computeIfAbsent(participant.user(), u -> new ArrayDeque<>()), now);
      }
    }
  }

  /**
   * Of two unaccepted direct calls that cross, the pair (gives way, survives): the byte-wise lower
   * id survives (R16). Empty in all but the rarest case.
   */
  public Optional<Merge> toMerge() {
    List<CallSnapshot> direct =
        calls.values().stream()
            .filter(c -> c.mode() == CallMode.DIRECT && c.answeredAt().isEmpty())
            .sorted(Comparator.comparing(c -> c.facts().key().call().value()))
            .toList();
    for (CallSnapshot low : direct) {
      for (CallSnapshot high : direct) {
        boolean cross =
            low.facts().key().call().value().compareTo(high.facts().key().call().value()) < 0
                && low.concerns(high.facts().caller().user())
                && high.concerns(low.facts().caller().user())
                && !low.facts().caller().user().equals(high.facts().caller().user());
        if (cross) {
          return Optional.of(new Merge(high, low));
        }
      }
    }
    return Optional.empty();
  }

  /** One call gives way to another. */
  public record Merge(CallSnapshot givesWay, CallSnapshot survives) {}

  private Optional<CallId> crossing(CallId incoming, UserId caller) {
    for (Map.Entry<CallId, Outgoing> entry : outgoing.entrySet()) {
      Outgoing own = entry.getValue();
      if (own.callee().equals(caller)) {
        boolean ownWins =
            own.letThrough() || entry.getKey().value().compareTo(incoming.value()) < 0;
        return ownWins ? Optional.of(entry.getKey()) : Optional.empty();
      }
    }
    return calls.values().stream()
        .filter(c -> c.mode() == CallMode.DIRECT && c.answeredAt().isEmpty())
        .filter(c -> c.facts().caller().user().equals(user) && c.concerns(caller))
        .map(c -> c.facts().key().call())
        .findFirst();
  }

  private Optional<CallId> expectedFrom(UserId caller) {
    return expected.entrySet().stream()
        .filter(e -> e.getValue().caller().equals(caller))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  private Optional<CallId> ringingFrom(UserId caller) {
    return calls.values().stream()
        .filter(c -> c.mode() == CallMode.DIRECT && ringsHere(c))
        .filter(c -> c.facts().caller().user().equals(caller))
        .map(c -> c.facts().key().call())
        .findFirst();
  }

  private Optional<CallSnapshot> acceptedWith(UserId peer) {
    return calls.values().stream()
        .filter(c -> c.mode() == CallMode.DIRECT && c.answeredAt().isPresent())
        .filter(c -> c.concerns(peer))
        .findFirst();
  }

  private boolean ringsHere(CallSnapshot call) {
    return call.roster()
        .find(user)
        .map(p -> p.leg() instanceof Leg.Invited || p.leg() instanceof Leg.Ringing)
        .orElse(false);
  }

  private Optional<CallSnapshot> engaged() {
    return calls.values().stream()
        .filter(c -> c.roster().find(user).map(p -> p.leg() instanceof Leg.Joined).orElse(false))
        .findFirst();
  }

  private boolean isKeptAway(UserId caller, UserSettings.DoNotDisturb dnd, Instant now) {
    if (!dnd.isQuietAt(now) || dnd.breakthrough().contains(caller)) {
      return false;
    }
    Instant before = lastKeptAway.put(caller, now);
    if (lastKeptAway.size() > MAX_REMEMBERED) {
      lastKeptAway.remove(lastKeptAway.keySet().iterator().next());
    }
    boolean repeated = before != null && before.plus(REPEATED).isAfter(now);
    return !(dnd.letRepeatedThrough() && repeated);
  }

  private Optional<Duration> tooFast(Collection<UserId> callees, Instant now) {
    drop(placed, now.minus(Duration.ofMinutes(1)));
    if (limits.initiatesPerMinute() > 0 && placed.size() >= limits.initiatesPerMinute()) {
      return Optional.of(Duration.between(now, placed.getFirst().plus(Duration.ofMinutes(1))));
    }
    if (limits.redials() > 0) {
      for (UserId callee : callees) {
        Deque<Instant> tries = unanswered.getOrDefault(callee, new ArrayDeque<>());
        drop(tries, now.minus(limits.redialWindow()));
        if (tries.size() >= limits.redials()) {
          return Optional.of(Duration.between(now, tries.getFirst().plus(limits.redialWindow())));
        }
      }
    }
    return Optional.empty();
  }

  private static void remember(Deque<Instant> times, Instant now) {
    times.add(now);
    if (times.size() > MAX_REMEMBERED) {
      times.removeFirst();
    }
  }

  private static void drop(Deque<Instant> times, Instant before) {
    while (!times.isEmpty() && times.getFirst().isBefore(before)) {
      times.removeFirst();
    }
  }

  private void forget(Instant now) {
    Iterator<Expected> waiting = expected.values().iterator();
    while (waiting.hasNext()) {
      if (waiting.next().since().plus(EXPECTATION).isBefore(now)) {
        waiting.remove();
      }
    }
    outgoing.values().removeIf(o -> o.since().plus(EXPECTATION).isBefore(now));
    List<UserId> quiet = new ArrayList<>();
    unanswered.forEach(
        (callee, tries) -> {
          drop(tries, now.minus(limits.redialWindow()));
          if (tries.isEmpty()) {
            quiet.add(callee);
          }
        });
    quiet.forEach(unanswered::remove);
  }
}
