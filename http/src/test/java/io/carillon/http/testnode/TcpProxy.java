package io.carillon.http.testnode;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Stands between a node and something it talks to, and can make the way between them swallow
 * everything without a word, as a network does that drops packets.
 */
public final class TcpProxy implements AutoCloseable {
  private static final String URL = "carillon.database.url";

  private final ServerSocket server;
  private volatile int target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition healed = lock.newCondition();
  private boolean cut;

  /** Forwards to a port of this machine. */
  public TcpProxy(int target) {
    this.target = target;
    try {
      this.server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  /** Where it listens. */
  public int port() {
    return server.getLocalPort();
  }

  /** Where a database is that is reached through this proxy and else is this one. */
  public Config before(Config database) {
    String url = database.getString(URL);
    String proxied = url.replace(":" + target + "/", ":" + port() + "/");
    if (proxied.equals(url)) {
      throw new IllegalArgumentException(url + " is not what this proxy forwards to");
    }
    return ConfigFactory.parseMap(Map.of(URL, proxied)).withFallback(database);
  }

  /** Whoever comes from now on is forwarded to this port. */
  public void target(int port) {
    target = port;
  }

  /** From now on nothing arrives on either side; connections stay open. */
  public void cut() {
    lock.lock();
    try {
      cut = true;
    } finally {
      lock.unlock();
    }
  }

  /** What was held back arrives, and everything after it. */
  public void heal() {
    lock.lock();
    try {
      cut = false;
      healed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void passable() throws InterruptedException {
    lock.lock();
    try {
      while (cut) {
        healed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket in = server.accept();
        open.add(in);
        Thread.ofVirtual().start(() -> connect(in));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void connect(Socket in) {
    try {
      passable();
      Socket out = new Socket();
      open.add(out);
      out.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
      Thread.ofVirtual().start(() -> copy(in, out));
      copy(out, in);
    } catch (IOException refused) {
      close(in);
    } catch (InterruptedException never) {
      Thread.currentThread().interrupt();
    }
  }

  private void copy(Socket from, Socket to) {
    byte[] buffer = new byte[16 * 1024];
    try (InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        passable();
        out.write(buffer, 0, n);
        out.flush();
      }
    } catch (IOException broken) {
      // the other direction ends with it
    } catch (InterruptedException never) {
      Thread.currentThread().interrupt();
    }
    close(from);
    close(to);
  }

  private void close(Socket socket) {
    open.remove(socket);
    try {
      socket.close();
    } catch (IOException alreadyClosed) {
      // that is what was wanted
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    heal();
    open.forEach(this::close);
  }
}
