package io.carillon.persistence.replay;

import io.carillon.engine.call.Actor;
import io.carillon.engine.call.CallEvent;
import io.carillon.engine.identity.Endpoint;
import java.util.LinkedHashSet;
import java.util.Set;

/** Which devices an event knows of. */
final class Devices {
  private Devices() {}

  /** The devices an event names, the one that caused it first. */
  static Set<Endpoint> namedBy(CallEvent event) {
    Set<Endpoint> devices = new LinkedHashSet<>();
    if (event.header().actor() instanceof Actor.Device(Endpoint by)) {
      devices.add(by);
    }
    switch (event) {
      case CallEvent.Initiated e -> devices.add(e.facts().caller());
      case CallEvent.RingStarted e -> devices.add(e.by());
      case CallEvent.RingWithheld e -> devices.add(e.by());
      case CallEvent.RingIgnored e -> devices.add(e.by());
      case CallEvent.Accepted e -> devices.add(e.by());
      case CallEvent.LateAccepted e -> devices.add(e.by());
      case CallEvent.ConnectionLost e -> devices.add(e.device());
      case CallEvent.ConnectionRegained e -> devices.add(e.device());
      case CallEvent.HandedOff e -> {
        devices.add(new Endpoint(e.user(), e.from()));
        devices.add(new Endpoint(e.user(), e.to()));
      }
      case CallEvent.Connected _,
          CallEvent.StatusChanged _,
          CallEvent.Invited _,
          CallEvent.LegClosed _,
          CallEvent.Left _,
          CallEvent.RoleChanged _,
          CallEvent.ModeChanged _,
          CallEvent.Extended _,
          CallEvent.Expiring _,
          CallEvent.Ended _ -> {
        // They name users, or nobody.
      }
    }
    return devices;
  }
}
