package io.carillon.http.bench;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One kept connection for requests, one request at a time. It understands what the engine sends:
 * replies with a Content-Length.
 */
final class HttpLane extends Wire {
  /** Takes the reply to one request. */
  interface Replies {
    /** It came; the body is good only during the call. */
    void replied(int status, byte[] bytes, int from, int to);

    /** It will not come. */
    void failed(String why);
  }

  private static final byte[] HEAD_END = {'\r', '\n', '\r', '\n'};
  private static final byte[] LENGTH = "\r\ncontent-length:".getBytes(StandardCharsets.US_ASCII);

  private final HttpPool pool;
  private @Nullable Replies waiting;

  HttpLane(EventLoop loop, HttpPool pool) {
    super(loop);
    this.pool = pool;
  }

  /** Sends one whole request. */
  void request(Bytes request, Replies replies) {
    waiting = replies;
    send(request);
  }

  @Override
  void connected() {}

  @Override
  int take(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to) {
      int head = indexOf(bytes, at, to, HEAD_END);
      if (head < 0) {
        return at;
      }
      int body = head + HEAD_END.length;
      long length = contentLength(bytes, at, head);
      if (length < 0) {
        fail("a reply without Content-Length");
        return to;
      }
      if (to - body < length) {
        return at;
      }
      int end = body + (int) length;
      replied(status(bytes, at), bytes, body, end);
      at = end;
    }
    return at;
  }

  private void replied(int status, byte[] bytes, int from, int to) {
    Replies replies = waiting;
    waiting = null;
    // Back into the pool first: the next step may follow from this reply at once.
    pool.isFree(this);
    if (replies != null) {
      replies.replied(status, bytes, from, to);
    }
  }

  @Override
  void gone(String why) {
    Replies replies = waiting;
    waiting = null;
    pool.isGone(this);
    if (replies != null) {
      replies.failed(why);
    }
  }

  private static int status(byte[] bytes, int at) {
    // "HTTP/1.1 200 OK"
    return (bytes[at + 9] - '0') * 100 + (bytes[at + 10] - '0') * 10 + (bytes[at + 11] - '0');
  }

  private static long contentLength(byte[] bytes, int from, int to) {
    for (int i = from; i < to - LENGTH.length; i++) {
      if (bytes[i] == '\r' && isHeader(bytes, i)) {
        int at = i + LENGTH.length;
        while (bytes[at] == ' ') {
          at++;
        }
        long length = 0;
        while (bytes[at] >= '0' && bytes[at] <= '9') {
          length = length * 10 + (bytes[at++] - '0');
        }
        return length;
      }
    }
    return -1;
  }

  private static boolean isHeader(byte[] bytes, int at) {
    for (int k = 0; k < LENGTH.length; k++) {
      byte b = bytes[at + k];
      if ((b >= 'A' && b <= 'Z' ? b + 32 : b) != LENGTH[k]) {
        return false;
      }
    }
    return true;
  }

  static int indexOf(byte[] bytes, int from, int to, byte[] word) {
    for (int i = from; i <= to - word.length; i++) {
      if (bytes[i] == word[0] && Arrays.equals(bytes, i, i + word.length, word, 0, word.length)) {
        return i;
      }
    }
    return -1;
  }

  /** The words of a status, for messages. */
  static String words(int status) {
    return String.format(Locale.ROOT, "status %d", status);
  }
}
