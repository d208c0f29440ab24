package io.carillon.http.websocket;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.apache.pekko.http.impl.engine.ws.FrameData;
import org.apache.pekko.http.impl.engine.ws.FrameEvent;
import org.apache.pekko.http.impl.engine.ws.FrameHeader;
import org.apache.pekko.http.impl.engine.ws.FrameStart;
import org.apache.pekko.util.ByteString;
import scala.runtime.BoxesRunTime;

/**
 * Puts a client's frames together to messages, counting while they arrive: a message is refused at
 * the byte that is one too many, or at the header that announces it, not when it is complete.
 */
final class Assembler {
  /** Control frames carry no more (RFC 6455, 5.5). */
  private static final int MAX_CONTROL = 125;

  private static final byte[] NOTHING = new byte[0];

  private final int maxMessage;
  private final int maxFragments;

  private byte[] message = NOTHING;
  private int length;
  private int fragments;
  private boolean within;
  private boolean broken;

  private byte[] control = NOTHING;
  private int controlLength;

  private int opcode;
  private boolean last;
  private int mask;
  private int masked;

  Assembler(int maxMessage, int maxFragments) {
    this.maxMessage = maxMessage;
    this.maxFragments = maxFragments;
  }

  /** What a frame led to. */
  sealed interface Result {
    /** Nothing yet. */
    record More() implements Result {}

    /** A whole text message, valid UTF-8. */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    record Message(byte[] text) implements Result {}

    @SuppressWarnings("ArrayRecordComponent")
    record Ping(byte[] payload) implements Result {}

    record Pong() implements Result {}

    /** The client closes; without a code of its own it is 1005, which may not be sent back. */
    record Close(Optional<Integer> code) implements Result {}

    /** The client broke the rules: close with this code. */
    record Violation(int code, String why) implements Result {}
  }

  private static final Result MORE = new Result.More();
  private static final Result PONG = new Result.Pong();
  private static final Result TOO_LARGE =
      new Result.Violation(CloseCodes.TOO_LARGE, "message too large");

  /** Whether a message has begun and is not complete. */
  boolean isWithin() {
    return within;
  }

  /**
   * Takes what came from the connection. After a violation nothing is put together any more; only a
   * close still counts.
   */
  Result take(FrameEvent event) {
    if (broken) {
      return event instanceof FrameStart start && start.header().opcode().code() == WireFrames.CLOSE
          ? new Result.Close(Optional.empty())
          : MORE;
    }
    Result result = taken(event);
    broken = result instanceof Result.Violation;
    return result;
  }

  private Result taken(FrameEvent event) {
    if (event instanceof FrameStart start) {
      Optional<Result> violation = begin(start.header());
      return violation.isPresent() ? violation.get() : data(start.data(), start.lastPart());
    }
    FrameData more = (FrameData) event;
    return data(more.data(), more.lastPart());
  }

  private Optional<Result> begin(FrameHeader header) {
    opcode = header.opcode().code();
    last = header.fin();
    masked = 0;
    if (header.rsv1() || header.rsv2() || header.rsv3() || header.mask().isEmpty()) {
      return protocolError("reserved bits or no mask");
    }
    mask = BoxesRunTime.unboxToInt(header.mask().get());
    switch (opcode) {
      case WireFrames.CLOSE, WireFrames.PING, WireFrames.PONG -> {
        if (!last || header.length() > MAX_CONTROL) {
          return protocolError("control frame too long or in fragments");
        }
        control = new byte[(int) header.length()];
        controlLength = 0;
        return Optional.empty();
      }
      case WireFrames.BINARY -> {
        return Optional.of(new Result.Violation(CloseCodes.UNSUPPORTED_DATA, "text only"));
      }
      case WireFrames.TEXT -> {
        if (within) {
          return protocolError("a message within a message");
        }
        within = true;
        length = 0;
        fragments = 0;
      }
      case WireFrames.CONTINUATION -> {
        if (!within) {
          return protocolError("nothing to continue");
        }
      }
      default -> {
        return protocolError("unknown opcode");
      }
    }
    fragments++;
    if (fragments > maxFragments || header.length() > maxMessage - length) {
      return Optional.of(TOO_LARGE);
    }
    ensure(length + (int) header.length());
    return Optional.empty();
  }

  private static Optional<Result> protocolError(String why) {
    return Optional.of(new Result.Violation(CloseCodes.PROTOCOL_ERROR, why));
  }

  private void ensure(int capacity) {
    if (message.length < capacity) {
      // A lone frame gets exactly its size, and can then be handed over without a copy.
      message = length == 0 ? new byte[capacity] : Arrays.copyOf(message, capacity);
    }
  }

  private Result data(ByteString data, boolean frameComplete) {
    boolean isControl = opcode >= WireFrames.CLOSE;
    byte[] target = isControl ? control : message;
    int at = isControl ? controlLength : length;
    int size = data.size();
    data.copyToArray(target, at, size);
    for (int i = 0; i < size; i++) {
      target[at + i] ^= (byte) (mask >>> (24 - 8 * (masked++ & 3)));
    }
    if (isControl) {
      controlLength += size;
      return frameComplete ? controlled() : MORE;
    }
    length += size;
    if (!frameComplete || !last) {
      return MORE;
    }
    within = false;
    byte[] text = length == message.length ? message : Arrays.copyOf(message, length);
    message = NOTHING;
    return isUtf8(text)
        ? new Result.Message(text)
        : new Result.Violation(CloseCodes.NOT_UTF8, "not UTF-8");
  }

  private Result controlled() {
    return switch (opcode) {
      case WireFrames.PING -> new Result.Ping(control);
      case WireFrames.PONG -> PONG;
      default ->
          new Result.Close(
              control.length < 2
                  ? Optional.empty()
                  : Optional.of(((control[0] & 0xff) << 8) | (control[1] & 0xff)));
    };
  }

  private static boolean isUtf8(byte[] text) {
    boolean ascii = true;
    for (byte b : text) {
      ascii &= b >= 0;
    }
    if (ascii) {
      return true;
    }
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text));
      return true;
    } catch (CharacterCodingException invalid) {
      return false;
    }
  }
}
