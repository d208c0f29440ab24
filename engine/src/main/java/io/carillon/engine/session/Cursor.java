package io.carillon.engine.session;

import io.carillon.engine.call.CallId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Where a device stands in what its user is told; to clients opaque text (R58).
 *
 * <p>It says: every change the journal shows before {@code since} was told, and of the calls in
 * {@code seen} every event up to the number beside them. It is complete without the server
 * remembering anything, so any node can resume from it, also when all of them were killed. A call
 * stands in it as a 64-bit fingerprint of its id to keep frames short; a call that fell out of the
 * bounded list may be told twice, never not at all.
 *
 * <p>In the middle of a catch-up it says also how far that had come ({@link Covered}), or a device
 * that is told of many calls at once would hear those it knows again on every resume, and never get
 * to the end if it came no further than this each time.
 *
 * @param since when this was true
 * @param seen the calls told most recently, and those that are not over
 * @param covered up to where a catch-up has come, where that is not at its end
 */
public record Cursor(Instant since, List<Seen> seen, Optional<Covered> covered) {
  /**
   * How much earlier than a device stood the journal is read for it. Between the decision of an
   * event, whose time it bears, and the moment it is told lie a write, a way, and at worst the
   * death of a node; whatever of that the device was told already is known from its cursor.
   */
  public static final Duration OVERLAP = Duration.ofSeconds(30);

  private static final byte VERSION = 1;
  private static final byte VERSION_COVERED = 2;
  private static final int HEAD_BYTES = 9;
  private static final int COVERED_BYTES = 16;
  private static final int ENTRY_BYTES = 12;

  /** The most calls a cursor names. */
  static final int MAX_SEEN = 64;

  /** Longer text was not written by {@link #encode}; it is not even looked at. */
  public static final int MAX_TEXT =
      (HEAD_BYTES + COVERED_BYTES + ENTRY_BYTES * MAX_SEEN) * 4 / 3 + 4;

  /**
   * How far one call was told.
   *
   * @param call {@link #fingerprint} of the call's id
   * @param seq number of the last event told or passed over
   */
  public record Seen(long call, long seq) {}

  /**
   * What a catch-up had told when it was broken off.
   *
   * @param until everything the journal showed before it was told
   * @param print of exactly what the journal showed then of the time between the {@link #OVERLAP}
   *     and that moment, see {@link Coverage}: who finds it different was not told of all of it
   */
  public record Covered(Instant until, long print) {}

  public Cursor {
    seen = List.copyOf(seen);
  }

  /** A cursor at the end of everything. */
  public Cursor(Instant since, List<Seen> seen) {
    this(since, seen, Optional.empty());
  }

  /** From when on the journal is read for a device that stands here. */
  public Instant horizon() {
    return since.minus(OVERLAP);
  }

  /** Takes the calls of a cursor, one after another. */
  @FunctionalInterface
  interface Entries {
    /** A call by its fingerprint, and the number of the last event told of it. */
    void add(long call, long seq);
  }

  /** Writes a cursor as clients carry it. */
  static final class Encoder implements Entries {
    private static final Base64.Encoder TEXT = Base64.getUrlEncoder().withoutPadding();

    private final byte[] bytes;
    private int at = HEAD_BYTES;

    /** For exactly this many calls, at most {@link #MAX_SEEN}. */
    Encoder(Instant since, Optional<Covered> covered, int calls) {
      int head = HEAD_BYTES + (covered.isPresent() ? COVERED_BYTES : 0);
      bytes = new byte[head + ENTRY_BYTES * calls];
      bytes[0] = covered.isPresent() ? VERSION_COVERED : VERSION;
      put(bytes, 1, since.toEpochMilli(), 8);
      if (covered.isPresent()) {
        put(bytes, at, covered.get().until().toEpochMilli(), 8);
        put(bytes, at + 8, covered.get().print(), 8);
        at += COVERED_BYTES;
      }
    }

    @Override
    public void add(long call, long seq) {
      put(bytes, at, call, 8);
      put(bytes, at + 8, seq, 4);
      at += ENTRY_BYTES;
    }

    String text() {
      return TEXT.encodeToString(bytes);
    }
  }

  /** The cursor as clients carry it. */
  public String encode() {
    Encoder encoder = new Encoder(since, covered, seen.size());
    seen.forEach(entry -> encoder.add(entry.call(), entry.seq()));
    return encoder.text();
  }

  /** Reads what {@link #encode} wrote; empty for anything else, which then means a resync. */
  public static Optional<Cursor> decode(String text) {
    if (text.length() > MAX_TEXT) {
      return Optional.empty();
    }
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    if (bytes.length < HEAD_BYTES || (bytes[0] != VERSION && bytes[0] != VERSION_COVERED)) {
      return Optional.empty();
    }
    int head = HEAD_BYTES + (bytes[0] == VERSION_COVERED ? COVERED_BYTES : 0);
    int entries = (bytes.length - head) / ENTRY_BYTES;
    if (bytes.length < head || (bytes.length - head) % ENTRY_BYTES != 0 || entries > MAX_SEEN) {
      return Optional.empty();
    }
    List<Seen> seen = new ArrayList<>(entries);
    for (int i = 0; i < entries; i++) {
      int at = head + i * ENTRY_BYTES;
      seen.add(new Seen(get(bytes, at, 8), get(bytes, at + 8, 4)));
    }
    Optional<Covered> covered =
        bytes[0] == VERSION
            ? Optional.empty()
            : Optional.of(
                new Covered(
                    Instant.ofEpochMilli(get(bytes, HEAD_BYTES, 8)),
                    get(bytes, HEAD_BYTES + 8, 8)));
    return Optional.of(new Cursor(Instant.ofEpochMilli(get(bytes, 1, 8)), seen, covered));
  }

  /** FNV-1a, 64 bits, of the id's UTF-8 bytes: short, stable for ever, the same on every node. */
  public static long fingerprint(CallId call) {
    long hash = 0xcbf29ce484222325L;
    for (byte b : call.value().getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    return hash;
  }

  private static void put(byte[] bytes, int at, long value, int length) {
    for (int i = 0; i < length; i++) {
      bytes[at + i] = (byte) (value >>> (8 * (length - 1 - i)));
    }
  }

  private static long get(byte[] bytes, int at, int length) {
    long value = 0;
    for (int i = 0; i < length; i++) {
      value = value << 8 | (bytes[at + i] & 0xff);
    }
    return value;
  }
}
