package io.carillon.persistence.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The server of another process on a data directory, for tools that look at what it stores. */
public final class RunningDatabase {
  /** Who connects to it. */
  public static final String USER = "postgres";

  private static final int PORT_LINE = 3;

  private RunningDatabase() {}

  /** The JDBC URL of the server that runs on a node's data directory; empty: none does. */
  public static Optional<String> url(Path directory) throws IOException {
    Path data = directory.toAbsolutePath().normalize().resolve("postgresql");
    if (!Files.isDirectory(data)) {
      return Optional.empty();
    }
    Optional<Orphan> server = Orphan.of(data.toRealPath());
    List<String> lines =
        server.isPresent() ? Files.readAllLines(data.resolve("postmaster.pid")) : List.of();
    return lines.size() > PORT_LINE
        ? Optional.of("jdbc:postgresql://localhost:" + lines.get(PORT_LINE).strip() + "/carillon")
        : Optional.empty();
  }
}
