package io.carillon.http.faults.inject;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;

/** What is wrong, from one moment to the next, with the disk or the clock of a process. */
public final class Dial {
  private static final int SYNC_DELAY = 0;
  private static final int SYNC_FAILURES = 8;
  private static final int CLOCK_SHIFT = 16;
  private static final int SIZE = 24;

  private final Path file;
  private final Path library;
  private final MappedByteBuffer words;

  Dial(Path file, Path library) {
    this.file = file;
    this.library = library;
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      words = channel.map(FileChannel.MapMode.READ_WRITE, 0, SIZE);
      words.order(ByteOrder.nativeOrder());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What stands in front of the command line of a process that is to obey it. */
  List<String> before() {
    return List.of("env", "LD_PRELOAD=" + library, "CARILLON_DIAL=" + file);
  }

  /** From now on the disk takes this much longer to confirm. */
  public void delaySyncs(Duration delay) {
    words.putLong(SYNC_DELAY, delay.toNanos() / 1000);
  }

  /** The next time the disk is to confirm the log it says that it could not. */
  public void failNextSync() {
    words.putLong(SYNC_FAILURES, 1);
  }

  /** Whether it has said so. */
  public boolean hasFailed() {
    return words.getLong(SYNC_FAILURES) == 0;
  }

  /** From now on the wall clock is this much ahead, or behind. */
  public void shiftClock(Duration ahead) {
    words.putLong(CLOCK_SHIFT, ahead.toNanos() / 1000);
  }

  /** Nothing is wrong any more. */
  public void reset() {
    words.putLong(SYNC_DELAY, 0);
    words.putLong(SYNC_FAILURES, 0);
    words.putLong(CLOCK_SHIFT, 0);
  }
}
