package io.carillon.http.testnode;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * A device that reads only when it is told to, with next to no buffer of its own, so that the node
 * notices at once when it does not. On a socket or on an event stream.
 */
public final class SlowReader implements AutoCloseable {
  private static final int BUFFER = 8 * 1024;
  private static final int OPCODE_TEXT = 1;
  private static final int OPCODE_CLOSE = 8;

  /** A masked pong, which needs no answer. */
  private static final byte[] PONG = {(byte) 0x8A, (byte) 0x80, 0, 0, 0, 0};

  /** How a device listens. */
  public enum Kind {
    SOCKET,
    STREAM
  }

  private final Kind kind;
  private final Socket connection;
  private final DataInputStream in;

  private SlowReader(Kind kind, Socket connection, DataInputStream in) {
    this.kind = kind;
    this.connection = connection;
    this.in = in;
  }

  /** Connects and reads nothing but the answer's head; {@code cursor} empty: from now on. */
  public static SlowReader open(
      Kind kind, TestNode node, String token, String device, String cursor) {
    try {
      Socket connection = new Socket();
      connection.setReceiveBufferSize(BUFFER);
      connection.setSoTimeout((int) Duration.ofSeconds(20).toMillis());
      connection.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), node.port()));
      String query =
          "?device_id=" + device + (cursor.isEmpty() ? "" : "&cursor=" + cursor) + " HTTP/1.";
      // An answer to HTTP/1.0 is not cut into chunks.
      String head =
          switch (kind) {
            case SOCKET ->
                "GET /api/v1/socket"
                    + query
                    + "1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n";
            case STREAM -> "GET /api/v1/events" + query + "0\r\n";
          };
      String request = head + "Host: localhost\r\nAuthorization: Bearer " + token + "\r\n\r\n";
      connection.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      DataInputStream in =
          new DataInputStream(new BufferedInputStream(connection.getInputStream(), 1024));
      SlowReader reader = new SlowReader(kind, connection, in);
      String status = reader.line();
      for (String line = status; !line.isEmpty(); line = reader.line()) {
        if (line.equals(status) && !line.matches("HTTP/1.. (101|200) .*")) {
          throw new AssertionError(line);
        }
      }
      return reader;
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /** The next frame; empty once the node has ended the connection. */
  public Optional<JsonNode> next() {
    try {
      String text = kind == Kind.SOCKET ? message() : event();
      JsonNode frame = TestClient.JSON.readTree(text);
      DescribedFrames.check(frame);
      return Optional.of(frame);
    } catch (EOFException | SocketException ended) {
      return Optional.empty();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private String message() throws IOException {
    while (true) {
      int opcode = in.readUnsignedByte() & 0x0f;
      int length = in.readUnsignedByte() & 0x7f;
      byte[] payload = new byte[length == 126 ? in.readUnsignedShort() : length];
      if (length == 127) {
        throw new AssertionError("a frame beyond 64 KiB");
      }
      in.readFully(payload);
      if (opcode == OPCODE_CLOSE) {
        throw new EOFException();
      }
      if (opcode == OPCODE_TEXT) {
        return new String(payload, StandardCharsets.UTF_8);
      }
    }
  }

  private String event() throws IOException {
    while (true) {
      String line = line();
      if (line.startsWith("data: ")) {
        return line.substring("data: ".length());
      }
    }
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.readUnsignedByte(); b != '\n'; b = in.readUnsignedByte()) {
      line.write(b);
    }
    return line.toString(StandardCharsets.UTF_8).strip();
  }

  /** Whether the node has cut the connection; found out by saying something, without reading. */
  public boolean isCut() {
    try {
      connection.getOutputStream().write(PONG);
      return false;
    } catch (IOException cut) {
      return true;
    }
  }

  /** Goes without a word. */
  @Override
  public void close() {
    try {
      connection.close();
    } catch (IOException alreadyGone) {
      // that is what was wanted
    }
  }
}
