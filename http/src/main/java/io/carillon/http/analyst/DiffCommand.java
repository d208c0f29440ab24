package io.carillon.http.analyst;

import io.carillon.engine.call.Call;
import io.carillon.engine.identity.RealmId;
import io.carillon.persistence.readmodel.HistoryCall;
import io.carillon.persistence.replay.EventWords;
import io.carillon.persistence.replay.Finding;
import io.carillon.persistence.replay.FoldedCall;
import io.carillon.persistence.replay.RowChecks;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code calls diff}: two calls, or one call at two moments of its life. */
@Command(
    name = "diff",
    description = {
      "Compare two calls, event by event and field by field; CALL@N is a call right after its event"
          + " number N. Exit code 1: they differ."
    })
final class DiffCommand extends AnalystCommand {
  @Mixin private SourceOptions source = new SourceOptions();

  @Parameters(index = "0", paramLabel = "CALL[@N]", description = "The one.")
  private String first = "";

  @Parameters(index = "1", paramLabel = "CALL[@N]", description = "The other.")
  private String second = "";

  @Option(names = "--realm", paramLabel = "REALM", description = "Whose calls.")
  @Nullable
  private String realm;

  @Override
  int run() throws IOException, SQLException {
    List<Call.Step> left;
    List<Call.Step> right;
    try (SourceOptions.Opened opened = source.open()) {
      CallReader calls = new CallReader(opened);
      left = steps(calls, first);
      right = steps(calls, second);
    }
    boolean same = events(left, right);
    HistoryCall one = FoldedCall.of(left);
    HistoryCall other = FoldedCall.of(right);
    List<Finding> fields = RowChecks.of("", one, other);
    if (!fields.isEmpty()) {
      out().println();
    }
    for (Finding field : fields) {
      out().println(field.what().replace(": journal ", ": ").replace(", rows ", "  →  "));
    }
    return same && fields.isEmpty() ? FINE : FOUND;
  }

  private List<Call.Step> steps(CallReader calls, String reference)
      throws IOException, SQLException {
    int sign = reference.lastIndexOf('@');
    String id = sign < 0 ? reference : reference.substring(0, sign);
    long last;
    try {
      last = sign < 0 ? Long.MAX_VALUE : Long.parseLong(reference.substring(sign + 1));
    } catch (NumberFormatException _) {
      throw wrong("'" + reference + "': after the @ comes the number of an event");
    }
    List<Call.Step> steps =
        calls.find(Optional.ofNullable(realm).map(RealmId::new), id).steps().stream()
            .filter(step -> step.stored().seq() <= last)
            .toList();
    if (steps.isEmpty()) {
      throw new NotFoundException(reference + " has no events");
    }
    return steps;
  }

  /** The longest common run of events stays beside each other; true: there is nothing else. */
  private boolean events(List<Call.Step> left, List<Call.Step> right) {
    int[][] common = new int[left.size() + 1][right.size() + 1];
    for (int i = left.size() - 1; i >= 0; i--) {
      for (int j = right.size() - 1; j >= 0; j--) {
        common[i][j] =
            name(left.get(i)).equals(name(right.get(j)))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    boolean same = true;
    int i = 0;
    int j = 0;
    while (i < left.size() || j < right.size()) {
      boolean both =
          i < left.size() && j < right.size() && name(left.get(i)).equals(name(right.get(j)));
      if (both) {
        line(' ', shown(left, i++), shown(right, j++));
      } else if (j == right.size() || (i < left.size() && common[i + 1][j] >= common[i][j + 1])) {
        line('-', shown(left, i++), "");
        same = false;
      } else {
        line('+', "", shown(right, j++));
        same = false;
      }
    }
    return same;
  }

  private void line(char mark, String left, String right) {
    out().println(String.format(Locale.ROOT, "%c %-62s  %s", mark, left, right).stripTrailing());
  }

  private static String name(Call.Step step) {
    return EventWords.name(step.stored().event());
  }

  private static String shown(List<Call.Step> steps, int index) {
    Instant start = steps.getFirst().stored().event().header().at();
    var event = steps.get(index).stored().event();
    String detail = EventWords.detail(event);
    return String.format(
        Locale.ROOT,
        "%8.3f  %-17s %s",
        Duration.between(start, event.header().at()).toMillis() / 1000.0,
        EventWords.name(event),
        detail.isEmpty() ? EventWords.actor(event.header().actor()) : detail);
  }
}
