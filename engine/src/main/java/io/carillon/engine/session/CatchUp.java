package io.carillon.engine.session;

import io.carillon.engine.call.Call;
import io.carillon.engine.call.CallEvent;
import io.carillon.engine.call.CallSnapshot;
import io.carillon.engine.call.CallState;
import io.carillon.engine.call.Leg;
import io.carillon.engine.call.Notice;
import io.carillon.engine.call.StoredEvent;
import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.UserId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What a device has missed, told from the journals of its user's calls by the same fan-out rule as
 * life (R58): nothing else is stored for it, so nothing else can be lost.
 *
 * @param missed what the device is to be told, in order
 * @param calls the user's calls that are not over, oldest first
 * @param latest every call that was read, as it is now
 */
public record CatchUp(List<Missed> missed, List<CallSnapshot> calls, List<CallSnapshot> latest) {
  /** One thing missed. */
  public record Missed(News news, Notice notice) {}

  /**
   * Works out what a device has missed.
   *
   * @param journals whole journals of every call in which something may have been missed, and of
   *     every call that is not over
   * @param told how far the device was told; not changed
   * @param resumes whether the device resumes from a cursor: everything after it is told. A device
   *     that starts afresh is told only what rings for it now
   * @param horizon what happened before it is no news for this device, except that it rings
   * @param now a ring that is over by then is told as its outcome only, never as a ring
   */
  public static CatchUp of(
      UserId user,
      DeviceId device,
      List<List<StoredEvent>> journals,
      Progress told,
      boolean resumes,
      Instant horizon,
      Instant now) {
    List<Missed> missed = new ArrayList<>();
    List<CallSnapshot> latest = new ArrayList<>();
    for (List<StoredEvent> journal : journals) {
      List<Call.Step> steps = Call.replaySteps(journal);
      if (steps.isEmpty()) {
        continue;
      }
      CallSnapshot current = CallSnapshot.of(steps.getLast().after());
      if (!current.concerns(user)) {
        continue;
      }
      latest.add(current);
      missed.addAll(
          missedOf(
              user, device, steps, told, resumes ? Optional.of(horizon) : Optional.empty(), now));
    }
    // Stable, so the events of one call keep their order even if they share a millisecond.
    missed.sort(Comparator.comparing(m -> m.news().call().at()));
    List<CallSnapshot> open =
        latest.stream()
            .filter(c -> isShownTo(user, c))
            .sorted(Comparator.comparing(c -> c.facts().createdAt()))
            .toList();
    return new CatchUp(missed, open, latest);
  }

  private static List<Missed> missedOf(
      UserId user,
      DeviceId device,
      List<Call.Step> steps,
      Progress told,
      Optional<Instant> horizon,
      Instant now) {
    CallSnapshot current = CallSnapshot.of(steps.getLast().after());
    boolean resumes = horizon.isPresent();
    boolean rings = ringsFor(user, device, current, now);
    List<Missed> missed = new ArrayList<>();
    long lastStart = 0;
    for (Call.Step step : steps) {
      Optional<Notice> notice = notice(user, device, step);
      if (notice.isEmpty()) {
        continue;
      }
      Missed one = new Missed(news(step), notice.get());
      boolean start = one.notice().type() == Notice.Type.CALL_STARTED;
      if (start) {
        lastStart = step.stored().seq();
      }
      boolean old = horizon.isPresent() && one.news().call().at().isBefore(horizon.get());
      boolean wanted = !old && (start ? rings || isOwn(user, one.news(), current) : resumes);
      if (wanted && !told.has(current.facts().key().call(), step.stored().seq())) {
        missed.add(one);
      }
    }
    // Who was called again after a no is rung once, for the call that rings now.
    long rung = lastStart;
    missed.removeIf(m -> m.notice().type() == Notice.Type.CALL_STARTED && m.news().seq() != rung);
    if (!resumes && !rings) {
      missed.clear();
    }
    return missed;
  }

  /** What this user is told by a step, on this device; a step tells a device at most one thing. */
  private static Optional<Notice> notice(UserId user, DeviceId device, Call.Step step) {
    return step.notices().stream()
        .filter(n -> n.to().equals(user) && n.audience().includes(device))
        .findFirst();
  }

  private static News news(Call.Step step) {
    return new News(step.stored().event(), CallSnapshot.of(step.after()), Optional.empty());
  }

  /** A caller's other devices hear that the user calls, as long as that is so. */
  private static boolean isOwn(UserId user, News news, CallSnapshot current) {
    return news.event() instanceof CallEvent.Initiated
        && current.facts().caller().user().equals(user)
        && !current.isEnded();
  }

  /**
   * Whether something missed is still to be told, now that its turn has come: a ring is not, once
   * it is over (R58).
   *
   * @param current the call as it is by now
   */
  public static boolean isStillNews(
      UserId user, DeviceId device, Missed missed, CallSnapshot current, Instant now) {
    return missed.notice().type() != Notice.Type.CALL_STARTED
        || ringsFor(user, device, current, now)
        || isOwn(user, missed.news(), current);
  }

  private static boolean ringsFor(UserId user, DeviceId device, CallSnapshot call, Instant now) {
    return !call.isEnded()
        && call.roster()
            .find(user)
            // A device that was silenced by hand has heard its end and will hear no other (R9).
            .filter(p -> !p.leg().ignored().contains(device))
            .map(
                p ->
                    switch (p.leg()) {
                      case Leg.Invited leg -> longEnough(call, leg.deadline(), now);
                      case Leg.Ringing leg -> longEnough(call, leg.deadline(), now);
                      case Leg.Suppressed _, Leg.Joined _, Leg.Closed _, Leg.Barred _ -> false;
                    })
            .orElse(false);
  }

  private static boolean longEnough(CallSnapshot call, Instant deadline, Instant now) {
    return !now.plus(call.facts().limits().minRing()).isAfter(deadline);
  }

  /**
   * Whether a notice says "it rings" of a ring that is over by {@code now}: news that were held up
   * on their way. The device is told the outcome alone (R58, R66).
   */
  public static boolean isStaleRing(UserId user, Notice notice, CallSnapshot call, Instant now) {
    return notice.type() == Notice.Type.CALL_STARTED
        && call.roster()
            .find(user)
            .map(
                p ->
                    switch (p.leg()) {
                      case Leg.Invited leg -> isOver(call, leg.deadline(), now);
                      case Leg.Ringing leg -> isOver(call, leg.deadline(), now);
                      case Leg.Suppressed _, Leg.Joined _, Leg.Closed _, Leg.Barred _ -> false;
                    })
            .orElse(false);
  }

  private static boolean isOver(CallSnapshot call, Instant deadline, Instant now) {
    return !now.isBefore(deadline.plus(call.facts().limits().ringGrace()));
  }

  /**
   * Whether a call goes on and the user has a part in it. Whoever left hears no more (I13), and a
   * call kept from the user's devices is not shown to them either (R18).
   */
  private static boolean isShownTo(UserId user, CallSnapshot call) {
    return !call.isEnded()
        && call.roster()
            .find(user)
            .map(
                p ->
                    switch (p.leg()) {
                      case Leg.Invited _, Leg.Ringing _, Leg.Joined _ -> true;
                      case Leg.Suppressed _, Leg.Closed _, Leg.Barred _ -> false;
                    })
            .orElse(false);
  }

  /** The call as a stored journal leaves it, if there is one. */
  public static Optional<CallSnapshot> current(List<StoredEvent> journal) {
    return Call.replay(journal) instanceof CallState.Known known
        ? Optional.of(CallSnapshot.of(known))
        : Optional.empty();
  }
}
