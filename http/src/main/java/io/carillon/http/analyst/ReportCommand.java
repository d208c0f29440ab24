package io.carillon.http.analyst;

import io.carillon.http.analyst.report.ReportPage;
import io.carillon.persistence.statistics.CallFigures;
import io.carillon.persistence.statistics.Grouping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code calls report}: a period on one page. */
@Command(
    name = "report",
    description = "Write one HTML file with the figures and plots of a period.")
final class ReportCommand extends AnalystCommand {
  @Mixin private SourceOptions source = new SourceOptions();
  @Mixin private FilterOptions.Scope scope = new FilterOptions.Scope();

  @Option(
      names = "--html",
      paramLabel = "FILE",
      required = true,
      description = "The file to write.")
  @Nullable
  private Path html;

  @Override
  int run() throws IOException, SQLException {
    ReportPage.Figures figures;
    try (SourceOptions.Opened opened = source.open()) {
      FigureReader reader = new FigureReader(opened);
      List<CallFigures> all = reader.figures(scope, Grouping.NONE);
      if (all.isEmpty()) {
        throw new NotFoundException("no calls were placed then");
      }
      figures =
          new ReportPage.Figures(
              scope.realm(),
              Optional.ofNullable(scope.from),
              Optional.ofNullable(scope.to),
              all.getFirst(),
              reader.figures(scope, Grouping.DAY),
              reader.figures(scope, Grouping.HOUR),
              reader.figures(scope, Grouping.REALM),
              reader.figures(scope, Grouping.TYPE));
    }
    Path file = html;
    if (file == null) {
      throw wrong("say --html FILE");
    }
    Files.writeString(file, ReportPage.of(figures));
    out().printf("%,d calls on %s%n", figures.all().attempts(), file);
    return FINE;
  }
}
