package io.carillon.http.bench;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;

/** Kept connections, shared by all users as a backend's are; the one used last is used first. */
final class HttpPool {
  private record Waiting(Bytes request, HttpLane.Replies replies) {}

  private final EventLoop loop;
  private final InetSocketAddress address;
  private final int max;
  private final ArrayDeque<HttpLane> free = new ArrayDeque<>();
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private int open;

  /**
   * @param max connections at a time; a request beyond waits for one
   */
  HttpPool(EventLoop loop, InetSocketAddress address, int max) {
    this.loop = loop;
    this.address = address;
    this.max = max;
  }

  /** Sends one whole request. */
  void request(Bytes request, HttpLane.Replies replies) {
    HttpLane lane = free.pollFirst();
    if (lane == null && open < max) {
      lane = new HttpLane(loop, this);
      lane.open(address);
      open++;
    }
    if (lane == null) {
      waiting.add(new Waiting(new Bytes().put(request), replies));
    } else {
      lane.request(request, replies);
    }
  }

  void isFree(HttpLane lane) {
    Waiting next = waiting.poll();
    if (next == null) {
      free.addFirst(lane);
    } else {
      lane.request(next.request(), next.replies());
    }
  }

  void isGone(HttpLane lane) {
    free.remove(lane);
    open--;
    Waiting next = waiting.poll();
    if (next != null) {
      request(next.request(), next.replies());
    }
  }
}
