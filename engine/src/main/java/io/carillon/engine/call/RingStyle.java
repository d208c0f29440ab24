package io.carillon.engine.call;

/** How the invited are told of a call (R39). */
public enum RingStyle {
  /** Devices ring, and ring timers run. */
  RING,
  /** Devices are told without a tone and without a ring timer. */
  NOTIFY,
  /** Nobody is told; who knows the call's id may join. */
  SILENT
}
