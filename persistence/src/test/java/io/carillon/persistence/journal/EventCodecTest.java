package io.carillon.persistence.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carillon.engine.call.CallEvent;
import io.carillon.engine.call.CallFacts;
import io.carillon.engine.call.StoredEvent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventCodecTest {
  private final EventCodec codec = new EventCodec();

  static List<StoredEvent> samples() {
    return Samples.all();
  }

  @ParameterizedTest
  @MethodSource("samples")
  void whatWasEverStoredIsReadAsItWasMeant(StoredEvent sample) throws IOException {
    String manifest = EventCodec.manifest(sample.event());
    assertThat(codec.decode(manifest, golden(manifest))).isEqualTo(sample);
  }

  @ParameterizedTest
  @MethodSource("samples")
  void anEventIsStoredAsItEverWas(StoredEvent sample) throws IOException {
    String manifest = EventCodec.manifest(sample.event());
    assertThat(new String(codec.encode(sample), StandardCharsets.UTF_8))
        .isEqualTo(new String(golden(manifest), StandardCharsets.UTF_8));
  }

  @Test
  void everyKindOfEventHasAGoldenFile() {
    Set<Class<?>> kinds = Set.of(CallEvent.class.getPermittedSubclasses());
    Set<Class<?>> covered =
        Samples.all().stream().map(sample -> sample.event().getClass()).collect(Collectors.toSet());
    assertThat(covered).isEqualTo(kinds);
  }

  @Test
  void noTwoKindsOfEventShareAName() {
    List<String> names =
        Samples.all().stream().map(sample -> EventCodec.manifest(sample.event())).toList();
    assertThat(names).doesNotHaveDuplicates().allMatch(name -> name.matches("call\\.[a-z_]+\\.v1"));
  }

  @Test
  void unknownFieldsAreIgnored() {
    String newer =
        """
        {"future":{"a":[1,{"context":{}}],"b":null},"realm":"acme","call_id":"c","seq":6,
         "at":1,"actor":{"kind":"engine","mood":1.5},"extra":[[]]}""";
    StoredEvent read = codec.decode("call.connected.v1", newer.getBytes(StandardCharsets.UTF_8));
    assertThat(read.event()).isInstanceOf(CallEvent.Connected.class);
    assertThat(read.wakeAt()).isEmpty();
  }

  @Test
  void anUnknownNameIsRefusedByName() {
    assertThatThrownBy(
            () -> codec.decode("call.teleported.v1", codec.encode(Samples.all().getFirst())))
        .isInstanceOf(UnreadableEventException.class)
        .hasMessageContaining("call.teleported.v1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{", "{}", "{\"realm\":7}", "not json"})
  void damagedTextIsRefusedWithoutBeingQuoted(String text) {
    assertThatThrownBy(
            () -> codec.decode("call.connected.v1", text.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(UnreadableEventException.class)
        .hasMessageNotContaining("not json");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[ 1 ,\t2 ]",
        "\"text with \\\" and ☎\"",
        "-1.50e3",
        "true",
        "null",
        "{\"a\":{\"a\":1,\"a\":2},\"z\":[[],{}]}"
      })
  void theApplicationsOwnJsonComesBackByteForByte(String json) {
    StoredEvent stored = withContext(json);
    assertThat(codec.decode("call.initiated.v1", codec.encode(stored))).isEqualTo(stored);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "{", "{}{}", "{} x", "word", "1 2"})
  void whatIsNotJsonIsRefusedBeforeItIsStored(String text) {
    StoredEvent stored = withContext(text);
    assertThatThrownBy(() -> codec.encode(stored)).isInstanceOf(IllegalArgumentException.class);
  }

  private static StoredEvent withContext(String json) {
    CallEvent.Initiated sample = Samples.initiated();
    CallFacts f = sample.facts();
    CallFacts facts =
        new CallFacts(
            f.key(),
            f.caller(),
            f.type(),
            f.mode(),
            f.ring(),
            f.mediaPlane(),
            f.jitsi(),
            Optional.of(json),
            f.metadata(),
            f.detached(),
            f.limits(),
            f.createdAt());
    return new StoredEvent(
        Samples.KEY,
        1,
        new CallEvent.Initiated(sample.header(), facts, sample.invitations()),
        Optional.empty());
  }

  private static byte[] golden(String manifest) throws IOException {
    String name = manifest.substring("call.".length(), manifest.lastIndexOf('.'));
    String path = "/journal/v1/" + name + ".json";
    try (InputStream file = EventCodecTest.class.getResourceAsStream(path)) {
      assertThat(file).as(path).isNotNull();
      byte[] bytes = file.readAllBytes();
      // A text file ends with a line's end; a stored event does not.
      return Arrays.copyOf(bytes, bytes.length - 1);
    }
  }
}
