package io.carillon.http.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.engine.call.CallCommand.Decline.DeclineReason;
import io.carillon.engine.call.CallCommand.Decline.Scope;
import io.carillon.engine.call.CallId;
import io.carillon.engine.call.CallType;
import io.carillon.engine.call.EndReason;
import io.carillon.engine.call.MediaStatus;
import io.carillon.engine.call.Signal;
import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.UserId;
import io.carillon.http.protocol.FrameReader.Body;
import io.carillon.http.protocol.FrameReader.Kind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameReaderTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "   ",
        "[]",
        "null",
        "7",
        "\"ping\"",
        "{",
        "{\"type\":\"ping\"",
        "{\"type\":\"ping\"}}",
        "{\"type\":\"ping\"} {\"type\":\"ping\"}",
        "{'type':'ping'}",
        "{type:\"ping\"}",
        "{\"type\":\"ping\",}",
        "{\"type\":\"ping\"}//",
        "{\"type\":\"ping\",\"n\":NaN}",
        "{\"type\":\"ping\",\"n\":01}",
        "{\"type\":\"ping\",\"type\":\"pong\"}",
        "{\"type\":\"ping\",\"x\":{\"a\":1,\"a\":2}}",
        "{\"type\":\"ping\",\"n\":123456789012345678901234567890123}",
        "\uFEFF{\"type\":\"ping\"}",
        "{\"type\":\"ping\",\"s\":\"a\tb\"}"
      })
  void whatIsNotOneCleanJsonObjectIsMalformed(String text) {
    // An empty message reads as an object without a type; the rest is not JSON at all.
    assertThat(bad(text).code())
        .isEqualTo(text.isEmpty() ? ErrorCode.VALIDATION : ErrorCode.MALFORMED);
  }

  @Test
  void bytesThatAreNotUtf8AreMalformed() {
    byte[] bytes = "{\"type\":\"ping\",\"s\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1);
    assertThat(FrameReader.frame(bytes)).isInstanceOf(Reading.Bad.class);
    byte[] wide = "{\"type\":\"ping\"}".getBytes(StandardCharsets.UTF_16LE);
    assertThat(FrameReader.frame(wide)).isInstanceOf(Reading.Bad.class);
  }

  @Test
  void sixteenLevelsAreReadAndSeventeenAreNot() {
    assertThat(FrameReader.frame(bytes(nested(15)))).isInstanceOf(Reading.Good.class);
    assertThat(bad(nested(16)).code()).isEqualTo(ErrorCode.MALFORMED);
  }

  private static String nested(int levels) {
    return "{\"type\":\"ping\",\"x\":" + "[".repeat(levels) + "]".repeat(levels) + "}";
  }

  @Test
  void aNumberMayHaveThirtyTwoCharacters() {
    assertThat(FrameReader.frame(bytes("{\"type\":\"ping\",\"n\":" + "1".repeat(32) + "}")))
        .isInstanceOf(Reading.Good.class);
  }

  @Test
  void unknownTypesOfFramesAreRefusedWithAPointer() {
    Problem problem = bad("{\"type\":\"call.explode\"}");
    assertThat(problem.code()).isEqualTo(ErrorCode.VALIDATION);
    assertThat(problem.errors()).extracting(Problem.FieldError::pointer).containsExactly("/type");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          {"type":"call.initiate"}                                          ; /receiver_id
          {"type":"call.initiate","receiver_id":"b","call_type":"hologram"} ; /call_type
          {"type":"call.initiate","receiver_id":"b","mode":"party"}         ; /mode
          {"type":"call.initiate","receiver_id":"b","ring":"loud"}          ; /ring
          {"type":"call.initiate","receiver_id":{"id":1}}                   ; /receiver_id
          {"type":"call.initiate","receiver_id":1.5}                        ; /receiver_id
          {"type":"call.initiate","receiver_id":"a|b"}                      ; /receiver_id
          {"type":"call.initiate","receiver_id":"a","user_id":"b"}          ; /user_id
          {"type":"call.initiate","callees":[]}                             ; /callees
          {"type":"call.initiate","callees":["a",{}]}                       ; /callees/1
          {"type":"call.initiate","callees":["a","b"]}                      ; /callees
          {"type":"call.initiate","receiver_id":"b","timeouts":{"ring_timeout_ms":"5"}} ; /timeouts/ring_timeout_ms
          {"type":"call.initiate","receiver_id":"b","timeouts":{"ring_timeout_ms":-5}}  ; /timeouts/ring_timeout_ms
          {"type":"call.initiate","receiver_id":"b","timeouts":7}           ; /timeouts
          {"type":"call.initiate","receiver_id":"b","context":"x"}          ; /context
          {"type":"call.initiate","receiver_id":"b","offer":"v=0"}          ; /offer
          {"type":"call.accept"}                                            ; /call_id
          {"type":"call.reject","call_id":"c","reason":"bored"}             ; /reason
          {"type":"call.end","call_id":"c","reason":"admin_ended"}          ; /reason
          {"type":"call.status","call_id":"c"}                              ; /status
          {"type":"call.status","call_id":"c","status":"asleep"}            ; /status
          {"type":"call.status","call_id":"c","status":"muted","active":1}  ; /active
          {"type":"call.offer","call_id":"c"}                               ; /offer
          {"type":"call.candidate","call_id":"c","candidates":{}}           ; /candidates
          {"type":"call.acknowledge","call_id":"c","status":"loud"}         ; /status
          {"type":"hello"}                                                  ; /token
          {"type":"ping","id":{}}                                           ; /id
          """)
  void whatIsWrongIsPointedAt(String text, String pointer) {
    Problem problem = bad(text);
    assertThat(problem.code()).isEqualTo(ErrorCode.VALIDATION);
    assertThat(problem.errors()).extracting(Problem.FieldError::pointer).containsExactly(pointer);
  }

  @Test
  void severalWrongPlacesAreToldTogether() {
    Problem problem =
        bad("{\"type\":\"call.initiate\",\"receiver_id\":[],\"call_type\":\"x\",\"mode\":\"y\"}");
    assertThat(problem.errors())
        .extracting(Problem.FieldError::pointer)
        .containsExactlyInAnyOrder("/receiver_id", "/call_type", "/mode");
  }

  @Test
  void aRefusedFrameStillTellsItsId() {
    var reading = FrameReader.frame(bytes("{\"id\":\"9\",\"type\":\"call.accept\"}"));
    assertThat(reading).isInstanceOf(Reading.Bad.class);
    assertThat(((Reading.Bad<?>) reading).id()).contains("9");
  }

  @Test
  void unknownFieldsAreIgnored() {
    assertThat(good("{\"type\":\"ping\",\"shoe_size\":[{\"eu\":43}]}"))
        .isEqualTo(new ClientFrame.Ping());
  }

  @Test
  void userIdsMayBeNumbers() {
    var frame = (ClientFrame.Initiate) good("{\"type\":\"call.initiate\",\"receiver_id\":42}");
    assertThat(frame.callees()).containsExactly(new UserId("42"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"receiver_id", "user_id", "recipient_user_id", "callee"})
  void theCalleeHasTheNamesTheSeedsGiveIt(String field) {
    var frame =
        (ClientFrame.Initiate) good("{\"type\":\"call.initiate\",\"" + field + "\":\"bob\"}");
    assertThat(frame.callees()).containsExactly(new UserId("bob"));
  }

  @ParameterizedTest
  @CsvSource({
    "'\"call_type\":\"voice\"', AUDIO",
    "'\"call_type\":\"audio\"', AUDIO",
    "'\"call_type\":\"video\"', VIDEO",
    "'\"is_video_call\":false', AUDIO",
    "'\"is_video_call\":true', VIDEO",
    "'\"x\":0', VIDEO"
  })
  void theTypeOfACallHasSeveralSpellings(String field, CallType expected) {
    var frame =
        (ClientFrame.Initiate)
            good("{\"type\":\"call.initiate\",\"receiver_id\":\"bob\"," + field + "}");
    assertThat(frame.type()).isEqualTo(expected);
  }

  @Test
  void aConversationIdBecomesPartOfTheContext() {
    var frame =
        (ClientFrame.Initiate)
            good(
                "{\"type\":\"call.initiate\",\"receiver_id\":\"b\",\"conversation_id\":12,"
                    + "\"context\":{\"room\":\"x\"}}");
    assertThat(frame.context()).contains("{\"room\":\"x\",\"conversation_id\":12}");
  }

  @Test
  void timeoutsAreMilliseconds() {
    var frame =
        (ClientFrame.Initiate)
            good(
                "{\"type\":\"call.initiate\",\"receiver_id\":\"b\","
                    + "\"timeouts\":{\"ring_timeout_ms\":5000,\"max_duration_ms\":60000}}");
    assertThat(frame.timeouts())
        .isEqualTo(
            new ClientFrame.Timeouts(
                Optional.of(Duration.ofSeconds(5)),
                Optional.empty(),
                Optional.of(Duration.ofSeconds(60))));
  }

  @Test
  void whatASignalHoldsIsPassedOnByteForByte() {
    String offer = "{ \"sdp\" : \"v=0\\r\\no=- 1 é \\u00e9\",\n\"type\":\"offer\" }";
    var frame =
        (ClientFrame.Media)
            good("{\"offer\": " + offer + " ,\"call_id\":\"c\",\"type\":\"call.offer\"}");
    assertThat(frame.signal().payload()).isEqualTo(offer);
    assertThat(frame.signal().kind()).isEqualTo(Signal.Kind.OFFER);
  }

  @Test
  void oneCandidateAloneIsAListOfOne() {
    var frame =
        (ClientFrame.Media)
            good("{\"type\":\"call.candidate\",\"call_id\":\"c\",\"candidate\":{\"a\":1}}");
    assertThat(frame.signal().payload()).isEqualTo("[{\"a\":1}]");
  }

  @Test
  void aStatusGivenAloneSetsItsFlag() {
    assertThat(good("{\"type\":\"call.status\",\"call_id\":\"c\",\"status\":\"muted\"}"))
        .isEqualTo(
            new ClientFrame.Status(ClientFrame.Tag.NONE, new CallId("c"), MediaStatus.MUTED, true));
  }

  @Test
  void aFormIsReadLikeJson() {
    var json =
        order(
            Kind.INITIATE,
            new Body.JsonBody(
                bytes(
                    "{\"user_id\":10,\"is_video_call\":false,\"context\":{\"a\":1},"
                        + "\"device_id\":\"phone\"}")));
    var form =
        order(
            Kind.INITIATE,
            new Body.FormBody(
                List.of(
                    Map.entry("user_id", "10"),
                    Map.entry("is_video_call", "false"),
                    Map.entry("context", "{\"a\":1}"),
                    Map.entry("device_id", "phone"))));
    assertThat(form).isEqualTo(json);
    assertThat(json.tag().device()).contains(new DeviceId("phone"));
  }

  @Test
  void aFormWithARepeatedFieldIsMalformed() {
    var reading =
        FrameReader.order(
            Kind.CANCEL,
            new Body.FormBody(List.of(Map.entry("call_id", "a"), Map.entry("call_id", "b"))),
            Optional.empty(),
            Optional.empty());
    assertThat(((Reading.Bad<?>) reading).problem().code()).isEqualTo(ErrorCode.MALFORMED);
  }

  @Test
  void respondIsAnAcceptOrARejection() {
    assertThat(
            order(
                Kind.RESPOND, new Body.JsonBody(bytes("{\"call_id\":1,\"response\":\"accept\"}"))))
        .isInstanceOf(ClientFrame.Accept.class);
    assertThat(
            order(
                Kind.RESPOND,
                new Body.JsonBody(
                    bytes("{\"call_id\":1,\"response\":\"decline\",\"reason\":\"busy\"}"))))
        .isEqualTo(
            new ClientFrame.Reject(
                ClientFrame.Tag.NONE, new CallId("1"), DeclineReason.BUSY, Scope.USER));
  }

  @Test
  void theCallInThePathCountsMoreThanTheOneInTheBody() {
    var reading =
        FrameReader.order(
            Kind.END,
            new Body.JsonBody(bytes("{\"call_id\":\"other\"}")),
            Optional.of(new CallId("mine")),
            Optional.of("k"));
    assertThat(reading)
        .isEqualTo(
            new Reading.Good<>(
                new ClientFrame.End(
                    new ClientFrame.Tag(Optional.empty(), Optional.of("k"), Optional.empty()),
                    new CallId("mine"),
                    EndReason.HANGUP)));
  }

  private static ClientFrame.Order order(Kind kind, Body body) {
    var reading = FrameReader.order(kind, body, Optional.empty(), Optional.empty());
    assertThat(reading).isInstanceOf(Reading.Good.class);
    return ((Reading.Good<ClientFrame.Order>) reading).value();
  }

  private static ClientFrame good(String text) {
    var reading = FrameReader.frame(bytes(text));
    assertThat(reading).as(text).isInstanceOf(Reading.Good.class);
    return ((Reading.Good<ClientFrame>) reading).value();
  }

  private static Problem bad(String text) {
    var reading = FrameReader.frame(bytes(text));
    assertThat(reading).as(text).isInstanceOf(Reading.Bad.class);
    return ((Reading.Bad<ClientFrame>) reading).problem();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
