package io.carillon.engine.call;

import java.time.Duration;

/**
 * The times and sizes that bound one call, fixed when it is placed so that a replay decides as life
 * did (R5, R19, R23, R25, R36).
 *
 * @param setupTimeout from creation to the first device that acknowledges
 * @param ringTimeout from a leg's first ringing device to its end
 * @param ringCap from a leg's invitation to the end of its ring, whatever happens in between
 * @param ringGrace how long after an advertised ring deadline an accept still wins
 * @param minRing a ring shorter than this is not begun
 * @param callerRingGrace how long a ring outlives its caller's lost connection
 * @param reconnectGrace how long a participant in an accepted call may be gone
 * @param connectTimeout from accept to media, where media reports are required; zero: never
 * @param maxDuration from accept to the forced end; zero: never
 * @param emptyTimeout a group call nobody has joined
 * @param departureTimeout a group call everybody has left
 * @param ringSize how many users may be rung at once
 */
public record CallLimits(
    Duration setupTimeout,
    Duration ringTimeout,
    Duration ringCap,
    Duration ringGrace,
    Duration minRing,
    Duration callerRingGrace,
    Duration reconnectGrace,
    Duration connectTimeout,
    Duration maxDuration,
    Duration emptyTimeout,
    Duration departureTimeout,
    int ringSize) {

  /** The shipped defaults (seconds: 120, 30, 120, 2, 3, 10, 30, 0, 3600, 300, 20; 8 users). */
  public static final CallLimits STANDARD =
      new CallLimits(
          Duration.ofSeconds(120),
          Duration.ofSeconds(30),
          Duration.ofSeconds(120),
          Duration.ofSeconds(2),
          Duration.ofSeconds(3),
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ZERO,
          Duration.ofSeconds(3600),
          Duration.ofSeconds(300),
          Duration.ofSeconds(20),
          8);
}
