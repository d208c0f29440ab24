package io.carillon.http.faults.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.http.faults.record.Item;
import io.carillon.http.faults.record.Item.Heard;
import io.carillon.http.faults.record.Item.Outcome;
import io.carillon.http.faults.record.Item.Who;
import io.carillon.http.faults.record.Recorder;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/**
 * A device that stays connected: when its socket breaks it comes back with its last cursor, to any
 * node. Every event is recorded.
 */
public final class Phone {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

  /** A client pings this often, and takes a socket for dead that has been silent for so long. */
  private static final long PING_MILLIS = 2000;

  private static final long SILENCE_MILLIS = 6000;

  private final Api api;
  private final Recorder recorder;
  private final Who who;
  private final List<Heard> heard = new ArrayList<>();
  private final Map<String, CompletableFuture<JsonNode>> replies = new ConcurrentHashMap<>();
  private volatile Optional<Line> line = Optional.empty();
  private volatile String cursor = "";
  private volatile boolean leaving;

  /** One socket. */
  private final class Line implements WebSocket.Listener {
    final long number = recorder.next();
    final int node;
    final CompletableFuture<Integer> closed = new CompletableFuture<>();
    final CompletableFuture<Boolean> ready = new CompletableFuture<>();
    private final StringBuilder text = new StringBuilder();
    volatile long lastHeard = System.nanoTime();
    volatile long backOff = -1;
    volatile boolean meant;
    private CompletableFuture<?> sent = CompletableFuture.completedFuture(null);

    Line(int node) {
      this.node = node;
    }

