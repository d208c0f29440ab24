package io.carillon.http.faults.load;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.engine.identity.RealmId;
import io.carillon.engine.identity.UserId;
import io.carillon.engine.identity.UserKey;
import io.carillon.http.auth.DevTokens;
import io.carillon.http.auth.Role;
import io.carillon.http.faults.inject.FaultCluster;
import io.carillon.http.faults.record.Item;
import io.carillon.http.faults.record.Item.Outcome;
import io.carillon.http.faults.record.Item.Who;
import io.carillon.http.faults.record.Recorder;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** Commands over REST, each attempt recorded; what is not known is asked again with its key. */
public final class Api {
  static final ObjectMapper JSON = new ObjectMapper();

  /** Longer than a node may take to answer: who is not answered by then, is not answered. */
  private static final Duration ATTEMPT = Duration.ofSeconds(10);

  /** The outcome of what was said to a socket that was sent away. */
  public static final String MOVED = "moved";

  /** The code with which a node that leaves closes its sockets. */
  private static final int SENT_AWAY = 4200;

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();
  private final DevTokens tokens =
      new DevTokens(FaultCluster.SECRET.getBytes(StandardCharsets.UTF_8), InstantSource.system());
  private final Map<Who, String> issued = new ConcurrentHashMap<>();
  private final AtomicInteger echoes = new AtomicInteger();
  private volatile boolean echoing;
  private final Set<Integer> avoided = ConcurrentHashMap.newKeySet();
  private final Recorder recorder;
  private final List<String> urls;

  /** Over these nodes, {@code node-1} the first. */
  public Api(Recorder recorder, List<String> urls) {
    this.recorder = recorder;
    this.urls = List.copyOf(urls);
  }

  /**
   * What is asked for.
   *
   * @param op {@code initiate}, {@code accept}, …; a word of the API
   * @param key the same in every attempt
   * @param call empty for {@code initiate}
   */
  public record Order(String op, String key, String call, ObjectNode body) {}

  /**
   * What came back.
   *
   * @param status 0: nothing
   */
  public record Answer(
      Outcome outcome,
      int status,
      String code,
      String call,
      long seq,
      String state,
      JsonNode body,
      int attempts) {
    /** Whether it was carried out. */
    public boolean isOk() {
      return outcome == Outcome.OK;
    }
  }

  /** A new body. */
  public static ObjectNode body() {
    return JSON.createObjectNode();
  }

  /** No more requests and sockets go to a node, as behind a balancer that noticed. */
  public void avoid(int node) {
    avoided.add(node);
  }

  /** They go there again. */
  public void use(int node) {
    avoided.remove(node);
  }

  /** Some node that is not avoided. */
  public int anyNode() {
    return nextNode(ThreadLocalRandom.current().nextInt(urls.size()) + 1);
  }

  /** The next node after one that is not avoided. */
  public int nextNode(int node) {
    int next = node;
    do {
      next = next % urls.size() + 1;
    } while (avoided.contains(next) && avoided.size() < urls.size());
    return next;
  }

  /** The base URL of a node, counted from 1. */
  public String url(int node) {
    return urls.get(node - 1);
  }

  /** A token of this user. */
  public String token(Who who) {
    return issued.computeIfAbsent(
        new Who(who.realm(), who.user(), ""),
        user ->
            tokens.issue(
                new UserKey(new RealmId(user.realm()), new UserId(user.user())),
                Optional.of(user.user()),
                Set.of(Role.USER),
                Duration.ofHours(2)));
  }

  /** Asks until there is a definite answer, each time another node; unknown when time is up. */
  public Answer insist(Who who, Order order, Duration patience) {
    echo(who, order);
    return insist(who, order, patience, anyNode(), 1);
  }

  /** From now on every command is sent up to three times, late and to any node; or no more. */
  public void echo(boolean on) {
    echoing = on;
  }

  /** How many copies were sent. */
  public int echoes() {
    return echoes.get();
  }

  private void echo(Who who, Order order) {
    if (!echoing) {
      return;
    }
    int copies = ThreadLocalRandom.current().nextInt(3);
    for (int i = 0; i < copies; i++) {
      echoes.incrementAndGet();
      Thread.ofVirtual()
          .start(
              () -> {
                pause(0, 3000);
                attempt(who, order, anyNode(), 2);
              });
    }
  }

