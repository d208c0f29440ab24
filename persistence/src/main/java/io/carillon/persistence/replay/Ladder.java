package io.carillon.persistence.replay;

import io.carillon.engine.call.Actor;
import io.carillon.engine.call.Call;
import io.carillon.engine.call.CallSnapshot;
import io.carillon.engine.call.Notice;
import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.Endpoint;
import io.carillon.engine.identity.UserId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who told what to whom: a call as a ladder of its events, one lane for each device and one for the
 * call itself. It is drawn from the journal by the fan-out rule, so it shows what each device was
 * told, or would have been had it been connected. Pure.
 *
 * @param call the call after the last event
 * @param lanes the caller's devices, the call, the others' devices
 * @param rungs one for each event, in order
 */
public record Ladder(CallSnapshot call, List<Lane> lanes, List<Rung> rungs) {

  /** A vertical line of the drawing. */
  public sealed interface Lane {
    /** What stands above it: the user, or "call". */
    String head();

    /** What stands below that: the device. */
    String foot();
  }

  /** A device that an event names. */
  public record DeviceLane(Endpoint device) implements Lane {
    @Override
    public String head() {
      return device.user().value();
    }

    @Override
    public String foot() {
      return device.device().equals(DeviceId.REST) ? "(by REST)" : device.device().value();
    }
  }

  /** All devices of a user that no event names; they are told alike. */
  public record OtherDevices(UserId user) implements Lane {
    @Override
    public String head() {
      return user.value();
    }

    @Override
    public String foot() {
      return "other devices";
    }
  }

  /** The call itself, the one writer of its journal. */
  public record TheCall() implements Lane {
    @Override
    public String head() {
      return "call";
    }

    @Override
    public String foot() {
      return "";
    }
  }

  /** One device is told something. */
  public record Told(Lane to, String what) {}

  /**
   * One event.
   *
   * @param seq its number
   * @param at when
   * @param name its stored name without version
   * @param detail what the name does not say
   * @param from the device that caused it; empty: the call itself, or somebody without a device
   * @param by who caused it
   * @param told who hears of it
   */
  public record Rung(
      long seq,
      Instant at,
      String name,
      String detail,
      Optional<Lane> from,
      String by,
      List<Told> told) {}

  /** Draws a call of at least one step. */
  public static Ladder of(List<Call.Step> steps) {
    CallSnapshot call = CallSnapshot.of(steps.getLast().after());
    Set<Endpoint> named = new LinkedHashSet<>();
    steps.forEach(step -> named.addAll(Devices.namedBy(step.stored().event())));
    Set<UserId> others = new LinkedHashSet<>();
    List<Rung> rungs = new ArrayList<>();
    for (Call.Step step : steps) {
      rungs.add(rung(step, named, others));
    }
    return new Ladder(call, lanes(call, named, others), List.copyOf(rungs));
  }

  private static Rung rung(Call.Step step, Set<Endpoint> named, Set<UserId> others) {
    List<Told> told = new ArrayList<>();
    for (Notice notice : step.notices()) {
      String what = EventWords.notice(notice);
      for (Endpoint device : named) {
        if (device.user().equals(notice.to())
            && !device.device().equals(DeviceId.REST)
            && notice.audience().includes(device.device())) {
          told.add(new Told(new DeviceLane(device), what));
        }
      }
      if (notice.audience().includes(StopChecks.UNNAMED)) {
        others.add(notice.to());
        told.add(new Told(new OtherDevices(notice.to()), what));
      }
    }
    var event = step.stored().event();
    Actor actor = event.header().actor();
    return new Rung(
        step.stored().seq(),
        event.header().at(),
        EventWords.name(event),
        EventWords.detail(event),
        actor instanceof Actor.Device(Endpoint by)
            ? Optional.of(new DeviceLane(by))
            : Optional.empty(),
        EventWords.actor(actor),
        List.copyOf(told));
  }

  private static List<Lane> lanes(CallSnapshot call, Set<Endpoint> named, Set<UserId> others) {
    List<Lane> lanes = new ArrayList<>();
    UserId caller = call.facts().caller().user();
    // The caller's own device stands next to the call.
    if (others.contains(caller)) {
      lanes.add(new OtherDevices(caller));
    }
    named.stream()
        .filter(d -> d.user().equals(caller) && !d.equals(call.facts().caller()))
        .forEach(d -> lanes.add(new DeviceLane(d)));
    lanes.add(new DeviceLane(call.facts().caller()));
    lanes.add(new TheCall());
    Set<UserId> users = new LinkedHashSet<>();
    call.roster().stream().forEach(p -> users.add(p.user()));
    named.forEach(d -> users.add(d.user()));
    users.remove(caller);
    for (UserId user : users) {
      named.stream().filter(d -> d.user().equals(user)).forEach(d -> lanes.add(new DeviceLane(d)));
      if (others.contains(user)) {
        lanes.add(new OtherDevices(user));
      }
    }
    return List.copyOf(lanes);
  }
}
