package io.carillon.http.flow;

import static io.carillon.http.flow.Dialling.direct;
import static io.carillon.http.flow.Dialling.done;
import static io.carillon.http.flow.Dialling.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carillon.http.auth.Role;
import io.carillon.http.testnode.TestDevice;
import io.carillon.http.testnode.TestNode;
import io.carillon.http.testnode.TestStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Server-Sent Events, where a socket cannot be opened: the same frames, cursor and bounds. */
class EventStreamTest {
  private static final List<TestNode> nodes =
      TestNode.startTwo(
          """
          carillon.http.socket { heartbeat = 300 ms, silence = 10 s, max-sockets-of-user = 3 }
          carillon.http.allowed-origins = ["https://app.example.org"]
          """);
  private static final TestNode one = nodes.getFirst();
  private static final TestNode two = nodes.getLast();

  @AfterAll
  static void stop() {
    nodes.forEach(TestNode::close);
  }

  private static TestStream open(TestNode node, String user, String device, String lastId) {
    return TestStream.open(
        node.url(),
        node.token(TestNode.REALM, user, Duration.ofHours(1)),
        "?device_id=" + device,
        lastId);
  }

  @Test
  void aCallRingsOnAStreamAndIsAnsweredOverRest() {
    String bob = user("bob");
    try (TestDevice a = one.device(user("al"), "laptop");
        TestStream b = open(one, bob, "tv", "")) {
      var ack = b.await("connection.ack");
      assertThat(ack.path("user_id").asText()).isEqualTo(bob);
      assertThat(ack.path("device_id").asText()).isEqualTo("tv");
      b.await("catchup.done");
      String call =
          done(a.order(
                  "call.initiate",
                  "\"receiver_id\":\"" + bob + "\",\"context\":{\"a\":\n1,\r\n\"b\":\"x\\ny\"}"))
              .path("call_id")
              .asText();
      var ring = b.event("call_started", call);
      assertThat(ring.path("call").path("context").path("b").asText()).isEqualTo("x\ny");
      assertThat(b.lastId()).isEqualTo(ring.path("cursor").asText());
      var accepted =
          one.client(bob).post("/api/v1/calls/" + call + "/accept", "{\"device_id\":\"tv\"}");
      assertThat(accepted.status()).as(accepted.body()).isEqualTo(200);
      a.event("call_accepted", call);
      done(a.order("call.offer", call, "\"offer\":{\"type\":\"offer\",\"sdp\":\"v=0\"}"));
      b.await("call.offer");
      done(a.order("call.end", call, ""));
      b.event("call_ended", call);
      Awaitility.await().until(() -> b.comments() >= 2);
    }
  }

  @Test
  void aStreamResumesOnAnotherNodeWhereItWas() {
    String bob = user("bob");
    try (TestDevice a = one.device(user("al"), "laptop")) {
      String first;
      String cursor;
      try (TestStream b = open(one, bob, "tv", "")) {
        b.await("catchup.done");
        first = direct(a, bob);
        b.event("call_started", first);
        cursor = b.lastId();
      }
      done(a.order("call.cancel", first, ""));
      String second = direct(a, bob);
      try (TestStream b = open(two, bob, "tv", cursor)) {
        assertThat(b.await("connection.ack").path("recovered").asBoolean()).isTrue();
        var ended = b.event("call_ended", first);
        assertThat(ended.path("catchup").asBoolean()).isTrue();
        assertThat(ended.path("state").asText()).isEqualTo("cancelled");
        assertThat(b.event("call_started", second).path("catchup").asBoolean()).isTrue();
        b.await("catchup.done");
        done(a.order("call.cancel", second, ""));
        b.event("call_ended", second);
      }
    }
  }

  @Test
  void aTicketOpensOneStreamAndNothingElseDoes() {
    String tina = user("tina");
    String ticket =
        one.client(tina)
            .post("/api/v1/tickets", "{\"device_id\":\"tv\"}")
            .json()
            .path("ticket")
            .asText();
    try (TestStream b = TestStream.open(one.url(), "", "?ticket=" + ticket, "")) {
      assertThat(b.await("connection.ack").path("device_id").asText()).isEqualTo("tv");
    }
    for (String query : List.of("?ticket=" + ticket, "", "?ticket=x")) {
      assertThatThrownBy(() -> TestStream.open(one.url(), "", query, "")).hasMessage("401");
    }
    String token = one.token(TestNode.REALM, tina, Duration.ofHours(1));
    assertThatThrownBy(() -> TestStream.open(one.url(), "", "?token=" + token, ""))
        .hasMessage("400");
  }

  @Test
  void aStreamIsOneDeviceAndIsReplacedByItsNextSocket() {
    String rita = user("rita");
    try (TestStream first = open(one, rita, "tv", "")) {
      first.await("catchup.done");
      try (TestDevice second = two.device(rita, "tv")) {
        var bye = first.await("disconnect");
        assertThat(bye.path("code").asInt()).isEqualTo(4005);
        assertThat(first.end()).isEqualTo("ended");
        second.settle();
      }
    }
  }

  @Test
  void aStreamEndsWithItsTokenAndWhenThatIsTakenBack() {
    String erin = user("erin");
    String brief = one.token(TestNode.REALM, erin, Duration.ofSeconds(3));
    try (TestStream stream = TestStream.open(one.url(), brief, "", "")) {
      stream.await("auth.expiring");
      assertThat(stream.await("disconnect").path("code").asInt()).isEqualTo(4202);
      assertThat(stream.end()).isEqualTo("ended");
      assertThat(stream.retry()).isEqualTo("0");
    }
    try (TestStream stream = open(two, erin, "tv", "")) {
      stream.await("catchup.done");
      var revoked =
          one.client(TestNode.REALM, "root", Role.ADMIN)
              .post("/api/v1/admin/revocations", "{\"user_id\":\"" + erin + "\"}");
      assertThat(revoked.status()).isEqualTo(200);
      assertThat(stream.await("disconnect").path("code").asInt()).isEqualTo(4001);
      assertThat(stream.end()).isEqualTo("ended");
    }
  }

  @Test
  void streamsAndSocketsOfOneUserAreCountedTogether() {
    String max = user("max");
    List<AutoCloseable> open = new ArrayList<>();
    open.add(one.device(max, "d-1"));
    open.add(one.device(max, "d-2"));
    open.add(open(one, max, "d-3", ""));
    try (TestStream stream = open(one, max, "d-4", "")) {
      assertThat(stream.await("disconnect").path("code").asInt()).isEqualTo(4100);
      assertThat(stream.end()).isEqualTo("ended");
      assertThat(Integer.parseInt(stream.retry())).isPositive();
    }
    try (TestDevice fifth =
        TestDevice.open(
            one,
            "Bearer " + one.token(TestNode.REALM, max, Duration.ofHours(1)),
            "?device_id=d-5",
            "d-5")) {
      assertThat(fifth.closeCode()).isEqualTo(4100);
    }
    open.forEach(
        each -> {
          try {
            each.close();
          } catch (Exception broken) {
            throw new AssertionError(broken);
          }
        });
    Awaitility.await()
        .untilAsserted(
            () -> {
              try (TestStream again = open(one, max, "d-6", "")) {
                again.await("catchup.done");
              }
            });
  }
}
