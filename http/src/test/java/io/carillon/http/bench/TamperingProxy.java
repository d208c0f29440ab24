package io.carillon.http.bench;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Stands between clients and a node and does to the node's frames what a node must never do:
 * swallow them, repeat them, or let them overtake each other. Requests pass untouched.
 */
final class TamperingProxy implements AutoCloseable {
  /** What becomes of the frames of one socket. */
  interface Tampering {
    /** What is passed on when this frame comes; it may also be kept for later. */
    List<String> instead(String frame);
  }

  private final ServerSocket listening;
  private final int to;
  private final Supplier<Tampering> tampering;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  /**
   * @param to the node's port on this machine
   * @param tampering one for each socket
   */
  TamperingProxy(int to, Supplier<Tampering> tampering) throws IOException {
    this.to = to;
    this.tampering = tampering;
    this.listening = new ServerSocket(0, 1000, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return listening.getLocalPort();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listening.accept();
        Socket node = new Socket(InetAddress.getLoopbackAddress(), to);
        client.setTcpNoDelay(true);
        node.setTcpNoDelay(true);
        open.add(client);
        open.add(node);
        pump(client, () -> client.getInputStream().transferTo(node.getOutputStream()), node);
        pump(node, () -> answers(node.getInputStream(), client.getOutputStream()), client);
      }
    } catch (IOException closed) {
      close();
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void pump(Socket from, Work work, Socket to) {
    Thread.ofVirtual()
        .start(
            () -> {
              try (from;
                  to) {
                work.run();
              } catch (IOException closed) {
                // One end is gone; so is the other now.
                return;
              }
            });
  }

  private void answers(InputStream in, OutputStream out) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int b = in.read();
      if (b < 0) {
        return;
      }
      head.write(b);
    }
    out.write(head.toByteArray());
    if (head.toString(StandardCharsets.ISO_8859_1).startsWith("HTTP/1.1 101")) {
      frames(new DataInputStream(in), out);
    } else {
      in.transferTo(out);
    }
  }

  private void frames(DataInputStream in, OutputStream out) throws IOException {
    Tampering mine = tampering.get();
    while (true) {
      int kind = in.read();
      if (kind < 0) {
        return;
      }
      int length = in.readUnsignedByte();
      if (length == 126) {
        length = in.readUnsignedShort();
      } else if (length == 127) {
        length = Math.toIntExact(in.readLong());
      }
      byte[] payload = in.readNBytes(length);
      if (kind == 0x81) {
        for (String frame : mine.instead(new String(payload, StandardCharsets.UTF_8))) {
          write(out, kind, frame.getBytes(StandardCharsets.UTF_8));
        }
      } else {
        write(out, kind, payload);
      }
    }
  }

  private static void write(OutputStream out, int kind, byte[] payload) throws IOException {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(kind);
    if (payload.length < 126) {
      frame.write(payload.length);
    } else {
      frame.write(126);
      frame.write(payload.length >>> 8);
      frame.write(payload.length);
    }
    frame.writeBytes(payload);
    out.write(frame.toByteArray());
  }

  @Override
  public void close() {
    try {
      listening.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
