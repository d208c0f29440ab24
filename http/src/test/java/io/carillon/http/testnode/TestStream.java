package io.carillon.http.testnode;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** A device on an event stream: reads {@code text/event-stream} as a browser does. */
public final class TestStream implements AutoCloseable {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final ConcurrentLinkedQueue<JsonNode> untaken = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<AssertionError> faults = new ConcurrentLinkedQueue<>();
  private final CompletableFuture<String> ended = new CompletableFuture<>();
  private final BufferedReader reader;
  private volatile String lastId = "";
  private final AtomicInteger comments = new AtomicInteger();
  private volatile String retry = "";

  private TestStream(HttpResponse<InputStream> response) {
    reader = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    Thread.ofVirtual().start(this::read);
  }

  /** Opens a stream; {@code lastId} empty: from now on. */
  public static TestStream open(String url, String token, String query, String lastId) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + "/api/v1/events" + query));
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    if (!lastId.isEmpty()) {
      request.header("Last-Event-ID", lastId);
    }
    try {
      var response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
      if (response.statusCode() != 200) {
        response.body().close();
        throw new IllegalStateException(Integer.toString(response.statusCode()));
      }
      if (!response.headers().firstValue("Content-Type").orElse("").equals("text/event-stream")) {
        throw new AssertionError(response.headers().toString());
      }
      return new TestStream(response);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  private void read() {
    try {
      StringBuilder data = new StringBuilder();
      String id = "";
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (line.isEmpty()) {
          if (!data.isEmpty()) {
            dispatch(data.toString(), id);
          }
          data.setLength(0);
          id = "";
        } else if (line.startsWith(":")) {
          comments.incrementAndGet();
        } else if (line.startsWith("id: ")) {
          id = line.substring(4);
        } else if (line.startsWith("data: ")) {
          data.append(line.substring(6));
        } else if (line.startsWith("retry: ")) {
          retry = line.substring(7);
        } else {
          faults.add(new AssertionError("not a line of an event stream: " + line));
        }
      }
      ended.complete("ended");
    } catch (IOException broken) {
      ended.complete("broken");
    }
  }

  private void dispatch(String data, String id) {
    try {
      JsonNode frame = TestClient.JSON.readTree(data);
      DescribedFrames.check(frame);
      if (!id.isEmpty()) {
        lastId = id;
      }
      untaken.add(frame);
    } catch (JsonProcessingException notJson) {
      faults.add(new AssertionError("not JSON: " + data, notJson));
    } catch (AssertionError undescribed) {
      faults.add(undescribed);
    }
  }

  /** The next frame of this type. */
  public JsonNode await(String type) {
    return await(f -> f.path("type").asText().equals(type), type);
  }

  /** The next event of this type about this call. */
  public JsonNode event(String eventType, String call) {
    return await(
        f ->
            f.path("event_type").asText().equals(eventType)
                && f.path("call_id").asText().equals(call),
        eventType + " of " + call);
  }

  private JsonNode await(Predicate<JsonNode> wanted, String what) {
    List<JsonNode> taken = new ArrayList<>(1);
    Awaitility.await(what)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .until(
            () -> {
              for (AssertionError fault : faults) {
                throw fault;
              }
              for (JsonNode frame : untaken) {
                if (wanted.test(frame) && untaken.remove(frame)) {
                  taken.add(frame);
                  return true;
                }
              }
              return false;
            });
    return taken.getFirst();
  }

  /** The {@code id} of the last event that had one. */
  public String lastId() {
    return lastId;
  }

  /** How many comments came. */
  public int comments() {
    return comments.get();
  }

  /** What the server said of coming back, in milliseconds. */
  public String retry() {
    return retry;
  }

  /** Waits until the server has ended the stream; "ended", or "broken" without an end. */
  public String end() {
    return ended.orTimeout(10, TimeUnit.SECONDS).join();
  }

  /** Goes as a browser does that is closed. */
  @Override
  public void close() {
    try {
      reader.close();
    } catch (IOException alreadyGone) {
      // that is what was wanted
    }
  }
}
