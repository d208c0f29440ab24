package io.carillon.http.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScaleTest {
  @ParameterizedTest
  @ValueSource(doubles = {0, 0.0004, 0.3, 1, 1.01, 7, 99, 100, 3519, 1e6})
  void everyValueFitsUnderTheTopOfItsAxis(double largest) {
    Scale.Linear scale = Scale.Linear.upTo(largest);
    assertThat(scale.position(largest)).isBetween(0.0, 1.0);
    assertThat(scale.position(0)).isZero();
    assertThat(scale.ticks()).hasSizeBetween(3, 6);
    assertThat(scale.ticks().getLast().value()).isLessThanOrEqualTo(scale.max() * 1.000001);
  }

  @Test
  void powersCoverBothEnds() {
    Scale.Powers scale = Scale.Powers.around(0.15, 3519);
    assertThat(scale.position(0.1)).isZero();
    assertThat(scale.position(10_000)).isEqualTo(1);
    assertThat(scale.ticks())
        .extracting(Scale.Tick::label)
        .containsExactly("0.1", "1", "10", "100", "1,000", "10,000");
  }

  @ParameterizedTest
  @CsvSource({"0,0", "90,0.25", "99,0.5", "99.9,0.75", "99.99,1", "100,1"})
  void eachFurtherNineTakesAsMuchRoom(double percentile, double position) {
    assertThat(new Scale.Nines(4).position(percentile))
        .isCloseTo(position, org.assertj.core.data.Offset.offset(1e-6));
  }
}
