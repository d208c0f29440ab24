package io.carillon.persistence.cluster;

import io.carillon.persistence.database.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/**
 * One node's view of who else uses the database. A node registers, looks who is there, joins a
 * {@linkplain Node#member member} if there is one and otherwise asks to {@linkplain #tryForm form}
 * the cluster, and says every few seconds that it is alive.
 */
public final class ClusterMembership {
  /** Any number, the same in every node; advisory locks are found by it. */
  private static final long FORMING = 0x63_61_72_69_6c_6c_6f_6eL;

  private static final String CLAIM =
      "INSERT INTO cluster (name) VALUES (?) ON CONFLICT DO NOTHING";

  /** A node that starts is in no cluster, whatever it was in before it was killed. */
  private static final String REGISTER =
      """
      INSERT INTO cluster_node (address) VALUES (?)
      ON CONFLICT (address) DO UPDATE SET started_at = clock_timestamp(),
        last_seen = clock_timestamp(), member = false""";

  private static final String HEARTBEAT =
      """
      INSERT INTO cluster_node (address, member) VALUES (?, ?)
      ON CONFLICT (address) DO UPDATE SET last_seen = clock_timestamp(), member = excluded.member""";

  private static final String FORMED =
      "UPDATE cluster SET generation = generation + 1, formed_at = clock_timestamp()";

  private static final String OTHERS =
      """
      SELECT address, started_at, last_seen, member FROM cluster_node
      WHERE address <> ? AND last_seen >= clock_timestamp() - ? * interval '1 millisecond'
      ORDER BY started_at, address""";

  private final Database database;
  private final String address;

  /**
   * Another node.
   *
   * @param address where it is reached, as it registered
   * @param startedAt when, by the database's clock
   * @param lastSeen when it said so last
   * @param member whether it is in the cluster
   */
  public record Node(String address, Instant startedAt, Instant lastSeen, boolean member) {}

  /**
   * The cluster a database belongs to.
   *
   * @param id made when the first node came
   * @param name as configured
   * @param generation how often it was formed
   */
  public record ClusterIdentity(UUID id, String name, long generation) {}

  /**
   * What a node sees of the others.
   *
   * @param generation how often the cluster of this database was formed
   * @param others who is alive beside it, those that started first first
   */
  public record Sight(long generation, List<Node> others) {}

  /** Speaks for the node at an address. */
  public ClusterMembership(Database database, String address) {
    this.database = database;
    this.address = address;
  }

  /**
   * Makes the database this cluster's, or makes sure it is. The stage fails with {@link
   * ForeignClusterException} if it is another's. To be called before anything is written.
   */
  public CompletionStage<ClusterIdentity> claim(String name) {
    return database.transaction(
        connection -> {
          update(connection, CLAIM, name);
          ClusterIdentity identity = identity(connection);
          if (!identity.name().equals(name)) {
            throw new ForeignClusterException(identity.name(), name);
          }
          return identity;
        });
  }

  /** Says that this node starts, and is in no cluster yet. */
  public CompletionStage<Void> register() {
    return run(REGISTER, address);
  }

  /** Says that this node is alive, and whether it is in the cluster. */
  public CompletionStage<Void> heartbeat(boolean member) {
    return run(HEARTBEAT, address, member);
  }

  /** Who else was alive within this time, those that started first first. */
  public CompletionStage<List<Node>> others(Duration within) {
    return database.query(connection -> others(connection, within));
  }

  /** The same, with how often the cluster was formed. */
  public CompletionStage<Sight> look(Duration within) {
    return database.query(
        connection -> new Sight(identity(connection).generation(), others(connection, within)));
  }

  /**
   * Asks to form the cluster. True for one node at most while no member was alive within this time:
   * that node counts as a member from then on and is to form it. False: somebody else does; look
   * again at {@link #others}.
   */
  public CompletionStage<Boolean> tryForm(Duration within) {
    return database.transaction(
        connection -> {
          if (!lock(connection)) {
            return false;
          }
          if (others(connection, within).stream().anyMatch(Node::member)) {
            return false;
          }
          update(connection, HEARTBEAT, address, true);
          update(connection, FORMED);
          return true;
        });
  }

  /** Says that this node has formed the cluster without asking, as the first of its seed nodes. */
  public CompletionStage<Void> countForming() {
    return run(FORMED);
  }

  /** Says that this node is gone. */
  public CompletionStage<Void> leave() {
    return run("DELETE FROM cluster_node WHERE address = ?", address);
  }

  /** Held until the transaction ends, so that it cannot outlive a node. */
  private static boolean lock(Connection connection) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT pg_try_advisory_xact_lock(?)")) {
      statement.setLong(1, FORMING);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() && row.getBoolean(1);
      }
    }
  }

  private List<Node> others(Connection connection, Duration within) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(OTHERS)) {
      statement.setString(1, address);
      statement.setLong(2, within.toMillis());
      List<Node> nodes = new ArrayList<>();
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          nodes.add(
              new Node(
                  row.getString("address"),
                  row.getObject("started_at", OffsetDateTime.class).toInstant(),
                  row.getObject("last_seen", OffsetDateTime.class).toInstant(),
                  row.getBoolean("member")));
        }
      }
      return nodes;
    }
  }

  private static ClusterIdentity identity(Connection connection) throws SQLException {
    try (PreparedStatement statement =
            connection.prepareStatement("SELECT cluster_id, name, generation FROM cluster");
        ResultSet row = statement.executeQuery()) {
      row.next();
      return new ClusterIdentity(
          row.getObject("cluster_id", UUID.class),
          row.getString("name"),
          row.getLong("generation"));
    }
  }

  private CompletionStage<Void> run(String sql, Object... values) {
    return database.query(connection -> update(connection, sql, values)).thenAccept(_ -> {});
  }

  private static int update(Connection connection, String sql, Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      return statement.executeUpdate();
    }
  }
}
