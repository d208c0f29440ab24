package io.carillon.http.analyst;

import io.carillon.engine.identity.RealmId;
import io.carillon.http.analyst.ladder.LadderPage;
import io.carillon.http.analyst.ladder.LadderSvg;
import io.carillon.http.analyst.ladder.LadderText;
import io.carillon.http.analyst.ladder.MermaidLadder;
import io.carillon.persistence.replay.CallJournal;
import io.carillon.persistence.replay.Ladder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code calls ladder}: who told what to whom. */
@Command(name = "ladder", description = "Draw who told what to whom, device by device.")
final class LadderCommand extends AnalystCommand {
  /** How it is drawn. */
  enum Format {
    TEXT,
    MERMAID,
    SVG,
    HTML
  }

  @Mixin private SourceOptions source = new SourceOptions();

  @Parameters(paramLabel = "CALL", description = "The call's id.")
  private String id = "";

  @Option(names = "--realm", paramLabel = "REALM", description = "Whose call.")
  @Nullable
  private String realm;

  @Option(
      names = "--format",
      defaultValue = "text",
      description = "${COMPLETION-CANDIDATES}; text unless told.")
  private Format format = Format.TEXT;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Write to a file.")
  @Nullable
  private Path output;

  @Override
  int run() throws IOException, SQLException {
    try (SourceOptions.Opened opened = source.open()) {
      CallReader reader = new CallReader(opened);
      CallJournal journal = reader.find(Optional.ofNullable(realm).map(RealmId::new), id);
      if (journal.steps().isEmpty()) {
        throw new NotFoundException(journal.damage().orElse("the call has no events"));
      }
      Ladder ladder = Ladder.of(journal.steps());
      String drawing =
          switch (format) {
            case TEXT -> LadderText.of(ladder);
            case MERMAID -> MermaidLadder.of(ladder);
            case SVG -> LadderSvg.of(ladder);
            case HTML -> LadderPage.of(journal.steps(), reader.surroundings(journal));
          };
      Path file = output;
      if (file == null) {
        out().print(drawing);
      } else {
        Files.writeString(file, drawing);
      }
      return FINE;
    }
  }
}
