package io.carillon.persistence.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server left running on our data directory by an engine that was killed. It is stopped rather
 * than used: it may run with other settings than ours, and it is stopped in a fraction of a second.
 *
 * @param process the postmaster
 */
record Orphan(ProcessHandle process) {
  private static final Logger LOG = LoggerFactory.getLogger(Orphan.class);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** Finds the server that its {@code postmaster.pid} says is running on this directory. */
  static Optional<Orphan> of(Path data) throws IOException {
    Path file = data.resolve("postmaster.pid");
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    List<String> lines = Files.readAllLines(file);
    if (lines.size() < 2 || !Path.of(lines.get(1)).equals(data)) {
      return Optional.empty();
    }
    // After a restart of the machine the number may belong to anybody: the name has to fit too.
    return ProcessHandle.of(Long.parseLong(lines.getFirst().strip()))
        .filter(ProcessHandle::isAlive)
        .filter(process -> process.info().command().orElse("").endsWith("postgres"))
        .map(Orphan::new);
  }

  /** Stops it in PostgreSQL's fast way: clients are cut off, what was committed is kept. */
  void stop() throws IOException {
    LOG.warn("stopping the database server {} left by an engine that was killed", process.pid());
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start();
    try {
      process.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EmbeddedDatabaseException("interrupted while stopping the old server", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new EmbeddedDatabaseException(
          "The database server "
              + process.pid()
              + " of an earlier run does not stop. Stop it by hand (kill -INT "
              + process.pid()
              + ") and start again.",
          e);
    }
  }
}
