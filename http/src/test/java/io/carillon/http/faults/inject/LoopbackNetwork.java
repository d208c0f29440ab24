package io.carillon.http.faults.inject;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.util.List;
import java.util.stream.IntStream;

/** All on one machine's loopback interface, each node with an address of its own; never cut. */
final class LoopbackNetwork implements Network {
  private final List<Integer> ports;

  LoopbackNetwork(int nodes) {
    ports = IntStream.rangeClosed(1, nodes).mapToObj(_ -> freePort()).toList();
  }

  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String name() {
    return "loopback addresses (nothing can be cut: those faults are skipped)";
  }

  @Override
  public boolean canCut() {
    return false;
  }

  @Override
  public String host(int node) {
    return "127.0.0." + (node + 1);
  }

  @Override
  public int port(int node) {
    return ports.get(node - 1);
  }

  @Override
  public String databaseHost() {
    return "localhost";
  }

  @Override
  public List<String> inside(int node) {
    return List.of();
  }

  @Override
  public void isolate(int node, Cut cut) {
    throw new UnsupportedOperationException(name());
  }

  @Override
  public void cutDatabase(int node, int databasePort) {
    throw new UnsupportedOperationException(name());
  }

  @Override
  public void lose(int node, int percent) {
    throw new UnsupportedOperationException(name());
  }

  @Override
  public void heal(int node) {}

  @Override
  public void close() {}
}
