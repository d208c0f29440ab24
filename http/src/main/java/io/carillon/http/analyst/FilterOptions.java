package io.carillon.http.analyst;

import io.carillon.engine.call.CallMode;
import io.carillon.engine.call.CallType;
import io.carillon.engine.call.EndReason;
import io.carillon.engine.identity.RealmId;
import io.carillon.engine.identity.UserId;
import io.carillon.persistence.readmodel.CallFilter;
import io.carillon.persistence.replay.Selection;
import io.carillon.persistence.statistics.StatisticsTable;
import io.carillon.persistence.words.CallStateWord;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which calls. */
final class FilterOptions {
  /** Realm and period, for commands that look at nothing else. */
  static final class Scope {
    @Option(names = "--realm", paramLabel = "REALM", description = "Only calls of this realm.")
    @Nullable String realm;

    @Option(
        names = "--from",
        paramLabel = "TIME",
        converter = Moments.Converter.class,
        description = "Only calls placed at or after this: 2026-03-02, 2026-03-02T14:00:00Z, -7d.")
    @Nullable Instant from;

    @Option(
        names = "--to",
        paramLabel = "TIME",
        converter = Moments.Converter.class,
        description = "Only calls placed before this.")
    @Nullable Instant to;

    Optional<RealmId> realm() {
      return Optional.ofNullable(realm).map(RealmId::new);
    }

    Selection selection() {
      return new Selection(
          realm(), Optional.empty(), Optional.ofNullable(from), Optional.ofNullable(to));
    }

    StatisticsTable.Period period() {
      return new StatisticsTable.Period(
          realm(), Optional.ofNullable(from), Optional.ofNullable(to));
    }
  }

  @Mixin Scope scope = new Scope();

  @Option(names = "--user", paramLabel = "USER", description = "Only calls with this user in them.")
  @Nullable String user;

  @Option(
      names = "--state",
      paramLabel = "STATE",
      split = ",",
      description = "Only in one of: ${COMPLETION-CANDIDATES}.")
  List<CallStateWord> states = List.of();

  @Option(
      names = "--reason",
      paramLabel = "REASON",
      split = ",",
      description = "Only ended for one of: ${COMPLETION-CANDIDATES}.")
  List<EndReason> reasons = List.of();

  @Option(names = "--type", paramLabel = "TYPE", description = "Only: ${COMPLETION-CANDIDATES}.")
  @Nullable CallType type;

  @Option(names = "--mode", paramLabel = "MODE", description = "Only: ${COMPLETION-CANDIDATES}.")
  @Nullable CallMode mode;

  @Option(names = "--near-misses", description = "Only calls that somebody accepted too late.")
  boolean nearMisses;

  @Option(
      names = "--min-talk",
      paramLabel = "SECONDS",
      description = "Only calls talked in at least so long.")
  @Nullable Long minTalk;

  CallFilter filter(Optional<Integer> limit) {
    return new CallFilter(
        scope.realm(),
        Optional.ofNullable(user).map(UserId::new),
        set(states, CallStateWord.class),
        set(reasons, EndReason.class),
        Optional.ofNullable(type),
        Optional.ofNullable(mode),
        nearMisses,
        Optional.ofNullable(minTalk).map(Duration::ofSeconds),
        Optional.ofNullable(scope.from),
        Optional.ofNullable(scope.to),
        Optional.empty(),
        limit);
  }

  private static <E extends Enum<E>> Set<E> set(List<E> values, Class<E> type) {
    Set<E> set = EnumSet.noneOf(type);
    set.addAll(values);
    return set;
  }
}
