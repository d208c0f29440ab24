package io.carillon.http.bench;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** A node that tells its devices wrongly, once: it stands in front of a real one. */
final class ForgedNode implements AutoCloseable {
  private static final int TEXT = 0x81;

  /** What is done to one event on its way. */
  enum Forgery {
    NONE,
    LOSE_AN_END,
    DOUBLE_AN_ACCEPT,
    DELAY_A_RING
  }

  private final ServerSocket server;
  private final int node;
  private final Forgery forgery;
  private final AtomicBoolean done = new AtomicBoolean();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  /** In front of the node on this port. */
  ForgedNode(int node, Forgery forgery) {
    this.node = node;
    this.forgery = forgery;
    try {
      this.server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getLocalPort());
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket in = server.accept();
        Socket out = new Socket(InetAddress.getLoopbackAddress(), node);
        in.setTcpNoDelay(true);
        out.setTcpNoDelay(true);
        open.add(in);
        open.add(out);
        Thread.ofVirtual().start(() -> carry(in, out, false));
        Thread.ofVirtual().start(() -> carry(out, in, true));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void carry(Socket from, Socket to, boolean forge) {
    try (from;
        to;
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      if (!forge || !isUpgraded(in, out)) {
        in.transferTo(out);
        return;
      }
      List<byte[]> held = new ArrayList<>();
      DataInputStream frames = new DataInputStream(in);
      while (true) {
        frame(frames, out, held);
      }
    } catch (IOException over) {
      // one of the two sides has gone
    }
  }

  /** Passes the head of the first answer on. */
  private static boolean isUpgraded(InputStream in, OutputStream out) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int b = in.read();
      if (b < 0) {
        return false;
      }
      head.append((char) b);
      out.write(b);
    }
    return head.indexOf("HTTP/1.1 101") == 0;
  }

  private void frame(DataInputStream in, OutputStream out, List<byte[]> held) throws IOException {
    int opcode = in.readUnsignedByte();
    int length = in.readUnsignedByte();
    byte[] payload = new byte[length == 126 ? in.readUnsignedShort() : length];
    in.readFully(payload);
    String text = opcode == TEXT ? new String(payload, StandardCharsets.UTF_8) : "";
    boolean event = text.startsWith("{\"type\":\"call_event\"");
    switch (forgery) {
      case NONE -> write(out, opcode, payload);
      case LOSE_AN_END -> {
        if (!(event && isAbout(text, "call_ended") && first())) {
          write(out, opcode, payload);
        }
      }
      case DOUBLE_AN_ACCEPT -> {
        write(out, opcode, payload);
        if (event && isAbout(text, "call_accepted") && first()) {
          write(out, opcode, payload);
        }
      }
      case DELAY_A_RING -> {
        if (event && isAbout(text, "participant_ringing") && first()) {
          held.add(payload);
          return;
        }
        write(out, opcode, payload);
        if (event && !held.isEmpty()) {
          write(out, TEXT, held.removeFirst());
        }
      }
    }
  }

  private boolean first() {
    return done.compareAndSet(false, true);
  }

  private static boolean isAbout(String text, String eventType) {
    return text.contains("\"event_type\":\"" + eventType + "\"");
  }

  private static void write(OutputStream out, int opcode, byte[] payload) throws IOException {
    byte[] head =
        payload.length < 126
            ? new byte[] {(byte) opcode, (byte) payload.length}
            : new byte[] {(byte) opcode, 126, (byte) (payload.length >>> 8), (byte) payload.length};
    out.write(head);
    out.write(payload);
    out.flush();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
