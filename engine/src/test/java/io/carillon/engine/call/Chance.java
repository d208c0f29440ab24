package io.carillon.engine.call;

import java.util.List;
import java.util.SplittableRandom;

/** Everything a simulated history leaves to chance, drawn from one seed. */
final class Chance {
  private final SplittableRandom random;

  Chance(long seed) {
    random = new SplittableRandom(seed);
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  /** Between the two, both included. */
  int between(int least, int most) {
    return least + random.nextInt(most - least + 1);
  }

  /** True in so many of a hundred cases. */
  boolean percent(int percent) {
    return random.nextInt(100) < percent;
  }

  <T> T oneOf(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
