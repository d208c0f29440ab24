package io.carillon.http.analyst;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import io.carillon.persistence.embedded.EmbeddedDatabaseException;
import java.io.IOException;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What the analysts' commands have in common: their streams and their exit codes. */
@Command(mixinStandardHelpOptions = true)
abstract class AnalystCommand implements Callable<Integer> {
  /** All is well. */
  static final int FINE = 0;

  /** Something was found that should not be, or not found that was asked for. */
  static final int FOUND = 1;

  /** The database or a file failed. */
  static final int BROKEN = 3;

  private static final String OTHER_TABLES =
      "the database's tables are of an older version than this program: a node of this version"
          + " brings them up to date when it starts. ";

  @Spec CommandSpec spec = CommandSpec.create();

  /** Does it and gives the exit code. */
  abstract int run() throws IOException, SQLException;

  @Override
  public Integer call() {
    // Results are on the standard output and may be piped on: no line of a log belongs there.
    ((LoggerContext) LoggerFactory.getILoggerFactory())
        .getLoggerList()
        .forEach(logger -> logger.setLevel(Level.OFF));
    try {
      int code = run();
      out().flush();
      return code;
    } catch (NotFoundException e) {
      complain(e.getMessage());
      return FOUND;
    } catch (SQLException e) {
      complain(isOfOtherTables(e) ? OTHER_TABLES + e.getMessage() : e.getMessage());
      return BROKEN;
    } catch (IOException | EmbeddedDatabaseException e) {
      complain(e.getMessage());
      return BROKEN;
    }
  }

  /** A table or a column that is not there. */
  private static boolean isOfOtherTables(SQLException e) {
    return "42P01".equals(e.getSQLState()) || "42703".equals(e.getSQLState());
  }

  PrintWriter out() {
    return spec.commandLine().getOut();
  }

  void complain(@Nullable String what) {
    out().flush();
    spec.commandLine().getErr().println("carillon: " + what);
    spec.commandLine().getErr().flush();
  }

  /** Wrong usage: the message and the usage are shown, the exit code is 2. */
  CommandLine.ParameterException wrong(String what) {
    return new CommandLine.ParameterException(spec.commandLine(), what);
  }

  /** What was asked for is not there. */
  static final class NotFoundException extends IOException {
    private static final long serialVersionUID = 1L;

    NotFoundException(String what) {
      super(what);
    }
  }
}
