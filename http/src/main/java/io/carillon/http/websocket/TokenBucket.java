package io.carillon.http.websocket;

/** How many messages may come: a number at once, and so many a second in the long run. */
final class TokenBucket {
  private final double perNano;
  private final double capacity;
  private double tokens;
  private long at;

  TokenBucket(int perSecond, int burst, long now) {
    this.perNano = perSecond / 1e9;
    this.capacity = burst;
    this.tokens = burst;
    this.at = now;
  }

  /** Takes one token, if there is one at this moment of {@link System#nanoTime()}. */
  boolean take(long now) {
    tokens = Math.min(capacity, tokens + (now - at) * perNano);
    at = now;
    if (tokens < 1) {
      return false;
    }
    tokens -= 1;
    return true;
  }

  /** Milliseconds until there is a token again. */
  long waitMillis() {
    return tokens >= 1 ? 0 : (long) Math.ceil((1 - tokens) / perNano / 1e6);
  }
}
