package io.carillon.http.flow;

import static io.carillon.http.flow.Dialling.direct;
import static io.carillon.http.flow.Dialling.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.http.testnode.NodeProcess;
import io.carillon.http.testnode.TestClient;
import io.carillon.http.testnode.TestDevice;
import io.carillon.http.testnode.TestStream;
import io.carillon.http.testnode.Tokens;
import io.carillon.persistence.testdatabase.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Of two nodes one dies without a word, whichever it is: calls go on with the other. */
class LostNodeTest {
  /** How many calls ring, and how many talk, when the node dies: some live on either node. */
  private static final int CALLS = 4;

  /** Finding out that a node is dead takes some two seconds; the rest is a slow machine's. */
  private static final Duration SECONDS = Duration.ofSeconds(15);

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  private static final class User {
    final String name;
    final List<String> heard = new ArrayList<>();
    TestDevice device;

    User(NodeProcess node, String name) {
      this.name = name;
      this.device = connect(node, "");
    }

    private TestDevice connect(NodeProcess node, String cursor) {
      return TestDevice.connect(node.url(), Tokens.of(name), name + "-phone", cursor);
    }

    void comeBack(NodeProcess node, String call) {
      heard.addAll(device.events(call));
      device = connect(node, device.cursor());
      device.await("catchup.done");
    }

    /**
     * What the device heard, but for the other side being away for a moment: whether that is told
     * depends on how fast the other side comes back.
     */
    List<String> everything(String call) {
      List<String> all = new ArrayList<>(heard);
      all.addAll(device.events(call));
      all.removeAll(List.of("participant_reconnecting", "participant_joined"));
      return all;
    }
  }

  private record Talk(User caller, User callee, String call) {}

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void callsThatRingAndTalkGoOnWithTheNodeThatIsLeft(int dying) {
    // The address of the first is the lower one.
    List<NodeProcess> nodes = NodeProcess.cluster(directory, TestDatabase.fresh().location(), 2);
    try {
      NodeProcess lost = nodes.get(dying);
      NodeProcess left = nodes.get(1 - dying);
      List<Talk> ringing = new ArrayList<>();
      List<Talk> talking = new ArrayList<>();
      for (int i = 0; i < CALLS; i++) {
        ringing.add(place(lost, left, "r" + i));
        Talk talk = place(lost, left, "t" + i);
        done(talk.callee.device.order("call.accept", talk.call, ""));
        talk.caller.device.event("call_accepted", talk.call);
        talking.add(talk);
      }
      lost.kill();
      Instant died = Instant.now();
      for (Talk talk : ringing) {
        talk.caller.comeBack(left, talk.call);
        done(talk.callee.device.order("call.accept", talk.call, ""));
        talk.caller.device.event("call_accepted", talk.call);
      }
      for (Talk talk : talking) {
        talk.caller.comeBack(left, talk.call);
      }
      assertThat(Duration.between(died, Instant.now())).isLessThan(SECONDS);
      List<Talk> all = new ArrayList<>(ringing);
      all.addAll(talking);
      for (Talk talk : all) {
        done(talk.callee.device.order("call.end", talk.call, ""));
        talk.caller.device.event("call_ended", talk.call);
        talk.callee.device.event("call_ended", talk.call);
        assertThat(talk.caller.everything(talk.call))
            .containsExactly("call_accepted", "call_ended");
        assertThat(talk.callee.everything(talk.call))
            .containsExactly("call_started", "call_accepted", "call_ended");
      }
    } finally {
      nodes.forEach(NodeProcess::close);
    }
  }

  /**
   * Their connections are at the node that is left, so nothing tells them that something is wrong;
   * and the heartbeat, which would find out, is far away.
   */
  @Test
  void socketsAndStreamsWhoseSessionsDiedRingAtOnceWhenTheyAreCalled() {
    List<NodeProcess> nodes =
        NodeProcess.cluster(
            directory,
            TestDatabase.fresh().location(),
            2,
            "carillon.http.socket.heartbeat=60 s",
            "carillon.http.socket.silence=150 s");
    try {
      NodeProcess left = nodes.getLast();
      List<User> callees = new ArrayList<>();
      Map<String, TestStream> listeners = new LinkedHashMap<>();
      for (int i = 0; i < 2 * CALLS; i++) {
        callees.add(new User(left, "deaf-" + i));
        String listener = "listener-" + i;
        TestStream stream = TestStream.open(left.url(), Tokens.of(listener), "", "");
        stream.await("catchup.done");
        listeners.put(listener, stream);
      }
      nodes.getFirst().kill();
      for (User callee : callees) {
        callee.device.event("call_started", ring(left, callee.name), SECONDS);
      }
      listeners.forEach(
          (name, stream) -> {
            stream.event("call_started", ring(left, name), SECONDS);
            stream.close();
          });
    } finally {
      nodes.forEach(NodeProcess::close);
    }
  }

  private static String ring(NodeProcess node, String callee) {
    TestClient.Answer placed =
        Awaitility.await("a call to " + callee)
            .atMost(SECONDS)
            .until(
                () -> Dialling.ring(node, callee, "Idempotency-Key", callee),
                answer -> answer.status() == 201);
    return placed.json().path("call_id").asText();
  }

  private Talk place(NodeProcess callers, NodeProcess callees, String name) {
    User caller = new User(callers, name + "-alice");
    User callee = new User(callees, name + "-bob");
    String call = direct(caller.device, callee.name);
    callee.device.event("call_started", call);
    return new Talk(caller, callee, call);
  }
}
