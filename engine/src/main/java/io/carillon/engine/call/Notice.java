package io.carillon.engine.call;

import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.UserId;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * One thing one user's devices are told about a stored event.
 *
 * @param to whose devices
 * @param audience which of them
 * @param type the wire's {@code event_type}
 * @param stop why a ring stopped, with {@link Type#RING_STOPPED} only
 * @param remaining time left, with {@link Type#CALL_EXPIRING} only
 */
public record Notice(
    UserId to,
    Audience audience,
    Type type,
    Optional<StopReason> stop,
    Optional<Duration> remaining) {

  /** The words of the wire, see the protocol's event table. */
  public enum Type {
    CALL_STARTED,
    PARTICIPANT_RINGING,
    CALL_ACCEPTED,
    RING_STOPPED,
    CALL_REJECTED,
    CALL_ENDED,
    CALL_STATUS_UPDATE,
    PARTICIPANT_JOINED,
    PARTICIPANT_LEFT,
    PARTICIPANT_DECLINED,
    PARTICIPANT_RECONNECTING,
    PARTICIPANT_INVITED,
    PARTICIPANT_ROLE_CHANGED,
    CALL_MODE_CHANGED,
    CALL_EXTENDED,
    CALL_EXPIRING
  }

  /** Which of a user's devices. */
  public sealed interface Audience {
    /** Whether a device is among them. */
    default boolean includes(DeviceId device) {
      return switch (this) {
        case All _ -> true;
        case Only(DeviceId only) -> only.equals(device);
        case AllBut(Set<DeviceId> but) -> !but.contains(device);
      };
    }
  }

  /** Every device. */
  public record All() implements Audience {}

  /** This device alone. */
  public record Only(DeviceId device) implements Audience {}

  /** Every device but these. */
  public record AllBut(Set<DeviceId> devices) implements Audience {
    public AllBut {
      devices = Set.copyOf(devices);
    }
  }

  /** A notice with nothing but its type. */
  public static Notice of(UserId to, Audience audience, Type type) {
    return new Notice(to, audience, type, Optional.empty(), Optional.empty());
  }

  static Notice stop(UserId to, Audience audience, StopReason reason) {
    return new Notice(to, audience, Type.RING_STOPPED, Optional.of(reason), Optional.empty());
  }
}
