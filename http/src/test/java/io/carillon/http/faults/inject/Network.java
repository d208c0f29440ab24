package io.carillon.http.faults.inject;

import java.util.List;

/** What nodes, database and clients reach each other through. Nodes are numbered from 1. */
public interface Network extends AutoCloseable {
  /** Which packets between one node and the others are lost. */
  enum Cut {
    BOTH_WAYS,
    /** The node hears nobody; they hear it. */
    INWARDS
  }

  /** What it is, in a few words, for the report. */
  String name();

  /** Whether single ways can be cut; if not, the methods below throw. */
  boolean canCut();

  /** The address a node listens at. */
  String host(int node);

  /** The port a node serves clients on. */
  int port(int node);

  /** The address the database listens at. */
  String databaseHost();

  /** What to put in front of a command that is to run where the node is. */
  List<String> inside(int node);

  /** Cuts a node off from the other nodes; clients and database still reach it. */
  void isolate(int node, Cut cut);

  /** Cuts a node off from the database alone. */
  void cutDatabase(int node, int databasePort);

  /** Loses this share of the packets between a node and the other nodes. */
  void lose(int node, int percent);

  /** Undoes whatever was done to a node. */
  void heal(int node);

  @Override
  void close();

  /** Namespaces of their own where this process may make them, or else loopback addresses. */
  static Network make(int nodes, boolean namespaces) {
    return namespaces && NamespaceNetwork.isPossible()
        ? new NamespaceNetwork(nodes)
        : new LoopbackNetwork(nodes);
  }
}
