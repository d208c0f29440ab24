package io.carillon.http.flow;

import static io.carillon.http.flow.Dialling.user;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.carillon.http.testnode.SlowReader;
import io.carillon.http.testnode.TestClient;
import io.carillon.http.testnode.TestNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Devices that missed far more than may wait for a slow reader: they are told all of it, in order
 * and once, however slowly they read and however often they come back.
 */
class SlowReaderTest {
  /** Far below what one of these devices has missed, and below one page of it. */
  private static final TestNode node =
      TestNode.start(
          """
          carillon.http.socket { outbound-frames = 8, outbound-bytes = 64 KiB, page-timeout = 1 s, max-sockets-of-user = 500 }
          carillon.engine.limits { initiates-per-minute = 0, redials = 0, rings-per-callee = 0 }
          pekko.http.server.socket-options.so-send-buffer-size = 8192
          """);

  private static final int BACKLOG = 400;
  private static final long SEED = Long.getLong("reader.seed", System.nanoTime());
  private static final String CONTEXT = "\"context\":{\"about\":\"" + "x".repeat(3000) + "\"}";
  private static final Executor THREADS = Executors.newFixedThreadPool(4);

  @AfterAll
  static void stop() {
    node.close();
  }

  /** One device, through all of its connections. */
  private static final class Reader {
    final TestNode at;
    final SlowReader.Kind kind;
    final String user;
    final List<String> told = new ArrayList<>();
    final List<String> times = new ArrayList<>();
    String cursor = "";
    boolean caughtUp;

    Reader(TestNode at, SlowReader.Kind kind, String user) {
      this.at = at;
      this.kind = kind;
      this.user = user;
    }

    SlowReader connect() {
      caughtUp = false;
      String token = at.token(TestNode.REALM, user, Duration.ofHours(1));
      return SlowReader.open(kind, at, token, "slow", cursor);
    }

    /** Connects, and reads until the connection ends or everything missed was told. */
    void readAll() {
      try (SlowReader connection = connect()) {
        read(connection, Integer.MAX_VALUE);
      }
    }

    /** Reads so many frames, or until the connection ends or everything missed was told. */
    void read(SlowReader from, int frames) {
      for (int i = 0; i < frames && !caughtUp; i++) {
        Optional<JsonNode> next = from.next();
        if (next.isEmpty()) {
          return;
        }
        JsonNode frame = next.get();
        if (!frame.path("cursor").asText().isEmpty()) {
          cursor = frame.path("cursor").asText();
        }
        if (frame.path("type").asText().equals("call_event")) {
          told.add(frame.path("event_id").asText());
          times.add(frame.path("timestamp").asText());
        }
        assertThat(frame.path("type").asText()).isNotEqualTo("resync");
        caughtUp = frame.path("type").asText().equals("catchup.done");
      }
    }
  }

  private static Reader readerWithBacklog(SlowReader.Kind kind, Set<String> calls) {
    return readerWithBacklog(node, kind, BACKLOG, calls);
  }

  private static Reader readerWithBacklog(
      TestNode at, SlowReader.Kind kind, int backlog, Set<String> calls) {
    Reader reader = new Reader(at, kind, user("bob"));
    reader.readAll();
    List<CompletableFuture<String>> placed = new ArrayList<>();
    for (int i = 0; i < backlog; i++) {
      placed.add(CompletableFuture.supplyAsync(() -> missed(at, reader.user), THREADS));
    }
    placed.forEach(call -> calls.add(call.join()));
    return reader;
  }

  /** A call nobody takes; returns its id. */
  private static String missed(TestNode at, String callee) {
    TestClient rest = at.client("caller-of-" + callee + "-" + Thread.currentThread().threadId());
    TestClient.Answer placed =
        rest.post("/api/v1/calls", "{\"receiver_id\":\"" + callee + "\"," + CONTEXT + "}");
    assertThat(placed.status()).as(placed.body()).isEqualTo(201);
    String call = placed.json().path("call_id").asText();
    assertThat(rest.post("/api/v1/calls/" + call + "/cancel", "{}").status()).isEqualTo(200);
    return call;
  }

  /** How this user's connections ended, from the first to the last. */
  private static List<String> ends(String user) {
    return node.database()
        .query(
            "SELECT coalesce(close_reason, 'open') FROM device_connection WHERE user_id = '"
                + user
                + "' ORDER BY opened_at");
  }

