package io.carillon.http.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import org.HdrHistogram.Histogram;

/**
 * A run from beginning to end: everybody gets a token and a socket, calls begin, the warm-up
 * passes, it measures, no more calls begin, and those underway are waited for.
 */
final class BenchRun {
  private static final Duration ASSEMBLY_TIMEOUT = Duration.ofMinutes(2);

  /** Memory is looked at only after new sockets have had this long to settle. */
  private static final long SETTLE_MILLIS = 1000;

  /** A run could not be carried out. */
  static final class FailedException extends Exception {
    FailedException(String message) {
      super(message);
    }
  }

  /**
   * Where to look besides the node's address.
   *
   * @param command as it was typed, for the report
   */
  record Observed(
      OptionalLong server, OptionalLong database, Optional<DatabaseMeter> meter, String command) {}

  private final BenchPlan plan;
  private final Observed observed;
  private final Monitor.Processes processes;
  private final PrintStream progress;
  private final EventLoop loop;
  private final Load load;
  private final Fleet fleet;

  private BenchRun(BenchPlan plan, Observed observed, PrintStream progress, EventLoop loop) {
    this.plan = plan;
    this.observed = observed;
    this.processes =
        new Monitor.Processes(
            observed.server(), observed.database(), ProcessHandle.current().pid());
    this.progress = progress;
    this.loop = loop;
    Surroundings around =
        Surroundings.of(
            loop,
            new InetSocketAddress(plan.url().getHost(), plan.port()),
            plan.host(),
            plan.connections());
    this.load = new Load(plan, around);
    this.fleet =
        new Fleet(
            plan,
            load,
            Credentials.of(plan, around),
            Long.toString(System.currentTimeMillis(), Character.MAX_RADIX));
  }

  /**
   * Carries out a plan.
   *
   * @param progress where a line a second goes
   * @throws FailedException when it does not come to calls at all
   */
  static Report carryOut(BenchPlan plan, Observed observed, PrintStream progress)
      throws IOException, FailedException {
    try (EventLoop loop = new EventLoop()) {
      return new BenchRun(plan, observed, progress, loop).carryOut();
    }
  }

  private Report carryOut() throws FailedException {
    progress.println("connecting " + plan.sockets() + " devices to " + plan.url());
    fleet.assemblePairs();
    assembled();
    Optional<Report.Idle> idle = plan.idleSockets() > 0 ? idle() : Optional.empty();

    progress.println(plan.words());
    try (Monitor monitor = new Monitor(processes)) {
      return measure(monitor, idle);
    }
  }

  private void assembled() throws FailedException {
    long deadline = System.nanoTime() + ASSEMBLY_TIMEOUT.toNanos();
    loop.run(() -> fleet.isDone() || fleet.failure().isPresent() || System.nanoTime() > deadline);
    if (!fleet.isDone()) {
      throw new FailedException(
          fleet
              .failure()
              .orElse(
                  "not all devices got their sockets from "
                      + plan.url()
                      + (load.lastLoss().isEmpty() ? "" : "; the last one: " + load.lastLoss())));
    }
  }

  private Optional<Report.Idle> idle() throws FailedException {
    Optional<Long> before = serverKib();
    fleet.assembleIdle();
    assembled();
    waitFor(SETTLE_MILLIS);
    return before.flatMap(
        b ->
            serverKib()
                .map(
                    after ->
                        new Report.Idle(
                            plan.idleSockets(), (after - b) / (double) plan.idleSockets())));
  }

  private Optional<Long> serverKib() {
    return Monitor.sample(processes).server().map(ProcFs.Usage::residentKib);
  }

  private void waitFor(long millis) {
    long until = System.nanoTime() + millis * 1_000_000;
    loop.run(() -> System.nanoTime() >= until);
  }

  private Report measure(Monitor monitor, Optional<Report.Idle> idle) {
    Load.Schedule schedule =
        plan.rate()
            .<Load.Schedule>map(rate -> new Load.Open(System.nanoTime(), rate))
            .orElseGet(Load.Closed::new);
    try (Pacer pacer = schedule instanceof Load.Open open ? new Pacer(loop, open) : null) {
      if (pacer != null) {
        pacer.start();
      }
      load.begin(schedule);
      waitFor(plan.warmup().toMillis());

      Optional<DatabaseMeter.Work> workBefore = work();
      Monitor.Sample before = Monitor.sample(processes);
      monitor.start();
      load.meter().begin();
      bySecond();
      load.meter().end();
      Monitor.Sample after = Monitor.sample(processes);
      int backlog = load.backlog();
      Optional<DatabaseMeter.Work> work = work().flatMap(w -> workBefore.map(w::minus));

      load.end();
      drain();
      return report(before, after, backlog, idle, work, monitor.samples());
    }
  }

