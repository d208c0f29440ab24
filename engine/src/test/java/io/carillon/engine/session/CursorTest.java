package io.carillon.engine.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.carillon.engine.call.CallId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A cursor comes back as it was given out, and nothing else is one. */
class CursorTest {
  private static final Instant NOW = Instant.parse("2026-03-02T10:00:00.123Z");
  private static final Cursor.Seen SEEN = new Cursor.Seen(Cursor.fingerprint(new CallId("c-1")), 7);

  @Test
  void aCursorComesBackAsItWasWritten() {
    Random random = new Random(7);
    for (int entries = 0; entries <= Cursor.MAX_SEEN; entries++) {
      List<Cursor.Seen> seen = new ArrayList<>();
      for (int i = 0; i < entries; i++) {
        seen.add(new Cursor.Seen(random.nextLong(), random.nextLong(1L << 32)));
      }
      Cursor cursor = new Cursor(NOW.plusMillis(random.nextInt()), seen);
      assertThat(Cursor.decode(cursor.encode())).contains(cursor);
      Cursor midway =
          new Cursor(NOW, seen, Optional.of(new Cursor.Covered(NOW, random.nextLong())));
      assertThat(Cursor.decode(midway.encode())).contains(midway);
      assertThat(midway.encode()).hasSizeLessThanOrEqualTo(Cursor.MAX_TEXT);
    }
  }

  @Test
  void aCursorIsTextThatNeedsNoEscapingAnywhere() {
    assertThat(new Cursor(NOW, List.of(SEEN, SEEN)).encode()).matches("[A-Za-z0-9_-]+");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "A",
        "AQ",
        "!!!!",
        "null",
        "0",
        "ü",
        "AQAAAAAAAAAA=A",
        "\u0000\u0000",
        "🙂🙂"
      })
  void whatIsNoCursorIsRefusedQuietly(String text) {
    assertThat(Cursor.decode(text)).isEmpty();
  }

  @Test
  void aCursorCutShortAnywhereIsNoCursor() {
    String whole = new Cursor(NOW, List.of(SEEN)).encode();
    for (int length = 0; length < whole.length(); length++) {
      // Cut between two entries it would be a cursor that knows less, which tells twice at worst.
      String cut = whole.substring(0, length);
      if (length != 12) {
        assertThat(Cursor.decode(cut)).as(cut).isEmpty();
      }
    }
  }

  @Test
  void anotherVersionIsNoCursor() {
    byte[] bytes = Base64.getUrlDecoder().decode(new Cursor(NOW, List.of(SEEN)).encode());
    for (int version = 0; version < 256; version++) {
      bytes[0] = (byte) version;
      String text = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
      assertThat(Cursor.decode(text).isPresent()).isEqualTo(version == 1);
    }
  }

  @Test
  void aCursorThatNamesTooManyCallsIsRefusedHoweverLargeItIs() {
    for (int entries : new int[] {Cursor.MAX_SEEN + 1, 1_000, 1_000_000}) {
      byte[] bytes = new byte[9 + 12 * entries];
      bytes[0] = 1;
      assertThat(Cursor.decode(Base64.getUrlEncoder().encodeToString(bytes))).isEmpty();
    }
  }

  @Test
  void noBytesEverMakeDecodingThrow() {
    Random random = new Random(11);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(64)];
      random.nextBytes(bytes);
      if (bytes.length > 0 && random.nextBoolean()) {
        bytes[0] = 1;
      }
      String text = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
      assertThatCode(() -> Cursor.decode(text)).doesNotThrowAnyException();
    }
  }

  @Test
  void theFingerprintOfACallNeverChanges() {
    // Cursors outlive upgrades: another function would make every device hear everything again.
    assertThat(Cursor.fingerprint(new CallId("a"))).isEqualTo(0xaf63dc4c8601ec8cL);
    assertThat(Cursor.fingerprint(new CallId("foobar"))).isEqualTo(0x85944171f73967e8L);
  }
}
