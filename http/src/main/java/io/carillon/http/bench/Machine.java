package io.carillon.http.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * What it was measured on, and with what.
 *
 * @param processor its name
 * @param cores that this process may use
 * @param memoryMib of the machine; 0 where it is not known
 * @param system operating system and its version
 * @param jvm the generator's; a node started by the run has the same
 * @param commit of the working copy the run was started in; empty outside of one
 */
record Machine(
    String processor, int cores, long memoryMib, String system, String jvm, String commit) {

  static Machine here() {
    return new Machine(
        field(Path.of("/proc/cpuinfo"), "model name"),
        Runtime.getRuntime().availableProcessors(),
        readMemoryMib(),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"),
        readCommit());
  }

  /** In one line. */
  String words() {
    StringBuilder words = new StringBuilder();
    words.append(cores).append(cores == 1 ? " core" : " cores");
    if (!processor.isEmpty()) {
      words.append(" of ").append(processor);
    }
    if (memoryMib > 0) {
      words.append(String.format(Locale.ROOT, ", %.0f GiB", memoryMib / 1024.0));
    }
    words.append(" · ").append(system).append(" · ").append(jvm);
    if (!commit.isEmpty()) {
      words.append(" · ").append(commit);
    }
    return words.toString();
  }

  private static long readMemoryMib() {
    String digits = field(Path.of("/proc/meminfo"), "MemTotal").replaceAll("[^0-9]", "");
    return digits.isEmpty() ? 0 : Long.parseLong(digits) / 1024;
  }

  private static String field(Path file, String name) {
    try {
      return Files.readString(file)
          .lines()
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("");
    } catch (IOException notLinux) {
      return "";
    }
  }

  private static String readCommit() {
    try {
      Process git =
          new ProcessBuilder("git", "describe", "--always", "--dirty", "--tags")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return git.waitFor(5, TimeUnit.SECONDS) && git.exitValue() == 0 ? said.strip() : "";
    } catch (IOException noGit) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }
}
