package io.carillon.http.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Odd, wrong and ambiguous frames: what is read, what is refused, and that nothing else happens.
 */
class TortureTest {

  private static List<String> lines() {
    try (InputStream corpus = TortureTest.class.getResourceAsStream("/torture.tsv")) {
      return new String(Objects.requireNonNull(corpus).readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .toList();
    } catch (IOException unreadable) {
      throw new AssertionError(unreadable);
    }
  }

  static Stream<Arguments> corpus() {
    // A frame may hold tabs of its own.
    return lines().stream()
        .map(line -> line.split("\t", 3))
        .map(p -> Arguments.of(p[1], p[0], p[2]));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("corpus")
  void isJudgedAsTheCorpusSays(String name, String verdict, String frame) {
    var reading = FrameReader.frame(frame.getBytes(StandardCharsets.UTF_8));
    assertThat(reading)
        .as(name)
        .isInstanceOf(verdict.equals("good") ? Reading.Good.class : Reading.Bad.class);
  }

  @Test
  void nothingSentIsEverQuotedBack() {
    for (String line : lines()) {
      String frame = line.split("\t", 3)[2].replace("bob", "canary").replace("ping", "canary");
      var reading = FrameReader.frame(frame.getBytes(StandardCharsets.UTF_8));
      if (reading instanceof Reading.Bad<ClientFrame>(Problem problem, var id)) {
        assertThat(problem.toString()).doesNotContain("canary");
      }
    }
  }

  @Test
  void randomDamageIsAnAnswerNeverAnException() {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    byte[][] frames =
        lines().stream()
            .map(line -> line.split("\t", 3)[2].getBytes(StandardCharsets.UTF_8))
            .toArray(byte[][]::new);
    for (int i = 0; i < 20_000; i++) {
      byte[] frame = frames[random.nextInt(frames.length)].clone();
      for (int hits = 1 + random.nextInt(4); hits > 0; hits--) {
        frame[random.nextInt(frame.length)] = (byte) random.nextInt(256);
      }
      byte[] cut = Arrays.copyOf(frame, random.nextInt(frame.length + 1));
      assertThat(FrameReader.frame(frame)).as("seed %d, round %d", seed, i).isNotNull();
      assertThat(FrameReader.frame(cut)).as("seed %d, round %d, cut", seed, i).isNotNull();
    }
  }
}
