package io.carillon.engine.session;

import io.carillon.engine.call.CallId;
import io.carillon.engine.call.CallMode;
import io.carillon.engine.call.CallSnapshot;
import io.carillon.engine.call.Leg;
import io.carillon.engine.call.Line;
import io.carillon.engine.call.Rejection;
import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.Endpoint;
import io.carillon.engine.identity.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
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

  /** How many users' last suppressed calls, and requests that became another call, are kept. */
  private static final int MAX_REMEMBERED = 64;

  private final UserId user;
  private final LineLimits limits;

  /** The user's calls that are not over; kept by the session. */
  private final Map<CallId, CallSnapshot> calls;

  private final Map<CallId, Outgoing> outgoing = new LinkedHashMap<>();
  private final Map<CallId, Expected> expected = new LinkedHashMap<>();

  /** Which crossing call a request became; the same request, sent again, must become it again. */
  private final Map<CallId, CallId> crossed = new LinkedHashMap<>();

  /** Which accepted call a call of this user takes the place of. */
  private final Map<CallId, CallId> replacing = new LinkedHashMap<>();

  private final CallPace pace;
  private final CrossedCalls crossedCalls;
  private final Map<UserId, KeptAway> lastKeptAway = new LinkedHashMap<>();

  private record Outgoing(UserId callee, boolean letThrough, Instant since) {}

  private record Expected(UserId caller, Instant since) {}

  /** The last call of a user that met quiet hours, and whether it rang as a repeated one. */
  private record KeptAway(CallId call, Instant at, boolean letThrough) {}

  /** What a session does with its user's wish to call somebody. */
  public sealed interface Placing {}

  /** Ask the callee's session. */
  public record AskCallee() implements Placing {}

  /** The call exists: the same request again, which the call answers from its receipts (R27). */
  public record AskCall() implements Placing {}

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

  /** Busy, if none of these calls is over in truth: ask them before saying so (R17). */
  public record BusyWith(List<CallSnapshot> calls) implements Answer {
    public BusyWith {
      calls = List.copyOf(calls);
    }
  }

  /** This user is calling the asker: that call is the one (R16). */
  public record Glare(CallId call) implements Answer {}

  /** Too many ring there already (R72). */
  public record TooMany(Duration retryAfter) implements Answer {}

  /** The line of a user whose open calls are {@code calls}, a live view. */
  public LineDesk(UserId user, LineLimits limits, Map<CallId, CallSnapshot> calls) {
    this.user = user;
    this.limits = limits;
    this.calls = calls;
    this.pace = new CallPace(user, limits);
    this.crossedCalls = new CrossedCalls(user, calls, replacing);
  }

  /** This user wants to call {@code callees} from {@code device}. */
  public Placing place(
      CallId id, DeviceId device, CallMode mode, List<UserId> callees, Instant now) {
    forget(now);
    CallId instead = crossed.get(id);
    if (instead != null) {
      return new AcceptInstead(instead);
    }
    if (calls.containsKey(id)) {
      return new AskCall();
    }
    if (outgoing.containsKey(id)) {
      return new AskCallee();
    }
    Optional<CallId> replaced = Optional.empty();
    if (mode == CallMode.DIRECT && callees.size() == 1) {
      UserId callee = callees.getFirst();
      Optional<CallId> crossing = expectedFrom(callee).or(() -> ringingFrom(callee));
      if (crossing.isPresent()) {
        becomes(id, crossing.get());
        return new AcceptInstead(crossing.get());
      }
      Optional<CallSnapshot> together = acceptedWith(callee, device);
      replaced = together.map(CrossedCalls::idOf);
      if (together.isPresent() && !together.get().roster().isJoined(new Endpoint(user, device))) {
        return new Refuse(new Rejection.AlreadyInCall(replaced));
      }
    }
    Optional<Duration> wait = pace.take(callees, now);
    if (wait.isPresent()) {
      return new Refuse(new Rejection.RateLimited(wait.get()));
    }
    if (mode == CallMode.DIRECT) {
      outgoing.put(id, new Outgoing(callees.getFirst(), false, now));
    }
    return replaced.<Placing>map(Replace::new).orElseGet(AskCallee::new);
  }

  /**
   * This user wants to call further users into a call: how long to wait first, if at all. It counts
   * as a call placed, or whoever may place no more would go on ringing through a conference (R72).
   */
  public Optional<Duration> invite(Collection<UserId> callees, Instant now) {
    forget(now);
    return pace.take(callees, now);
  }

  /** This user's request gave way to a crossing call and takes that instead (R16). */
  public void becomes(CallId id, CallId crossing) {
    outgoing.remove(id);
    keep(crossed, id, crossing);
  }

  private static <K, V> void keep(Map<K, V> newest, K key, V value) {
    newest.remove(key);
    newest.put(key, value);
    if (newest.size() > MAX_REMEMBERED) {
      newest.remove(newest.keySet().iterator().next());
    }
  }

  /** It is settled that a call takes the place of an accepted one (R26). */
  public void replaces(CallId id, CallId old) {
    keep(replacing, id, old);
  }

  /** The accepted call that this one takes the place of; its callee must not hold it against it. */
  public Optional<CallId> replacedBy(CallId id) {
    return Optional.ofNullable(replacing.get(id));
  }

  /** The crossing call was over, or never came to be: requests stand for themselves again. */
  public void cameToNothing(CallId crossing) {
    expected.remove(crossing);
    outgoing.remove(crossing);
    crossed.values().removeIf(crossing::equals);
  }

  /**
   * The callee's session let this user's call through: from now on it is the one. Unless the two
   * came together while the question was on its way: then there is the call to take instead.
   */
  public Optional<CallId> letThrough(CallId id) {
    Outgoing own = outgoing.get(id);
    if (own == null) {
      return Optional.empty();
    }
    Optional<CallId> instead =
        ringingFrom(own.callee()).or(() -> togetherWith(own.callee(), replacedBy(id)));
    if (instead.isPresent()) {
      becomes(id, instead.get());
    } else {
      outgoing.put(id, new Outgoing(own.callee(), true, own.since()));
    }
    return instead;
  }

  /** This user's call is stored, or came to nothing. */
  public void settled(CallId id) {
    outgoing.remove(id);
  }

  /**
   * Somebody wants to call this user.
   *
   * @param replaces the accepted call between the two that the new one takes the place of (R26)
   */
  public Answer ask(
      CallId id,
      UserId caller,
      CallMode mode,
      Optional<CallId> replaces,
      UserSettings settings,
      Instant now) {
    forget(now);
    if (calls.containsKey(id)) {
      return new Proceed(Line.FREE);
    }
    if (settings.blocked().contains(caller)) {
      return new Proceed(Line.BLOCKED);
    }
    if (mode == CallMode.DIRECT) {
      Optional<CallId> crossing = togetherWith(caller, replaces).or(() -> crossing(id, caller));
      if (crossing.isPresent()) {
        return new Glare(crossing.get());
      }
    }
    if (isKeptAway(id, caller, settings.dnd(), now)) {
      return new Proceed(Line.DO_NOT_DISTURB);
    }
    List<CallSnapshot> ringing = calls.values().stream().filter(this::ringsHere).toList();
    if (limits.ringsPerCallee() > 0 && ringing.size() >= limits.ringsPerCallee()) {
      return new TooMany(Duration.ofSeconds(10));
    }
    List<CallSnapshot> because = new ArrayList<>(engagedWithOthers(caller));
    boolean waits = settings.callWaiting() == UserSettings.CallWaiting.RING;
    if (!because.isEmpty() && (!waits || !ringing.isEmpty())) {
      because.addAll(waits ? ringing : List.of());
      return new BusyWith(because);
    }
    if (mode == CallMode.DIRECT) {
      expected.put(id, new Expected(caller, now));
    }
    return new Proceed(Line.FREE);
  }

  /** A call of this user was heard of: it is expected no longer, and if over, counted, once. */
  public void heard(CallSnapshot call) {
    CallId id = CrossedCalls.idOf(call);
    expected.remove(id);
    outgoing.remove(id);
    pace.heard(call);
  }

  /** See {@link CrossedCalls#toMerge}. */
  public Optional<CrossedCalls.Merge> toMerge() {
    return crossedCalls.toMerge();
  }

  /** This user's own call that an incoming one crosses and gives way to. */
  private Optional<CallId> crossing(CallId incoming, UserId caller) {
    Optional<CallId> stored =
        calls.values().stream()
            .filter(c -> c.mode() == CallMode.DIRECT && c.answeredAt().isEmpty())
            .filter(
                c -> c.facts().caller().user().equals(user) && CrossedCalls.isCalledBy(caller, c))
            .map(CrossedCalls::idOf)
            .min(Comparator.comparing(CallId::value));
    if (stored.isPresent()) {
      return stored;
    }
    // One let through is as good as stored; of the others the lowest wins if it is lower.
    Comparator<Map.Entry<CallId, Outgoing>> order =
        Comparator.comparing(e -> e.getValue().letThrough() ? "" : e.getKey().value());
    return outgoing.entrySet().stream()
        .filter(e -> e.getValue().callee().equals(caller))
        .filter(
            e -> e.getValue().letThrough() || e.getKey().value().compareTo(incoming.value()) < 0)
        .min(order.thenComparing(e -> e.getKey().value()))
        .map(Map.Entry::getKey);
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

  /** The accepted call with a peer, the one this very device is in before any other. */
  private Optional<CallSnapshot> acceptedWith(UserId peer, DeviceId device) {
    Comparator<CallSnapshot> here =
        Comparator.comparing(c -> !c.roster().isJoined(new Endpoint(user, device)));
    return calls.values().stream()
        .filter(c -> c.mode() == CallMode.DIRECT && c.answeredAt().isPresent())
        .filter(c -> c.concerns(peer))
        .min(here.thenComparing(c -> CrossedCalls.idOf(c).value()));
  }

  /** The accepted call with a peer that is not being replaced. */
  private Optional<CallId> togetherWith(UserId peer, Optional<CallId> replaced) {
    return calls.values().stream()
        .filter(c -> c.mode() == CallMode.DIRECT && c.answeredAt().isPresent())
        .filter(c -> c.concerns(peer))
        .map(CrossedCalls::idOf)
        .filter(id -> !replaced.equals(Optional.of(id)))
        .min(Comparator.comparing(CallId::value));
  }

  private boolean ringsHere(CallSnapshot call) {
    return call.roster()
        .find(user)
        .map(p -> p.leg() instanceof Leg.Invited || p.leg() instanceof Leg.Ringing)
        .orElse(false);
  }

  /** The calls this user is in; not the one with the caller, which the new one may replace. */
  private List<CallSnapshot> engagedWithOthers(UserId caller) {
    return calls.values().stream()
        .filter(c -> c.roster().find(user).map(p -> p.leg() instanceof Leg.Joined).orElse(false))
        .filter(c -> !c.concerns(caller))
        .toList();
  }

  private boolean isKeptAway(CallId id, UserId caller, UserSettings.DoNotDisturb dnd, Instant now) {
    if (!dnd.isQuietAt(now) || dnd.breakthrough().contains(caller)) {
      return false;
    }
    KeptAway before = lastKeptAway.get(caller);
    if (before != null && before.call().equals(id)) {
      // The same call asks again because an answer was lost: that does not make it a repeated one.
      return !before.letThrough();
    }
    boolean repeated = before != null && before.at().plus(REPEATED).isAfter(now);
    boolean letThrough = dnd.letRepeatedThrough() && repeated;
    keep(lastKeptAway, caller, new KeptAway(id, now, letThrough));
    return !letThrough;
  }

  private void forget(Instant now) {
    expected.values().removeIf(e -> e.since().plus(EXPECTATION).isBefore(now));
    outgoing.values().removeIf(o -> o.since().plus(EXPECTATION).isBefore(now));
    pace.forget(now);
  }
}
