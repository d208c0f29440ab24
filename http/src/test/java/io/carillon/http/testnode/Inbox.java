package io.carillon.http.testnode;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/**
 * The frames one connection was sent: gives out each one once to whoever waits for it. A frame that
 * is not as described fails whoever waits next, since thrown on the connection's own thread it
 * would only look like a lost connection.
 */
final class Inbox {
  /** How long is waited where nothing else is said. */
  static final Duration PATIENCE = Duration.ofSeconds(10);

  private final ConcurrentLinkedQueue<JsonNode> untaken = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<AssertionError> faults = new ConcurrentLinkedQueue<>();
  private final String owner;

  /** An empty one; {@code owner} names it in failures. */
  Inbox(String owner) {
    this.owner = owner;
  }

  /** Reads a frame and holds it against its description; empty: a fault. */
  Optional<JsonNode> read(String text) {
    try {
      JsonNode frame = TestClient.JSON.readTree(text);
      DescribedFrames.check(frame);
      return Optional.of(frame);
    } catch (JsonProcessingException notJson) {
      fault(new AssertionError("not JSON: " + text, notJson));
    } catch (AssertionError undescribed) {
      fault(undescribed);
    }
    return Optional.empty();
  }

  void add(JsonNode frame) {
    untaken.add(frame);
  }

  void fault(AssertionError fault) {
    faults.add(fault);
  }

  /** A frame that fits, if one is there now. */
  Optional<JsonNode> take(Predicate<JsonNode> wanted) {
    for (JsonNode frame : untaken) {
      if (wanted.test(frame) && untaken.remove(frame)) {
        return Optional.of(frame);
      }
    }
    return Optional.empty();
  }

  /** The next frame that fits, waited for; {@code what} says in a failure what did not come. */
  JsonNode await(Predicate<JsonNode> wanted, String what, Duration patience) {
    List<JsonNode> taken = new ArrayList<>(1);
    Awaitility.await(what + " on " + owner)
        .atMost(patience)
        .pollInterval(Duration.ofMillis(5))
        .pollDelay(Duration.ZERO)
        .until(
            () -> {
              for (AssertionError fault : faults) {
                throw fault;
              }
              take(wanted).ifPresent(taken::add);
              return !taken.isEmpty();
            });
    return taken.getFirst();
  }

  /** Fits frames of this type. */
  static Predicate<JsonNode> type(String type) {
    return frame -> frame.path("type").asText().equals(type);
  }

  /** Fits events of this type about this call. */
  static Predicate<JsonNode> event(String eventType, String call) {
    return frame ->
        frame.path("event_type").asText().equals(eventType)
            && frame.path("call_id").asText().equals(call);
  }
}
