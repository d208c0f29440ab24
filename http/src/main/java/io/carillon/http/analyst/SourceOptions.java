package io.carillon.http.analyst;

import io.carillon.persistence.replay.JournalFile;
import io.carillon.persistence.replay.JournalSource;
import io.carillon.persistence.replay.JournalTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where calls are read from: a database or an exported file. */
final class SourceOptions {
  @Mixin DatabaseOptions database = new DatabaseOptions();

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "An export of events (calls export --what events), may end in .gz.")
  @Nullable Path file;

  /** A source that is open until it is closed. */
  record Opened(JournalSource journal, Optional<DatabaseOptions.Opened> database)
      implements AutoCloseable {
    @Override
    public void close() {
      database.ifPresent(DatabaseOptions.Opened::close);
    }
  }

  Opened open() throws IOException {
    Path exported = file;
    if (exported != null) {
      return new Opened(new JournalFile(exported), Optional.empty());
    }
    DatabaseOptions.Opened opened = database.open();
    return new Opened(new JournalTable(opened.source()), Optional.of(opened));
  }
}
