package io.carillon.http.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code carillon bench}: reads what is wanted, carries it out, and says what it has shown. */
@Command(
    name = "bench",
    description = {
      "Drives whole calls through a node and measures them.",
      "Without --url it starts a node of its own, with its own database, and stops it afterwards.",
      "A call is five steps (initiate, acknowledge, accept, status, end), the notifications that"
          + " follow from them, and its SDP and ICE relays, between two devices on two sockets."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:everything arrived, once and in order",
      "1:something was lost, told twice, out of order, unexpected or refused",
      "2:wrong usage, or it did not come to calls",
      "3:all was right, but the rate of an open loop was not sustained"
    })
public final class BenchCommand implements Callable<Integer> {
  private static final int EXIT_NO_RUN = 2;

  /** Ready-made sizes of a run. */
  enum Profile {
    /** A first look, in a quarter of a minute. */
    QUICK(Duration.ofSeconds(4), Duration.ofSeconds(6), 16),
    /** Figures to compare with. */
    USUAL(Duration.ofSeconds(15), Duration.ofSeconds(30), BenchPlan.USUAL_PAIRS);

    private final Duration warmup;
    private final Duration duration;
    private final int pairs;

    Profile(Duration warmup, Duration duration, int pairs) {
      this.warmup = warmup;
      this.duration = duration;
      this.pairs = pairs;
    }
  }

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "The node to measure, as http://HOST:PORT.")
  private @Nullable URI url;

  @Option(
      names = "--start",
      description = "Start a node for the run; the default when there is no --url.")
  private boolean start;

  @Option(
      names = "--profile",
      converter = OptionTypes.Size.class,
      paramLabel = "NAME",
      description = "quick: a few seconds; usual (default): 15 s of warm-up, 30 s measured.")
  private Profile profile = Profile.USUAL;

  @Option(
      names = "--closed",
      description = "Closed loop, the default: each pair places one call after another.")
  private boolean closed;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description =
          "Open loop: N calls/s whatever becomes of them; times count from when a call was to"
              + " begin.")
  private @Nullable Double rate;

  @Option(
      names = "--pairs",
      paramLabel = "N",
      description = "Pairs of users (closed loop: 32; open loop: as many as the rate needs).")
  private @Nullable Integer pairs;

  @Option(
      names = "--devices-per-user",
      paramLabel = "N",
      defaultValue = "1",
      description = "Sockets of each user; one of them acts.")
  private int devicesPerUser;

  @Option(
      names = "--duration",
      converter = OptionTypes.Time.class,
      paramLabel = "TIME",
      description = "How long to measure: 500ms, 30s, 5m.")
  private @Nullable Duration duration;

  @Option(
      names = "--warmup",
      converter = OptionTypes.Time.class,
      paramLabel = "TIME",
      description = "How long to call before that.")
  private @Nullable Duration warmup;

  @Option(
      names = "--mix",
      converter = OptionTypes.Weights.class,
      paramLabel = "WEIGHTS",
      description = "How calls go: answered=70,declined=10,cancelled=10,missed=10.")
  private Mix mix = Mix.ALL_ANSWERED;

  @Option(
      names = "--relays",
      paramLabel = "N",
      defaultValue = "12",
      description = "SDP and ICE messages of an answered call.")
  private int relays;

  @Option(
      names = "--steps",
      converter = OptionTypes.Way.class,
      paramLabel = "WAY",
      defaultValue = "rest",
      description = "How steps are taken: rest (default) or socket.")
  private BenchPlan.StepsBy steps = BenchPlan.StepsBy.REST;

  @Option(
      names = "--talk",
      converter = OptionTypes.Time.class,
      paramLabel = "TIME",
      defaultValue = "0s",
      description = "How long answered calls last.")
  private Duration talk = Duration.ZERO;

  @Option(
      names = "--churn",
      paramLabel = "N",
      defaultValue = "0",
      description = "Sockets cut off each second; they resume by their cursor.")
  private double churn;

  @Option(
      names = "--idle-sockets",
      paramLabel = "N",
      defaultValue = "0",
      description = "Sockets of users who do nothing.")
  private int idleSockets;

  @Option(
      names = "--connections",
      paramLabel = "N",
      defaultValue = "256",
      description = "Connections for requests, at most.")
  private int connections;

  @Option(
      names = "--patience",
      converter = OptionTypes.Time.class,
      paramLabel = "TIME",
      defaultValue = "15s",
      description = "How long a call may stand still before what it waits for is lost.")
  private Duration patience = Duration.ofSeconds(15);

  @Option(
      names = "--auth-secret",
      paramLabel = "SECRET",
      defaultValue = "${env:CARILLON_AUTH_SECRET}",
      description =
          "What the node signs tokens with; better given as CARILLON_AUTH_SECRET. Without it a"
              + " development node is asked for tokens.")
  private @Nullable String secret;

  @Option(names = "--realm", paramLabel = "REALM", description = "The users' realm.")
  private @Nullable String realm;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Seed of what is drawn: outcomes, and sockets to cut off.")
  private long seed;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = ".carillon",
      description = "Where a node that is started keeps its data while it runs.")
  private Path data = Path.of(".carillon");

  @Option(
      names = "--node-option",
      paramLabel = "OPTION",
      description = "An option for the virtual machine of a node that is started; may be repeated.")
  private List<String> nodeOptions = List.of();

  @Option(
      names = "--server-pid",
      paramLabel = "PID",
      description = "The node's process, when it runs on this machine: for its CPU and memory.")
  private @Nullable Long serverPid;

  @Option(
      names = "--postgres-pid",
      paramLabel = "PID",
      description = "PostgreSQL's first process; found where there is only one.")
  private @Nullable Long postgresPid;

  @Option(
      names = "--database-url",
      paramLabel = "JDBC_URL",
      description = "Where to ask PostgreSQL what it wrote.")
  private @Nullable String databaseUrl;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the figures there.")
  private @Nullable Path json;

  @Option(names = "--html", paramLabel = "FILE", description = "Write a page with plots there.")
  private @Nullable Path html;

  @Override
  public Integer call() throws IOException {
    PrintStream out = System.out;
    if (url != null && start) {
      throw wrong("--url and --start exclude each other");
    }
    try {
      Report report;
      if (url != null) {
        // Checked before anything is done.
        BenchPlan plan = plan(url);
        OptionalLong server = pid(serverPid);
        report =
            BenchRun.carryOut(
                plan, new BenchRun.Observed(server, database(server), meter(), words()), out);
      } else {
        plan(URI.create("http://127.0.0.1"));
        report = onOwnNode(out);
      }
      out.println();
      out.print(TableReport.of(report));
      if (json != null) {
        JsonReport.write(report, json);
      }
      if (html != null) {
        HtmlReport.write(report, html);
      }
      return report.exitCode();
    } catch (BenchRun.FailedException | IOException e) {
      System.err.println("carillon bench: " + e.getMessage());
      return EXIT_NO_RUN;
    }
  }

  private Report onOwnNode(PrintStream out) throws IOException, BenchRun.FailedException {
    out.println("starting a node");
    List<String> options = new ArrayList<>(OwnNode.LIMITS_OFF);
    options.addAll(nodeOptions);
    try (OwnNode node = OwnNode.start(program(), data, options)) {
      return BenchRun.carryOut(
          plan(node.url()),
          new BenchRun.Observed(
              OptionalLong.of(node.pid()),
              ProcFs.postmaster(node.directory().toString()),
              DatabaseMeter.below(node.directory()),
              words()),
          out);
    }
  }

  /** The class whose command line this is part of: it can also run a node. */
  private String program() {
    return commandSpec().root().userObject().getClass().getName();
  }

  private CommandSpec commandSpec() {
    return Objects.requireNonNull(spec, "set by the command line");
  }

  private OptionalLong database(OptionalLong server) {
    if (postgresPid != null) {
      return OptionalLong.of(postgresPid);
    }
    return server.isPresent() ? ProcFs.postmaster("") : OptionalLong.empty();
  }

  private Optional<DatabaseMeter> meter() {
    return Optional.ofNullable(databaseUrl).map(DatabaseMeter::at);
  }

  private static OptionalLong pid(@Nullable Long given) {
    return given == null ? OptionalLong.empty() : OptionalLong.of(given);
  }

  /** The command as it was typed, without the secret. */
  private String words() {
    StringBuilder words = new StringBuilder("carillon bench");
    CommandLine.ParseResult parsed = commandSpec().commandLine().getParseResult();
    for (CommandLine.Model.OptionSpec option : parsed.matchedOptions()) {
      String name = option.longestName();
      for (String value : parsed.matchedOption(name).originalStringValues()) {
        words.append(' ').append(name);
        if (option.arity().max() > 0) {
          words.append(' ').append(name.equals("--auth-secret") ? "…" : value);
        }
      }
    }
    return words.toString();
  }

  /** What was asked for, checked. */
  BenchPlan plan(URI node) {
    if (closed && rate != null) {
      throw wrong("--closed and --rate exclude each other");
    }
    Optional<Double> open = Optional.ofNullable(rate);
    int usualPairs = open.isPresent() ? BenchPlan.usualPairs(open) : profile.pairs;
    try {
      return new BenchPlan(
          node,
          open,
          pairs == null ? usualPairs : pairs,
          devicesPerUser,
          warmup == null ? profile.warmup : warmup,
          duration == null ? profile.duration : duration,
          mix,
          relays,
          steps,
          talk,
          churn,
          idleSockets,
          connections,
          patience,
          Optional.ofNullable(secret).filter(s -> !s.isEmpty()),
          Optional.ofNullable(realm),
          seed);
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(commandSpec().commandLine(), message);
  }
}
