package io.carillon.http.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.carillon.http.auth.Role;
import io.carillon.http.testnode.TestClient;
import io.carillon.http.testnode.TestDevice;
import io.carillon.http.testnode.TestNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** An administrator's socket follows the realm: whole first, then what changes, without a gap. */
class WatchTest {
  private static final TestNode node = TestNode.start("carillon.http.socket.watch-poll = 20 ms");

  @AfterAll
  static void stop() {
    node.close();
  }

  private final String realm = "realm-" + UUID.randomUUID().toString().substring(0, 8);

  private TestDevice admin(String device) {
    return TestDevice.connect(
        node, node.token(realm, "root", Duration.ofHours(1), Role.ADMIN), device, "");
  }

  @Test
  void administratorSeesOpenCallsAndThenWhatHappens() {
    try (TestDevice a = node.device(realm, "alice", "laptop");
        TestDevice b = node.device(realm, "bob", "phone");
        TestDevice root = admin("desk")) {
      String before = ring(a, b, "bob");

      JsonNode snapshot = watch(root, "house", "");
      assertThat(snapshot.path("recovered").asBoolean()).isFalse();
      assertThat(snapshot.path("calls").findValuesAsText("call_id")).containsExactly(before);
      assertThat(snapshot.path("more").asBoolean()).isFalse();
      JsonNode counters = root.await("admin.counters");
      assertThat(counters.path("ringing").asInt()).isEqualTo(1);

      b.order("call.accept", before, "");
      JsonNode accepted = event(root, "house", "accepted", before);
      assertThat(accepted.path("call").path("state").asText()).isEqualTo("accepted");
      assertThat(accepted.path("actor").path("device_id").asText()).isEqualTo("phone");
      assertThat(accepted.path("node").asText()).contains(":");
      assertThat(accepted.path("told").findValuesAsText("event_type"))
          .contains("call_accepted", "ring_stopped");
      a.order("call.end", before, "");
      assertThat(event(root, "house", "ended", before).path("call").path("reason").asText())
          .isEqualTo("hangup");
      root.await(
          f ->
              f.path("type").asText().equals("admin.counters")
                  && f.path("accepted").asInt() == 0
                  && f.path("ringing").asInt() == 0,
          "counters of a quiet house");
      assertThat(
              node.database()
                  .query("SELECT admin, action FROM admin_action WHERE realm = '" + realm + "'"))
          .containsExactly("root|watch");
    }
  }

  /** Calls of several pairs at once, and an administrator who is cut off again and again. */
  @Test
  void resumedWatchMissesNothingWhileOthersWrite() {
    int pairs = 4;
    int callsOfEach = 12;
    List<TestDevice> devices = new ArrayList<>();
    List<CompletableFuture<Void>> calling = new ArrayList<>();
    // Threads of their own: what waits in the common pool keeps the HTTP client from its work.
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    TestDevice root = admin("desk-0");
    JsonNode snapshot = watch(root, "w", "");
    assertThat(snapshot.path("calls")).isEmpty();
    String cursor = snapshot.path("watch_cursor").asText();
    for (int p = 0; p < pairs; p++) {
      String callee = "callee-" + p;
      TestDevice a = node.device(realm, "caller-" + p, "laptop");
      TestDevice b = node.device(realm, callee, "phone");
      devices.add(a);
      devices.add(b);
      calling.add(
          CompletableFuture.runAsync(
              () -> {
                for (int i = 0; i < callsOfEach; i++) {
                  String call = ring(a, b, callee);
                  b.order("call.accept", call, "");
                  a.order("call.end", call, "");
                }
              },
              threads));
    }
    Set<String> seen = new LinkedHashSet<>();
    Map<String, Integer> last = new HashMap<>();
    int times = 0;
    int expected = pairs * callsOfEach * 4;
    while (seen.size() < expected) {
      JsonNode event =
          root.await(f -> f.path("type").asText().equals("admin.event"), "an event of " + times);
      String call = event.path("call_id").asText();
      int seq = event.path("call_seq").asInt();
      cursor = event.path("watch_cursor").asText();
      assertThat(seen.add(call + ":" + seq)).as("told once: " + event).isTrue();
      assertThat(seq).as("in its order: " + event).isEqualTo(last.getOrDefault(call, 0) + 1);
      last.put(call, seq);
      if (seen.size() % 17 == 0) {
        root.cut();
        root = admin("desk-" + ++times);
        JsonNode again = watch(root, "w", ",\"watch_cursor\":\"" + cursor + "\"");
        assertThat(again.path("recovered").asBoolean()).isTrue();
      }
    }
    calling.forEach(CompletableFuture::join);
    assertThat(times).isGreaterThan(5);
    assertThat(seen)
        .containsExactlyInAnyOrderElementsOf(
            node.database()
                .query(
                    "SELECT split_part(persistence_id, '|', 3) || ':' || sequence_number"
                        + " FROM event_journal WHERE persistence_id LIKE 'call|"
                        + realm
                        + "|%'"));
    root.close();
    devices.forEach(TestDevice::close);
    threads.close();
  }

