package io.carillon.http.bench;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * How often calls go which way.
 *
 * @param weights by outcome; their sum is not 0
 */
record Mix(Map<Outcome, Integer> weights) {
  static final Mix ALL_ANSWERED = new Mix(Map.of(Outcome.ANSWERED, 1));

  Mix {
    if (weights.values().stream().anyMatch(weight -> weight < 0)
        || weights.values().stream().mapToInt(Integer::intValue).sum() == 0) {
      throw new IllegalArgumentException("weights must not be negative, and not all of them 0");
    }
    weights = Map.copyOf(weights);
  }

  /**
   * Reads {@code answered=70,declined=10,cancelled=10,missed=10}; what is not named does not occur.
   *
   * @throws IllegalArgumentException with a message for whoever typed it
   */
  static Mix parse(String text) {
    Map<Outcome, Integer> weights = new EnumMap<>(Outcome.class);
    for (String part : text.split(",", -1)) {
      int equals = part.indexOf('=');
      if (equals < 0) {
        throw new IllegalArgumentException("expected OUTCOME=WEIGHT, found '" + part + "'");
      }
      Outcome outcome = outcome(part.substring(0, equals).strip());
      try {
        weights.put(outcome, Integer.parseInt(part.substring(equals + 1).strip()));
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException("the weight in '" + part + "' is no number", e);
      }
    }
    return new Mix(weights);
  }

  private static Outcome outcome(String word) {
    for (Outcome outcome : Outcome.values()) {
      if (outcome.word().equals(word)) {
        return outcome;
      }
    }
    throw new IllegalArgumentException(
        "'" + word + "' is none of answered, declined, cancelled, missed");
  }

  /** Draws an outcome. */
  Outcome draw(RandomGenerator random) {
    int total = weights.values().stream().mapToInt(Integer::intValue).sum();
    int left = random.nextInt(total);
    for (Outcome outcome : Outcome.values()) {
      left -= weights.getOrDefault(outcome, 0);
      if (left < 0) {
        return outcome;
      }
    }
    throw new IllegalStateException("a draw beyond the sum of the weights");
  }

  @Override
  public String toString() {
    return weights.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .filter(entry -> entry.getValue() > 0)
        .map(entry -> entry.getKey().name().toLowerCase(Locale.ROOT) + "=" + entry.getValue())
        .collect(Collectors.joining(","));
  }
}
