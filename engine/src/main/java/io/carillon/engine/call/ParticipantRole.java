package io.carillon.engine.call;

/** What a participant may do beyond taking part: capabilities are data of the role (R34). */
public enum ParticipantRole {
  HOST,
  COHOST,
  PARTICIPANT,
  LISTENER;

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

  /** Says whether this role allows the thing. */
  public boolean may(Capability capability) {
    return switch (this) {
      case HOST, COHOST -> true;
      case PARTICIPANT -> capability == Capability.ADD || capability == Capability.RING;
      case LISTENER -> false;
    };
  }
}
