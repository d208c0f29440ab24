package io.carillon.persistence.statistics;

import io.carillon.engine.call.EndReason;
import io.carillon.persistence.readmodel.HistoryCall;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Statistics call by call, for calls that come from a file and for the test that holds {@link
 * StatisticsTable} to the journal. Keeps 32 bytes a call for the concurrency and a counter for each
 * distinct duration.
 */
public final class StatisticsFold {
  private final Grouping grouping;
  private final Map<String, Group> groups = new TreeMap<>();
  private final Map<String, Lane> lanes = new HashMap<>();

  /** Groups what is added. */
  public StatisticsFold(Grouping grouping) {
    this.grouping = grouping;
  }

  /** Adds a call. */
  public void add(HistoryCall call) {
    Group group = groups.computeIfAbsent(grouping.of(call), _ -> new Group());
    group.attempts++;
    call.ringingAt()
        .ifPresent(
            at -> {
              group.reached++;
              group.postDial.add(Duration.between(call.createdAt(), at));
            });
    call.answeredAt().ifPresent(_ -> group.answered++);
    group.open += call.endedAt().isEmpty() ? 1 : 0;
    group.nearMisses += call.nearMiss() ? 1 : 0;
    call.ringingAt()
        .ifPresent(
            at ->
                call.answeredAt()
                    .or(call::endedAt)
                    .ifPresent(until -> group.ring.add(Duration.between(at, until))));
    call.answeredAt()
        .ifPresent(
            at -> call.endedAt().ifPresent(end -> group.talk.add(Duration.between(at, end))));
    call.reason().ifPresent(reason -> group.reasons.merge(reason, 1L, Long::sum));
    Lane lane = lanes.computeIfAbsent(grouping.laneOf(call), _ -> new Lane());
    lane.open.add(call.createdAt(), call.endedAt().orElse(null));
    call.answeredAt().ifPresent(at -> lane.talking.add(at, call.endedAt().orElse(null)));
  }

  /** The figures, in the order of the groups' names. */
  public List<CallFigures> figures() {
    Map<String, Long> open = new HashMap<>();
    Map<String, Long> talking = new HashMap<>();
    lanes.forEach(
        (name, lane) -> {
          lane.open.peaks(grouping, name, open);
          lane.talking.peaks(grouping, name, talking);
        });
    List<CallFigures> figures = new ArrayList<>();
    groups.forEach(
        (name, g) ->
            figures.add(
                new CallFigures(
                    name,
                    g.attempts,
                    g.reached,
                    g.answered,
                    g.open,
                    g.nearMisses,
                    open.getOrDefault(name, 0L),
                    talking.getOrDefault(name, 0L),
                    g.postDial.spread(),
                    g.ring.spread(),
                    g.talk.spread(),
                    Map.copyOf(g.reasons))));
    return figures;
  }

  private static final class Group {
    long attempts;
    long reached;
    long answered;
    long open;
    long nearMisses;
    final Times postDial = new Times();
    final Times ring = new Times();
    final Times talk = new Times();
    final Map<EndReason, Long> reasons = new EnumMap<>(EndReason.class);
  }

  private static final class Lane {
    final Changes open = new Changes();
    final Changes talking = new Changes();
  }

  /** How often each duration occurred. */
  private static final class Times {
    private final TreeMap<Long, Long> counts = new TreeMap<>();
    private long count;
    private long sum;

    void add(Duration duration) {
      counts.merge(duration.toMillis(), 1L, Long::sum);
      count++;
      sum += duration.toMillis();
    }

    CallFigures.Spread spread() {
      return count == 0
          ? CallFigures.Spread.NONE
          : new CallFigures.Spread(
              count,
              Math.round((double) sum / count),
              rank(0.5),
              rank(0.9),
              rank(0.95),
              rank(0.99),
              counts.lastKey());
    }

    private long rank(double share) {
      long wanted = Math.max(1, (long) Math.ceil(share * count));
      long seen = 0;
      for (Map.Entry<Long, Long> entry : counts.entrySet()) {
        seen += entry.getValue();
        if (seen >= wanted) {
          return entry.getKey();
        }
      }
      return counts.lastKey();
    }
  }

  /** When calls began and ended, for how many there were at once. */
  private static final class Changes {
    // Milliseconds doubled, odd for a beginning: sorted, an end comes before a beginning at once.
    private long[] moments = new long[1024];
    private int size;

    void add(Instant from, @Nullable Instant to) {
      // What begins and ends at once was never there beside another.
      if (to != null && !to.isAfter(from)) {
        return;
      }
      put(from.toEpochMilli() * 2 + 1);
      if (to != null) {
        put(to.toEpochMilli() * 2);
      }
    }

    private void put(long change) {
      if (size == moments.length) {
        moments = Arrays.copyOf(moments, size * 2);
      }
      moments[size++] = change;
    }

    void peaks(Grouping grouping, String lane, Map<String, Long> peaks) {
      Arrays.sort(moments, 0, size);
      long level = 0;
      for (int i = 0; i < size; i++) {
        long before = level;
        level += (moments[i] & 1) == 1 ? 1 : -1;
        String group = grouping.of(lane, Instant.ofEpochMilli(moments[i] >> 1));
        peaks.merge(group, Math.max(before, level), Math::max);
      }
    }
  }
}
