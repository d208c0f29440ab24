package io.carillon.http.faults;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one run is to do.
 *
 * @param seed of every chance that is ours
 * @param episodes of the matrix; empty: all there are
 * @param repeat how often each is played; the median is reported
 * @param report where the table is written; empty: beside the record
 * @param pairs of people who call each other
 * @param anchors long calls that are operated all the time
 * @param namespaces whether to use network namespaces where that is possible
 */
public record FaultOptions(
    long seed,
    List<String> episodes,
    int repeat,
    Optional<Path> report,
    int pairs,
    int anchors,
    boolean namespaces) {

  /** Where the command was given: Maven runs tests in their module's directory. */
  private static final Path HERE =
      Path.of(System.getProperty("faults.directory", "")).toAbsolutePath();

  /** A whole run. */
  public static FaultOptions whole() {
    return new FaultOptions(
        System.nanoTime() & 0xffffff, List.of(), 1, Optional.empty(), 40, 24, true);
  }

  /** A run of a minute or two, with few people, that plays these episodes once. */
  public static FaultOptions brief(List<String> episodes) {
    return new FaultOptions(
        System.nanoTime() & 0xffffff, episodes, 1, Optional.empty(), 12, 8, true);
  }

  /** Reads {@code --seed N --episodes F1,F6 --repeat N --report FILE --loopback}. */
  public static FaultOptions parse(List<String> arguments) {
    FaultOptions options = whole();
    List<String> words = new ArrayList<>(arguments);
    while (!words.isEmpty()) {
      String word = words.removeFirst();
      FaultOptions so = options;
      options =
          switch (word) {
            case "--seed" -> so.with(Long.parseLong(value(word, words)), so.episodes, so.repeat);
            case "--episodes" ->
                so.with(so.seed, List.of(value(word, words).split(",", -1)), so.repeat);
            case "--repeat" -> so.with(so.seed, so.episodes, Integer.parseInt(value(word, words)));
            case "--report" ->
                new FaultOptions(
                    so.seed,
                    so.episodes,
                    so.repeat,
                    Optional.of(HERE.resolve(value(word, words))),
                    so.pairs,
                    so.anchors,
                    so.namespaces);
            case "--loopback" ->
                new FaultOptions(
                    so.seed, so.episodes, so.repeat, so.report, so.pairs, so.anchors, false);
            default ->
                throw new IllegalArgumentException(
                    word
                        + " is not known; there are --seed N, --episodes F1,F6,…, --repeat N,"
                        + " --report FILE and --loopback");
          };
    }
    return options;
  }

  private FaultOptions with(long newSeed, List<String> newEpisodes, int newRepeat) {
    return new FaultOptions(newSeed, newEpisodes, newRepeat, report, pairs, anchors, namespaces);
  }

  private static String value(String word, List<String> words) {
    if (words.isEmpty()) {
      throw new IllegalArgumentException(word + " needs a value");
    }
    return words.removeFirst();
  }
}
