package io.carillon.http.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One TCP connection of the loop: what is not sent at once waits, and what is not complete yet is
 * kept until the rest has come.
 */
abstract class Wire {
  private static final byte[] NOTHING = {};

  private final EventLoop loop;
  private final ArrayDeque<ByteBuffer> outgoing = new ArrayDeque<>();
  private @Nullable SocketChannel channel;
  private @Nullable SelectionKey key;
  private byte[] rest = NOTHING;
  private boolean connected;
  private boolean closed;

  Wire(EventLoop loop) {
    this.loop = loop;
  }

  /** The connection is there. */
  abstract void connected();

  /**
   * Reads what it can from {@code bytes}; returns how far it got. The rest comes again, with more
   * behind it.
   */
  abstract int take(byte[] bytes, int from, int to);

  /** The connection is gone, and not because of {@link #close}. */
  abstract void gone(String why);

  /** Opens it; {@link #connected} or {@link #gone} follows. */
  void open(InetSocketAddress to) {
    try {
      SocketChannel opened = SocketChannel.open();
      channel = opened;
      opened.configureBlocking(false);
      opened.setOption(StandardSocketOptions.TCP_NODELAY, true);
      opened.connect(to);
      key = opened.register(loop.selector(), SelectionKey.OP_CONNECT, this);
    } catch (IOException e) {
      // Not from within the caller: it may be in the middle of something.
      loop.after(0, () -> fail(reason(e)));
    }
  }

  /** Sends a message, after all that were sent before it. */
  void send(Bytes message) {
    SocketChannel to = channel;
    if (closed || to == null) {
      return;
    }
    if (!connected || !outgoing.isEmpty()) {
      outgoing.add(ByteBuffer.wrap(Arrays.copyOf(message.array(), message.length())));
      return;
    }
    ByteBuffer buffer = ByteBuffer.wrap(message.array(), 0, message.length());
    try {
      to.write(buffer);
    } catch (IOException e) {
      loop.after(0, () -> fail(reason(e)));
      return;
    }
    if (buffer.hasRemaining()) {
      byte[] unsent = Arrays.copyOfRange(message.array(), buffer.position(), message.length());
      outgoing.add(ByteBuffer.wrap(unsent));
      interest(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
    }
  }

  boolean isClosed() {
    return closed;
  }

  /** Ends it without a word, as a phone does that runs out of its network. */
  void close() {
    closed = true;
    outgoing.clear();
    SocketChannel open = channel;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        // It is gone, which is what was wanted.
        return;
      }
    }
  }

  /** Called by the loop. */
  void ready(SelectionKey ready) {
    try {
      if (ready.isConnectable() && channel != null && channel.finishConnect()) {
        connected = true;
        interest(SelectionKey.OP_READ);
        flush();
        connected();
      }
      if (ready.isValid() && ready.isReadable()) {
        read();
      }
      if (ready.isValid() && ready.isWritable()) {
        flush();
      }
    } catch (IOException e) {
      fail(reason(e));
    } catch (CancelledKeyException e) {
      fail("closed");
    }
  }

  private void read() throws IOException {
    SocketChannel from = channel;
    if (closed || from == null) {
      return;
    }
    ByteBuffer buffer = loop.inputBuffer();
    buffer.clear();
    buffer.put(rest);
    int count = from.read(buffer);
    if (count < 0) {
      fail("closed by the server");
      return;
    }
    int to = buffer.position();
    int taken = take(loop.input(), 0, to);
    rest = taken == to ? NOTHING : Arrays.copyOfRange(loop.input(), taken, to);
  }

  private void flush() throws IOException {
    SocketChannel to = channel;
    if (closed || to == null) {
      return;
    }
    for (ByteBuffer next = outgoing.peek(); next != null; next = outgoing.peek()) {
      to.write(next);
      if (next.hasRemaining()) {
        interest(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        return;
      }
      outgoing.remove();
    }
    interest(SelectionKey.OP_READ);
  }

  private void interest(int operations) {
    if (key != null && key.isValid() && key.interestOps() != operations) {
      key.interestOps(operations);
    }
  }

  /** Ends it as if the other side had. */
  void fail(String why) {
    if (!closed) {
      close();
      gone(why);
    }
  }

  private static String reason(IOException e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }
}
