package io.carillon.persistence.sample;

import io.carillon.engine.call.CallId;
import io.carillon.engine.call.StoredEvent;
import io.carillon.engine.identity.RealmId;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * An endless row of calls, the same for the same seed: office hours on work days, a few realms of
 * different size, users with one to three devices, and the outcomes that people produce: most are
 * answered, some ring out, are declined, taken back, busy, nobody's phone is on, somebody is a
 * moment too late.
 */
public final class SampleCalls {
  /** How much is called in each hour of a work day, UTC, against the busiest. */
  private static final int[] HOURS = {
    3, 2, 1, 1, 2, 5, 14, 38, 74, 96, 100, 92, 70, 84, 95, 88, 76, 58, 40, 30, 24, 18, 11, 6
  };

  private static final int WEEKEND_SHARE = 25;

  private final SplittableRandom random;
  private final List<RealmId> realms;
  private final int users;
  private final Instant from;
  private final Duration period;

  /**
   * Calls of a period.
   *
   * @param realms the first has half of the calls, the second half of the rest, and so on
   * @param users how many users each realm has
   */
  public SampleCalls(long seed, List<RealmId> realms, int users, Instant from, Duration period) {
    if (realms.isEmpty() || users < 10) {
      throw new IllegalArgumentException("at least one realm and ten users are needed");
    }
    this.random = new SplittableRandom(seed);
    this.realms = List.copyOf(realms);
    this.users = users;
    this.from = from;
    this.period = period;
  }

  /** The whole journal of the next call, which is over. */
  public List<StoredEvent> next() {
    Instant at = moment();
    CallId id = new CallId(id(at).toString());
    return new SampleCall(random.split(), realm(), id, users, at).play();
  }

  private RealmId realm() {
    int realm = 0;
    while (realm < realms.size() - 1 && random.nextBoolean()) {
      realm++;
    }
    return realms.get(realm);
  }

  private Instant moment() {
    while (true) {
      Instant at = from.plusMillis(random.nextLong(period.toMillis()));
      var local = at.atOffset(ZoneOffset.UTC);
      boolean weekend = local.getDayOfWeek().getValue() > 5;
      int share = HOURS[local.getHour()] * (weekend ? WEEKEND_SHARE : 100);
      if (random.nextInt(10_000) < share) {
        return at;
      }
    }
  }

  /** In the order of time, as the ids are that the engine makes (UUID version 7). */
  private UUID id(Instant at) {
    long high = at.toEpochMilli() << 16 | 0x7000L | random.nextInt(0x1000);
    return new UUID(high, Long.MIN_VALUE | random.nextLong() >>> 2);
  }
}
