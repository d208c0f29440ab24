package io.carillon.http.cluster;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import org.apache.pekko.actor.Address;

/** Where another node listens for its fellows. */
record PeerPort(String host, int port) {
  private static final Duration PATIENCE = Duration.ofMillis(300);

  /** Of a node that is addressed so; empty for an address without a place. */
  static Optional<PeerPort> of(Address address) {
    return address
        .getHost()
        .flatMap(host -> address.getPort().map(port -> new PeerPort(host, port)));
  }

  /**
   * Whether its machine says that nobody listens there. A node listens from before it joins until
   * it has left: its process is gone. Whatever else there is instead of an answer (silence, no way)
   * says nothing of the process, and a stopped one still listens. Blocks, for a moment at most.
   */
  boolean refuses() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), Math.toIntExact(PATIENCE.toMillis()));
      return false;
    } catch (ConnectException refused) {
      return true;
    } catch (IOException unknown) {
      return false;
    }
  }
}
