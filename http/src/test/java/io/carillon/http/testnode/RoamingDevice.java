package io.carillon.http.testnode;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/**
 * A device that behaves as clients should: when its socket goes it comes back with its cursor on
 * any node that lets it in, and sends what was not answered again under the same key. Used by one
 * thread.
 */
public final class RoamingDevice implements AutoCloseable {
  private static final Duration LOOK = Duration.ofMillis(5);
  private static final Duration BACK_OFF = Duration.ofMillis(50);

  private final List<String> urls;
  private final String token;
  private final String id;
  private final Duration patience;
  private final List<TestDevice> sockets = new CopyOnWriteArrayList<>();
  private final AtomicInteger returns = new AtomicInteger();
  private final AtomicInteger resent = new AtomicInteger();

  /**
   * Connects.
   *
   * @param urls of the nodes it may use
   * @param patience how long it waits for anything
   */
  public RoamingDevice(List<String> urls, String token, String id, Duration patience) {
    this.urls = urls;
    this.token = token;
    this.id = id;
    this.patience = patience;
    connect();
  }

  private void connect() {
    String cursor = sockets.isEmpty() ? "" : sockets.getLast().cursor();
    long until = System.nanoTime() + patience.toNanos();
    while (true) {
      String url = urls.get(ThreadLocalRandom.current().nextInt(urls.size()));
      try {
        sockets.add(TestDevice.connect(url, token, id, cursor));
        return;
      } catch (CompletionException refused) {
        // That node is going or not there: another one is.
        if (System.nanoTime() > until) {
          throw new AssertionError(id + " was let in nowhere", refused);
        }
        LockSupport.parkNanos(BACK_OFF.toNanos());
      }
    }
  }

  private TestDevice current() {
    if (sockets.getLast().isClosed()) {
      returns.incrementAndGet();
      connect();
    }
    return sockets.getLast();
  }

  /** Sends an order and returns its reply; {@code fields} is JSON without its braces. */
  public JsonNode order(String type, String fields) {
    String key = UUID.randomUUID().toString();
    String frame =
        "{\"type\":\"%s\",\"id\":\"%s\",\"idempotency_key\":\"%s\"%s}"
            .formatted(type, key, key, fields.isEmpty() ? "" : "," + fields);
    long until = System.nanoTime() + patience.toNanos();
    TestDevice sentOn = null;
    while (System.nanoTime() < until) {
      TestDevice device = current();
      if (device != sentOn) {
        if (sentOn != null) {
          resent.incrementAndGet();
        }
        sentOn = device;
        try {
          device.say(frame);
        } catch (CompletionException gone) {
          continue; // noticed above, once the socket says that it is closed
        }
      }
      Optional<JsonNode> reply =
          device.take(
              f -> f.path("type").asText().equals("reply") && f.path("id").asText().equals(key));
      if (reply.isPresent()) {
        return reply.get();
      }
      LockSupport.parkNanos(LOOK.toNanos());
    }
    throw new AssertionError(id + " was not answered " + frame);
  }

  /** The next event of this type about this call, on whichever socket it came. */
  public JsonNode event(String eventType, String call) {
    Predicate<JsonNode> wanted =
        f ->
            f.path("event_type").asText().equals(eventType)
                && f.path("call_id").asText().equals(call);
    long until = System.nanoTime() + patience.toNanos();
    while (System.nanoTime() < until) {
      for (TestDevice socket : sockets) {
        Optional<JsonNode> found = socket.take(wanted);
        if (found.isPresent()) {
          return found.get();
        }
      }
      current();
      LockSupport.parkNanos(LOOK.toNanos());
    }
    throw new AssertionError(
        id
            + " did not hear "
            + eventType
            + " of "
            + call
            + " but "
            + sockets.stream().map(s -> s.events(call)).toList());
  }

  /** Every event of this call that any of its sockets was told, in order. */
  public List<String> events(String call) {
    return sockets.stream().flatMap(socket -> socket.events(call).stream()).toList();
  }

  /** How often it had to come back. */
  public int returns() {
    return returns.get();
  }

  /** How often it sent an order again because the socket went before the answer came. */
  public int resent() {
    return resent.get();
  }

  @Override
  public void close() {
    sockets.getLast().close();
  }
}
