package io.carillon.http.faults.load;

import io.carillon.http.faults.record.Item;
import io.carillon.http.faults.record.Item.Who;
import io.carillon.http.faults.record.Recorder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A device that opens a socket and then reads no more, as an app does that the system suspends. */
public final class DeafReader implements AutoCloseable {
  /** What the system keeps for it; the rest has to wait at the node. */
  private static final int BUFFER = 4096;

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** A masked pong, which needs no answer. */
  private static final byte[] PONG = {(byte) 0x8A, (byte) 0x80, 0, 0, 0, 0};

  private final Recorder recorder;
  private final Who who;
  private final Socket socket = new Socket();
  private final long number;
  private volatile boolean open = true;

  /** Opens a socket at a node and reads until it is a socket, and not a byte more. */
  public DeafReader(Api api, Recorder recorder, Who who, int node) {
    this.recorder = recorder;
    this.who = who;
    this.number = recorder.next();
    URI url = URI.create(api.url(node));
    try {
      socket.setReceiveBufferSize(BUFFER);
      socket.setSoTimeout((int) PATIENCE.toMillis());
      socket.connect(
          new InetSocketAddress(url.getHost(), url.getPort()), (int) PATIENCE.toMillis());
      greet(url, api.token(who));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    recorder.add(at -> new Item.Deaf(at, number, who, "node-" + node));
  }

  private void greet(URI url, String token) throws IOException {
    String request =
        """
        GET /api/v1/socket?device_id=%s HTTP/1.1
        Host: %s
        Upgrade: websocket
        Connection: Upgrade
        Sec-WebSocket-Version: 13
        Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==
        Sec-WebSocket-Protocol: carillon.v1
        Authorization: Bearer %s

        """
            .formatted(who.device(), url.getAuthority(), token)
            .replace("\n", "\r\n");
    OutputStream out = socket.getOutputStream();
    out.write(request.getBytes(StandardCharsets.US_ASCII));
    InputStream in = socket.getInputStream();
    StringBuilder answer = new StringBuilder();
    while (answer.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("refused: " + answer);
      }
      answer.append((char) next);
    }
    if (!answer.toString().startsWith("HTTP/1.1 101")) {
      throw new IOException("refused: " + answer);
    }
  }

  /** Whose it is. */
  public Who who() {
    return who;
  }

  /**
   * Looks whether the node has given it up: by saying something, since reading is what it does not
   * do. The node takes what is said for a sign of life.
   */
  public boolean isOpen() {
    if (open) {
      try {
        socket.getOutputStream().write(PONG);
      } catch (IOException reset) {
        open = false;
        recorder.add(at -> new Item.Shut(at, number, -1, false));
      }
    }
    return open;
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
