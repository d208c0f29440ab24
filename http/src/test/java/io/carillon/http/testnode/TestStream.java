package io.carillon.http.testnode;

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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A device on an event stream: reads {@code text/event-stream} as a browser does. */
public final class TestStream implements AutoCloseable {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final Inbox inbox = new Inbox("a stream");
  private final CompletableFuture<String> ended = new CompletableFuture<>();
  private final InputStream body;
  private volatile String lastId = "";
  private final AtomicInteger comments = new AtomicInteger();
  private volatile String retry = "";

  private TestStream(HttpResponse<InputStream> response) {
    body = response.body();
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
    try (var reader = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
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
          inbox.fault(new AssertionError("not a line of an event stream: " + line));
        }
      }
      ended.complete("ended");
    } catch (IOException broken) {
      ended.complete("broken");
    }
  }

  private void dispatch(String data, String id) {
    inbox
        .read(data)
        .ifPresent(
            frame -> {
              if (!id.isEmpty()) {
                lastId = id;
              }
              inbox.add(frame);
            });
  }

  /** The next frame of this type. */
  public JsonNode await(String type) {
    return inbox.await(Inbox.type(type), type, Inbox.PATIENCE);
  }

  /** The next event of this type about this call. */
  public JsonNode event(String eventType, String call) {
    return event(eventType, call, Inbox.PATIENCE);
  }

  /** The same, for something that takes its time. */
  public JsonNode event(String eventType, String call, Duration patience) {
    return inbox.await(Inbox.event(eventType, call), eventType + " of " + call, patience);
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
      body.close();
    } catch (IOException alreadyGone) {
      // that is what was wanted
    }
  }
}
