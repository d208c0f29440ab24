package io.carillon.engine.call;

import java.time.Duration;

/** Limits that differ from the shipped ones in what a test is about. */
final class Limits {
  private Limits() {}

  /** The shipped limits, to be changed. */
  static Changed standard() {
    return new Changed(CallLimits.STANDARD);
  }

  /** Limits and what may be changed in them. */
  record Changed(CallLimits limits) {
    CallLimits withRingSize(int ringSize) {
      return with(
          limits.setupTimeout(),
          limits.ringCap(),
          limits.callerRingGrace(),
          limits.reconnectGrace(),
          limits.connectTimeout(),
          limits.maxDuration(),
          ringSize);
    }

    CallLimits withRingCap(Duration ringCap) {
      return with(
          limits.setupTimeout(),
          ringCap,
          limits.callerRingGrace(),
          limits.reconnectGrace(),
          limits.connectTimeout(),
          limits.maxDuration(),
          limits.ringSize());
    }

    CallLimits withGraces(Duration callerRingGrace, Duration reconnectGrace) {
      return with(
          limits.setupTimeout(),
          limits.ringCap(),
          callerRingGrace,
          reconnectGrace,
          limits.connectTimeout(),
          limits.maxDuration(),
          limits.ringSize());
    }

    CallLimits withConnectTimeout(Duration connectTimeout) {
      return with(
          limits.setupTimeout(),
          limits.ringCap(),
          limits.callerRingGrace(),
          limits.reconnectGrace(),
          connectTimeout,
          limits.maxDuration(),
          limits.ringSize());
    }

    CallLimits withMaxDuration(Duration maxDuration) {
      return with(
          limits.setupTimeout(),
          limits.ringCap(),
          limits.callerRingGrace(),
          limits.reconnectGrace(),
          limits.connectTimeout(),
          maxDuration,
          limits.ringSize());
    }

    private CallLimits with(
        Duration setupTimeout,
        Duration ringCap,
        Duration callerRingGrace,
        Duration reconnectGrace,
        Duration connectTimeout,
        Duration maxDuration,
        int ringSize) {
      return new CallLimits(
          setupTimeout,
          limits.ringTimeout(),
          ringCap,
          limits.ringGrace(),
          limits.minRing(),
          callerRingGrace,
          reconnectGrace,
          connectTimeout,
          maxDuration,
          limits.emptyTimeout(),
          limits.departureTimeout(),
          ringSize);
    }
  }
}
