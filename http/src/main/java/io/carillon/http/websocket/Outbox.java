package io.carillon.http.websocket;

import java.util.ArrayDeque;
import org.apache.pekko.http.impl.engine.ws.FrameEvent;
import org.jspecify.annotations.Nullable;

/** What waits for a slow reader, bounded in number and bytes. Nothing is ever dropped quietly. */
final class Outbox {
  private final ArrayDeque<FrameEvent> frames = new ArrayDeque<>(4);
  private final int maxFrames;
  private final int maxBytes;
  private int bytes;

  Outbox(int maxFrames, int maxBytes) {
    this.maxFrames = maxFrames;
    this.maxBytes = maxBytes;
  }

  /** Adds a frame; false if it does not fit, and then it was not added. */
  boolean offer(FrameEvent frame) {
    int size = frame.data().size();
    if (frames.size() >= maxFrames || size > maxBytes - bytes) {
      return false;
    }
    force(frame);
    return true;
  }

  /** Adds a frame beyond the bounds: the last words before a close. */
  void force(FrameEvent frame) {
    frames.add(frame);
    bytes += frame.data().size();
  }

  @Nullable FrameEvent poll() {
    FrameEvent next = frames.poll();
    if (next != null) {
      bytes -= next.data().size();
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
