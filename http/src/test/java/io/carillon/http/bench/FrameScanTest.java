package io.carillon.http.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameScanTest {
  private final FrameScan scan = new FrameScan();

  @Test
  void fieldsOfAnEventAreFound() {
    assertThat(
            scan(
                """
                {"type":"call_event","event_type":"call_ended","event_id":"c1:5","call_id":"c1",
                 "call_seq":5,"cursor":"AbC","catchup":true,"state":"ended","reason":"hangup",
                 "call":{"call_id":"another","call_seq":9}}
                """))
        .isTrue();
    assertThat(scan.type.text()).isEqualTo("call_event");
    assertThat(EventType.of(scan.eventType)).isEqualTo(EventType.CALL_ENDED);
    assertThat(scan.eventId.text()).isEqualTo("c1:5");
    assertThat(scan.callId.text()).isEqualTo("c1");
    assertThat(scan.seq()).isEqualTo(5);
    assertThat(scan.cursor.text()).isEqualTo("AbC");
    assertThat(scan.isCatchup()).isTrue();
    assertThat(scan.reason.text()).isEqualTo("hangup");
  }

  @Test
  void fieldsOfObjectsWithinAreNotTakenForItsOwn() {
    assertThat(scan("{\"a\":{\"call_id\":\"no\",\"b\":[{\"type\":\"no\"}]},\"call_id\":\"yes\"}"))
        .isTrue();
    assertThat(scan.callId.text()).isEqualTo("yes");
    assertThat(scan.type.isEmpty()).isTrue();
  }

  @Test
  void quotesAndBracesInTextsEndNothing() {
    assertThat(scan("{\"detail\":\"a \\\" } ] , { \\\\\",\"call_id\":\"c\"}")).isTrue();
    assertThat(scan.callId.text()).isEqualTo("c");
  }

  @Test
  void orderAndBlanksDoNotMatter() {
    assertThat(scan(" { \"call\" : { } , \"ok\" : true , \"id\" : \"7\" , \"type\" : \"reply\" } "))
        .isTrue();
    assertThat(scan.isOk()).isTrue();
    assertThat(scan.id.text()).isEqualTo("7");
    assertThat(scan.type.text()).isEqualTo("reply");
  }

  @Test
  void nothingIsLeftOfTheFrameBefore() {
    scan("{\"type\":\"call_event\",\"call_id\":\"c\",\"catchup\":true}");
    scan("{\"type\":\"ping\"}");
    assertThat(scan.callId.isEmpty()).isTrue();
    assertThat(scan.isCatchup()).isFalse();
  }

  @Test
  void numberOfASignalIsFoundInItsPayload() {
    scan("{\"type\":\"call.candidate\",\"candidates\":[{\"bench\":17,\"candidate\":\"…\"}]}");
    assertThat(Signals.number(scan)).isEqualTo(17);
    scan("{\"type\":\"call.offer\",\"offer\":{\"bench\":0,\"sdp\":\"…\"}}");
    assertThat(Signals.number(scan)).isZero();
    scan("{\"type\":\"call.answer\",\"answer\":{\"sdp\":\"of somebody else\"}}");
    assertThat(Signals.number(scan)).isEqualTo(-1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "  ", "[]", "\"text\"", "{", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\" 1}"})
  void whatIsNoWholeObjectIsRefused(String text) {
    assertThat(scan(text)).isFalse();
  }

  private boolean scan(String text) {
    // In the middle of a larger buffer, as it comes from a socket.
    byte[] bytes = ("}}\"" + text + "\"{,").getBytes(StandardCharsets.UTF_8);
    return scan.scan(bytes, 3, bytes.length - 3);
  }
}
