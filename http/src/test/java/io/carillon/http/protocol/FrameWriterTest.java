package io.carillon.http.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.carillon.engine.call.CallSnapshot;
import io.carillon.engine.call.Line;
import io.carillon.engine.call.Signal;
import io.carillon.engine.identity.UserId;
import io.carillon.http.testnode.DescribedFrames;
import io.carillon.http.testnode.Snapshots;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FrameWriterTest {
  private static final FrameWriter WRITER = new FrameWriter(user -> "Name of " + user.user());
  private static final Reader CALLER = new Reader(new UserId("7"), false);
  private static final Reader CALLEE = new Reader(new UserId("9"), false);

  private static JsonNode call(CallSnapshot call, Reader reader, long seconds) {
    try {
      return Json.trees()
          .readTree(
              FrameWriter.bytes(
                  json ->
                      WRITER.calls().write(json, call, reader, Snapshots.AT.plusSeconds(seconds))));
    } catch (IOException broken) {
      throw new AssertionError(broken);
    }
  }

  private static JsonNode frame(ServerFrame frame, Reader reader) {
    try {
      JsonNode json = Json.trees().readTree(WRITER.write(frame, reader, Snapshots.AT));
      DescribedFrames.check(json);
      return json;
    } catch (IOException broken) {
      throw new AssertionError(broken);
    }
  }

  @Test
  void timesAreCountedAtTheMomentOfSending() {
    JsonNode fresh = call(Snapshots.shown(Snapshots.placed(Line.FREE)), CALLEE, 20);
    assertThat(fresh.path("remaining_ms").asLong()).isEqualTo(100_000);
    assertThat(fresh.path("duration").asDouble()).isZero();
    JsonNode talking = call(Snapshots.shown(Snapshots.accepted()), CALLER, 13);
    assertThat(talking.path("duration").asDouble()).isEqualTo(10.0);
    assertThat(talking.path("answered_at").asText()).isEqualTo("2026-06-01T12:00:03.000Z");
    assertThat(talking.has("remaining_ms")).isFalse();
  }

  @Test
  void aCalleeNotToBeDisturbedDoesNotSeeARing() {
    CallSnapshot call = Snapshots.shown(Snapshots.placed(Line.DO_NOT_DISTURB));
    assertThat(call(call, CALLEE, 1).has("ring_deadline")).isFalse();
    assertThat(call(call, CALLEE, 1).has("remaining_ms")).isFalse();
    // The caller sees a call like any other.
    CallSnapshot free = Snapshots.shown(Snapshots.placed(Line.FREE));
    assertThat(call(call, CALLER, 1)).isEqualTo(call(free, CALLER, 1));
  }

  @Test
  void aCallIsSeenFromItsReadersSide() {
    CallSnapshot call = Snapshots.shown(Snapshots.accepted());
    assertThat(call(call, CALLER, 5).path("is_outgoing").asBoolean()).isTrue();
    assertThat(call(call, CALLEE, 5).path("is_outgoing").asBoolean()).isFalse();
    assertThat(call(call, CALLEE, 5).path("receiver_name").asText()).isEqualTo("Name of 9");
    assertThat(call(call, CALLEE, 5).path("context").path("conversation_id").asInt()).isEqualTo(5);
    assertThat(call(call, CALLEE, 5).path("jitsi_url").asText())
        .isEqualTo("https://meet.example.org/room-1");
  }

  @Test
  void realmsWithNumbersGetNumbers() {
    Reader numbers = new Reader(new UserId("7"), true);
    JsonNode call = call(Snapshots.shown(Snapshots.accepted()), numbers, 5);
    assertThat(call.path("sender_id").isIntegralNumber()).isTrue();
    assertThat(call.path("participants").get(1).path("user_id").asLong()).isEqualTo(9);
  }

  @Test
  void aPayloadIsWrittenAsItCame() {
    String sdp = "{ \"sdp\":\"v=0\\r\\n\" ,\"type\":\"offer\"}";
    Signal offer = new Signal(Signal.Kind.OFFER, sdp, Optional.empty(), Optional.empty());
    var media =
        new ServerFrame.MediaFrame(Snapshots.shown(Snapshots.accepted()), Snapshots.CALLER, offer);
    assertThat(
            new String(
                WRITER.write(media, CALLEE, Snapshots.AT), java.nio.charset.StandardCharsets.UTF_8))
        .contains(sdp);
    assertThat(frame(media, CALLEE).path("conversation_id").asInt()).isEqualTo(5);
    assertThat(frame(media, CALLEE).path("caller_username").asText()).isEqualTo("Name of 7");
  }

  @Test
  void timestampsHaveMillisecondsAlways() {
    assertThat(Timestamps.text(Instant.parse("2026-01-02T03:04:05Z")))
        .isEqualTo("2026-01-02T03:04:05.000Z");
    assertThat(Timestamps.text(Instant.parse("1999-12-31T23:59:59.007999Z")))
        .isEqualTo("1999-12-31T23:59:59.007Z");
  }
}
