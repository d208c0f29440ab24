package io.carillon.engine.call;

import io.carillon.engine.identity.DeviceId;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/** How far one participant's part in a call has come (R2). */
public sealed interface Leg {
  /** Called, no device has acknowledged; {@code deadline} is the setup deadline (R24). */
  record Invited(Instant since, Instant deadline, Hush hush) implements Leg {}

  /** Called but kept from the user's devices: do-not-disturb or a block (R18). */
  record Suppressed(Instant since, Instant deadline, Line line) implements Leg {}

  /**
   * At least one device rings.
   *
   * @param invitedAt when the user was called
   * @param since when the first device acknowledged
   * @param deadline the advertised end of the ring (R5)
   * @param devices which have acknowledged
   * @param hush which keep quiet
   */
  record Ringing(
      Instant invitedAt, Instant since, Instant deadline, Set<DeviceId> devices, Hush hush)
      implements Leg {
    public Ringing {
      devices = Set.copyOf(devices);
    }
  }

  /** In the call, with one device (J2). The caller is so from the start. */
  record Joined(DeviceId device, Instant since, Link link) implements Leg {}

  /** Over; {@code was}: whether the user had been in the call. May be joined again (R37). */
  record Closed(Instant at, EndReason reason, boolean was) implements Leg {}

  /** Put out for good (R37). */
  record Barred(Instant at) implements Leg {}

  /** The set with one more device. */
  static Set<DeviceId> plus(Set<DeviceId> devices, DeviceId device) {
    Set<DeviceId> next = new HashSet<>(devices);
    next.add(device);
    return Set.copyOf(next);
  }

  /** The devices that were silenced by hand while the user was called (R9). */
  default Set<DeviceId> ignored() {
    return switch (this) {
      case Invited l -> l.hush().ignored();
      case Ringing l -> l.hush().ignored();
      case Suppressed _, Joined _, Closed _, Barred _ -> Set.of();
    };
  }

  /** Whether the user is being called: an accept would be the first answer. */
  default boolean isOpen() {
    return this instanceof Invited || this instanceof Ringing || this instanceof Suppressed;
  }
}
