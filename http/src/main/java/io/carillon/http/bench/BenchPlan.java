package io.carillon.http.bench;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * What a run is to do.
 *
 * @param url the node, or whatever stands in front of several
 * @param rate calls a second, whatever becomes of them; empty: each pair calls one after another
 * @param pairs pairs of users
 * @param devicesPerUser one of which acts
 * @param warmup before anything is measured
 * @param duration of the measurement
 * @param mix how calls go
 * @param relays media signals of an answered call; 0, or at least an offer and its answer
 * @param steps which way requests take
 * @param talk how long the parties of an answered call talk
 * @param churn sockets cut off each second, to resume where they were
 * @param idleSockets sockets of other users, on which nothing happens
 * @param connections for requests
 * @param patience how long a call may stand still before what it waits for is lost
 * @param secret what tokens are signed with; empty: the node hands them out
 * @param realm the users' realm; empty: the node's own
 * @param seed of what is drawn
 */
record BenchPlan(
    URI url,
    Optional<Double> rate,
    int pairs,
    int devicesPerUser,
    Duration warmup,
    Duration duration,
    Mix mix,
    int relays,
    StepsBy steps,
    Duration talk,
    double churn,
    int idleSockets,
    int connections,
    Duration patience,
    Optional<String> secret,
    Optional<String> realm,
    long seed) {

  /** Which way requests take. */
  enum StepsBy {
    REST,
    SOCKET
  }

  /** Pairs of a closed loop, unless said otherwise. */
  static final int USUAL_PAIRS = 32;

  /** Calls one pair is to make in a second, at most, unless told how many pairs there are. */
  static final double USUAL_CALLS_PER_PAIR = 1.25;

  BenchPlan {
    require(pairs >= 1, "--pairs must be at least 1");
    require(devicesPerUser >= 1, "--devices-per-user must be at least 1");
    require(rate.isEmpty() || rate.get() > 0, "--rate must be above 0");
    require(duration.isPositive(), "--duration must be above 0");
    require(!warmup.isNegative(), "--warmup must not be negative");
    require(
        relays == 0 || relays >= 2, "--relays must be 0, or at least 2: an offer and an answer");
    require(churn >= 0, "--churn must not be negative");
    require(idleSockets >= 0, "--idle-sockets must not be negative");
    require(connections >= 1, "--connections must be at least 1");
    require(patience.compareTo(Duration.ofSeconds(4)) >= 0, "--patience must be at least 4 s");
    require(
        "http".equals(url.getScheme()) && url.getHost() != null,
        "--url must be http://HOST:PORT; put TLS elsewhere, it would be measured too");
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }

  /** So many pairs that no user calls more often than the shipped limits let one. */
  static int usualPairs(Optional<Double> rate) {
    return rate.map(r -> Math.max(USUAL_PAIRS, (int) Math.ceil(r / USUAL_CALLS_PER_PAIR)))
        .orElse(USUAL_PAIRS);
  }

  int port() {
    return url.getPort() < 0 ? 80 : url.getPort();
  }

  /** For Host headers. */
  String host() {
    return url.getHost() + ":" + port();
  }

  /** Sockets open while it measures. */
  int sockets() {
    return 2 * pairs * devicesPerUser + idleSockets;
  }

  /** In a few words. */
  String words() {
    String loop = rate.map(r -> "open loop, %s calls/s".formatted(number(r))).orElse("closed loop");
    return loop
        + ", "
        + pairs
        + " pairs"
        + (devicesPerUser == 1 ? "" : " of users with " + devicesPerUser + " devices")
        + ", steps by "
        + (steps == StepsBy.REST ? "REST" : "socket")
        + ", "
        + relays
        + " relays"
        + (mix.equals(Mix.ALL_ANSWERED) ? "" : ", " + mix)
        + (talk.isZero() ? "" : ", talking " + talk.toMillis() + " ms")
        + (churn == 0 ? "" : ", " + number(churn) + " sockets/s cut off")
        + (idleSockets == 0 ? "" : ", " + idleSockets + " idle sockets");
  }

  private static String number(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }
}
