package io.carillon.http.analyst;

import io.carillon.engine.identity.RealmId;
import io.carillon.engine.identity.UserId;
import io.carillon.engine.identity.UserKey;
import io.carillon.persistence.retention.Erasure;
import java.io.IOException;
import java.sql.SQLException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code erase}: people who are to be forgotten. */
@Command(
    name = "erase",
    description = "Forget people.",
    mixinStandardHelpOptions = true,
    subcommands = EraseCommand.UserCommand.class)
public final class EraseCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say whom: user");
  }

  /** {@code erase user}. */
  @Command(
      name = "user",
      description = {
        "Put a pseudonym in a user's place in every call, and remove what the user set and was known"
            + " by. It cannot be undone. Exit code 1: refused, the user is in a call or held."
      })
  static final class UserCommand extends AnalystCommand {
    @Mixin private DatabaseOptions database = new DatabaseOptions();

    @Parameters(index = "0", paramLabel = "REALM", description = "The user's realm.")
    private String realm = "";

    @Parameters(index = "1", paramLabel = "USER", description = "The user.")
    private String user = "";

    @Option(names = "--yes", required = true, description = "Yes, this user, and for ever.")
    private boolean yes;

    @Override
    int run() throws IOException, SQLException {
      if (!yes) {
        throw wrong("say --yes");
      }
      try (DatabaseOptions.Opened opened = database.open()) {
        Erasure.Report report =
            new Erasure(opened.source())
                .erase(
                    new UserKey(new RealmId(realm), new UserId(user)), RetentionCommand.operator());
        out()
            .printf(
                "%s in the user's place in %,d calls, %,d events rewritten%n",
                report.pseudonym(), report.calls(), report.events());
        return FINE;
      } catch (Erasure.RefusedException e) {
        complain(e.getMessage());
        return FOUND;
      }
    }
  }
}
