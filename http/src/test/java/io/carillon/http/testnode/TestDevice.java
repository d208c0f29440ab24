package io.carillon.http.testnode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * A device on the wire. It remembers every frame, gives out each one once to whoever waits for it,
 * answers pings, and never waits longer than ten seconds.
 */
public final class TestDevice implements AutoCloseable {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final ConcurrentLinkedQueue<JsonNode> all = new ConcurrentLinkedQueue<>();
  private final Inbox inbox;
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private final AtomicInteger ids = new AtomicInteger();
  private final String id;
  private final WebSocket socket;

  private TestDevice(String url, String id, String... headers) {
    this.id = id;
    this.inbox = new Inbox(id);
    WebSocket.Builder builder = HTTP.newWebSocketBuilder().subprotocols("carillon.v1");
    for (int i = 0; i < headers.length; i += 2) {
      builder.header(headers[i], headers[i + 1]);
    }
    socket =
        builder.buildAsync(URI.create(url), new Listener()).orTimeout(10, TimeUnit.SECONDS).join();
  }

  /** Connects with a token in the header and waits until the node says who this is. */
  public static TestDevice connect(TestNode node, String token, String id, String cursor) {
    String query = "?device_id=" + id + (cursor.isEmpty() ? "" : "&cursor=" + cursor);
    TestDevice device = open(node, "Bearer " + token, query, id);
    device.await("connection.ack");
    return device;
  }

  /** Opens a socket and waits for nothing. */
  public static TestDevice open(TestNode node, String authorization, String query, String id) {
    String url = url(node, query);
    return authorization.isEmpty()
        ? new TestDevice(url, id)
        : new TestDevice(url, id, "Authorization", authorization);
  }

  /** The status with which the node refuses a socket; 101 if it does not. */
  public static int refusal(TestNode node, String query, String... headers) {
    try (TestDevice opened = new TestDevice(url(node, query), "refused", headers)) {
      return opened.id().isEmpty() ? 0 : 101;
    } catch (CompletionException failure) {
      if (failure.getCause() instanceof WebSocketHandshakeException refused) {
        return refused.getResponse().statusCode();
      }
      throw failure;
    }
  }

  private static String url(TestNode node, String query) {
    return node.url().replaceFirst("http", "ws") + "/api/v1/socket" + query;
  }

  /** Connects to a node in another process, and waits until the node says who this is. */
  public static TestDevice connect(String baseUrl, String token, String id, String cursor) {
    String query = "?device_id=" + id + (cursor.isEmpty() ? "" : "&cursor=" + cursor);
    String url = baseUrl.replaceFirst("http", "ws") + "/api/v1/socket" + query;
    TestDevice device = new TestDevice(url, id, "Authorization", "Bearer " + token);
    device.await("connection.ack");
    return device;
  }

  /** The device's id. */
  public String id() {
    return id;
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        inbox.read(text.toString()).ifPresent(this::took);
        text.setLength(0);
      }
      from.request(1);
      return CompletableFuture.completedFuture(null);
    }

    private void took(JsonNode frame) {
      all.add(frame);
      if (Inbox.type("ping").test(frame)) {
        say("{\"type\":\"pong\"}");
      } else {
        inbox.add(frame);
      }
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      closed.complete(code);
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public void onError(WebSocket from, Throwable failure) {
      closed.complete(-1);
    }
  }

  /** Sends a frame as it is. */
  public void say(String frame) {
    synchronized (socket) {
      socket.sendText(frame, true).orTimeout(10, TimeUnit.SECONDS).join();
    }
  }

  /** Sends a binary message. */
  public void sayBinary(byte[] bytes) {
    socket.sendBinary(ByteBuffer.wrap(bytes), true).join();
  }

  /** Sends a message in fragments. */
  public void sayInFragments(String... parts) {
    for (int i = 0; i < parts.length; i++) {
      socket.sendText(parts[i], i == parts.length - 1).join();
    }
  }

  /** Sends a command and returns its reply; {@code fields} is JSON without its braces. */
  public JsonNode order(String type, String fields) {
    String frameId = Integer.toString(ids.incrementAndGet());
    say(
        "{\"type\":\""
            + type
            + "\",\"id\":\""
            + frameId
            + "\""
            + (fields.isEmpty() ? "" : "," + fields)
            + "}");
    return await(
        f -> f.path("type").asText().equals("reply") && f.path("id").asText().equals(frameId),
        "the reply to " + type);
  }

  /** Sends a command about a call and returns its reply. */
  public JsonNode order(String type, String callId, String fields) {
    return order(type, "\"call_id\":\"" + callId + "\"" + (fields.isEmpty() ? "" : "," + fields));
  }

  /** The next frame of this type. */
  public JsonNode await(String type) {
    return await(Inbox.type(type), type);
  }

  /** The next event of this type. */
  public JsonNode event(String eventType) {
    return await(f -> f.path("event_type").asText().equals(eventType), eventType);
  }

  /** The next event of this type about this call. */
  public JsonNode event(String eventType, String callId) {
    return event(eventType, callId, Inbox.PATIENCE);
  }

  /** The same, for something that takes its time. */
  public JsonNode event(String eventType, String callId, Duration patience) {
    return inbox.await(Inbox.event(eventType, callId), eventType + " of " + callId, patience);
  }

  /** The next frame that fits; it is given out once. */
  public JsonNode await(Predicate<JsonNode> wanted, String what) {
    return inbox.await(wanted, what, Inbox.PATIENCE);
  }

  /** A frame that fits, if one is there now; it is given out once. */
  public Optional<JsonNode> take(Predicate<JsonNode> wanted) {
    return inbox.take(wanted);
  }

  /** Whether the socket is closed, by whom or what it may be. */
  public boolean isClosed() {
    return closed.isDone();
  }

  /** Every event of this call so far, as its {@code event_type}, with the reason of a stop. */
  public List<String> events(String callId) {
    return all.stream()
        .filter(f -> f.path("type").asText().equals("call_event"))
        .filter(f -> f.path("call_id").asText().equals(callId))
        .map(f -> f.path("event_type").asText())
        .toList();
  }

  /** Every frame so far. */
  public List<JsonNode> frames() {
    return List.copyOf(all);
  }

  /** Returns once everything the node said to this device before now has arrived. */
  public void settle() {
    say("{\"type\":\"ping\"}");
    await("pong");
  }

  /** The last cursor seen. */
  public String cursor() {
    String last = "";
    for (JsonNode frame : all) {
      last = Optional.of(frame.path("cursor").asText()).filter(c -> !c.isEmpty()).orElse(last);
    }
    return last;
  }

  /** The code the node closed the socket with; -1 if the connection broke. */
  public int closeCode() {
    return closed.orTimeout(Inbox.PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
  }

  /** Closes the socket as a client does that leaves. */
  @Override
  public void close() {
    if (!socket.isOutputClosed()) {
      var _ = socket.sendClose(WebSocket.NORMAL_CLOSURE, "").exceptionally(gone -> socket);
    }
  }

  /** Cuts the connection without a word. */
  public void cut() {
    socket.abort();
  }

  /** An object for building frames. */
  public static ObjectNode object() {
    return TestClient.JSON.createObjectNode();
  }
}
