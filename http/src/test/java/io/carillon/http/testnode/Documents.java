package io.carillon.http.testnode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The published descriptions of the protocol, as files of this repository. */
public final class Documents {
  private Documents() {}

  /** The directory {@code docs}. */
  public static Path docs() {
    // Tests run in their module's directory, or at the root.
    Path here = Path.of("docs");
    return Files.isDirectory(here) ? here : Path.of("..", "docs");
  }

  /** A YAML document. */
  public static JsonNode yaml(String name) {
    try {
      return new YAMLMapper().readTree(docs().resolve("protocol").resolve(name).toFile());
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
