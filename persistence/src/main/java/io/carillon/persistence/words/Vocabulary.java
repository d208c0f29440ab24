package io.carillon.persistence.words;

import io.carillon.engine.call.CallMode;
import io.carillon.engine.call.CallType;
import io.carillon.engine.call.EndReason;
import io.carillon.engine.call.Line;
import io.carillon.engine.call.MediaPlane;
import io.carillon.engine.call.MediaStatus;
import io.carillon.engine.call.ParticipantRole;
import io.carillon.engine.call.RingStyle;

/** The words that journal and tables share. */
public final class Vocabulary {
  /** {@code direct}, {@code hunt}, {@code conference}. */
  public static final Words<CallMode> MODES = Words.of(CallMode.class);

  /** {@code audio}, {@code video}. */
  public static final Words<CallType> TYPES = Words.of(CallType.class);

  /** {@code ring}, {@code notify}, {@code silent}. */
  public static final Words<RingStyle> RINGS = Words.of(RingStyle.class);

  /** {@code p2p}, {@code jitsi}. */
  public static final Words<MediaPlane> MEDIA_PLANES = Words.of(MediaPlane.class);

  /** {@code free}, {@code busy}, {@code do_not_disturb}, {@code blocked}. */
  public static final Words<Line> LINES = Words.of(Line.class);

  /** The words of R29. */
  public static final Words<EndReason> REASONS = Words.of(EndReason.class);

  /** {@code host}, {@code cohost}, {@code participant}, {@code listener}. */
  public static final Words<ParticipantRole> ROLES = Words.of(ParticipantRole.class);

  /** The eight words of a call's state. */
  public static final Words<CallStateWord> STATES = Words.of(CallStateWord.class);

  /** {@code connected}, {@code on_hold}, {@code muted} and so on. */
  public static final Words<MediaStatus> STATUSES = Words.of(MediaStatus.class);

  private Vocabulary() {}
}
