package io.carillon.http.bench;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A device of one user: it keeps its place in what it was told, and comes back with it when its
 * socket is gone.
 */
final class Device implements DeviceSocket.User {
  /** What a device tells the load. */
  interface Listener {
    /**
     * It is up.
     *
     * @param first not again, with everything told that it missed
     */
    void up(Device device, boolean first);

    /** Something came for it, other than what devices deal with themselves. */
    void told(Device device, FrameScan frame);

    /** Its socket went without the load having wished it. */
    void lost(Device device, String why);
  }

  private static final byte[] CONNECTION_ACK = FrameScan.ascii("connection.ack");
  private static final byte[] CATCHUP_DONE = FrameScan.ascii("catchup.done");
  private static final byte[] RESYNC = FrameScan.ascii("resync");
  private static final byte[] PING = FrameScan.ascii("ping");
  private static final byte[] DISCONNECT = FrameScan.ascii("disconnect");
  private static final byte[] PONG = FrameScan.ascii("{\"type\":\"pong\"}");

  private final Surroundings around;
  private final Listener listener;
  private final String id;
  private final byte[] token;
  private final int index;

  private @Nullable DeviceSocket socket;
  private byte[] cursor = {};
  private int cursorLength;
  private int sockets;
  private boolean up;
  private boolean wasUp;
  private boolean resuming;
  private long openedAt;
  private String farewell = "";

  /**
   * @param index which of its pair's devices it is
   * @param token the credential, as it stands in a hello
   */
  Device(Surroundings around, Listener listener, String id, byte[] token, int index) {
    this.around = around;
    this.listener = listener;
    this.id = id;
    this.token = token;
    this.index = index;
  }

  String id() {
    return id;
  }

  int index() {
    return index;
  }

  /** Its sockets are numbered from 1. */
  int socketNumber() {
    return sockets;
  }

  /** Whether it ever was up. */
  boolean wasUp() {
    return wasUp;
  }

  boolean isUp() {
    return up;
  }

  /** Opens a socket; with the place it had, if it had one. */
  void connect() {
    sockets++;
    openedAt = System.nanoTime();
    resuming = cursorLength > 0;
    farewell = "";
    DeviceSocket fresh = new DeviceSocket(around.loop(), this, around.host(), around.frame());
    socket = fresh;
    fresh.open(around.address());
  }

  /** Cuts the socket off. */
  void drop() {
    up = false;
    DeviceSocket open = socket;
    socket = null;
    if (open != null) {
      open.close();
    }
  }

  void send(Bytes message) {
    if (socket != null) {
      socket.text(message);
    }
  }

  /** Nanoseconds since its latest socket was begun. */
  long sinceOpened() {
    return System.nanoTime() - openedAt;
  }

  boolean hasResumed() {
    return resuming;
  }

  @Override
  public void opened(DeviceSocket opened) {
    Bytes hello = around.message().clear();
    hello.put("{\"type\":\"hello\",\"token\":\"").put(token).put("\",\"device_id\":\"").put(id);
    if (resuming) {
      hello.put("\",\"cursor\":\"").put(cursor, 0, cursorLength);
    }
    opened.text(hello.put("\"}"));
  }

  @Override
  public void message(DeviceSocket from, byte[] bytes, int start, int end) {
    FrameScan frame = around.scan();
    if (from != socket) {
      return;
    }
    if (!frame.scan(bytes, start, end)) {
      from.fail("a frame that is no object");
      return;
    }
    if (!frame.cursor.isEmpty()) {
      keep(frame.cursor);
    }
    Slice type = frame.type;
    if (type.is(CONNECTION_ACK)) {
      if (!resuming) {
        isUpNow();
      }
    } else if (type.is(CATCHUP_DONE) || type.is(RESYNC)) {
      isUpNow();
    } else if (type.is(PING)) {
      from.text(around.message().clear().put(PONG));
    } else if (type.is(DISCONNECT)) {
      farewell = frame.reason.text();
    } else {
      listener.told(this, frame);
    }
  }

  private void isUpNow() {
    if (!up) {
      boolean first = !wasUp;
      up = true;
      wasUp = true;
      listener.up(this, first);
    }
  }

  private void keep(Slice latest) {
    int length = latest.length();
    if (cursor.length < length) {
      cursor = new byte[Math.max(64, length * 2)];
    }
    System.arraycopy(latest.array(), latest.from(), cursor, 0, length);
    cursorLength = length;
  }

  @Override
  public void gone(DeviceSocket lost, String why) {
    if (lost == socket) {
      socket = null;
      up = false;
      listener.lost(this, farewell.isEmpty() ? why : why + " (" + farewell + ")");
    }
  }

  @Override
  public String toString() {
    return id + " at " + new String(Arrays.copyOf(cursor, cursorLength), StandardCharsets.US_ASCII);
  }
}
