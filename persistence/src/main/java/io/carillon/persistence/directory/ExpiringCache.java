package io.carillon.persistence.directory;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * A bounded map whose entries are forgotten after a while, and the least used ones first where it
 * is full. Safe to use from any thread.
 */
final class ExpiringCache<K, V> {
  private record Held<V>(V value, long expiresAt) {}

  private final long ttlNanos;
  private final LongSupplier nanoTime;
  private final Map<K, Held<V>> entries;

  ExpiringCache(int capacity, Duration ttl, LongSupplier nanoTime) {
    this.ttlNanos = ttl.toNanos();
    this.nanoTime = nanoTime;
    this.entries =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<K, Held<V>> eldest) {
            return size() > capacity;
          }
        };
  }

  synchronized Optional<V> get(K key) {
    Held<V> entry = entries.get(key);
    if (entry == null) {
      return Optional.empty();
    }
    if (entry.expiresAt() - nanoTime.getAsLong() <= 0) {
      entries.remove(key);
      return Optional.empty();
    }
    return Optional.of(entry.value());
  }

  synchronized void put(K key, V value) {
    entries.put(key, new Held<>(value, nanoTime.getAsLong() + ttlNanos));
  }

  synchronized void remove(K key) {
    entries.remove(key);
  }
}
