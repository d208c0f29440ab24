package io.carillon.engine.session;

import io.carillon.engine.call.Call;
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
   * @param now a ring that is over by then is told as its outcome only, never as a ring
   */
  public static CatchUp of(
      UserId user,
      DeviceId device,
      List<List<StoredEvent>> journals,
      Progress told,
      boolean resumes,
      Instant now) {
    List<Missed> missed = new ArrayList<>();
    List<CallSnapshot> latest = new ArrayList<>();
    for (List<StoredEvent> journal : journals) {
      List<Call.Step> steps = Call.replaySteps(journal);
      if (steps.isEmpty()) {
        continue;
      }
      CallSnapshot current = CallSnapshot.of(steps.getLast().after());
      if (isHiddenFrom(user, current)) {
        continue;
      }
      latest.add(current);
      boolean rings = ringsFor(user, current, now);
      for (Call.Step step : steps) {
        notice(user, device, step)
            .filter(n -> n.type() != Notice.Type.CALL_STARTED || rings || isCaller(user, current))
            .filter(n -> resumes || (n.type() == Notice.Type.CALL_STARTED && rings))
            .filter(n -> !told.has(current.facts().key().call(), step.stored().seq()))
            .ifPresent(n -> missed.add(new Missed(news(step), n)));
      }
    }
    // Stable, so the events of one call keep their order even if they share a millisecond.
    missed.sort(Comparator.comparing(m -> m.news().call().at()));
    List<CallSnapshot> open =
        latest.stream()
            .filter(c -> !c.isEnded())
            .sorted(Comparator.comparing(c -> c.facts().createdAt()))
            .toList();
    return new CatchUp(missed, open, latest);
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

  private static boolean isCaller(UserId user, CallSnapshot call) {
    return call.facts().caller().user().equals(user) && !call.isEnded();
  }

  private static boolean ringsFor(UserId user, CallSnapshot call, Instant now) {
    return !call.isEnded()
        && call.roster()
            .find(user)
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

  /** A call kept from the user's devices is not shown to them either (R18). */
  public static boolean isHiddenFrom(UserId user, CallSnapshot call) {
    return call.roster().find(user).map(p -> p.leg() instanceof Leg.Suppressed).orElse(true);
  }

  /** The call as a stored journal leaves it, if there is one. */
  public static Optional<CallSnapshot> current(List<StoredEvent> journal) {
    return Call.replay(journal) instanceof CallState.Known known
        ? Optional.of(CallSnapshot.of(known))
        : Optional.empty();
  }
}
