package io.carillon.http.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MixTest {
  @Test
  void weightsAreReadAndShownAgain() {
    assertThat(Mix.parse("missed=1, answered=70,declined=10,cancelled=0"))
        .hasToString("answered=70,declined=10,missed=1");
  }

  @Test
  void outcomesAreDrawnAsOftenAsTheirWeightsSay() {
    Mix mix = Mix.parse("answered=3,cancelled=1");
    SplittableRandom random = new SplittableRandom(42);
    Map<Outcome, Integer> drawn = new EnumMap<>(Outcome.class);
    for (int i = 0; i < 10_000; i++) {
      drawn.merge(mix.draw(random), 1, Integer::sum);
    }
    assertThat(drawn).containsOnlyKeys(Outcome.ANSWERED, Outcome.CANCELLED);
    assertThat(drawn.get(Outcome.CANCELLED)).isBetween(2_300, 2_700);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "answered", "answered=", "answered=x", "answered=-1", "lost=1", "answered=0"})
  void whatMakesNoMixIsRefused(String text) {
    assertThatThrownBy(() -> Mix.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
