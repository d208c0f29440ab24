package io.carillon.http.faults.inject;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A volume of its own for the database's tables, which can be full from one moment to the next. */
public final class SmallDisk implements AutoCloseable {
  private static final String ROOMY = "2g";
  private static final int TRIES = 50;

  private final Path mount;

  private SmallDisk(Path mount) {
    this.mount = mount;
  }

  /** Mounts one; empty where this process may not. */
  static Optional<SmallDisk> mount(Path directory) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    boolean mounted =
        Shell.succeeds(
            "mount", "-t", "tmpfs", "-o", "mode=0700,size=" + ROOMY, "tmpfs", directory.toString());
    return mounted ? Optional.of(new SmallDisk(directory)) : Optional.empty();
  }

  /** Where it is. */
  Path path() {
    return mount;
  }

  /** There is room for what lies on it and for nothing more. */
  public void fill() {
    for (int i = 0; i < TRIES; i++) {
      // It may have grown between the look and the cut.
      if (Shell.succeeds("mount", "-o", "remount,size=" + used() / 1024 + "k", mount.toString())) {
        return;
      }
    }
    throw new IllegalStateException("the volume at " + mount + " cannot be made smaller");
  }

  private long used() {
    try {
      FileStore store = Files.getFileStore(mount);
      return store.getTotalSpace() - store.getUnallocatedSpace();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** There is plenty of room again. */
  public void empty() {
    Shell.run("mount", "-o", "remount,size=" + ROOMY, mount.toString());
  }

  @Override
  public void close() {
    Shell.succeeds("umount", "-l", mount.toString());
  }
}
