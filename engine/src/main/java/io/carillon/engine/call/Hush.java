package io.carillon.engine.call;

import io.carillon.engine.identity.DeviceId;
import java.util.Set;

/**
 * The devices of a called user that keep quiet while others may ring.
 *
 * @param withheld were told and said that they do not ring (R8); they still hear of the end
 * @param ignored rang and were silenced by hand (R9); they have heard their end
 */
public record Hush(Set<DeviceId> withheld, Set<DeviceId> ignored) {
  /** Nobody keeps quiet. */
  public static final Hush NONE = new Hush(Set.of(), Set.of());

  public Hush {
    withheld = Set.copyOf(withheld);
    ignored = Set.copyOf(ignored);
  }

  /** With one more device that does not ring. */
  Hush withhold(DeviceId device) {
    return new Hush(Leg.plus(withheld, device), ignored);
  }

  /** With one more device that was silenced. */
  Hush ignore(DeviceId device) {
    return new Hush(withheld, Leg.plus(ignored, device));
  }
}
