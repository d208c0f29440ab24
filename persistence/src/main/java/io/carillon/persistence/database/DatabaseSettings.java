package io.carillon.persistence.database;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.Map;

/**
 * Where the database is and how it is used; the keys of {@code carillon.database}, which {@code
 * reference.conf} explains.
 *
 * @param url {@code jdbc:postgresql://host:port/database}
 * @param username who connects
 * @param password of that user; may be empty
 * @param journalConnections connections that write and replay the journal, at least 2
 * @param readConnections connections that answer everything else, at least 1
 * @param acquireTimeout how long to wait for a free connection
 * @param connectTimeout how long to wait for the server to take a connection, whole seconds
 * @param socketTimeout how long to wait for an answer, whole seconds
 * @param statementTimeout how long the server may work on one statement
 * @param idleTransactionTimeout how long a transaction may wait for its node
 * @param maxLifetime how old a connection may grow
 */
public record DatabaseSettings(
    String url,
    String username,
    String password,
    int journalConnections,
    int readConnections,
    Duration acquireTimeout,
    Duration connectTimeout,
    Duration socketTimeout,
    Duration statementTimeout,
    Duration idleTransactionTimeout,
    Duration maxLifetime) {

  private static final String PATH = "carillon.database";

  /** Checks the values against each other; the message of what is thrown names the key. */
  public DatabaseSettings {
    require(
        url.startsWith("jdbc:postgresql://"),
        "url",
        "must begin with jdbc:postgresql:// (it is '" + url + "')");
    require(!username.isBlank(), "username", "must not be empty");
    require(journalConnections >= 2, "journal-connections", "must be at least 2");
    require(readConnections >= 1, "read-connections", "must be at least 1");
    require(
        acquireTimeout.toMillis() >= 250, "acquire-timeout", "must be at least 250 milliseconds");
    require(connectTimeout.toSeconds() >= 1, "connect-timeout", "must be at least 1 second");
    require(!statementTimeout.isZero(), "statement-timeout", "must be more than 0");
    require(
        socketTimeout.compareTo(statementTimeout) > 0,
        "socket-timeout",
        "must be longer than statement-timeout: the server is to give up first, with a reason");
    require(
        idleTransactionTimeout.toMillis() >= 100,
        "idle-transaction-timeout",
        "must be at least 100 milliseconds");
    require(maxLifetime.toSeconds() >= 30, "max-lifetime", "must be at least 30 seconds");
  }

  /**
   * Reads {@code carillon.database} of a whole configuration.
   *
   * @throws IllegalArgumentException when a value is out of bounds; the message names its key
   */
  public static DatabaseSettings from(Config root) {
    Config config = root.getConfig(PATH);
    return new DatabaseSettings(
        config.getString("url"),
        config.getString("username"),
        config.getString("password"),
        config.getInt("journal-connections"),
        config.getInt("read-connections"),
        config.getDuration("acquire-timeout"),
        config.getDuration("connect-timeout"),
        config.getDuration("socket-timeout"),
        config.getDuration("statement-timeout"),
        config.getDuration("idle-transaction-timeout"),
        config.getDuration("max-lifetime"));
  }

  /**
   * A configuration that says where the database is and nothing else: to be put in front of the
   * rest, so that what is started later (the journal plugin) uses the same one.
   */
  public static Config location(String url, String username, String password) {
    return ConfigFactory.parseMap(
        Map.of(
            PATH + ".url", url,
            PATH + ".username", username,
            PATH + ".password", password));
  }

  private static void require(boolean holds, String key, String rule) {
    if (!holds) {
      throw new IllegalArgumentException(PATH + "." + key + " " + rule);
    }
  }

  @Override
  public String toString() {
    return "DatabaseSettings[" + username + " at " + url + "]";
  }
}
