package io.carillon.http.analyst;

import io.carillon.persistence.replay.FoldedCall;
import io.carillon.persistence.statistics.CallFigures;
import io.carillon.persistence.statistics.Grouping;
import io.carillon.persistence.statistics.StatisticsFold;
import io.carillon.persistence.statistics.StatisticsTable;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Figures from the rows, or from a file. */
final class FigureReader {
  private final SourceOptions.Opened source;

  FigureReader(SourceOptions.Opened source) {
    this.source = source;
  }

  List<CallFigures> figures(FilterOptions.Scope scope, Grouping by)
      throws IOException, SQLException {
    if (source.database().isPresent()) {
      try (Connection connection = source.database().get().source().getConnection()) {
        connection.setReadOnly(true);
        return StatisticsTable.figures(connection, scope.period(), by);
      }
    }
    StatisticsFold fold = new StatisticsFold(by);
    try (Progress progress = new Progress("counting")) {
      source
          .journal()
          .read(
              scope.selection(), progress, journal -> FoldedCall.of(journal).ifPresent(fold::add));
    }
    return fold.figures();
  }
}
