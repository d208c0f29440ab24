package io.carillon.http.analyst;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import io.carillon.persistence.testdatabase.SampleDatabase;
import io.carillon.persistence.testdatabase.TestDatabase;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/** The commands as an analyst types them, on a database and on an exported file. */
class AnalystCommandsTest {
  private static final TestDatabase database = TestDatabase.fresh();
  private static final Map<String, Level> levels = new HashMap<>();

  @TempDir private static Path directory;

  private static Path journal;

  private record Output(int code, String text, String complaints) {
    List<String> lines() {
      return text.lines().toList();
    }
  }

  @BeforeAll
  static void fill() throws SQLException {
    // The commands silence the logs of their process, which here is that of all tests.
    for (Logger logger : ((LoggerContext) LoggerFactory.getILoggerFactory()).getLoggerList()) {
      if (logger.getLevel() != null) {
        levels.put(logger.getName(), logger.getLevel());
      }
    }
    SampleDatabase.fill(database, 300);
    journal = directory.resolve("journal.ndjson.gz");
    assertThat(run("calls", "export", "--what", "events", "-o", journal.toString()).code())
        .isZero();
  }

  @AfterAll
  static void speakAgain() {
    for (Logger logger : ((LoggerContext) LoggerFactory.getILoggerFactory()).getLoggerList()) {
      @Nullable Level level = levels.get(logger.getName());
      logger.setLevel(level == null && logger.getName().equals("ROOT") ? Level.INFO : level);
    }
  }

  private static Output run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    if (!all.contains("--file")) {
      all.add("--database-url=" + database.settings().url());
      all.add("--database-user=" + database.settings().username());
    }
    return runAs(all.toArray(String[]::new));
  }

  @CommandLine.Command(name = "carillon")
  static final class Program implements Runnable {
    @Override
    public void run() {
      throw new IllegalStateException("no command was named");
    }
  }

  private static String call() {
    return database
        .query("SELECT call_id FROM call WHERE reason = 'hangup' ORDER BY call_id LIMIT 1")
        .getFirst();
  }

  @Test
  void fileTellsTheSameAsTheDatabaseItCameFrom() {
    String id = call();
    for (List<String> command :
        List.of(
            List.of("calls", "show", id),
            List.of("calls", "show", id, "--at-seq", "2"),
            List.of("calls", "ladder", id),
            List.of("calls", "replay", "--from", "2026-03-04", "--to", "2026-03-05"),
            List.of("calls", "diff", id, id + "@2"),
            List.of("calls", "stats", "--by", "day", "--json"),
            List.of("calls", "stats", "--by", "type", "--realm", "acme"))) {
      List<String> onFile = new ArrayList<>(command);
      onFile.addAll(List.of("--file", journal.toString()));
      Output rows = run(command.toArray(String[]::new));
      Output file = run(onFile.toArray(String[]::new));
      assertThat(rows.complaints()).as("%s", command).isEmpty();
      assertThat(file).as("%s", command).isEqualTo(rows);
      assertThat(rows.text()).as("%s", command).isNotEmpty();
    }
  }

  @Test
  void listTakesTheFiltersOfTheExport() throws Exception {
    String[] filters = {"--realm", "acme", "--state", "ended", "--type", "audio"};
    Output list = run(with(filters, "calls", "list", "--limit", "1000"));
    for (String format : List.of("csv", "ndjson")) {
      Path file = directory.resolve("calls." + format);
      assertThat(run(with(filters, "calls", "export", "-o", file.toString())).code()).isZero();
      long header = format.equals("csv") ? 1 : 0;
      assertThat(Files.readAllLines(file)).hasSize(list.lines().size() - 1 + (int) header);
    }
    Path parquet = directory.resolve("calls.parquet");
    assertThat(run(with(filters, "calls", "export", "-o", parquet.toString())).code()).isZero();
    assertThat(countIn(parquet)).isEqualTo(list.lines().size() - 1).isGreaterThan(10);
  }

  private static long countIn(Path parquet) throws SQLException {
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT count(*) FROM '"
                    + parquet
                    + "' WHERE realm = 'acme' AND state = 'ended'")) {
      row.next();
      return row.getLong(1);
    }
  }

  @Test
  void ladderIsDrawnInEveryForm() throws IOException {
    String id = call();
    assertThat(run("calls", "ladder", id, "--format", "mermaid").text())
        .startsWith("sequenceDiagram");
    Path svg = directory.resolve("ladder.svg");
    Path html = directory.resolve("ladder.html");
    assertThat(run("calls", "ladder", id, "--format", "svg", "-o", svg.toString()).code()).isZero();
    assertThat(run("calls", "ladder", id, "--format", "html", "-o", html.toString()).code())
        .isZero();
    assertThat(Files.readString(svg)).startsWith("<svg").contains("call_started");
    // Self-contained: it asks nobody for anything.
    assertThat(Files.readString(html)).contains("<svg").doesNotContainPattern("(src|href)=\"http");
  }

  @Test
  void reportIsOneFileWithPlots() throws IOException {
    Path html = directory.resolve("report.html");
    Output output =
        run(
            "calls",
            "report",
            "--from",
            "2026-03-02",
            "--to",
            "2026-03-09",
            "--html",
            html.toString());
    assertThat(output.code()).as(output.complaints()).isZero();
    assertThat(Files.readString(html)).contains("<svg").doesNotContainPattern("(src|href)=\"http");
  }

  @Test
  void verifySaysWhichFieldOfWhichCallDiffersAndRebuildMendsIt() throws SQLException {
    TestDatabase bent = TestDatabase.fresh();
    SampleDatabase.fill(bent, 50);
    String url = "--database-url=" + bent.settings().url();
    String user = "--database-user=" + bent.settings().username();
    assertThat(runAs("calls", "replay", "--verify", url, user).code()).isZero();
    String id = bent.query("SELECT call_id FROM call ORDER BY 1 LIMIT 1").getFirst();
    bent.execute("UPDATE call SET near_miss = NOT near_miss WHERE call_id = '" + id + "'");

    Output verified = runAs("calls", "replay", "--verify", url, user);
    assertThat(verified.code()).isEqualTo(1);
    assertThat(verified.text() + verified.complaints()).contains(id).contains("near_miss");

    assertThat(runAs("projections", "rebuild", url, user).code()).isZero();
    assertThat(runAs("audit", url, user).code()).isZero();
  }

  private static Output runAs(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter errors = new StringWriter();
    int code =
        AnalystProgram.register(new CommandLine(new Program()))
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(errors))
            .execute(arguments);
    return new Output(code, out.toString(), errors.toString());
  }

  @Test
  void roleThatMayOnlyReadIsEnoughToLook() {
    database.execute(
        "DO $$ BEGIN CREATE ROLE looks_only LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
    database.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO looks_only");
    String url = "--database-url=" + database.settings().url();
    for (List<String> command :
        List.of(
            List.of("calls", "list"),
            List.of("calls", "show", call()),
            List.of("calls", "replay", "--verify"),
            List.of("calls", "stats"),
            List.of("audit"))) {
      List<String> all = new ArrayList<>(command);
      all.addAll(List.of(url, "--database-user=looks_only"));
      Output output = runAs(all.toArray(String[]::new));
      assertThat(output.code()).as("%s: %s", command, output.complaints()).isZero();
    }
  }

  private static String[] with(String[] filters, String... command) {
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(List.of(filters));
    return all.toArray(String[]::new);
  }
}
