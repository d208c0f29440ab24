package io.carillon.http.websocket;

import java.util.ArrayDeque;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** What waits for a slow reader, bounded in number and bytes. Nothing is ever dropped quietly. */
final class Outbox<T> {
  private final ArrayDeque<T> frames = new ArrayDeque<>(4);
  private final int maxFrames;
  private final int maxBytes;
  private final ToIntFunction<T> size;
  private int bytes;

  Outbox(int maxFrames, int maxBytes, ToIntFunction<T> size) {
    this.size = size;
    this.maxFrames = maxFrames;
    this.maxBytes = maxBytes;
  }

  /** Adds a frame; false if it does not fit, and then it was not added. */
  boolean offer(T frame) {
    if (frames.size() >= maxFrames || size.applyAsInt(frame) > maxBytes - bytes) {
      return false;
    }
    force(frame);
    return true;
  }

  /** Adds a frame beyond the bounds: the last words before a close. */
  void force(T frame) {
    frames.add(frame);
    bytes += size.applyAsInt(frame);
  }

  @Nullable T poll() {
    T next = frames.poll();
    if (next != null) {
      bytes -= size.applyAsInt(next);
    }
    return next;
  }

  boolean isEmpty() {
    return frames.isEmpty();
  }

  /** Forgets what waits: the client is closed and will resume before it. */
  void clear() {
    frames.clear();
    bytes = 0;
  }
}
