package io.carillon.http.settings;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * The bounds of one socket; {@code carillon.http.socket}.
 *
 * @param maxMessage bytes of one message, all its fragments together
 * @param maxFragments fragments of one message
 * @param messageTimeout from a message's first fragment to its last
 * @param messagesPerSecond messages a client may send on the long run
 * @param burst messages it may send at once
 * @param rateGrace messages over the rate that are refused before the socket is closed
 * @param outboundFrames frames that wait for a slow reader
 * @param outboundBytes bytes that wait for a slow reader
 * @param pageTimeout how long a client may take to read one page of what it missed
 * @param pendingCommands commands of one socket that wait for an answer
 * @param helloTimeout until the credential has to be there
 * @param heartbeat how often the server pings
 * @param silence after which a socket is dead
 * @param expiryWarning how long before its end a token's socket is warned
 * @param closeTimeout how long the other side has to answer a close
 * @param maxSockets open sockets of this node
 * @param maxOfUser open sockets of one user on this node
 * @param streamAge after which an event stream is ended, for its client to open another
 * @param watchPoll how often an administrator's watch looks for what is new
 */
public record SocketSettings(
    int maxMessage,
    int maxFragments,
    Duration messageTimeout,
    int messagesPerSecond,
    int burst,
    int rateGrace,
    int outboundFrames,
    int outboundBytes,
    Duration pageTimeout,
    int pendingCommands,
    Duration helloTimeout,
    Duration heartbeat,
    Duration silence,
    Duration expiryWarning,
    Duration closeTimeout,
    int maxSockets,
    int maxOfUser,
    Duration streamAge,
    Duration watchPoll) {

  static SocketSettings from(Config config) {
    SocketSettings settings =
        new SocketSettings(
            Math.toIntExact(config.getBytes("max-message")),
            config.getInt("max-fragments"),
            config.getDuration("message-timeout"),
            config.getInt("messages-per-second"),
            config.getInt("burst"),
            config.getInt("rate-grace"),
            config.getInt("outbound-frames"),
            Math.toIntExact(config.getBytes("outbound-bytes")),
            config.getDuration("page-timeout"),
            config.getInt("pending-commands"),
            config.getDuration("hello-timeout"),
            config.getDuration("heartbeat"),
            config.getDuration("silence"),
            config.getDuration("expiry-warning"),
            config.getDuration("close-timeout"),
            config.getInt("max-sockets"),
            config.getInt("max-sockets-of-user"),
            config.getDuration("stream-age"),
            config.getDuration("watch-poll"));
    Checks.require(
        settings.silence().compareTo(settings.heartbeat()) > 0,
        "http.socket.silence",
        "must be longer than heartbeat");
    Checks.require(
        settings.maxMessage() >= 1024 && settings.maxMessage() <= 64 * 1024,
        "http.socket.max-message",
        "must lie between 1 KiB and 64 KiB");
    Checks.require(
        settings.watchPoll().toMillis() >= 20 && settings.watchPoll().toSeconds() <= 60,
        "http.socket.watch-poll",
        "must lie between 20 ms and 60 s");
    Checks.require(
        settings.outboundBytes() >= settings.maxMessage(),
        "http.socket.outbound-bytes",
        "must hold at least one message");
    return settings;
  }
}
