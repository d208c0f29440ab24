package io.carillon.http.faults.inject;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Each node in a network namespace, joined by a bridge on which clients and the database are. Names
 * and addresses are of this run alone; everything is taken away at the end, also when the process
 * is ended early.
 */
final class NamespaceNetwork implements Network {
  private static final String TABLE = "carillon_faults";

  private final int nodes;
  private final String mark;
  private final String subnet;
  private final List<Runnable> undo = new ArrayList<>();
  private final Thread atExit = new Thread(this::takeAway, "faults-network");

  NamespaceNetwork(int nodes) {
    this.nodes = nodes;
    ThreadLocalRandom random = ThreadLocalRandom.current();
    mark = "cf" + Integer.toString(random.nextInt(36 * 36 * 36 * 36), 36);
    subnet = "10." + random.nextInt(200, 250) + "." + random.nextInt(256) + ".";
    Runtime.getRuntime().addShutdownHook(atExit);
    try {
      build();
    } catch (RuntimeException impossible) {
      close();
      throw impossible;
    }
  }

  /** Whether this process may make a namespace, and drop packets in it. */
  static boolean isPossible() {
    try (NamespaceNetwork trial = new NamespaceNetwork(1)) {
      trial.isolate(1, Cut.BOTH_WAYS);
      return true;
    } catch (RuntimeException impossible) {
      return false;
    }
  }

  private void build() {
    String bridge = mark + "b";
    Shell.run("ip", "link", "add", bridge, "type", "bridge");
    undo.add(() -> Shell.attempt("ip", "link", "del", bridge));
    Shell.run("ip", "addr", "add", subnet + "1/24", "dev", bridge);
    Shell.run("ip", "link", "set", bridge, "up");
    for (int node = 1; node <= nodes; node++) {
      String space = space(node);
      String outer = mark + "v" + node;
      String inner = mark + "e" + node;
      Shell.run("ip", "netns", "add", space);
      undo.add(() -> Shell.attempt("ip", "netns", "del", space));
      Shell.run("ip", "link", "add", outer, "type", "veth", "peer", "name", inner);
      undo.add(() -> Shell.attempt("ip", "link", "del", outer));
      Shell.run("ip", "link", "set", inner, "netns", space);
      Shell.run("ip", "link", "set", outer, "master", bridge, "up");
      Shell.run("ip", "-n", space, "addr", "add", host(node) + "/24", "dev", inner);
      Shell.run("ip", "-n", space, "link", "set", inner, "up");
      Shell.run("ip", "-n", space, "link", "set", "lo", "up");
      nft(node, "add table inet " + TABLE);
      nft(node, "add chain inet " + TABLE + " in { type filter hook input priority 0 ; }");
      nft(node, "add chain inet " + TABLE + " out { type filter hook output priority 0 ; }");
    }
  }

  private String space(int node) {
    return mark + "n" + node;
  }

  private void nft(int node, String rule) {
    Shell.run("ip", "netns", "exec", space(node), "nft", rule);
  }

  private void drop(int node, String chain, String what) {
    nft(node, "add rule inet " + TABLE + " " + chain + " " + what + " drop");
  }

  private String others(int node) {
    List<String> addresses = new ArrayList<>();
    for (int other = 1; other <= Math.max(nodes, 2); other++) {
      if (other != node) {
        addresses.add(host(other));
      }
    }
    return "{ " + String.join(", ", addresses) + " }";
  }

  @Override
  public String name() {
    return "network namespaces";
  }

  @Override
  public boolean canCut() {
    return true;
  }

  @Override
  public String host(int node) {
    return subnet + (node + 1);
  }

  @Override
  public int port(int node) {
    return 8080;
  }

  @Override
  public String databaseHost() {
    return subnet + "1";
  }

  @Override
  public List<String> inside(int node) {
    return List.of("ip", "netns", "exec", space(node));
  }

  @Override
  public void isolate(int node, Cut cut) {
    drop(node, "in", "ip saddr " + others(node));
    if (cut == Cut.BOTH_WAYS) {
      drop(node, "out", "ip daddr " + others(node));
    }
  }

  @Override
  public void cutDatabase(int node, int databasePort) {
    drop(node, "in", "ip saddr " + databaseHost() + " tcp sport " + databasePort);
    drop(node, "out", "ip daddr " + databaseHost() + " tcp dport " + databasePort);
  }

  @Override
  public void lose(int node, int percent) {
    drop(node, "in", "ip saddr " + others(node) + " numgen random mod 100 < " + percent);
  }

  @Override
  public void heal(int node) {
    nft(node, "flush chain inet " + TABLE + " in");
    nft(node, "flush chain inet " + TABLE + " out");
  }

  private synchronized void takeAway() {
    undo.reversed().forEach(Runnable::run);
    undo.clear();
  }

  @Override
  public void close() {
    takeAway();
    Runtime.getRuntime().removeShutdownHook(atExit);
  }
}
