package io.carillon.http.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An axis shows every value it is made for, with few marks, and each mark says where it stands. */
class ScaleTest {
  private static final double EXACT = 1e-9;

  private static void assertReadable(Scale scale) {
    List<Scale.Tick> ticks = scale.ticks();
    assertThat(ticks).as("%s", scale).hasSizeBetween(2, 9);
    assertThat(ticks).extracting(Scale.Tick::label).doesNotHaveDuplicates();
    double last = -1;
    for (Scale.Tick tick : ticks) {
      assertThat(tick.label()).as("%s", scale).matches("p?[0-9][0-9,]*(\\.[0-9]*[1-9])?");
      double said = Double.parseDouble(tick.label().replace("p", "").replace(",", ""));
      assertThat(said).as("%s", scale).isCloseTo(tick.value(), within(EXACT + said * 1e-9));
      double position = scale.position(tick.value());
      assertThat(position).as("%s", scale).isBetween(-EXACT, 1 + EXACT).isGreaterThan(last);
      last = position;
    }
  }

  @Test
  void anAxisFromZeroReachesTheLargestValueAndNotMuchFurther() {
    Random random = new Random(3);
    DoubleStream.concat(
            DoubleStream.of(0, 1e-6, 0.001, 0.3, 1, 2, 10, 99.999, 100, 12345.6),
            DoubleStream.generate(() -> Math.pow(10, random.nextDouble() * 12 - 3)).limit(2000))
        .forEach(
            largest -> {
              Scale.Linear scale = Scale.Linear.upTo(largest);
              assertReadable(scale);
              assertThat(scale.position(0)).isZero();
              assertThat(scale.position(largest)).isLessThanOrEqualTo(1 + EXACT);
              if (largest > 0.004) {
                assertThat(scale.position(largest)).as("%s", scale).isGreaterThan(0.5);
              }
              assertThat(scale.ticks().getLast().value())
                  .isCloseTo(scale.max(), within(scale.max() * 1e-9));
            });
  }

  @ParameterizedTest
  @CsvSource({"0,1", "0,4", "1,30", "0,59", "15,45", "3,600", "0,86400"})
  void anAxisBetweenWholeNumbersIsMarkedAtWholeNumbers(int min, int max) {
    Scale.Linear scale = Scale.Linear.between(min, max);
    assertReadable(scale);
    assertThat(scale.position(min)).isZero();
    assertThat(scale.position(max)).isEqualTo(1);
    assertThat(scale.ticks()).allMatch(tick -> tick.value() == Math.rint(tick.value()));
  }

  @Test
  void anAxisOfOneValueStandsStill() {
    assertThat(Scale.Linear.between(5, 5).position(5)).isZero();
  }

  @ParameterizedTest
  @CsvSource({"0,0", "0.00005,0.2", "0.8,0.9", "1,1", "1,1000", "3,25000", "0.002,70"})
  void anAxisOfPowersHoldsTheSmallestAndTheLargest(double smallest, double largest) {
    Scale.Powers scale = Scale.Powers.around(smallest, largest);
    assertReadable(scale);
    assertThat(Math.pow(10, scale.highest())).isGreaterThanOrEqualTo(largest);
    assertThat(scale.position(Math.pow(10, scale.lowest()))).isZero();
    assertThat(scale.position(Math.pow(10, scale.highest()))).isEqualTo(1);
    assertThat(scale.position(1e-12)).isZero();
    assertThat(scale.position(1e12)).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 10, 100, 999, 1000, 12_345, 1_000_000, 1_000_000_000_000L})
  void anAxisOfNinesGivesEachFurtherNineTheSameRoom(long values) {
    Scale.Nines scale = Scale.Nines.of(values);
    assertReadable(scale);
    assertThat(scale.nines()).isBetween(2, 5);
    assertThat(scale.position(0)).isZero();
    assertThat(scale.position(scale.largest())).isCloseTo(1, within(1e-6));
    assertThat(scale.position(100)).isEqualTo(1);
    double nine = scale.position(90);
    assertThat(scale.position(99) - nine).isCloseTo(nine, within(1e-6));
  }
}