  private static void assertWhole(Reader reader, Set<String> calls) {
    Set<String> ended = new HashSet<>();
    reader.told.stream().filter(id -> id.endsWith(":2")).forEach(ended::add);
    assertThat(ended)
        .as("seed %d", SEED)
        .containsExactlyInAnyOrderElementsOf(calls.stream().map(call -> call + ":2").toList());
    assertThat(reader.told).as("seed %d", SEED).doesNotHaveDuplicates();
    assertThat(reader.times).as("seed %d", SEED).isSorted();
  }

  @ParameterizedTest
  @EnumSource
  void whoReadsInSpurtsAndComesBackIsToldEverythingOnceAndInOrder(SlowReader.Kind kind) {
    Random random = new Random(SEED);
    Set<String> calls = new HashSet<>();
    Reader reader = readerWithBacklog(kind, calls);
    int connections = 0;
    do {
      assertThat(++connections).as("seed %d", SEED).isLessThan(BACKLOG);
      try (SlowReader slow = reader.connect()) {
        reader.read(slow, 1 + random.nextInt(60));
      }
      if (connections % 4 == 0) {
        calls.add(missed(node, reader.user));
      }
    } while (!reader.caughtUp);
    assertThat(connections).isGreaterThan(5);
    reader.readAll();
    assertWhole(reader, calls);
  }

  @ParameterizedTest
  @EnumSource
  void whoReadsOnIsToldALongBacklogOnOneConnection(SlowReader.Kind kind) {
    Set<String> calls = new HashSet<>();
    Reader reader = readerWithBacklog(kind, calls);
    reader.readAll();
    assertThat(reader.caughtUp).isTrue();
    assertWhole(reader, calls);
  }

  @ParameterizedTest
  @EnumSource
  void whoDoesNotReadIsClosedSoonAndComesBackWithoutLoss(SlowReader.Kind kind) {
    Set<String> calls = new HashSet<>();
    Reader reader = readerWithBacklog(kind, calls);
    try (SlowReader slow = reader.connect()) {
      long since = System.nanoTime();
      Awaitility.await()
          .pollInterval(Duration.ofMillis(50))
          .until(
              () -> {
                List<String> ends = ends(reader.user);
                return ends.size() == 2 && ends.getLast().equals("slow_consumer");
              });
      assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(Duration.ofSeconds(6));
      // What was on its way is still read, and resumed from.
      reader.read(slow, Integer.MAX_VALUE);
    }
    System.out.printf("%s: %d of %d events were on their way%n", kind, reader.told.size(), BACKLOG);
    assertThat(reader.caughtUp).isFalse();
    assertThat(reader.told).hasSizeLessThan(BACKLOG);
    reader.readAll();
    assertThat(reader.caughtUp).isTrue();
    assertWhole(reader, calls);
  }

  /** Sessions of some of them live on the node that leaves, and those that take over go on. */
  @Test
  void whoseSessionMovesBetweenTwoPagesIsToldTheRestOnTheSameConnection() {
    List<TestNode> nodes =
        TestNode.startTwo(
            """
            carillon.http.socket { outbound-frames = 8, outbound-bytes = 64 KiB, page-timeout = 30 s }
            carillon.engine.limits { initiates-per-minute = 0, redials = 0, rings-per-callee = 0 }
            pekko.http.server.socket-options.so-send-buffer-size = 8192
            """);
    try {
      TestNode stays = nodes.getFirst();
      List<Reader> readers = new ArrayList<>();
      List<Set<String>> calls = new ArrayList<>();
      List<SlowReader> connections = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        Set<String> own = new HashSet<>();
        SlowReader.Kind kind = i % 2 == 0 ? SlowReader.Kind.SOCKET : SlowReader.Kind.STREAM;
        Reader reader = readerWithBacklog(stays, kind, 60, own);
        SlowReader connection = reader.connect();
        reader.read(connection, 5);
        readers.add(reader);
        calls.add(own);
        connections.add(connection);
      }
      nodes.getLast().close();
      for (int i = 0; i < readers.size(); i++) {
        readers.get(i).read(connections.get(i), Integer.MAX_VALUE);
        assertThat(readers.get(i).caughtUp).isTrue();
        assertWhole(readers.get(i), calls.get(i));
        connections.get(i).close();
      }
    } finally {
      nodes.forEach(TestNode::close);
    }
  }
}
