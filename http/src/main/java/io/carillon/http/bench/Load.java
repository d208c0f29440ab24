package io.carillon.http.bench;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** Everything that is going on in a run: the pairs, their calls, and what is counted of them. */
final class Load {
  private static final long AFTER_FAILURE_MILLIS = 200;
  private static final long GIVE_UP_CHECK_MILLIS = 250;

  /** How often a victim is drawn anew when the one drawn may not lose its socket just now. */
  private static final int CHURN_DRAWS = 8;

  private final BenchPlan plan;
  private final Surroundings around;
  private final Steps steps;
  private final Tally tally = new Tally();
  private final Meter meter = new Meter();
  private final List<Pair> pairs = new ArrayList<>();
  private final SplittableRandom random;
  private Schedule schedule = Schedule.NONE;
  private int notUp;
  private boolean ended;
  private String lastLoss = "";

  Load(BenchPlan plan, Surroundings around) {
    this.plan = plan;
    this.around = around;
    this.random = new SplittableRandom(plan.seed());
    this.steps =
        switch (plan.steps()) {
          case REST -> new Steps.Rest(around, tally);
          case SOCKET -> new Steps.Socket(around, tally);
        };
  }

  Surroundings around() {
    return around;
  }

  Steps steps() {
    return steps;
  }

  Tally tally() {
    return tally;
  }

  Meter meter() {
    return meter;
  }

  int relays() {
    return plan.relays();
  }

  int devicesPerUser() {
    return plan.devicesPerUser();
  }

  long talkMillis() {
    return plan.talk().toMillis();
  }

  /** Whether a step can be answered although its party's socket is gone. */
  boolean stepsNeedNoSocket() {
    return plan.steps() == BenchPlan.StepsBy.REST;
  }

  /** A pair joins; its devices are to be connected by whoever made it. */
  void add(Pair pair) {
    pairs.add(pair);
    notUp += 2 * plan.devicesPerUser();
  }

  List<Pair> pairs() {
    return pairs;
  }

  /** Whether every device has had its first socket. */
  boolean isEverybodyUp() {
    return notUp == 0;
  }

  void isUp(Device device, boolean first) {
    if (first) {
      notUp--;
    }
    if (device.hasResumed() && meter.isMeasuring()) {
      meter.record(Hop.RESUME, device.sinceOpened());
    }
  }

  void isLost(Device device, String why) {
    // A device that never was up tries again until the run gives up; one that was is missed.
    if (!ended && device.wasUp()) {
      tally.failed("socket lost: " + why);
    }
    lastLoss = why;
  }

  /** What happened to the socket that was lost last. */
  String lastLoss() {
    return lastLoss;
  }

  // ---- Calls

  /** Begins to call. */
  void begin(Schedule by) {
    schedule = by;
    around.loop().inEachRound(() -> schedule.round(this));
    around.loop().every(GIVE_UP_CHECK_MILLIS, this::giveUpTheStill);
    if (plan.churn() > 0) {
      churn(Math.max(1, Math.round(1000 / plan.churn())));
    }
    for (Pair pair : pairs) {
      schedule.free(this, pair);
    }
  }

  /** Begins no more calls. */
  void end() {
    ended = true;
    schedule = Schedule.NONE;
  }

  /** Whether no call is underway. */
  boolean isQuiet() {
    return pairs.stream().noneMatch(Pair::isBusy);
  }

  int backlog() {
    return schedule.backlog();
  }

  Outcome draw() {
    return plan.mix().draw(random);
  }

  void isFree(Pair pair) {
    schedule.free(this, pair);
  }

  /** Ends whatever a failed call left behind, then the pair may call again. */
  void recover(Pair pair) {
    endAll(pair.caller(), () -> endAll(pair.callee(), () -> freeLater(pair)));
  }

  private void freeLater(Pair pair) {
    // Not at once: where everything fails, this would be a storm.
    around.loop().after(AFTER_FAILURE_MILLIS, () -> schedule.free(this, pair));
  }

  private void endAll(User user, Runnable then) {
    Bytes request =
        around
            .frame()
            .clear()
            .put("POST /api/v1/calls/end-all HTTP/1.1\r\nHost: ")
            .put(around.host())
            .put("\r\nContent-Length: 0\r\n")
            .put(user.authorization())
            .put("\r\n");
    around
        .http()
        .request(
            request,
            new HttpLane.Replies() {
              @Override
              public void replied(int status, byte[] bytes, int from, int to) {
                then.run();
              }

              @Override
              public void failed(String why) {
                around.loop().after(AFTER_FAILURE_MILLIS, then);
              }
            });
  }

  private void giveUpTheStill() {
    long since = System.nanoTime() - plan.patience().toNanos();
    for (Pair pair : pairs) {
      pair.giveUpIfStill(since);
    }
  }

  // ---- Sockets that come and go

  private void churn(long everyMillis) {
    int each = Math.max(1, (int) Math.round(plan.churn() * everyMillis / 1000));
    around
        .loop()
        .every(
            everyMillis,
            () -> {
              for (int i = 0; i < each && !ended; i++) {
                dropOne();
              }
            });
  }

  private void dropOne() {
    for (int draw = 0; draw < CHURN_DRAWS; draw++) {
      Pair pair = pairs.get(random.nextInt(pairs.size()));
      User user = random.nextBoolean() ? pair.caller() : pair.callee();
      Device device = user.devices().get(random.nextInt(user.devices().size()));
      if (device.isUp() && pair.mayLoseSocket()) {
        tally.droppedSocket();
        device.drop();
        device.connect();
        return;
      }
    }
  }

  /** When calls begin. */
  interface Schedule {
    /** Never. */
    Schedule NONE =
        new Schedule() {
          @Override
          public void free(Load load, Pair pair) {}

          @Override
          public void round(Load load) {}

          @Override
          public int backlog() {
            return 0;
          }
        };

    /** A pair has nothing to do. */
    void free(Load load, Pair pair);

    /** Some time has passed. */
    void round(Load load);

    /** Calls that should have begun. */
    int backlog();
  }

  /** Each pair calls again as soon as its last call is over. */
  static final class Closed implements Schedule {
    @Override
    public void free(Load load, Pair pair) {
      pair.call(load.draw(), System.nanoTime());
    }

    @Override
    public void round(Load load) {}

    @Override
    public int backlog() {
      return 0;
    }
  }

  /**
   * Calls begin at a fixed rate, whatever becomes of those before. Where no pair is free the call
   * waits, and its times count from when it should have begun: a system that stalls does not get
   * fewer calls to answer for.
   */
  static final class Open implements Schedule {
    private final ArrayDeque<Pair> free = new ArrayDeque<>();
    private final long startedAt;
    private final double nanosBetween;
    private long begun;
    private long due;

    Open(long startedAt, double callsPerSecond) {
      this.startedAt = startedAt;
      this.nanosBetween = TimeUnit.SECONDS.toNanos(1) / callsPerSecond;
    }

    /** When the call with this number is to begin. */
    long intendedAt(long number) {
      return startedAt + (long) (number * nanosBetween);
    }

    @Override
    public void free(Load load, Pair pair) {
      free.addLast(pair);
    }

    @Override
    public void round(Load load) {
      long now = System.nanoTime();
      while (intendedAt(due) <= now) {
        due++;
      }
      while (begun < due && !free.isEmpty()) {
        // The pair that has rested longest: users take turns.
        free.removeFirst().call(load.draw(), intendedAt(begun++));
      }
    }

    @Override
    public int backlog() {
      return (int) (due - begun);
    }
  }
}