  @Test
  void oneCallAndOneUserCanBeWatchedAlone() {
    try (TestDevice a = node.device(realm, "alice", "laptop");
        TestDevice b = node.device(realm, "bob", "phone");
        TestDevice c = node.device(realm, "carol", "phone");
        TestDevice d = node.device(realm, "dave", "phone");
        TestDevice root = admin("desk")) {
      String one = ring(a, b, "bob");
      watch(root, "call", ",\"call_id\":\"" + one + "\"");
      watch(root, "user", ",\"user_id\":\"dave\"");
      String two = ring(c, d, "dave");
      d.order("call.reject", two, "");
      b.order("call.accept", one, "");

      assertThat(event(root, "call", "accepted", one).path("told")).isNotEmpty();
      JsonNode placed = event(root, "user", "initiated", two);
      assertThat(placed.path("told").findValuesAsText("user_id")).containsOnly("dave");
      assertThat(placed.path("told").findValuesAsText("event_type"))
          .containsExactly("call_started");
      event(root, "user", "ended", two);
      assertThat(
              root.frames().stream()
                  .filter(f -> f.path("type").asText().equals("admin.event"))
                  .map(f -> f.path("watch").asText() + f.path("call_id").asText())
                  .distinct())
          .containsExactlyInAnyOrder("call" + one, "user" + two);
      assertThat(
              node.database()
                  .query(
                      "SELECT action, call_id, detail FROM admin_action WHERE realm = '"
                          + realm
                          + "' ORDER BY action_id"))
          .containsExactly("watch|" + one + "|null", "watch|null|user dave");
    }
  }

  @Test
  void onlyAdministratorsWatchAndOnlyTheirOwnRealm() {
    try (TestDevice a = node.device(realm, "alice", "laptop");
        TestDevice b = node.device(realm, "bob", "phone");
        TestDevice foreign =
            TestDevice.connect(
                node,
                node.token(realm + "x", "root", Duration.ofHours(1), Role.ADMIN),
                "desk",
                "")) {
      assertThat(refused(a, "\"type\":\"admin.watch\"")).isEqualTo("forbidden");
      String call = ring(a, b, "bob");
      assertThat(refused(foreign, "\"type\":\"admin.watch\",\"call_id\":\"" + call + "\""))
          .isEqualTo("call_not_found");
      assertThat(watch(foreign, "house", "").path("calls")).isEmpty();
      b.order("call.accept", call, "");
      foreign.settle();
      assertThat(foreign.frames()).noneMatch(f -> f.path("type").asText().equals("admin.event"));
      assertThat(refused(foreign, "\"type\":\"admin.watch\",\"call_id\":\"c\",\"user_id\":\"u\""))
          .isEqualTo("validation");
    }
  }

  @Test
  void watchEndsWhenAskedToAndWhenANewerTokenDoesNotAllowIt() {
    try (TestDevice root = admin("desk")) {
      watch(root, "one", "");
      watch(root, "two", "");
      assertThat(refused(root, "\"type\":\"admin.unwatch\",\"watch\":\"three\""))
          .isEqualTo("validation");
      root.say("{\"type\":\"admin.unwatch\",\"id\":\"u\",\"watch\":\"one\"}");
      root.await(f -> f.path("id").asText().equals("u") && f.path("ok").asBoolean(), "unwatched");
      root.say(
          "{\"type\":\"auth.refresh\",\"token\":\""
              + node.token(realm, "root", Duration.ofHours(1))
              + "\"}");
      JsonNode ended = root.await("admin.ended");
      assertThat(ended.path("watch").asText()).isEqualTo("two");
      assertThat(ended.path("error").path("code").asText()).isEqualTo("forbidden");
    }
  }

  @Test
  void manyOpenCallsAreToldInPartsAndAnOldCursorBeginsAnew() {
    try (TestDevice a = node.device(realm, "alice", "laptop");
        TestDevice root = admin("desk")) {
      Set<String> placed = new LinkedHashSet<>();
      for (int i = 0; i < 25; i++) {
        JsonNode reply =
            a.order(
                "call.initiate",
                "\"mode\":\"conference\",\"ring\":\"silent\",\"callees\":[\"u" + i + "\"]");
        placed.add(reply.path("call").path("call_id").asText());
      }
      root.say("{\"type\":\"admin.watch\",\"id\":\"w\",\"watch_cursor\":\"w1.5.0.1600000000\"}");
      List<String> told = new ArrayList<>();
      boolean more = true;
      while (more) {
        JsonNode part = root.await("admin.snapshot");
        told.addAll(part.path("calls").findValuesAsText("call_id"));
        assertThat(part.path("recovered").asBoolean()).isFalse();
        more = part.path("more").asBoolean();
        assertThat(part.has("watch_cursor")).isEqualTo(!more);
      }
      assertThat(told).containsExactlyInAnyOrderElementsOf(placed);
    }
  }

