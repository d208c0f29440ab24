package io.carillon.http.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Address;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RefusalDetectorTest {
  /** By silence alone it would take a node for lost after an hour. */
  private static final Config SETTINGS =
      ConfigFactory.parseString(
          """
          threshold = 8
          max-sample-size = 1000
          min-std-deviation = 50 ms
          acceptable-heartbeat-pause = 1 h
          expected-response-after = 1 s
          heartbeat-interval = 20 ms
          """);

  @SuppressWarnings("NullAway.Init")
  private static ActorSystem system;

  @BeforeAll
  static void start() {
    system =
        ActorSystem.create("watching", ConfigFactory.parseString("pekko.actor.provider = local"));
  }

  @AfterAll
  static void stop() {
    system.terminate();
  }

  @Test
  void whoIsSilentAndRefusesIsLostUntilItIsHeardAgain() throws IOException {
    RefusalDetector detector;
    try (ServerSocket port = listening()) {
      detector = watching(port);
      detector.heartbeat();
    }
    Awaitility.await("the refusal to count").until(() -> !detector.isAvailable());
    detector.heartbeat();
    assertThat(detector.isAvailable()).isTrue();
  }

  @Test
  void whoIsSilentAndListensIsNotLost() throws IOException {
    try (ServerSocket port = listening()) {
      RefusalDetector detector = watching(port);
      detector.heartbeat();
      // Accepted, so it was asked; by then, and twice, nothing came of it.
      for (int question = 0; question < 2; question++) {
        Awaitility.await("a question")
            .until(
                () -> {
                  assertThat(detector.isAvailable()).isTrue();
                  return hasCaller(port);
                });
      }
      assertThat(detector.isAvailable()).isTrue();
    }
  }

  @Test
  void whoWasNeverHeardIsNotAsked() throws IOException {
    RefusalDetector detector;
    try (ServerSocket port = listening()) {
      detector = watching(port);
    }
    assertThat(detector.isMonitoring()).isFalse();
    assertThat(detector.isAvailable()).isTrue();
  }

  @Test
  void aPortThatIsNotAnsweredForRefusesNothing() throws IOException {
    PeerPort left;
    try (ServerSocket port = listening()) {
      left = PeerPort.of(address(port)).orElseThrow();
      assertThat(left.refuses()).isFalse();
    }
    assertThat(left.refuses()).isTrue();
    assertThat(new PeerPort("no-such-host.invalid", 7355).refuses()).isFalse();
    assertThat(PeerPort.of(new Address("pekko", "carillon"))).isEmpty();
  }

  private static RefusalDetector watching(ServerSocket port) {
    RefusalDetector detector = new RefusalDetector(SETTINGS, system.eventStream());
    detector.setAddress(address(port).toString());
    return detector;
  }

  private static boolean hasCaller(ServerSocket port) throws IOException {
    port.setSoTimeout(1);
    try {
      port.accept().close();
      return true;
    } catch (SocketTimeoutException nobodyYet) {
      return false;
    }
  }

  private static ServerSocket listening() throws IOException {
    return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  private static Address address(ServerSocket port) {
    return new Address("pekko", "carillon", "127.0.0.1", port.getLocalPort());
  }
}
