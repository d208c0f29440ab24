package io.carillon.http.faults.load;

import io.carillon.http.faults.record.Item.Who;
import io.carillon.http.faults.record.Recorder;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Everybody: pairs that call each other, and long calls that are operated all the time. */
public final class Crowd implements AutoCloseable {
  /** The realm of nearly everybody. */
  public static final String REALM = "acme";

  /** A realm with users of the same names, who must never meet them. */
  public static final String TWIN_REALM = "twin";

  /** What must stay between two devices: it stands in every signal, before the call's id. */
  public static final String CANARY = "canarySdp";

  /** They come within so long, milliseconds: nodes that have just started are slow. */
  static final int ARRIVAL = 15_000;

  private final Recorder recorder;
  private final Api api;
  private final SplittableRandom random;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Pair> pairs = new ArrayList<>();
  private final List<Anchor> anchors = new ArrayList<>();
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicLong numbers = new AtomicLong();
  private volatile boolean calling = true;

  /**
   * Everybody connects and begins to call.
   *
   * @param pairs how many pairs call each other, a tenth of them in the twin realm
   * @param anchors how many long calls there are
   */
  public Crowd(Api api, Recorder recorder, long seed, int pairs, int anchors) {
    this.api = api;
    this.recorder = recorder;
    this.random = new SplittableRandom(seed);
    for (int i = 0; i < pairs; i++) {
      boolean twin = i % 10 == 9;
      // The twin has the names of the pair before it.
      pair(twin ? TWIN_REALM : REALM, twin ? i - 1 : i);
    }
    for (int i = 0; i < anchors; i++) {
      Phone caller = phone(REALM, "anchor-a" + i, "desk");
      Phone callee = phone(REALM, "anchor-b" + i, "desk");
      Anchor anchor = new Anchor(this, api, recorder, caller, callee);
      this.anchors.add(anchor);
      threads.execute(anchor::run);
    }
  }

  private void pair(String realm, int i) {
    Phone caller = phone(realm, "alice-" + i, "laptop");
    List<Phone> callee = new ArrayList<>();
    callee.add(phone(realm, "bob-" + i, "phone"));
    if (i % 2 == 0) {
      callee.add(phone(realm, "bob-" + i, "tablet"));
    }
    Pair pair = new Pair(this, api, random.split(), caller, callee);
    pairs.add(pair);
    threads.execute(pair::run);
  }

  private Phone phone(String realm, String user, String device) {
    return new Phone(api, recorder, new Who(realm, user, device));
  }

  /** Somebody else connects, who does nothing by themselves; whoever asked sees that they leave. */
  public Phone guest(String user) {
    return phone(REALM, user, "guest");
  }

  /** Threads that may wait, for what two do at once. */
  public Executor threads() {
    return task -> Thread.ofVirtual().start(task);
  }

  /** A number nothing else in this crowd has, for keys. */
  public long number() {
    return numbers.incrementAndGet();
  }

  boolean isCalling() {
    return calling;
  }

  void began() {
    inFlight.incrementAndGet();
  }

  void finished() {
    inFlight.decrementAndGet();
  }

  /** The calls going on now, as far as those in them know. */
  public int inFlight() {
    return inFlight.get() + (int) anchors.stream().filter(Anchor::isUp).count();
  }

  /** The long calls. */
  public List<Anchor> anchors() {
    return List.copyOf(anchors);
  }

  /** All devices. */
  public List<Phone> phones() {
    List<Phone> all = new ArrayList<>();
    pairs.forEach(pair -> all.addAll(pair.phones()));
    anchors.forEach(anchor -> all.addAll(anchor.phones()));
    return all;
  }

  /** Nobody begins another call; returns when those that go on are over. */
  public void finishCalls() {
    calling = false;
    threads.close();
  }

  /** Everybody hangs up for good. */
  @Override
  public void close() {
    calling = false;
    threads.shutdownNow();
    phones().forEach(Phone::leave);
  }
}
