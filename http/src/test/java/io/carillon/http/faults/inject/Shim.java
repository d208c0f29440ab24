package io.carillon.http.faults.inject;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A library that stands before the C library of the processes it is given to, and makes their disk
 * slow or faulty, or their wall clock wrong; each process by a {@link Dial} of its own.
 */
final class Shim {
  private static final List<String> COMPILERS = List.of("cc", "gcc", "clang");

  private final Path directory;
  private final Path library;

  private Shim(Path directory, Path library) {
    this.directory = directory;
    this.library = library;
  }

  /** Compiles it into a directory; empty where the machine has no C compiler that can. */
  static Optional<Shim> compile(Path directory) {
    Path source = directory.resolve("shim.c");
    Path library = directory.resolve("shim.so");
    try (InputStream text =
        Objects.requireNonNull(Shim.class.getResourceAsStream("/io/carillon/http/faults/shim.c"))) {
      Files.copy(text, source);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (String compiler : COMPILERS) {
      if (Shell.succeeds(
          compiler,
          "-shared",
          "-fPIC",
          "-O2",
          "-o",
          library.toString(),
          source.toString(),
          "-ldl")) {
        return Optional.of(new Shim(directory, library));
      }
    }
    return Optional.empty();
  }

  /** A dial for a process of this name. */
  Dial dial(String name) {
    return new Dial(directory.resolve(name + ".dial"), library);
  }
}
