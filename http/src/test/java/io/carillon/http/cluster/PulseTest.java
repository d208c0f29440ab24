package io.carillon.http.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PulseTest {
  private final AtomicLong nanos = new AtomicLong();
  private final AtomicBoolean undisputed = new AtomicBoolean(true);
  private final List<String> heard = new ArrayList<>();
  private final Pulse pulse =
      new Pulse(
          nanos::get,
          Duration.ofMillis(1400),
          Duration.ofSeconds(3),
          undisputed::get,
          new Pulse.Listener() {
            @Override
            public void stoodStill(Duration gap) {
              heard.add("stood still " + gap.toMillis());
            }

            @Override
            public void goesOn() {
              heard.add("goes on");
            }
          });

  @Test
  void aShortStopIsNothing() {
    pass(1400);
    assertThat(pulse.isSteady()).isTrue();
    pulse.beat();
    assertThat(pulse.isSteady()).isTrue();
    assertThat(heard).isEmpty();
  }

  @Test
  void aLongStopIsNoticedBeforeTheNextBeat() {
    pass(1401);
    assertThat(pulse.isSteady()).isFalse();
    pulse.beat();
    assertThat(pulse.isSteady()).isFalse();
    assertThat(heard).containsExactly("stood still 1401");
  }

  @Test
  void whomNobodyHasGivenUpGoesOnAfterTheProbation() {
    stop();
    beatFor(3000);
    assertThat(pulse.isSteady()).isFalse();
    beatFor(100);
    assertThat(pulse.isSteady()).isTrue();
    assertThat(heard).containsExactly("stood still 2000", "goes on");
  }

  @Test
  void whoDoesNotSeeItsWholeClusterDoesNotGoOn() {
    stop();
    undisputed.set(false);
    beatFor(60_000);
    assertThat(pulse.isSteady()).isFalse();
    undisputed.set(true);
    beatFor(100);
    assertThat(pulse.isSteady()).isTrue();
  }

  @Test
  void aSecondStopBeginsTheProbationAnew() {
    stop();
    beatFor(2500);
    stop();
    beatFor(2500);
    assertThat(pulse.isSteady()).isFalse();
    beatFor(600);
    assertThat(pulse.isSteady()).isTrue();
    assertThat(heard).containsExactly("stood still 2000", "stood still 2000", "goes on");
  }

  private void stop() {
    pass(2000);
    pulse.beat();
  }

  private void beatFor(long millis) {
    for (long passed = 0; passed < millis; passed += 100) {
      pass(100);
      pulse.beat();
    }
  }

  private void pass(long millis) {
    nanos.addAndGet(Duration.ofMillis(millis).toNanos());
  }
}
