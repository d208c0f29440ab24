package io.carillon.http.bench;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What Linux says about processes. Elsewhere, and of processes that are gone, it says nothing; then
 * the report has no such figures.
 */
final class ProcFs {
  private static final Path ROOT = Path.of("/proc");

  /** The kernel counts processor time in hundredths of a second, on every platform Java has. */
  private static final long TICK_MILLIS = 10;

  /**
   * What a process used.
   *
   * @param cpuMillis processor time since it began
   * @param residentKib its memory; what processes share is divided among them
   */
  record Usage(long cpuMillis, long residentKib) {
    Usage plus(Usage other) {
      return new Usage(cpuMillis + other.cpuMillis, residentKib + other.residentKib);
    }
  }

  private record Stat(long parent, String name, long ownTicks, long childrenTicks) {}

  private static final Stat NOTHING = new Stat(0, "", 0, 0);

  private ProcFs() {}

  /** One process. */
  static Optional<Usage> process(long pid) {
    return stat(pid)
        .map(stat -> new Usage(stat.ownTicks() * TICK_MILLIS, residentKib(pid).orElse(0)));
  }

  /** Processor time a Java process spent on itself rather than on what it was asked to do. */
  record Overhead(long compilerMillis, long collectorMillis) {}

  /** What a Java process's own threads have used. */
  static Optional<Overhead> overhead(long pid) {
    long compiler = 0;
    long collector = 0;
    List<Path> threads = numbered(ROOT.resolve(Long.toString(pid)).resolve("task"));
    for (Path thread : threads) {
      Stat stat = parse(read(thread.resolve("stat"))).orElse(NOTHING);
      if (stat.name().matches("C[12] Compiler.*")) {
        compiler += stat.ownTicks();
      } else if (stat.name().matches("(GC Thread|G1 |ZWorker|ZDriver|VM Thread).*")) {
        collector += stat.ownTicks();
      }
    }
    return threads.isEmpty()
        ? Optional.empty()
        : Optional.of(new Overhead(compiler * TICK_MILLIS, collector * TICK_MILLIS));
  }

  /** A process and all that descend from it, also those that are gone. */
  static Optional<Usage> tree(long root) {
    Optional<Stat> top = stat(root);
    if (top.isEmpty()) {
      return Optional.empty();
    }
    Map<Long, List<Long>> children = new HashMap<>();
    for (long pid : pids()) {
      stat(pid)
          .ifPresent(s -> children.computeIfAbsent(s.parent(), p -> new ArrayList<>()).add(pid));
    }
    long gone = top.get().childrenTicks() * TICK_MILLIS;
    return Optional.of(sum(root, children).plus(new Usage(gone, 0)));
  }

  private static Usage sum(long pid, Map<Long, List<Long>> children) {
    Usage sum = process(pid).orElse(new Usage(0, 0));
    for (long child : children.getOrDefault(pid, List.of())) {
      sum = sum.plus(sum(child, children));
    }
    return sum;
  }

  /**
   * The one PostgreSQL on this machine whose command line names the directory; with an empty name,
   * the only one there is.
   */
  static OptionalLong postmaster(String directory) {
    List<Long> found = new ArrayList<>();
    for (long pid : pids()) {
      Optional<Stat> stat = stat(pid).filter(s -> s.name().equals("postgres"));
      boolean isTop =
          stat.isPresent()
              && stat(stat.get().parent()).map(p -> !p.name().equals("postgres")).orElse(true);
      if (isTop && text(pid, "cmdline").contains(directory)) {
        found.add(pid);
      }
    }
    return found.size() == 1 ? OptionalLong.of(found.getFirst()) : OptionalLong.empty();
  }

  /** Processor time all of the machine spent working, in milliseconds. */
  static OptionalLong machineBusyMillis() {
    // cpu  user nice system idle iowait irq softirq steal ...
    String[] fields = read(ROOT.resolve("stat")).lines().findFirst().orElse("").split("\\s+", -1);
    if (fields.length < 9) {
      return OptionalLong.empty();
    }
    long busy = 0;
    for (int field : new int[] {1, 2, 3, 6, 7, 8}) {
      busy += Long.parseLong(fields[field]);
    }
    return OptionalLong.of(busy * TICK_MILLIS);
  }

  private static Optional<Stat> stat(long pid) {
    return parse(text(pid, "stat"));
  }

  private static Optional<Stat> parse(String text) {
    // The name is in parentheses and may hold anything, parentheses and blanks too.
    int open = text.indexOf('(');
    int close = text.lastIndexOf(')');
    if (open < 0 || close < 0) {
      return Optional.empty();
    }
    String[] fields = text.substring(close + 2).split(" ", -1);
    return Optional.of(
        new Stat(
            Long.parseLong(fields[1]),
            text.substring(open + 1, close),
            Long.parseLong(fields[11]) + Long.parseLong(fields[12]),
            Long.parseLong(fields[13]) + Long.parseLong(fields[14])));
  }

  private static OptionalLong residentKib(long pid) {
    OptionalLong fair = kib(text(pid, "smaps_rollup"), "Pss:");
    return fair.isPresent() ? fair : kib(text(pid, "status"), "VmRSS:");
  }

  private static OptionalLong kib(String text, String field) {
    return text.lines()
        .filter(line -> line.startsWith(field))
        .map(line -> line.replaceAll("[^0-9]", ""))
        .filter(digits -> !digits.isEmpty())
        .mapToLong(Long::parseLong)
        .findFirst();
  }

  private static List<Long> pids() {
    return numbered(ROOT).stream()
        .map(directory -> Long.parseLong(directory.getFileName().toString()))
        .toList();
  }

  private static List<Path> numbered(Path directory) {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, "[0-9]*")) {
      entries.forEach(found::add);
    } catch (IOException noProc) {
      return List.of();
    }
    return found;
  }

  private static String text(long pid, String file) {
    return read(ROOT.resolve(Long.toString(pid)).resolve(file));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException gone) {
      return "";
    }
  }
}
