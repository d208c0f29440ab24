package io.carillon.http.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The generator reads of a frame what Jackson reads, wherever the bytes of it are cut. */
class FrameScanTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long SEED = Long.getLong("scan.seed", 20260302L);
  private static final List<String> WORDS =
      List.of("", "call_event", "bob:7", "c", "ü€", "x".repeat(200), "}{\",:[]".replace("\"", ""));

  private static Map<String, Slice> fields(FrameScan scan) {
    Map<String, Slice> fields = new LinkedHashMap<>();
    fields.put("type", scan.type);
    fields.put("call_id", scan.callId);
    fields.put("event_type", scan.eventType);
    fields.put("event_id", scan.eventId);
    fields.put("call_seq", scan.callSeq);
    fields.put("cursor", scan.cursor);
    fields.put("catchup", scan.catchup);
    fields.put("id", scan.id);
    fields.put("ok", scan.ok);
    fields.put("offer", scan.offer);
    fields.put("answer", scan.answer);
    fields.put("candidates", scan.candidates);
    fields.put("recovered", scan.recovered);
    fields.put("reason", scan.reason);
    fields.put("code", scan.code);
    fields.put("error", scan.error);
    fields.put("token", scan.token);
    return fields;
  }

  /**
   * An object with some of the fields that are read, others between them, and a call at its end.
   */
  private static ObjectNode frame(Random random) {
    List<String> names = new ArrayList<>(fields(new FrameScan()).keySet());
    names.addAll(List.of("state", "callx", "typ", "ids", "timestamp", "call_idx"));
    Collections.shuffle(names, random);
    ObjectNode frame = JSON.createObjectNode();
    for (String name : names.subList(0, random.nextInt(names.size() + 1))) {
      frame.set(name, value(random, 0));
    }
    if (random.nextBoolean()) {
      frame.set("call", value(random, 0));
    }
    return frame;
  }

  private static JsonNode value(Random random, int depth) {
    return switch (random.nextInt(depth > 2 ? 4 : 7)) {
      case 0 -> JSON.getNodeFactory().numberNode(random.nextInt(100_000));
      case 1 -> JSON.getNodeFactory().booleanNode(random.nextBoolean());
      case 2 -> JSON.nullNode();
      case 3 -> JSON.getNodeFactory().textNode(WORDS.get(random.nextInt(WORDS.size())));
      case 4 -> JSON.getNodeFactory().textNode("quoted \"\\ and\nbroken\t\u0001 }]");
      case 5 -> {
        var list = JSON.createArrayNode();
        for (int i = random.nextInt(4); i > 0; i--) {
          list.add(value(random, depth + 1));
        }
        yield list;
      }
      default -> {
        ObjectNode object = JSON.createObjectNode();
        for (String name : List.of("type", "cursor", "call", "x")) {
          if (random.nextBoolean()) {
            object.set(name, value(random, depth + 1));
          }
        }
        yield object;
      }
    };
  }

  private static byte[] bytes(ObjectNode frame, boolean pretty) {
    try {
      return pretty
          ? JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(frame)
          : JSON.writeValueAsBytes(frame);
    } catch (JsonProcessingException never) {
      throw new AssertionError(never);
    }
  }

  /** A value as it stands in a frame, texts without their quotes. */
  private static String written(JsonNode value) {
    String text = value.toString();
    return value.isTextual() ? text.substring(1, text.length() - 1) : text;
  }

  @Test
  void whatIsReadOfAFrameIsWhatJacksonReads() {
    Random random = new Random(SEED);
    FrameScan scan = new FrameScan();
    for (int i = 0; i < 5_000; i++) {
      ObjectNode frame = frame(random);
      byte[] json = bytes(frame, false);
      byte[] around = new byte[json.length + 20];
      Arrays.fill(around, (byte) '"');
      int at = random.nextInt(20);
      System.arraycopy(json, 0, around, at, json.length);
      assertThat(scan.scan(around, at, at + json.length)).as(frame.toString()).isTrue();
      fields(scan)
          .forEach(
              (name, slice) ->
                  assertThat(slice.text())
                      .as("%s in %s", name, frame)
                      .isEqualTo(frame.has(name) ? written(frame.get(name)) : ""));
      JsonNode seq = frame.path("call_seq");
      assertThat(scan.seq()).isEqualTo(seq.isIntegralNumber() ? seq.asLong() : 0);
      assertThat(scan.isOk()).isEqualTo(is(frame.path("ok")));
      assertThat(scan.isCatchup()).isEqualTo(is(frame.path("catchup")));
    }
  }

  private static boolean is(JsonNode value) {
    return value.isBoolean() && value.asBoolean();
  }

  @Test
  void blanksBetweenTheWordsMakeNoDifferenceToWhatIsPlain() {
    Random random = new Random(SEED + 1);
    FrameScan plain = new FrameScan();
    FrameScan pretty = new FrameScan();
    for (int i = 0; i < 1_000; i++) {
      ObjectNode frame = frame(random);
      byte[] close = bytes(frame, false);
      byte[] wide = bytes(frame, true);
      assertThat(plain.scan(close, 0, close.length)).isTrue();
      assertThat(pretty.scan(wide, 0, wide.length)).as(frame.toString()).isTrue();
      Map<String, Slice> wides = fields(pretty);
      fields(plain)
          .forEach(
              (name, slice) -> {
                if (!frame.path(name).isContainerNode()) {
                  Slice same = Objects.requireNonNull(wides.get(name));
                  assertThat(same.text().strip())
                      .as("%s in %s", name, frame)
                      .isEqualTo(slice.text());
                }
              });
    }
  }

  @Test
  void aFrameCutOffAnywhereIsNoFrameUnlessAllThatIsNeededCameBefore() {
    Random random = new Random(SEED + 2);
    FrameScan scan = new FrameScan();
    for (int i = 0; i < 200; i++) {
      ObjectNode frame = frame(random);
      byte[] json = bytes(frame, false);
      for (int length = 0; length < json.length; length++) {
        if (scan.scan(json, 0, length)) {
          String before = new String(json, 0, length, StandardCharsets.UTF_8);
          assertThat(before).as(frame.toString()).contains("\"call\":");
          assertThat(scan.type.text()).isEqualTo(written(frame.get("type")));
        }
      }
    }
  }

  @Test
  void whatIsNoObjectIsNone() {
    FrameScan scan = new FrameScan();
    for (String text : List.of("", " ", "[]", "\"type\"", "7", "null", "{", "{]", "{\"a\" 1}")) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      assertThat(scan.scan(bytes, 0, bytes.length)).as(text).isFalse();
    }
  }

  /** What came on a socket, taken as it comes from the network. */
  private static final class Collector implements DeviceSocket.User {
    final List<String> messages = new ArrayList<>();
    int opened;
    String gone = "";

    @Override
    public void opened(DeviceSocket socket) {
      opened++;
    }

    @Override
    public void message(DeviceSocket socket, byte[] bytes, int from, int to) {
      messages.add(new String(bytes, from, to - from, StandardCharsets.UTF_8));
    }

    @Override
    public void gone(DeviceSocket socket, String why) {
      gone = why;
    }
  }

  @Test
  void framesComeOutWholeWhereverTheBytesOfASocketAreCut() throws IOException {
    List<String> sent = List.of("{}", "a".repeat(125), "b".repeat(126), "ü".repeat(400), "");
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    stream.writeBytes(
        "HTTP/1.1 101 Switching Protocols\r\nA: b\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    for (String text : sent) {
      byte[] payload = text.getBytes(StandardCharsets.UTF_8);
      stream.write(0x81);
      if (payload.length < 126) {
        stream.write(payload.length);
      } else {
        stream.write(126);
        stream.write(payload.length >>> 8);
        stream.write(payload.length);
      }
      stream.writeBytes(payload);
    }
    byte[] bytes = stream.toByteArray();
    try (EventLoop loop = new EventLoop()) {
      for (int cut = 0; cut <= bytes.length; cut++) {
        Collector collector = new Collector();
        DeviceSocket socket = new DeviceSocket(loop, collector, "localhost", new Bytes());
        int taken = socket.take(bytes, 0, cut);
        assertThat(taken).isBetween(0, cut);
        assertThat(socket.take(bytes, taken, bytes.length)).isEqualTo(bytes.length);
        assertThat(collector.messages).as("cut at %d", cut).isEqualTo(sent);
        assertThat(collector.opened).isEqualTo(1);
        assertThat(collector.gone).isEmpty();
      }
      Collector byByte = new Collector();
      DeviceSocket socket = new DeviceSocket(loop, byByte, "localhost", new Bytes());
      int taken = 0;
      for (int end = 1; end <= bytes.length; end++) {
        taken = socket.take(bytes, taken, end);
      }
      assertThat(byByte.messages).isEqualTo(sent);
    }
  }
}
