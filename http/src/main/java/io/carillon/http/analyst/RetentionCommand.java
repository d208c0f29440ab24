package io.carillon.http.analyst;

import io.carillon.engine.identity.RealmId;
import io.carillon.persistence.retention.LegalHolds;
import io.carillon.persistence.retention.Removals;
import io.carillon.persistence.retention.Retention;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code retention}: what is kept and for how long. */
@Command(
    name = "retention",
    description = "Remove old calls, place legal holds, and see what was removed.",
    mixinStandardHelpOptions = true,
    subcommands = {
      RetentionCommand.RunCommand.class,
      RetentionCommand.HoldCommand.class,
      RetentionCommand.ReleaseCommand.class,
      RetentionCommand.HoldsCommand.class,
      RetentionCommand.LogCommand.class
    })
public final class RetentionCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "say what to do: run, hold, release, holds, log");
  }

  static String operator() {
    return System.getProperty("user.name", "unknown") + " at the command line";
  }

  /** Removes what is older than so many days; shared with {@code cleanup_calls}. */
  static int remove(
      AnalystCommand command,
      DatabaseOptions database,
      Optional<RealmId> realm,
      int days,
      boolean dry)
      throws IOException, SQLException {
    if (days < 1) {
      throw command.wrong("calls are kept for at least a day");
    }
    Instant endedBefore = Instant.now().minus(Duration.ofDays(days)).minusSeconds(60);
    try (DatabaseOptions.Opened opened = database.open();
        Progress progress = new Progress("removing")) {
      Retention retention = new Retention(opened.source());
      long old = retention.count(realm, endedBefore);
      if (dry) {
        command.out().printf("%,d calls ended before %s%n", old, Moments.full(endedBefore));
        return AnalystCommand.FINE;
      }
      progress.expect(old);
      Retention.Report report = retention.run(realm, endedBefore, operator(), progress);
      command
          .out()
          .printf(
              "%,d calls with %,d events removed, run %s%n",
              report.calls(), report.events(), report.run());
      return AnalystCommand.FINE;
    }
  }

  /** {@code retention run}. */
  @Command(
      name = "run",
      description = "Remove calls that ended long ago, journal and rows together.")
  static final class RunCommand extends AnalystCommand {
    @Mixin private DatabaseOptions database = new DatabaseOptions();

    @Option(names = "--days", description = "Keep calls that ended in the last so many days.")
    @Nullable
    private Integer days;

    @Option(
        names = "--connections-days",
        description = "Keep when devices were connected in the last so many days.")
    @Nullable
    private Integer connectionsDays;

    @Option(names = "--realm", description = "Only calls of this realm.")
    @Nullable
    private String realm;

    @Option(names = "--dry-run", description = "Only say how many it would be.")
    private boolean dry;

    @Override
    int run() throws IOException, SQLException {
      Integer calls = days;
      Integer connections = connectionsDays;
      if (calls == null && connections == null) {
        throw wrong("say what to remove: --days for calls, --connections-days for connections");
      }
      Optional<RealmId> whose = Optional.ofNullable(realm).map(RealmId::new);
      if (connections != null && !dry) {
        forget(whose, connections);
      }
      return calls == null ? FINE : remove(this, database, whose, calls, dry);
    }

    private void forget(Optional<RealmId> whose, int connections) throws IOException, SQLException {
      if (connections < 1) {
        throw wrong("connections are kept for at least a day");
      }
      try (DatabaseOptions.Opened opened = database.open()) {
        long gone =
            new Retention(opened.source())
                .forgetConnections(
                    whose, Instant.now().minus(Duration.ofDays(connections)), operator());
        out().printf("%,d connections removed%n", gone);
      }
    }
  }

  /** {@code retention hold}. */
  @Command(
      name = "hold",
      description = "Place a legal hold: what it names is kept, whatever its age.")
  static final class HoldCommand extends AnalystCommand {
    @Mixin private DatabaseOptions database = new DatabaseOptions();

    @Parameters(index = "0", paramLabel = "KIND", description = "${COMPLETION-CANDIDATES}.")
    private LegalHolds.Kind kind = LegalHolds.Kind.CALL;

    @Parameters(index = "1", paramLabel = "REALM", description = "In which realm.")
    private String realm = "";

    @Parameters(
        index = "2",
        paramLabel = "ID",
        arity = "0..1",
        description = "The user or the call.")
    @Nullable
    private String subject;

    @Option(names = "--reason", required = true, description = "Why; shown in 'retention holds'.")
    private String reason = "";

    @Override
    int run() throws IOException, SQLException {
      try (DatabaseOptions.Opened opened = database.open()) {
        new LegalHolds(opened.source())
            .place(
                new RealmId(realm), kind, subject(this, kind, realm, subject), reason, operator());
      }
      return FINE;
    }
  }

  private static String subject(
      AnalystCommand command, LegalHolds.Kind kind, String realm, @Nullable String subject) {
    if (kind == LegalHolds.Kind.REALM) {
      return realm;
    }
    if (subject == null) {
      throw command.wrong("say which " + kind.name().toLowerCase(Locale.ROOT));
    }
    return subject;
  }

  /** {@code retention release}. */
  @Command(name = "release", description = "Take a legal hold away.")
  static final class ReleaseCommand extends AnalystCommand {
    @Mixin private DatabaseOptions database = new DatabaseOptions();

    @Parameters(index = "0", paramLabel = "KIND", description = "${COMPLETION-CANDIDATES}.")
    private LegalHolds.Kind kind = LegalHolds.Kind.CALL;

    @Parameters(index = "1", paramLabel = "REALM", description = "In which realm.")
    private String realm = "";

    @Parameters(
        index = "2",
        paramLabel = "ID",
        arity = "0..1",
        description = "The user or the call.")
    @Nullable
    private String subject;

    @Override
    int run() throws IOException, SQLException {
      try (DatabaseOptions.Opened opened = database.open()) {
        boolean released =
            new LegalHolds(opened.source())
                .release(new RealmId(realm), kind, subject(this, kind, realm, subject));
        if (!released) {
          throw new NotFoundException("there is no such hold");
        }
      }
      return FINE;
    }
  }

  /** {@code retention holds}. */
  @Command(name = "holds", description = "List the legal holds.")
  static final class HoldsCommand extends AnalystCommand {
    @Mixin private DatabaseOptions database = new DatabaseOptions();

    @Override
    int run() throws IOException, SQLException {
      TextTable table = new TextTable("realm", "kind", "subject", "since (UTC)", "by", "reason");
      try (DatabaseOptions.Opened opened = database.open()) {
        for (LegalHolds.Hold hold : new LegalHolds(opened.source()).list()) {
          table.row(
              hold.realm().value(),
              hold.kind().name().toLowerCase(Locale.ROOT),
              hold.subject(),
              Moments.toSecond(hold.placedAt()),
              hold.placedBy(),
              hold.reason());
        }
      }
      table.print(out());
      return FINE;
    }
  }

  /** {@code retention log}. */
  @Command(name = "log", description = "Show what was removed, run by run.")
  static final class LogCommand extends AnalystCommand {
    @Mixin private DatabaseOptions database = new DatabaseOptions();

    @Override
    int run() throws IOException, SQLException {
      TextTable table =
          new TextTable(
              "when (UTC)",
              "what",
              "realm",
              ">calls",
              ">events",
              ">connections",
              "placed from",
              "placed to",
              "by");
      try (DatabaseOptions.Opened opened = database.open()) {
        for (Removals.Removal removal : Removals.latest(opened.source(), 100)) {
          table.row(
              Moments.toSecond(removal.at()),
              removal.kind() + removal.pseudonym().map(p -> " " + p).orElse(""),
              removal.realm().value(),
              String.format(Locale.ROOT, "%,d", removal.calls()),
              String.format(Locale.ROOT, "%,d", removal.events()),
              String.format(Locale.ROOT, "%,d", removal.connections()),
              removal.oldest().map(Moments::toSecond).orElse(""),
              removal.newest().map(Moments::toSecond).orElse(""),
              removal.by());
        }
      }
      table.print(out());
      return FINE;
    }
  }
}