  @Test
  void administratorSeesUsersTheirDevicesAndConnections() {
    TestClient rest = node.client(realm, "root", Role.ADMIN);
    try (TestDevice phone = node.device(realm, "bob", "phone")) {
      TestDevice tablet = node.device(realm, "bob", "tablet");
      String connections = "/api/v1/admin/connections";
      Awaitility.await().until(() -> rest.get(connections).json().path("connections").size() == 2);
      JsonNode first = rest.get(connections + "?limit=1").json();
      assertThat(first.path("connections").path(0).path("device_id").asText()).isEqualTo("phone");
      JsonNode second =
          rest.get(connections + "?limit=1&cursor=" + first.path("next_cursor").asText()).json();
      assertThat(second.path("connections").path(0).path("device_id").asText()).isEqualTo("tablet");
      tablet.close();
      Awaitility.await().until(() -> rest.get(connections).json().path("connections").size() == 1);

      JsonNode bob = rest.get("/api/v1/admin/users/bob").json().path("user");
      assertThat(bob.path("connections").asInt()).isEqualTo(1);
      assertThat(bob.path("devices").findValuesAsText("device_id"))
          .containsExactly("tablet", "phone");
      assertThat(bob.path("devices").path(0).path("reason").asText()).isEqualTo("client");
      assertThat(
              rest.get("/api/v1/admin/users?limit=1").json().path("users").path(0).path("user_id"))
          .isEqualTo(bob.path("user_id"));
      assertThat(rest.get("/api/v1/admin/users/nobody").status()).isEqualTo(404);
      assertThat(rest.get("/api/v1/admin/users?cursor=%7C").status()).isEqualTo(422);
      assertThat(node.client(realm, "bob").get(connections).status()).isEqualTo(403);
      assertThat(
              node.client(realm + "x", "root", Role.ADMIN)
                  .get(connections)
                  .json()
                  .path("connections"))
          .isEmpty();
      assertThat(phone.frames()).isNotEmpty();
    }
  }

  @Test
  void timelineSaysWhichDeviceWasConnectedWhereAndWhoStoppedItsRing() {
    try (TestDevice a = node.device(realm, "alice", "laptop");
        TestDevice b = node.device(realm, "bob", "phone");
        TestDevice quiet = node.device(realm, "bob", "tablet")) {
      TestClient ann = node.client(realm, "ann", Role.ANALYST);
      Awaitility.await()
          .until(
              () ->
                  node.database()
                      .query("SELECT count(*) FROM device_connection WHERE realm = '" + realm + "'")
                      .equals(List.of("3")));
      String call = ring(a, b, "bob");
      b.order("call.accept", call, "");
      quiet.event("ring_stopped", call);

      JsonNode story = ann.get("/api/v1/calls/" + call + "/timeline").json().path("users").path(0);
      JsonNode tablet = story.path("devices").path(1);
      assertThat(tablet.path("device_id").asText()).isEqualTo("tablet");
      assertThat(tablet.path("moments").findValuesAsText("kind"))
          .containsExactly("connected", "told", "stopped");
      JsonNode stopped = tablet.path("moments").path(2);
      assertThat(stopped.path("what").asText()).isEqualTo("ring_stopped (answered_elsewhere)");
      assertThat(stopped.path("by").asText()).isEqualTo("bob/phone");
      assertThat(stopped.path("node").asText()).contains(":");
    }
  }

  private static JsonNode watch(TestDevice root, String id, String more) {
    root.say("{\"type\":\"admin.watch\",\"id\":\"" + id + "\"" + more + "}");
    JsonNode reply =
        root.await(
            f -> f.path("type").asText().equals("reply") && f.path("id").asText().equals(id),
            "the reply to a watch");
    assertThat(reply.path("ok").asBoolean()).as(reply.toString()).isTrue();
    return root.await("admin.snapshot");
  }

  private static String refused(TestDevice device, String fields) {
    String id = UUID.randomUUID().toString();
    device.say("{" + fields + ",\"id\":\"" + id + "\"}");
    return device
        .await(f -> f.path("id").asText().equals(id), "a refusal")
        .path("error")
        .path("code")
        .asText();
  }

  private static JsonNode event(TestDevice root, String watch, String name, String call) {
    return root.await(
        f ->
            f.path("type").asText().equals("admin.event")
                && f.path("watch").asText().equals(watch)
                && f.path("event").asText().equals(name)
                && f.path("call_id").asText().equals(call),
        name + " of " + call);
  }

  private static String ring(TestDevice caller, TestDevice callee, String user) {
    JsonNode reply = caller.order("call.initiate", "\"receiver_id\":\"" + user + "\"");
    String call = reply.path("call").path("call_id").asText();
    callee.event("call_started", call);
    callee.order("call.acknowledge", call, "\"status\":\"ringing\"");
    return call;
  }
}
