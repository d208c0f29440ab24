package io.carillon.engine.call;

import java.util.EnumSet;

/** What a participant may do beyond taking part (R34): capabilities are data of the role. */
public enum ParticipantRole {
  HOST(EnumSet.allOf(Capability.class)),
  COHOST(EnumSet.allOf(Capability.class)),
  PARTICIPANT(EnumSet.of(Capability.ADD, Capability.RING)),
  LISTENER(EnumSet.noneOf(Capability.class));

  /** One thing a role may allow. */
  public enum Capability {
    END_FOR_ALL,
    KICK,
    BLOCK,
    MUTE_OTHERS,
    ADD,
    RING,
    EXTEND,
    ASSIGN_ROLE
  }

  private final long capabilities;

  ParticipantRole(EnumSet<Capability> capabilities) {
    long bits = 0;
    for (Capability capability : capabilities) {
      bits |= 1L << capability.ordinal();
    }
    this.capabilities = bits;
  }

  /** Says whether this role allows the thing. */
  public boolean may(Capability capability) {
    return (capabilities >> capability.ordinal() & 1) == 1;
  }
}
