package io.carillon.persistence.directory;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ExpiringCacheTest {
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
  private final ExpiringCache<String, Integer> cache =
      new ExpiringCache<>(2, Duration.ofNanos(10), now::get);

  @Test
  void anEntryIsForgottenAfterItsTimeAlsoAcrossTheClocksOverflow() {
    cache.put("a", 1);
    now.addAndGet(9);
    assertThat(cache.get("a")).contains(1);
    now.addAndGet(1);
    assertThat(cache.get("a")).isEmpty();
  }

  @Test
  void theLeastUsedGoesWhenItIsFull() {
    cache.put("a", 1);
    cache.put("b", 2);
    assertThat(cache.get("a")).contains(1);
    cache.put("c", 3);
    assertThat(cache.get("b")).isEmpty();
    assertThat(cache.get("a")).contains(1);
  }
}
