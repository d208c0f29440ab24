package io.carillon.http.bench;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A piece of bytes that belong to somebody else, and are good only until the next message. */
final class Slice {
  private static final byte[] NOTHING = {};

  private byte[] bytes = NOTHING;
  private int from;
  private int to;

  void clear() {
    from = 0;
    to = 0;
  }

  void set(byte[] in, int start, int end) {
    bytes = in;
    from = start;
    to = end;
  }

  boolean isEmpty() {
    return from == to;
  }

  int length() {
    return to - from;
  }

  boolean is(byte[] word) {
    return Arrays.equals(bytes, from, to, word, 0, word.length);
  }

  /** The same for a text that has only ASCII characters. */
  boolean is(String ascii) {
    if (ascii.length() != to - from) {
      return false;
    }
    for (int i = 0; i < ascii.length(); i++) {
      if (bytes[from + i] != ascii.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Where {@code word} begins in {@link #array()}, or -1. */
  int indexOf(byte[] word) {
    for (int i = from; i <= to - word.length; i++) {
      if (bytes[i] == word[0] && Arrays.equals(bytes, i, i + word.length, word, 0, word.length)) {
        return i;
      }
    }
    return -1;
  }

  byte[] array() {
    return bytes;
  }

  int from() {
    return from;
  }

  int to() {
    return to;
  }

  byte[] copy() {
    return Arrays.copyOfRange(bytes, from, to);
  }

  String text() {
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }
}
