package io.carillon.http.bench;

import java.util.Arrays;

/**
 * A message being put together. Each loop has one of each kind and uses it again for every message,
 * so that sending leaves nothing for the garbage collector.
 */
final class Bytes {
  private byte[] array = new byte[4096];
  private int length;

  Bytes clear() {
    length = 0;
    return this;
  }

  Bytes put(byte[] bytes) {
    return put(bytes, 0, bytes.length);
  }

  Bytes put(byte[] bytes, int from, int to) {
    room(to - from);
    System.arraycopy(bytes, from, array, length, to - from);
    length += to - from;
    return this;
  }

  Bytes put(Bytes other) {
    return put(other.array, 0, other.length);
  }

  /** Puts a text that has only ASCII characters. */
  Bytes put(String ascii) {
    room(ascii.length());
    for (int i = 0; i < ascii.length(); i++) {
      array[length++] = (byte) ascii.charAt(i);
    }
    return this;
  }

  Bytes put(byte one) {
    room(1);
    array[length++] = one;
    return this;
  }

  /** Puts a number that is not negative, in decimal. */
  Bytes putNumber(long number) {
    int digits = 1;
    for (long rest = number / 10; rest > 0; rest /= 10) {
      digits++;
    }
    room(digits);
    long rest = number;
    for (int i = length + digits - 1; i >= length; i--) {
      array[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += digits;
    return this;
  }

  /** The bytes, up to {@link #length}; good until the next change. */
  byte[] array() {
    return array;
  }

  int length() {
    return length;
  }

  private void room(int more) {
    if (length + more > array.length) {
      array = Arrays.copyOf(array, Math.max(array.length * 2, length + more));
    }
  }
}