  private Optional<DatabaseMeter.Work> work() {
    return observed.meter().flatMap(DatabaseMeter::work);
  }

  private void bySecond() {
    long seconds = Math.max(1, Math.round(plan.duration().toMillis() / 1000.0));
    long begin = System.nanoTime();
    for (long second = 1; second <= seconds; second++) {
      long until = begin + plan.duration().toNanos() * second / seconds;
      loop.run(() -> System.nanoTime() >= until);
      Progress.print(progress, load.meter().secondIsOver(load.backlog()), seconds, load.tally());
    }
    progress.println();
  }

  /** What is underway gets as long as anything does. */
  private void drain() {
    long deadline = System.nanoTime() + plan.patience().plusSeconds(2).toNanos();
    BooleanSupplier over = () -> load.isQuiet() || System.nanoTime() > deadline;
    loop.run(over);
    // What is told twice may come a moment later.
    waitFor(LAST_WORDS_MILLIS);
  }

  private static final long LAST_WORDS_MILLIS = 200;

  private Report report(
      Monitor.Sample before,
      Monitor.Sample after,
      int backlog,
      Optional<Report.Idle> idle,
      Optional<DatabaseMeter.Work> work,
      List<Monitor.Sample> samples) {
    Map<Hop, Histogram> hops = new EnumMap<>(Hop.class);
    for (Hop hop : Hop.values()) {
      Histogram histogram = load.meter().histogram(hop);
      if (histogram.getTotalCount() > 0) {
        hops.put(hop, histogram);
      }
    }
    long completed = load.meter().completedCalls();
    List<Report.Cost> costs = new ArrayList<>();
    for (Report.Who who : Report.Who.values()) {
      cost(who, before, after, completed).ifPresent(costs::add);
    }
    Optional<Double> busy =
        before.machineBusyMillis().isPresent() && after.machineBusyMillis().isPresent()
            ? Optional.of(
                (after.machineBusyMillis().getAsLong() - before.machineBusyMillis().getAsLong())
                    / millisBetween(before, after))
            : Optional.empty();
    return new Report(
        Instant.now(),
        observed.command(),
        plan,
        Machine.here(),
        plan.duration().toNanos() / 1e9,
        completed,
        backlog,
        load.tally().totals(),
        hops,
        costs,
        overhead(before, after, Math.max(1, completed)),
        busy,
        idle,
        work,
        timeline(samples));
  }

  private List<Report.Moment> timeline(List<Monitor.Sample> samples) {
    List<Report.Moment> timeline = new ArrayList<>();
    for (Meter.Second second : load.meter().seconds()) {
      int i = second.second();
      List<Double> cores = new ArrayList<>();
      if (i + 1 < samples.size()) {
        for (Report.Who who : Report.Who.values()) {
          cost(who, samples.get(i), samples.get(i + 1), 1).ifPresent(c -> cores.add(c.cores()));
        }
      }
      timeline.add(new Report.Moment(second, cores));
    }
    return timeline;
  }

  private static double millisBetween(Monitor.Sample before, Monitor.Sample after) {
    return (after.at() - before.at()) / 1e6;
  }

  private static Optional<Report.Overhead> overhead(
      Monitor.Sample before, Monitor.Sample after, long calls) {
    return before
        .serverOverhead()
        .flatMap(
            from ->
                after
                    .serverOverhead()
                    .map(
                        to ->
                            new Report.Overhead(
                                (double) (to.compilerMillis() - from.compilerMillis()) / calls,
                                (double) (to.collectorMillis() - from.collectorMillis()) / calls)));
  }

  private static Optional<ProcFs.Usage> usage(Report.Who who, Monitor.Sample sample) {
    return switch (who) {
      case SERVER -> sample.server();
      case DATABASE -> sample.database();
      case GENERATOR -> sample.generator();
    };
  }

  private static Optional<Report.Cost> cost(
      Report.Who who, Monitor.Sample before, Monitor.Sample after, long calls) {
    Optional<ProcFs.Usage> from = usage(who, before);
    Optional<ProcFs.Usage> to = usage(who, after);
    if (from.isEmpty() || to.isEmpty()) {
      return Optional.empty();
    }
    double cpu = to.get().cpuMillis() - from.get().cpuMillis();
    return Optional.of(
        new Report.Cost(
            who,
            cpu / millisBetween(before, after),
            cpu / Math.max(1, calls),
            to.get().residentKib()));
  }
}
