package io.carillon.persistence.words;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carillon.engine.call.CallMode;
import io.carillon.engine.call.CallType;
import io.carillon.engine.call.EndReason;
import io.carillon.engine.call.Line;
import io.carillon.engine.call.MediaPlane;
import io.carillon.engine.call.MediaStatus;
import io.carillon.engine.call.ParticipantRole;
import io.carillon.engine.call.RingStyle;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Words that are in journals: they may grow in number, never change. */
class VocabularyTest {
  @Test
  void storedWordsAreWhatTheyWere() {
    holds(Vocabulary.MODES, CallMode.values(), "direct hunt conference");
    holds(Vocabulary.TYPES, CallType.values(), "audio video");
    holds(Vocabulary.RINGS, RingStyle.values(), "ring notify silent");
    holds(Vocabulary.MEDIA_PLANES, MediaPlane.values(), "p2p jitsi");
    holds(Vocabulary.LINES, Line.values(), "free busy do_not_disturb blocked");
    holds(Vocabulary.ROLES, ParticipantRole.values(), "host cohost participant listener");
    holds(
        Vocabulary.STATUSES,
        MediaStatus.values(),
        "connected on_hold muted video_disabled screen_sharing");
    holds(
        Vocabulary.STATES,
        CallStateWord.values(),
        "calling ringing accepted rejected cancelled missed timeout ended");
    holds(
        Vocabulary.REASONS,
        EndReason.values(),
        "hangup cancelled caller_lost declined busy unavailable no_answer unreachable glare_merged"
            + " replaced ice_failed media_timeout media_failed max_duration connection_lost"
            + " admin_ended ended_by_host removed transferred picked_up empty server_shutdown"
            + " server_error");
  }

  @Test
  void anUnknownWordIsRefused() {
    assertThatThrownBy(() -> Vocabulary.MODES.constant("Direct"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Direct");
  }

  private static <E extends Enum<E>> void holds(Words<E> words, E[] constants, String expected) {
    List<String> actual = Arrays.stream(constants).map(words::word).toList();
    assertThat(actual).containsExactly(expected.split(" ", -1));
    assertThat(actual.stream().map(words::constant)).containsExactly(constants);
  }
}
