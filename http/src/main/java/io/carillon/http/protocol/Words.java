package io.carillon.http.protocol;

import io.carillon.engine.call.CallCommand.Decline.DeclineReason;
import io.carillon.engine.call.CallCommand.Decline.Scope;
import io.carillon.engine.call.CallMode;
import io.carillon.engine.call.CallSnapshot;
import io.carillon.engine.call.CallType;
import io.carillon.engine.call.EndReason;
import io.carillon.engine.call.MediaPlane;
import io.carillon.engine.call.MediaStatus;
import io.carillon.engine.call.Notice;
import io.carillon.engine.call.ParticipantRole;
import io.carillon.engine.call.RingStyle;
import io.carillon.engine.call.StopReason;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The words of one list of the protocol: an enum's names in lower case, and, for reading, the
 * aliases the contract gives them.
 *
 * @param <E> what the words mean
 */
public final class Words<E extends Enum<E>> {
  public static final Words<CallType> CALL_TYPE = of(CallType.class).alias("voice", CallType.AUDIO);
  public static final Words<CallMode> MODE = of(CallMode.class);
  public static final Words<RingStyle> RING = of(RingStyle.class);
  public static final Words<MediaPlane> MEDIA_PLANE = of(MediaPlane.class);
  public static final Words<MediaStatus> STATUS = of(MediaStatus.class);
  public static final Words<EndReason> REASON = of(EndReason.class);
  public static final Words<StopReason> STOP_REASON = of(StopReason.class);
  public static final Words<Notice.Type> EVENT_TYPE = of(Notice.Type.class);
  public static final Words<ParticipantRole> ROLE = of(ParticipantRole.class);
  public static final Words<ClientFrame.ExistingCalls> EXISTING_CALLS =
      of(ClientFrame.ExistingCalls.class);
  public static final Words<DeclineReason> DECLINE_REASON = of(DeclineReason.class);
  public static final Words<Scope> DECLINE_SCOPE = of(Scope.class);
  public static final Words<EndReason.Outcome> OUTCOME = of(EndReason.Outcome.class);
  public static final Words<CallSnapshot.Phase> PHASE = of(CallSnapshot.Phase.class);

  private final EnumMap<E, String> words;
  private final Map<String, E> values = new LinkedHashMap<>();

  private Words(Class<E> type) {
    words = new EnumMap<>(type);
    for (E constant : type.getEnumConstants()) {
      String word = constant.name().toLowerCase(Locale.ROOT);
      words.put(constant, word);
      values.put(word, constant);
    }
  }

  private static <E extends Enum<E>> Words<E> of(Class<E> type) {
    return new Words<>(type);
  }

  private Words<E> alias(String word, E value) {
    values.put(word, value);
    return this;
  }

  /** The word for a value. */
  public String word(E value) {
    return words.getOrDefault(value, "");
  }

  /** What a word means; empty for a word that is not on the list. */
  public Optional<E> find(String word) {
    return Optional.ofNullable(values.get(word));
  }

  /** Every word that can be read, in the order of the contract. */
  public List<String> all() {
    return List.copyOf(values.keySet());
  }

  /** The call's public state: one of the eight words, from its phase and how it ended. */
  public static String state(CallSnapshot call) {
    return call.ending()
        .map(ending -> OUTCOME.word(ending.reason().outcome()))
        .orElseGet(() -> PHASE.word(call.phase()));
  }
}
