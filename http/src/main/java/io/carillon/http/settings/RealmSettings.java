package io.carillon.http.settings;

import com.typesafe.config.Config;
import io.carillon.engine.call.CallLimits;
import io.carillon.engine.call.CallType;
import io.carillon.engine.call.MediaPlane;
import io.carillon.http.protocol.ClientFrame.Timeouts;
import java.time.Duration;
import java.util.Optional;

/**
 * How calls are in one realm: {@code carillon.calls}, with {@code carillon.realms.<id>} over it.
 *
 * @param limits the times of a call that asks for none
 * @param ring what a caller may choose for the ring timeout
 * @param setup what a caller may choose for the setup timeout
 * @param duration what a caller may choose for the maximum duration
 * @param audio whether audio calls are allowed
 * @param video whether video calls are allowed
 * @param plane where the media run unless the caller says
 * @param integerIds whether user ids go out as JSON numbers
 * @param requireKnownCallee whether an unknown callee is refused
 * @param refuseBusy whether a call to a busy user is refused instead of stored as rejected
 * @param jitsi the rooms
 * @param ice the STUN and TURN servers
 */
public record RealmSettings(
    CallLimits limits,
    Range ring,
    Range setup,
    Range duration,
    boolean audio,
    boolean video,
    MediaPlane plane,
    boolean integerIds,
    boolean requireKnownCallee,
    boolean refuseBusy,
    JitsiSettings jitsi,
    IceSettings ice) {

  /** What may be chosen, both ends included. */
  public record Range(Duration min, Duration max) {
    /** Whether the value may be chosen. */
    public boolean admits(Duration value) {
      return value.compareTo(min) >= 0 && value.compareTo(max) <= 0;
    }

    @Override
    public String toString() {
      return min.toMillis() + " to " + max.toMillis();
    }

    private static Range from(Config config, String key) {
      Range range = new Range(config.getDuration(key + ".min"), config.getDuration(key + ".max"));
      Checks.require(
          range.min().compareTo(range.max()) <= 0, "calls." + key, "must have min below max");
      return range;
    }
  }

  /**
   * Reads a realm's settings from {@code carillon.calls}, already overridden for the realm.
   *
   * @throws IllegalArgumentException naming the key of a value that cannot be
   */
  public static RealmSettings from(Config config) {
    CallLimits limits =
        new CallLimits(
            config.getDuration("setup-timeout"),
            config.getDuration("ring-timeout"),
            config.getDuration("ring-cap"),
            config.getDuration("ring-grace"),
            config.getDuration("min-ring"),
            config.getDuration("caller-ring-grace"),
            config.getDuration("reconnect-grace"),
            config.getDuration("connect-timeout"),
            config.getDuration("max-duration"),
            config.getDuration("empty-timeout"),
            config.getDuration("departure-timeout"),
            config.getInt("ring-size"));
    JitsiSettings jitsi = JitsiSettings.from(config.getConfig("jitsi"));
    RealmSettings settings =
        new RealmSettings(
            limits,
            Range.from(config, "ring-timeout-range"),
            Range.from(config, "setup-timeout-range"),
            Range.from(config, "max-duration-range"),
            config.getBoolean("audio-enabled"),
            config.getBoolean("video-enabled"),
            plane(config.getString("media-plane"), jitsi),
            integerIds(config.getString("user-ids")),
            config.getBoolean("require-known-callee"),
            refuseBusy(config.getString("busy")),
            jitsi,
            IceSettings.from(config.getConfig("ice")));
    Checks.require(
        settings.ring().admits(limits.ringTimeout()),
        "calls.ring-timeout",
        "must lie within ring-timeout-range");
    Checks.require(
        settings.setup().admits(limits.setupTimeout()),
        "calls.setup-timeout",
        "must lie within setup-timeout-range");
    Checks.require(limits.ringSize() >= 1, "calls.ring-size", "must be at least 1");
    return settings;
  }

  private static MediaPlane plane(String word, JitsiSettings jitsi) {
    return switch (word) {
      case "auto" -> jitsi.enabled() ? MediaPlane.JITSI : MediaPlane.P2P;
      case "p2p" -> MediaPlane.P2P;
      case "jitsi" -> MediaPlane.JITSI;
      default ->
          throw new IllegalArgumentException(
              "carillon.calls.media-plane must be auto, p2p or jitsi");
    };
  }

  private static boolean integerIds(String word) {
    return switch (word) {
      case "text" -> false;
      case "integer" -> true;
      default ->
          throw new IllegalArgumentException("carillon.calls.user-ids must be text or integer");
    };
  }

  private static boolean refuseBusy(String word) {
    return switch (word) {
      case "record" -> false;
      case "refuse" -> true;
      default -> throw new IllegalArgumentException("carillon.calls.busy must be record or refuse");
    };
  }

  /** Whether calls of this type are allowed. */
  public boolean allows(CallType type) {
    return switch (type) {
      case AUDIO -> audio;
      case VIDEO -> video;
    };
  }

  /** Whether calls may run on this plane. */
  public boolean allows(MediaPlane wanted) {
    return wanted == MediaPlane.P2P || jitsi.enabled();
  }

  /**
   * The first of the chosen times that is out of range, as the pointer to it and what is expected.
   */
  public Optional<OutOfRange> outOfRange(Timeouts chosen) {
    if (chosen.ring().filter(t -> !ring.admits(t)).isPresent()) {
      return Optional.of(new OutOfRange("/timeouts/ring_timeout_ms", ring));
    }
    if (chosen.setup().filter(t -> !setup.admits(t)).isPresent()) {
      return Optional.of(new OutOfRange("/timeouts/setup_timeout_ms", setup));
    }
    // Zero means without an end, which is for the realm to allow, not for the caller to choose.
    if (chosen.maxDuration().filter(t -> !duration.admits(t)).isPresent()) {
      return Optional.of(new OutOfRange("/timeouts/max_duration_ms", duration));
    }
    return Optional.empty();
  }

  /** A chosen time the realm does not allow. */
  public record OutOfRange(String pointer, Range range) {}

  /** The times of a call whose caller chose these; they are within range. */
  public CallLimits limits(Timeouts chosen) {
    Duration ringTimeout = chosen.ring().orElse(limits.ringTimeout());
    return new CallLimits(
        chosen.setup().orElse(limits.setupTimeout()),
        ringTimeout,
        ringTimeout.compareTo(limits.ringCap()) > 0 ? ringTimeout : limits.ringCap(),
        limits.ringGrace(),
        limits.minRing(),
        limits.callerRingGrace(),
        limits.reconnectGrace(),
        limits.connectTimeout(),
        chosen.maxDuration().orElse(limits.maxDuration()),
        limits.emptyTimeout(),
        limits.departureTimeout(),
        limits.ringSize());
  }
}
