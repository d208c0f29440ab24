package io.carillon.http.websocket;

import io.carillon.http.settings.SocketSettings;
import java.util.Optional;
import org.apache.pekko.http.impl.engine.ws.FrameEvent;

/** What comes in on one socket, within its bounds: size first, then rate, and only then meaning. */
final class Intake {
  private final Assembler assembler;
  private final TokenBucket bucket;
  private final int grace;
  private int refusedInRow;

  Intake(SocketSettings settings, long now) {
    assembler = new Assembler(settings.maxMessage(), settings.maxFragments());
    bucket = new TokenBucket(settings.messagesPerSecond(), settings.burst(), now);
    grace = settings.rateGrace();
  }

  /** What there is to do about what came. */
  sealed interface Taken {
    /** Nothing. */
    record Nothing() implements Taken {}

    /** A message to read. */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    record Message(byte[] text) implements Taken {}

    /** A ping to answer. */
    @SuppressWarnings("ArrayRecordComponent")
    record Ping(byte[] payload) implements Taken {}

    /** The client closes. */
    record Close(Optional<Integer> code) implements Taken {}

    /** The client broke the rules of WebSockets or of size: close with this code. */
    record Violation(int code, String why) implements Taken {}

    /** Too fast: say so; in {@code waitMillis} there is room again. */
    record TooFast(long waitMillis) implements Taken {}

    /** Much too fast, and warned. */
    record Flood() implements Taken {}
  }

  private static final Taken NOTHING = new Taken.Nothing();

  /** Whether a message has begun and is not complete. */
  boolean isWithin() {
    return assembler.isWithin();
  }

  /** Takes what came from the connection at this moment of {@link System#nanoTime()}. */
  Taken take(FrameEvent event, long now) {
    return switch (assembler.take(event)) {
      case Assembler.Result.More _ -> NOTHING;
      case Assembler.Result.Message(byte[] text) -> rated(new Taken.Message(text), now);
      case Assembler.Result.Ping(byte[] payload) -> rated(new Taken.Ping(payload), now);
      case Assembler.Result.Pong _ -> rated(NOTHING, now);
      case Assembler.Result.Close(var code) -> new Taken.Close(code);
      case Assembler.Result.Violation(int code, String why) -> new Taken.Violation(code, why);
    };
  }

  private Taken rated(Taken taken, long now) {
    if (bucket.take(now)) {
      refusedInRow = 0;
      return taken;
    }
    refusedInRow++;
    return refusedInRow > grace ? new Taken.Flood() : new Taken.TooFast(bucket.waitMillis());
  }
}
