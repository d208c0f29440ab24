package io.carillon.persistence.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import io.carillon.engine.call.CallMode;
import io.carillon.engine.call.StoredEvent;
import io.carillon.persistence.testdatabase.TestCall;
import io.carillon.persistence.testdatabase.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.jdbc.config.JournalConfig;
import org.apache.pekko.persistence.jdbc.journal.dao.DefaultJournalDao;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import scala.jdk.javaapi.CollectionConverters;
import scala.jdk.javaapi.FutureConverters;
import slick.jdbc.JdbcBackend;
import slick.jdbc.PostgresProfile$;

/**
 * How fast short direct calls (placed, rung, accepted, connected by report, hung up: five events
 * one after the other) are stored by our DAO, rows included, and by the plugin's, journal alone, in
 * alternation. Prints a line for each round.
 */
@Tag("measurement")
class JournalMeasurement {
  private static final int CALLS = Integer.getInteger("calls", 20_000);
  private static final int BUSY = Integer.getInteger("busy", 500);
  private static final int EVENTS = 5;

  private record Load(
      String name, double eventsPerSecond, double p50, double p99, double jvm, double postgres) {
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%-8s %8.0f events/s  p50 %6.2f ms  p99 %6.2f ms  CPU us/event: JVM %5.1f PostgreSQL %5.1f",
          name,
          eventsPerSecond,
          p50,
          p99,
          jvm,
          postgres);
    }
  }

  @Test
  void oursBesideThePlugins() throws Exception {
    for (int round = 1; round <= 3; round++) {
      System.out.println(ours());
      System.out.println(stock());
    }
  }

  private Load ours() throws Exception {
    Config config =
        TestDatabase.fresh()
            .config("pekko.actor.provider = local\ncarillon.journal.writers = " + writers());
    ActorSystem system = ActorSystem.create("ours", config);
    try {
      JournalDatabase journal = JournalDatabase.get(system);
      Load load = run("ours", dao(system, journal.slick(), true));
      JournalMetrics.Snapshot metrics = journal.metrics().snapshot();
      System.out.printf(
          Locale.ROOT,
          "         %.1f events a batch%n",
          1.0 * metrics.events() / metrics.batches());
      return load;
    } finally {
      TestKit.shutdownActorSystem(system);
    }
  }

  private static int writers() {
    return Integer.getInteger("writers", 3);
  }

  private Load stock() throws Exception {
    TestDatabase database = TestDatabase.fresh();
    ActorSystem system =
        ActorSystem.create("stock", database.config("pekko.actor.provider = local"));
    JdbcBackend.JdbcDatabaseDef pooled = JournalDatabase.get(system).slick();
    try {
      return run("plugin", dao(system, pooled, false));
    } finally {
      TestKit.shutdownActorSystem(system);
    }
  }

  private static DefaultJournalDao dao(
      ActorSystem system, JdbcBackend.JdbcDatabaseDef slick, boolean ours) {
    JournalConfig config = new JournalConfig(system.settings().config().getConfig("jdbc-journal"));
    var serialization = SerializationExtension.get(system);
    var materializer = SystemMaterializer.get(system).materializer();
    return ours
        ? new CallJournalDao(
            slick,
            PostgresProfile$.MODULE$,
            config,
            serialization,
            system.dispatcher(),
            materializer)
        : new DefaultJournalDao(
            slick,
            PostgresProfile$.MODULE$,
            config,
            serialization,
            system.dispatcher(),
            materializer);
  }

  /** Runs the calls, so many at a time, each event after the one before is stored. */
  private static Load run(String name, DefaultJournalDao dao) throws Exception {
    loop(dao, 2000, new long[2000 * EVENTS]);
    long[] nanos = new long[CALLS * EVENTS];
    Duration jvm = cpu(ProcessHandle.current());
    Duration postgres = children();
    long began = System.nanoTime();
    loop(dao, CALLS, nanos);
    double seconds = (System.nanoTime() - began) / 1e9;
    double events = CALLS * EVENTS;
    Load load =
        new Load(
            name,
            events / seconds,
            percentile(nanos, 0.50),
            percentile(nanos, 0.99),
            cpu(ProcessHandle.current()).minus(jvm).toNanos() / 1e3 / events,
            children().minus(postgres).toNanos() / 1e3 / events);
    return load;
  }

  private static void loop(DefaultJournalDao dao, int calls, long[] nanos) throws Exception {
    AtomicInteger next = new AtomicInteger();
    LongAdder failed = new LongAdder();
    CountDownLatch done = new CountDownLatch(calls);
    for (int i = 0; i < BUSY; i++) {
      begin(dao, calls, nanos, next, failed, done);
    }
    assertThat(done.await(120, TimeUnit.SECONDS)).isTrue();
    assertThat(failed.sum()).isZero();
  }

  private static void begin(
      DefaultJournalDao dao,
      int calls,
      long[] nanos,
      AtomicInteger next,
      LongAdder failed,
      CountDownLatch done) {
    int number = next.getAndIncrement();
    if (number >= calls) {
      return;
    }
    List<StoredEvent> events =
        TestCall.placed(
                "acme",
                UUID.randomUUID().toString(),
                CallMode.DIRECT,
                Instant.now(),
                "user-" + number % 5000,
                "user-" + (number + 1) % 5000)
            .ring("user-" + (number + 1) % 5000)
            .accept("user-" + (number + 1) % 5000)
            .mute("user-" + (number + 1) % 5000)
            .hangUp("user-" + (number + 1) % 5000)
            .journal();
    step(
        dao,
        events,
        0,
        nanos,
        number,
        failed,
        () -> {
          done.countDown();
          begin(dao, calls, nanos, next, failed, done);
        });
  }

  private static void step(
      DefaultJournalDao dao,
      List<StoredEvent> events,
      int at,
      long[] nanos,
      int number,
      LongAdder failed,
      Runnable then) {
    StoredEvent event = events.get(at);
    String id = PersistenceIds.of(event.key());
    PersistentRepr repr =
        PersistentRepr.apply(event, event.seq(), id, "", false, null, "3f2b6c1e-writer");
    AtomicWrite write = new AtomicWrite(CollectionConverters.asScala(List.of(repr)).toSeq());
    long began = System.nanoTime();
    FutureConverters.asJava(
            dao.asyncWriteMessages(CollectionConverters.asScala(List.of(write)).toSeq()))
        .whenComplete(
            (_, e) -> {
              nanos[number * EVENTS + at] = System.nanoTime() - began;
              if (e != null) {
                failed.increment();
              }
              if (at + 1 < EVENTS) {
                step(dao, events, at + 1, nanos, number, failed, then);
              } else {
                then.run();
              }
            });
  }

  private static double percentile(long[] nanos, double share) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    return sorted[(int) (share * (sorted.length - 1))] / 1e6;
  }

  /** Of the server's processes, which it forks itself, so that they are not this one's children. */
  private static Duration children() {
    return ProcessHandle.allProcesses()
        .filter(process -> process.parent().map(ProcessHandle::pid).equals(POSTMASTER))
        .map(JournalMeasurement::cpu)
        .reduce(Duration.ZERO, Duration::plus);
  }

  private static final Optional<Long> POSTMASTER = postmaster();

  private static Optional<Long> postmaster() {
    String backend = TestDatabase.fresh().query("SELECT pg_backend_pid()").getFirst();
    return ProcessHandle.allProcesses()
        .filter(process -> process.info().command().orElse("").endsWith("postgres"))
        .filter(process -> process.pid() == Long.parseLong(backend))
        .flatMap(process -> process.parent().stream())
        .map(ProcessHandle::pid)
        .findFirst();
  }

  private static Duration cpu(ProcessHandle process) {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }
}
