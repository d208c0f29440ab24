package io.carillon.http.bench;

import java.net.InetSocketAddress;

/**
 * What everything in one loop shares.
 *
 * @param host for Host headers
 * @param http the pool for requests
 * @param message where bodies and frames' texts are put together
 * @param frame where whole frames and requests are put together
 * @param scan what is known of the message at hand
 */
record Surroundings(
    EventLoop loop,
    InetSocketAddress address,
    String host,
    HttpPool http,
    Bytes message,
    Bytes frame,
    FrameScan scan) {

  static Surroundings of(EventLoop loop, InetSocketAddress address, String host, int connections) {
    return new Surroundings(
        loop,
        address,
        host,
        new HttpPool(loop, address, connections),
        new Bytes(),
        new Bytes(),
        new FrameScan());
  }
}
