package io.carillon.persistence.replay;

import io.carillon.engine.call.Call;
import io.carillon.engine.call.CallEvent;
import io.carillon.engine.call.CallMode;
import io.carillon.engine.call.CallState;
import io.carillon.engine.call.Notice;
import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.Endpoint;
import io.carillon.engine.identity.UserId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * It stops ringing (J3): every device that was told of a call hears its end, once.
 *
 * <p>For a direct call that is a strict alternation, for each device: told, told of the end, and
 * never the end alone. In a group a device may hear of others' ends as well, so there only silence
 * is looked for: a device that rang and never heard anything that ends a ring.
 */
final class StopChecks {
  /** Stands for all devices that no event names: they are told alike. */
  static final DeviceId UNNAMED = new DeviceId("(any other)");

  private StopChecks() {}

  static List<Finding> of(String call, List<Call.Step> steps) {
    boolean direct =
        steps.getFirst().after().facts().mode() == CallMode.DIRECT
            && steps.stream().noneMatch(s -> s.stored().event() instanceof CallEvent.ModeChanged);
    return direct ? direct(call, steps) : group(call, steps);
  }

  private static List<Finding> direct(String call, List<Call.Step> steps) {
    List<Finding> findings = new ArrayList<>();
    Map<Endpoint, Boolean> told = new LinkedHashMap<>();
    for (Endpoint device : devices(steps)) {
      told.put(device, device.equals(steps.getFirst().after().facts().caller()));
    }
    for (Call.Step step : steps) {
      for (Notice notice : step.notices()) {
        for (Map.Entry<Endpoint, Boolean> device : told.entrySet()) {
          if (!hears(notice, device.getKey())) {
            continue;
          }
          if (endsForItsHearer(notice) && !device.getValue()) {
            findings.add(
                new Finding(
                    "J3",
                    call,
                    step.stored().seq(),
                    shown(device.getKey()) + " hears an end, but was not told or had heard it"));
          }
          device.setValue(!endsForItsHearer(notice));
        }
      }
    }
    if (steps.getLast().after() instanceof CallState.Ended) {
      told.forEach(
          (device, open) -> {
            if (open) {
              findings.add(
                  new Finding("J3", call, 0, shown(device) + " was told and never heard the end"));
            }
          });
    }
    return findings;
  }

  private static List<Finding> group(String call, List<Call.Step> steps) {
    Map<Endpoint, Long> ringing = new LinkedHashMap<>();
    for (Call.Step step : steps) {
      if (step.stored().event() instanceof CallEvent.RingStarted e) {
        ringing.put(e.by(), step.stored().seq());
      }
      for (Notice notice : step.notices()) {
        ringing.keySet().removeIf(device -> hears(notice, device) && silences(notice));
      }
    }
    List<Finding> findings = new ArrayList<>();
    if (steps.getLast().after() instanceof CallState.Ended) {
      ringing.forEach(
          (device, seq) ->
              findings.add(
                  new Finding("J3", call, seq, shown(device) + " rang and never heard the end")));
    }
    return findings;
  }

  private static boolean hears(Notice notice, Endpoint device) {
    return notice.to().equals(device.user()) && notice.audience().includes(device.device());
  }

  private static boolean endsForItsHearer(Notice notice) {
    return switch (notice.type()) {
      case RING_STOPPED, CALL_REJECTED, CALL_ENDED -> true;
      case CALL_STARTED,
          PARTICIPANT_RINGING,
          CALL_ACCEPTED,
          CALL_STATUS_UPDATE,
          PARTICIPANT_JOINED,
          PARTICIPANT_LEFT,
          PARTICIPANT_DECLINED,
          PARTICIPANT_RECONNECTING,
          PARTICIPANT_INVITED,
          PARTICIPANT_ROLE_CHANGED,
          CALL_MODE_CHANGED,
          CALL_EXTENDED,
          CALL_EXPIRING ->
          false;
    };
  }

  private static boolean silences(Notice notice) {
    return endsForItsHearer(notice)
        || notice.type() == Notice.Type.CALL_ACCEPTED
        || notice.type() == Notice.Type.PARTICIPANT_DECLINED
        || notice.type() == Notice.Type.PARTICIPANT_LEFT;
  }

  /** Every device that an event names, and for each user one that stands for all others. */
  static Set<Endpoint> devices(List<Call.Step> steps) {
    Set<Endpoint> devices = new LinkedHashSet<>();
    Set<UserId> users = new LinkedHashSet<>();
    for (Call.Step step : steps) {
      Devices.namedBy(step.stored().event()).forEach(devices::add);
      step.after().roster().stream().forEach(p -> users.add(p.user()));
    }
    users.forEach(user -> devices.add(new Endpoint(user, UNNAMED)));
    devices.removeIf(d -> d.device().equals(DeviceId.REST));
    return devices;
  }

  private static String shown(Endpoint device) {
    return device.user() + "/" + device.device();
  }
}
