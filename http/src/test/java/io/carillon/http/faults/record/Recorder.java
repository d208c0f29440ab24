package io.carillon.http.faults.record;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

/**
 * Writes the record: one line of JSON for each item, in the order of {@link Item#at()}. One process
 * records everything, so one clock orders it.
 */
public final class Recorder implements AutoCloseable {
  private final ObjectMapper json = new ObjectMapper();
  private final List<Item> items = new ArrayList<>();
  private final AtomicLong ids = new AtomicLong();
  private final BufferedWriter file;
  private final long began = System.nanoTime();
  private final Instant beganAt = Instant.now();

  /** A record in this file, which must not exist. */
  public Recorder(Path path) {
    try {
      file = Files.newBufferedWriter(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A number that nothing else in this record has. */
  public long next() {
    return ids.incrementAndGet();
  }

  /** Now, in microseconds of the record. */
  public long now() {
    return (System.nanoTime() - began) / 1000;
  }

  /** The moment of the wall clock that a moment of the record was. */
  public Instant wall(long at) {
    return beganAt.plusNanos(at * 1000);
  }

  /** Writes an item down with the present moment, and returns it. */
  public synchronized <I extends Item> I add(LongFunction<I> item) {
    I made = item.apply(now());
    items.add(made);
    try {
      ObjectNode line = json.valueToTree(made);
      line.put("kind", made.getClass().getSimpleName().toLowerCase(Locale.ROOT));
      file.write(json.writeValueAsString(line));
      file.newLine();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return made;
  }

  /** Everything so far. */
  public synchronized List<Item> items() {
    return List.copyOf(items);
  }

  /** Marks the beginning or end of a fault, or anything else that explains what follows. */
  public Item.Fault mark(String episode, String what, String node) {
    return add(at -> new Item.Fault(at, episode, what, node));
  }

  @Override
  public synchronized void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
