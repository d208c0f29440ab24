package io.carillon.http.bench;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/**
 * One WebSocket, as far as the load needs it: whole text frames both ways, pings answered, a close
 * taken as the end.
 */
final class DeviceSocket extends Wire {
  /** Who uses the socket. */
  interface User {
    /** It is open. */
    void opened(DeviceSocket socket);

    /** A message came; good only during the call. */
    void message(DeviceSocket socket, byte[] bytes, int from, int to);

    /** It is gone, or was never there. */
    void gone(DeviceSocket socket, String why);
  }

  private static final int TEXT = 1;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;
  private static final int FINAL = 0x80;
  private static final int MASKED = 0x80;

  private static final SplittableRandom MASKS = new SplittableRandom();

  private final User user;
  private final String host;
  private final Bytes out;
  private boolean upgraded;

  /**
   * @param host for the Host header
   * @param out where frames are put together; shared by the sockets of a loop
   */
  DeviceSocket(EventLoop loop, User user, String host, Bytes out) {
    super(loop);
    this.user = user;
    this.host = host;
    this.out = out;
  }

  @Override
  void connected() {
    // The key has to be 16 bytes, and unpredictable only where caches could be fooled.
    out.clear()
        .put("GET /api/v1/socket HTTP/1.1\r\nHost: ")
        .put(host)
        .put("\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n")
        .put("Sec-WebSocket-Protocol: carillon.v1\r\n")
        .put("Sec-WebSocket-Key: Y2FyaWxsb24tYmVuY2gtMQ==\r\n\r\n");
    send(out);
  }

  /** Sends a text message. */
  void text(Bytes message) {
    frame(TEXT, message.array(), 0, message.length());
  }

  private void frame(int opcode, byte[] payload, int from, int to) {
    int length = to - from;
    out.clear().put((byte) (FINAL | opcode));
    if (length < 126) {
      out.put((byte) (MASKED | length));
    } else if (length < 65536) {
      out.put((byte) (MASKED | 126)).put((byte) (length >>> 8)).put((byte) length);
    } else {
      throw new IllegalArgumentException("larger than any frame of the protocol");
    }
    int mask = MASKS.nextInt();
    for (int shift = 24; shift >= 0; shift -= 8) {
      out.put((byte) (mask >>> shift));
    }
    int start = out.length();
    out.put(payload, from, to);
    byte[] bytes = out.array();
    for (int i = 0; i < length; i++) {
      bytes[start + i] ^= (byte) (mask >>> (24 - 8 * (i & 3)));
    }
    send(out);
  }

  @Override
  int take(byte[] bytes, int from, int to) {
    int at = from;
    if (!upgraded) {
      at = upgrade(bytes, from, to);
    }
    while (upgraded && !isClosed()) {
      int next = next(bytes, at, to);
      if (next < 0) {
        return at;
      }
      at = next;
    }
    return isClosed() ? to : at;
  }

  private int upgrade(byte[] bytes, int from, int to) {
    int end = HttpLane.indexOf(bytes, from, to, new byte[] {'\r', '\n', '\r', '\n'});
    if (end < 0) {
      return from;
    }
    String line = new String(bytes, from, Math.min(40, end - from), StandardCharsets.US_ASCII);
    if (!line.startsWith("HTTP/1.1 101")) {
      fail("no socket: " + line.lines().findFirst().orElse(""));
      return to;
    }
    upgraded = true;
    user.opened(this);
    return end + 4;
  }

  /** Reads one frame; returns where the next one begins, or -1 while it is not complete. */
  private int next(byte[] bytes, int at, int to) {
    if (to - at < 2) {
      return -1;
    }
    int length = bytes[at + 1] & 0x7f;
    int start = at + 2;
    if (length == 126) {
      if (to - at < 4) {
        return -1;
      }
      length = (bytes[at + 2] & 0xff) << 8 | (bytes[at + 3] & 0xff);
      start = at + 4;
    } else if (length == 127) {
      if (to - at < 10) {
        return -1;
      }
      length =
          (bytes[at + 6] & 0xff) << 24
              | (bytes[at + 7] & 0xff) << 16
              | (bytes[at + 8] & 0xff) << 8
              | (bytes[at + 9] & 0xff);
      start = at + 10;
    }
    if (to - start < length) {
      return -1;
    }
    int end = start + length;
    switch (bytes[at]) {
      case (byte) (FINAL | TEXT) -> user.message(this, bytes, start, end);
      case (byte) (FINAL | PING) -> frame(PONG, bytes, start, end);
      case (byte) (FINAL | PONG) -> {}
      case (byte) (FINAL | CLOSE) -> fail("closed by the server" + code(bytes, start, end));
      default -> fail("a frame of a kind the generator does not read");
    }
    return end;
  }

  private static String code(byte[] bytes, int from, int to) {
    return to - from < 2 ? "" : " with " + ((bytes[from] & 0xff) << 8 | (bytes[from + 1] & 0xff));
  }

  @Override
  void gone(String why) {
    user.gone(this, why);
  }
}
