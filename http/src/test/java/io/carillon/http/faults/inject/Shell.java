package io.carillon.http.faults.inject;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs a system's command and waits for it. */
final class Shell {
  private Shell() {}

  /** Throws with what the command said, if it fails. */
  static void run(String... command) {
    Result result = attempt(command);
    if (result.code() != 0) {
      throw new IllegalStateException(String.join(" ", command) + ": " + result.said());
    }
  }

  /** What a command returned and said. */
  record Result(int code, String said) {}

  /** Whether the command could be run and went well. */
  static boolean succeeds(String... command) {
    try {
      return attempt(command).code() == 0;
    } catch (UncheckedIOException notThere) {
      return false;
    }
  }

  static Result attempt(String... command) {
    try {
      Process process = new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Result(process.waitFor(), said.strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Sends a signal to processes, of which some may be gone. */
  static void signal(String name, List<Long> processes) {
    for (long pid : processes) {
      Shell.attempt("kill", "-" + name, Long.toString(pid));
    }
  }
}
