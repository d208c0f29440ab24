package io.carillon.http.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The one configuration of JSON: what is accepted from outside, and how much of it. */
public final class Json {
  /** Objects and arrays within one another. */
  public static final int MAX_DEPTH = 16;

  /** Characters of one number. */
  public static final int MAX_NUMBER_LENGTH = 32;

  /** Bytes of one frame or body. */
  public static final int MAX_BYTES = 64 * 1024;

  static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNumberLength(MAX_NUMBER_LENGTH)
                  .maxStringLength(MAX_BYTES)
                  .maxNameLength(256)
                  .build())
          .build();

  private static final ObjectMapper TREES =
      JsonMapper.builder(FACTORY)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private Json() {}

  /** For JSON of which the shape is not known: the application's context, a token's claims. */
  public static ObjectMapper trees() {
    return TREES;
  }

  /**
   * Whether the bytes are UTF-8 text that may hold JSON. Jackson would guess UTF-16 from zero bytes
   * and skip a byte order mark; neither belongs here.
   */
  static boolean isText(byte[] bytes) {
    boolean ascii = true;
    for (byte b : bytes) {
      if (b == 0) {
        return false;
      }
      ascii &= b > 0;
    }
    if (ascii) {
      return true;
    }
    if (bytes[0] == (byte) 0xEF) {
      return false;
    }
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException notUtf8) {
      return false;
    }
  }

  static JsonParser parser(byte[] bytes) throws java.io.IOException {
    return FACTORY.createParser(bytes);
  }
}