  /** The same, from this node and this attempt on. */
  public Answer insist(Who who, Order order, Duration patience, int first, int attempt) {
    long until = System.nanoTime() + patience.toNanos();
    int node = first;
    int number = attempt;
    while (true) {
      Answer answer = attempt(who, order, node, number);
      boolean wait = answer.code().equals("rate_limited");
      if ((answer.outcome() != Outcome.UNKNOWN && !wait) || System.nanoTime() > until) {
        return answer;
      }
      pause(50, 250);
      node = nextNode(node);
      number++;
    }
  }

  static void pause(long least, long most) {
    try {
      Thread.sleep(ThreadLocalRandom.current().nextLong(least, most + 1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** One attempt at one node. */
  public Answer attempt(Who who, Order order, int node, int number) {
    ObjectNode body = order.body().deepCopy();
    body.put("device_id", who.device());
    String path =
        order.op().equals("initiate")
            ? "/api/v1/calls"
            : "/api/v1/calls/" + order.call() + "/" + order.op();
    HttpRequest request =
        request(who, node, path)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", order.key())
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
            .build();
    return send(who, order, node, number, request);
  }

  /** Reads at one node. */
  public Answer get(Who who, String call, String path, int node) {
    Order order = new Order("get", "", call, body());
    return send(who, order, node, 1, request(who, node, path).GET().build());
  }

  /** Reads until a node answers that can. */
  public Answer read(Who who, String call, String path, Duration patience) {
    long until = System.nanoTime() + patience.toNanos();
    Answer answer = get(who, call, path, anyNode());
    while (answer.outcome() == Outcome.UNKNOWN && System.nanoTime() < until) {
      pause(50, 250);
      answer = get(who, call, path, anyNode());
    }
    return answer;
  }

  private HttpRequest.Builder request(Who who, int node, String path) {
    return HttpRequest.newBuilder(URI.create(url(node) + path))
        .timeout(ATTEMPT)
        .header("Authorization", "Bearer " + token(who));
  }

  private Answer send(Who who, Order order, int node, int number, HttpRequest request) {
    long id = asked(who, order, node, number);
    try {
      HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
      return answered(id, response.statusCode(), parse(response.body()), number);
    } catch (ConnectException unreached) {
      return broken(id, Outcome.UNKNOWN, "unreached", number);
    } catch (IOException broken) {
      return broken(id, Outcome.UNKNOWN, "broken", number);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  long asked(Who who, Order order, int node, int number) {
    long id = recorder.next();
    recorder.add(
        at ->
            new Item.Asked(
                at, id, order.op(), order.key(), who, "node-" + node, order.call(), number));
    return id;
  }

  Answer broken(long id, Outcome outcome, String why, int number) {
    recorder.add(at -> new Item.Answered(at, id, outcome, 0, why, "", 0, ""));
    return new Answer(outcome, 0, why, "", 0, "", MissingNode.getInstance(), number);
  }

  /** Records an answer of the API; frames' replies are given the status they stand for. */
  Answer answered(long id, int status, JsonNode body, int number) {
    Outcome outcome =
        status / 100 == 2 ? Outcome.OK : status / 100 == 4 ? Outcome.REFUSED : Outcome.UNKNOWN;
    JsonNode call = body.path("call").isObject() ? body.path("call") : body;
    String callId = call.path("call_id").asText("");
    long seq = call.path("call_seq").asLong(0);
    String state = call.path("state").asText("");
    String code = body.path("code").asText("");
    recorder.add(at -> new Item.Answered(at, id, outcome, status, code, callId, seq, state));
    return new Answer(outcome, status, code, callId, seq, state, body, number);
  }

  /**
   * What stands for the reply to a frame whose socket closed first. Where the node sent it away
   * nothing went wrong: what such a socket did not answer it did not hear, and it is said again
   * elsewhere.
   */
  static JsonNode unheard(int closeCode) {
    return closeCode == SENT_AWAY ? body().put(MOVED, true) : body();
  }

  /** Waits for a frame's reply, or what stands for it. */
  Answer replied(long id, CompletableFuture<JsonNode> reply) {
    JsonNode frame;
    try {
      frame = reply.get(ATTEMPT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException silent) {
      return broken(id, Outcome.UNKNOWN, "timeout", 1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    if (frame.isEmpty() || frame.has(MOVED)) {
      return broken(id, Outcome.UNKNOWN, frame.isEmpty() ? "broken" : MOVED, 1);
    }
    return frame.path("ok").asBoolean()
        ? answered(id, 200, frame, 1)
        : answered(id, frame.path("error").path("status").asInt(), frame.path("error"), 1);
  }

  static JsonNode parse(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException notJson) {
      return MissingNode.getInstance();
    }
  }
}
