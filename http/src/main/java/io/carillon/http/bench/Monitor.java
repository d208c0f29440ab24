package io.carillon.http.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Looks at the processes once a second, on a thread of its own: reading the kernel's files takes
 * longer than a hop does, and would be measured as one.
 */
final class Monitor extends Thread implements AutoCloseable {
  private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** The processes that take part. */
  record Processes(OptionalLong server, OptionalLong database, long generator) {}

  /**
   * What they had used at a moment.
   *
   * @param at of {@link System#nanoTime()}
   */
  record Sample(
      long at,
      Optional<ProcFs.Usage> server,
      Optional<ProcFs.Overhead> serverOverhead,
      Optional<ProcFs.Usage> database,
      Optional<ProcFs.Usage> generator,
      OptionalLong machineBusyMillis) {}

  private final Processes processes;
  private final List<Sample> samples = new ArrayList<>();
  private volatile boolean over;

  Monitor(Processes processes) {
    super("bench-monitor");
    this.processes = processes;
    setDaemon(true);
  }

  /** What they have used by now. */
  static Sample sample(Processes processes) {
    return new Sample(
        System.nanoTime(),
        of(processes.server()).flatMap(ProcFs::process),
        of(processes.server()).flatMap(ProcFs::overhead),
        of(processes.database()).flatMap(ProcFs::tree),
        ProcFs.process(processes.generator()),
        ProcFs.machineBusyMillis());
  }

  private static Optional<Long> of(OptionalLong pid) {
    return pid.isPresent() ? Optional.of(pid.getAsLong()) : Optional.empty();
  }

  @Override
  public void run() {
    long next = System.nanoTime();
    while (!over) {
      Sample sample = sample(processes);
      synchronized (samples) {
        samples.add(sample);
      }
      next += EVERY_NANOS;
      long left = next - System.nanoTime();
      while (left > 0 && !over) {
        LockSupport.parkNanos(left);
        left = next - System.nanoTime();
      }
    }
  }

  List<Sample> samples() {
    synchronized (samples) {
      return List.copyOf(samples);
    }
  }

  @Override
  public void close() {
    over = true;
    LockSupport.unpark(this);
  }
}
