package io.carillon.engine.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.engine.call.CallId;
import io.carillon.engine.call.CallSnapshot;
import io.carillon.engine.call.EndReason;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * However the messages of crossing calls fall, one call comes of two, for both sides (R16, I16).
 */
class GlareModelTest {
  private static final int MOST_STEPS = 300;

  /** The ids of the tie-break example of XEP-0353. */
  private static final String LOW = "ca3cf894-5325-482f-a412-a6e9f832298d";

  private static final String HIGH = "fecbea35-08d3-404f-9ec7-2b57c566fa74";

  @ParameterizedTest(name = "{0} sessions die, {1} times somebody gives up early")
  @CsvSource({"0, 0", "0, 1", "1, 0", "1, 1"})
  void inEveryOrderOfMessagesExactlyOneCallComesOfTwo(int losses, int patience) {
    Supplier<GlareModel> both =
        () -> {
          GlareModel world = new GlareModel(losses, patience).withSwiftNews();
          world.wish(LOW, "romeo", "juliet");
          world.wish(HIGH, "juliet", "romeo");
          return world;
        };
    int endings = everyFuture(both, GlareModelTest::oneCallForBoth);
    assertThat(endings).isPositive();
  }

  @Test
  void withoutAnyLossOnlyOneCallIsEverStored() {
    Supplier<GlareModel> both =
        () -> {
          GlareModel world = new GlareModel(0, 0);
          world.wish(LOW, "romeo", "juliet");
          world.wish(HIGH, "juliet", "romeo");
          return world;
        };
    everyFuture(
        both,
        world -> {
          assertThat(world.stored()).as(world::story).hasSize(1);
        });
  }

  @Test
  void threeUsersWhoAllCallEachOtherNeverGetTwoCallsForAPair() {
    for (long seed = 0; seed < 3_000; seed++) {
      Random random = new Random(seed);
      GlareModel world = new GlareModel(random.nextInt(4), random.nextInt(3));
      List<String> ids = new ArrayList<>(List.of("a", "b", "c", "d", "e", "f"));
      Collections.shuffle(ids, random);
      List<String> users = List.of("romeo", "juliet", "tybalt");
      int next = 0;
      for (String from : users) {
        for (String to : users) {
          if (!from.equals(to)) {
            world.wish(ids.get(next), from, to);
            next++;
          }
        }
      }
      run(world, random, "seed " + seed);
      assertThat(world.answers().values()).as("seed " + seed).allMatch(Optional::isPresent);
      String at = "seed " + seed;
      Supplier<String> name = () -> at + "\n" + world.story();
      List<String> pairs = world.live().stream().map(GlareModelTest::pair).toList();
      assertThat(pairs).as(name).doesNotHaveDuplicates();
      for (CallId answer : world.answers().values().stream().flatMap(Optional::stream).toList()) {
        CallSnapshot call = world.call(answer);
        boolean busy = call.ending().map(e -> e.reason() == EndReason.BUSY).orElse(false);
        assertThat(busy || !call.isEnded()).as(name).isTrue();
      }
    }
  }

  @Test
  void twoUsersWithManyLossesStillGetOneCall() {
    for (long seed = 0; seed < 5_000; seed++) {
      Random random = new Random(seed);
      GlareModel world = new GlareModel(random.nextInt(6), random.nextInt(3));
      boolean turned = random.nextBoolean();
      world.wish(turned ? HIGH : LOW, "romeo", "juliet");
      world.wish(turned ? LOW : HIGH, "juliet", "romeo");
      run(world, random, "seed " + seed);
      oneCallForBoth(world);
    }
  }

  private static void run(GlareModel world, Random random, String name) {
    int steps = 0;
    for (List<GlareModel.Event> next = world.enabled(); !next.isEmpty(); next = world.enabled()) {
      world.happen(next.get(random.nextInt(next.size())));
      steps++;
      assertThat(steps).as(() -> name + " never ends\n" + world.story()).isLessThan(MOST_STEPS);
    }
  }

  /** Both wishes are answered, and with the same call, which alone goes on. */
  private static void oneCallForBoth(GlareModel world) {
    assertThat(world.live()).as(world::story).hasSize(1);
    CallSnapshot one = world.live().getFirst();
    CallId id = one.facts().key().call();
    assertThat(world.answers().values()).as(world::story).containsOnly(Optional.of(id));
    // Both were calling: nobody has to tap.
    assertThat(one.answeredAt()).as(world::story).isPresent();
    for (CallId stored : world.stored()) {
      if (!stored.equals(id)) {
        // An answer is not undone: one that was taken by then survives though it is the higher.
        if (!world.gaveWayToAnswered(stored)) {
          assertThat(id.value()).as(world::story).isLessThan(stored.value());
        }
        assertThat(world.call(stored).ending())
            .as(world::story)
            .hasValueSatisfying(
                ending -> {
                  assertThat(ending.reason()).isEqualTo(EndReason.GLARE_MERGED);
                  assertThat(ending.successor()).contains(id);
                });
      }
    }
  }

  private static String pair(CallSnapshot call) {
    return call.roster().stream().map(p -> p.user().value()).sorted().toList().toString();
  }

  /** Something that must hold once nothing happens any more. */
  private interface Promise {
    void holdsIn(GlareModel world);
  }

  /**
   * Tries every choice at every step. A world is a list of choices; running it again from the start
   * is cheap, and worlds in which the same happened to everybody in another order are run once.
   */
  private static int everyFuture(Supplier<GlareModel> beginning, Promise promise) {
    Set<Long> known = new HashSet<>();
    Deque<int[]> open = new ArrayDeque<>();
    open.push(new int[0]);
    int endings = 0;
    while (!open.isEmpty()) {
      int[] choices = open.pop();
      int count = replay(beginning, choices).enabled().size();
      for (int i = 0; i < count; i++) {
        int[] longer = Arrays.copyOf(choices, choices.length + 1);
        longer[choices.length] = i;
        GlareModel next = replay(beginning, longer);
        if (!known.add(next.fingerprint())) {
          continue;
        }
        if (next.enabled().isEmpty()) {
          promise.holdsIn(next);
          endings++;
        } else if (longer.length > MOST_STEPS) {
          throw new AssertionError("never ends\n" + next.story());
        } else {
          open.push(longer);
        }
      }
    }
    return endings;
  }

  private static GlareModel replay(Supplier<GlareModel> beginning, int[] choices) {
    GlareModel world = beginning.get();
    for (int choice : choices) {
      world.happen(world.enabled().get(choice));
    }
    return world;
  }
}
