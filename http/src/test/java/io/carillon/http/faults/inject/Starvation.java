package io.carillon.http.faults.inject;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Gives a process a share of one processor and no more: by a control group where one can be made,
 * otherwise by stopping it for most of each tenth of a second.
 */
public final class Starvation implements AutoCloseable {
  private static final int PERIOD_MILLIS = 100;
  private static final Path FIRST = Path.of("/sys/fs/cgroup/cpu");
  private static final Path SECOND = Path.of("/sys/fs/cgroup");

  private final long pid;
  private final Optional<Path> group;
  private final Path home;
  private volatile boolean over;
  private final Thread stutter;

  private Starvation(long pid, int percent, Optional<Path> group, Path home) {
    this.pid = pid;
    this.group = group;
    this.home = home;
    stutter = Thread.ofPlatform().daemon().name("faults-stutter").unstarted(() -> stutter(percent));
    if (group.isEmpty()) {
      stutter.start();
    }
  }

  /** From now on the process gets this share of one processor. */
  public static Starvation of(long pid, int percent) {
    int quota = PERIOD_MILLIS * 10 * percent;
    String name = "carillon-faults-" + pid;
    Optional<Path> group =
        Files.exists(FIRST.resolve("cpu.cfs_quota_us"))
            ? make(FIRST.resolve(name), "cpu.cfs_quota_us", Integer.toString(quota), pid)
            : make(SECOND.resolve(name), "cpu.max", quota + " " + PERIOD_MILLIS * 1000, pid);
    return new Starvation(pid, percent, group, Files.exists(FIRST) ? FIRST : SECOND);
  }

  private static Optional<Path> make(Path group, String file, String quota, long pid) {
    try {
      Files.createDirectory(group);
      Files.writeString(group.resolve(file), quota);
      Files.writeString(group.resolve("cgroup.procs"), Long.toString(pid));
      return Optional.of(group);
    } catch (IOException notHere) {
      remove(group);
      return Optional.empty();
    }
  }

  private static void remove(Path group) {
    Shell.succeeds("rmdir", group.toString());
  }

  private void stutter(int percent) {
    try {
      while (!over) {
        Shell.signal("STOP", List.of(pid));
        Thread.sleep(PERIOD_MILLIS * (100 - percent) / 100);
        Shell.signal("CONT", List.of(pid));
        Thread.sleep(PERIOD_MILLIS * percent / 100);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** How it is done, for the report. */
  public String how() {
    return group.isPresent() ? "a control group" : "signals";
  }

  /** The process, if there still is one, gets what it wants. */
  @Override
  public void close() {
    over = true;
    try {
      stutter.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    group.ifPresent(
        made -> {
          Shell.succeeds(
              "sh", "-c", "echo " + pid + " > " + home.resolve("cgroup.procs") + " 2>/dev/null");
          remove(made);
        });
  }
}