    /** Sends when what was sent before has gone: the client's own socket takes one at a time. */
    synchronized CompletableFuture<?> send(WebSocket via, String frame) {
      sent = sent.handle((_, _) -> via).thenCompose(open -> open.sendText(frame, true));
      return sent;
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      lastHeard = System.nanoTime();
      text.append(data);
      if (last) {
        JsonNode frame = Api.parse(text.toString());
        text.setLength(0);
        received(this, from, frame);
      }
      from.request(1);
      return CompletableFuture.completedFuture(null);
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

  private volatile Optional<WebSocket> socket = Optional.empty();

  Phone(Api api, Recorder recorder, Who who) {
    this.api = api;
    this.recorder = recorder;
    this.who = who;
    Thread.ofVirtual().name(who.user() + "/" + who.device()).start(this::stayConnected);
  }

  /** Whose and which it is. */
  public Who who() {
    return who;
  }

  /** Whether it has a socket that the node said is ready. */
  public boolean isConnected() {
    return line.map(l -> l.ready.isDone() && !l.closed.isDone()).orElse(false);
  }

  /** The node its socket is at; 0: none. */
  public int node() {
    return line.filter(l -> !l.closed.isDone()).map(l -> l.node).orElse(0);
  }

  private void stayConnected() {
    while (!leaving) {
      int node = api.anyNode();
      Line next = new Line(node);
      try {
        String query = "?device_id=" + who.device() + (cursor.isEmpty() ? "" : "&cursor=" + cursor);
        WebSocket opened =
            HTTP.newWebSocketBuilder()
                .subprotocols("carillon.v1")
                .header("Authorization", "Bearer " + api.token(who))
                .connectTimeout(Duration.ofSeconds(2))
                .buildAsync(
                    URI.create(api.url(node).replaceFirst("http", "ws") + "/api/v1/socket" + query),
                    next)
                .get(5, TimeUnit.SECONDS);
        socket = Optional.of(opened);
        line = Optional.of(next);
        watch(next, opened);
      } catch (ExecutionException | TimeoutException refused) {
        next.backOff = ThreadLocalRandom.current().nextLong(100, 400);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      if (!leaving) {
        long least = next.backOff >= 0 ? next.backOff : 0;
        Api.pause(least, least + 300);
      }
    }
  }

  private void watch(Line open, WebSocket opened) throws InterruptedException {
    int code = -1;
    while (true) {
      try {
        code = open.closed.get(PING_MILLIS, TimeUnit.MILLISECONDS);
        break;
      } catch (TimeoutException alive) {
        long silence = (System.nanoTime() - open.lastHeard) / 1_000_000;
        if (silence > SILENCE_MILLIS) {
          opened.abort();
          open.closed.complete(-2);
        } else {
          say("{\"type\":\"ping\"}");
        }
      } catch (ExecutionException e) {
        throw new IllegalStateException(e);
      }
    }
    int gone = code;
    recorder.add(at -> new Item.Shut(at, open.number, gone, open.meant));
    socket = Optional.empty();
    replies.values().forEach(reply -> reply.complete(Api.unheard(gone)));
  }

  private void received(Line from, WebSocket via, JsonNode frame) {
    String type = frame.path("type").asText();
    String next = frame.path("cursor").asText("");
    switch (type) {
      case "ping" -> {
        var _ = from.send(via, "{\"type\":\"pong\"}");
      }
      case "connection.ack" -> {
        boolean resumed = frame.path("recovered").asBoolean();
        String node = "node-" + from.node;
        recorder.add(at -> new Item.Opened(at, from.number, who, node, resumed));
        from.ready.complete(true);
      }
      case "catchup.done" -> recorder.add(at -> new Item.CaughtUp(at, from.number));
      case "resync" -> recorder.add(at -> new Item.Resynced(at, from.number));
      case "disconnect" -> from.backOff = frame.path("after_ms").asLong(0);
      case "reply" -> {
        CompletableFuture<JsonNode> reply = replies.remove(frame.path("id").asText());
        if (reply != null) {
          reply.complete(frame);
        }
      }
      case "call_event" -> heard(from, frame.path("event_type").asText(), frame);
      case "call.offer", "call.answer", "call.candidate" -> heard(from, type, frame);
      default -> {} // nothing a checker looks at
    }
    if (!next.isEmpty()) {
      cursor = next;
    }
  }

  private void heard(Line from, String type, JsonNode frame) {
    JsonNode actor = frame.path("actor");
    String by = actor.path("user_id").asText("") + "/" + actor.path("device_id").asText("");
    String reason =
        frame.has("reason") ? frame.path("reason").asText() : frame.path("ended_by").asText("");
    Heard event =
        recorder.add(
            at ->
                new Heard(
                    at,
                    from.number,
                    who,
                    type,
                    frame.path("call_id").asText(),
                    frame.path("call_seq").asLong(),
                    frame.path("state").asText(""),
                    reason,
                    by,
                    frame.path("catchup").asBoolean()));
    synchronized (heard) {
      heard.add(event);
      heard.notifyAll();
    }
  }

  /** Waits for an event of a call, from the first it heard of it; empty if it does not come. */
  public Optional<Heard> await(String call, Duration patience, Predicate<Heard> wanted) {
    long until = System.nanoTime() + patience.toNanos();
    int next = 0;
    synchronized (heard) {
      while (true) {
        for (; next < heard.size(); next++) {
          Heard event = heard.get(next);
          if (event.call().equals(call) && wanted.test(event)) {
            return Optional.of(event);
          }
        }
        long left = (until - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          return Optional.empty();
        }
        try {
          heard.wait(left);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IllegalStateException(e);
        }
        if (next > heard.size()) {
          next = heard.size();
        }
      }
    }
  }

  /** Forgets what it heard, but for the record: before a new call. */
  public void forget() {
    synchronized (heard) {
      heard.clear();
    }
  }

  /** Says something if it has a socket; whether it arrives is not known. */
  public void say(String frame) {
    Optional<WebSocket> open = socket;
    Optional<Line> on = line;
    if (open.isEmpty() || on.isEmpty()) {
      return;
    }
    try {
      on.get().send(open.get(), frame).copy().orTimeout(5, TimeUnit.SECONDS).join();
    } catch (CompletionException gone) {
      // The socket breaks, and the record will say so.
    }
  }

  /** Gives an order over the socket; if that does not work out, over REST with the same key. */
  public Api.Answer order(Api.Order order, Duration patience) {
    Optional<Line> at = line.filter(l -> !l.closed.isDone());
    if (at.isEmpty() || !isConnected()) {
      return api.insist(who, order, patience);
    }
    int node = at.get().node;
    long id = api.asked(who, order, node, 1);
    ObjectNode frame = order.body().deepCopy();
    frame.put("type", "call." + order.op());
    frame.put("id", Long.toString(id));
    frame.put("idempotency_key", order.key());
    if (!order.call().isEmpty()) {
      frame.put("call_id", order.call());
    }
    CompletableFuture<JsonNode> reply = new CompletableFuture<>();
    replies.put(Long.toString(id), reply);
    say(frame.toString());
    if (at.get().closed.isDone()) {
      reply.complete(Api.unheard(at.get().closed.join())); // before the reply was waited for
    }
    Api.Answer answer = api.replied(id, reply);
    return answer.outcome() == Outcome.UNKNOWN || answer.code().equals("rate_limited")
        ? api.insist(who, order, patience, api.nextNode(node), 2)
        : answer;
  }

  /** Cuts its socket without a word; it comes back by itself. */
  public void cut() {
    line.ifPresent(l -> l.closed.complete(-3));
    socket.ifPresent(WebSocket::abort);
  }

  /** Closes its socket for good. */
  public void leave() {
    leaving = true;
    line.ifPresent(l -> l.meant = true);
    socket.ifPresent(
        open -> {
          var _ = open.sendClose(WebSocket.NORMAL_CLOSURE, "").exceptionally(gone -> open);
        });
    line.ifPresent(l -> l.closed.completeOnTimeout(-3, 2, TimeUnit.SECONDS));
  }
}
