package io.carillon.http.settings;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The edge of one node; {@code carillon.http}.
 *
 * @param host the address it listens on
 * @param port the port, 0: any free one
 * @param publicUrl how clients reach it; empty: as their request says
 * @param allowedOrigins browser origins that may call and open sockets; {@code *} for any port
 * @param bodyTimeout how long a request's body may take
 * @param retryBudget how long a command is tried again while nobody can say
 * @param drain over how long a leaving node sends its sockets away
 * @param drainSpread over how long the clients of one moment come back
 * @param drainRequests how long a leaving node works on the requests it has
 * @param socket the bounds of one socket
 */
public record HttpSettings(
    String host,
    int port,
    Optional<String> publicUrl,
    List<String> allowedOrigins,
    Duration bodyTimeout,
    Duration retryBudget,
    Duration drain,
    Duration drainSpread,
    Duration drainRequests,
    SocketSettings socket) {

  /** Reads {@code carillon.http}; throws naming a wrong key. */
  public static HttpSettings from(Config root) {
    Config config = root.getConfig("carillon.http");
    int port = config.getInt("port");
    Checks.require(port >= 0 && port <= 65535, "http.port", "must lie between 0 and 65535");
    return new HttpSettings(
        config.getString("host"),
        port,
        Checks.text(config, "public-url"),
        List.copyOf(config.getStringList("allowed-origins")),
        config.getDuration("body-timeout"),
        config.getDuration("retry-budget"),
        config.getDuration("drain"),
        config.getDuration("drain-spread"),
        config.getDuration("drain-requests"),
        SocketSettings.from(config.getConfig("socket")));
  }
}
