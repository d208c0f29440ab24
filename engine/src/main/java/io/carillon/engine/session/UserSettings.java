package io.carillon.engine.session;

import io.carillon.engine.identity.UserId;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a user has set about their own line (R17, R18).
 *
 * @param callWaiting what a call does that comes during another one
 * @param dnd when not to be disturbed
 * @param blocked who may not ring this user, and cannot tell it from an unanswered call
 */
public record UserSettings(CallWaiting callWaiting, DoNotDisturb dnd, Set<UserId> blocked) {
  /** What everybody starts with: calls wait, nothing is kept away, nobody is blocked. */
  public static final UserSettings STANDARD =
      new UserSettings(
          CallWaiting.RING,
          new DoNotDisturb(
              DoNotDisturb.Level.NONE, Optional.empty(), Optional.empty(), Set.of(), false),
          Set.of());

  public UserSettings {
    blocked = Set.copyOf(blocked);
  }

  /** What a call does that comes while the user is in another. */
  public enum CallWaiting {
    /** It rings; at most one call waits so. */
    RING,
    /** It is told that the line is busy. */
    BUSY
  }

  /**
   * When calls are kept from the user's devices.
   *
   * @param level what is kept away
   * @param disabledUntil nothing rings before this moment, whatever the schedule says
   * @param schedule the hours of quiet; empty: the level always holds
   * @param breakthrough whose calls ring all the same
   * @param letRepeatedThrough whether a second call of the same user within three minutes rings
   */
  public record DoNotDisturb(
      Level level,
      Optional<Instant> disabledUntil,
      Optional<Schedule> schedule,
      Set<UserId> breakthrough,
      boolean letRepeatedThrough) {
    public DoNotDisturb {
      breakthrough = Set.copyOf(breakthrough);
    }

    /** What is kept away: nothing, ringing calls, or every call and notification. */
    public enum Level {
      NONE,
      RING,
      ALL
    }

    /** Whether a call that comes at {@code now} is kept away, exceptions aside. */
    boolean isQuietAt(Instant now) {
      if (disabledUntil.isPresent() && now.isBefore(disabledUntil.get())) {
        return true;
      }
      return level != Level.NONE && schedule.map(s -> s.contains(now)).orElse(true);
    }
  }

  /**
   * Hours of quiet that come again every week.
   *
   * @param zone the user's time zone
   * @param days on which days a quiet begins
   * @param from when it begins
   * @param to when it ends; at or before {@code from}: on the next day
   */
  public record Schedule(ZoneId zone, Set<DayOfWeek> days, LocalTime from, LocalTime to) {
    public Schedule {
      days = Set.copyOf(days);
    }

    boolean contains(Instant now) {
      ZonedDateTime local = now.atZone(zone);
      LocalTime time = local.toLocalTime();
      boolean overnight = !to.isAfter(from);
      if (!overnight) {
        return days.contains(local.getDayOfWeek()) && !time.isBefore(from) && time.isBefore(to);
      }
      boolean evening = days.contains(local.getDayOfWeek()) && !time.isBefore(from);
      boolean morning = days.contains(local.getDayOfWeek().minus(1)) && time.isBefore(to);
      return evening || morning;
    }
  }

  /** The users who break through, in a stable order for showing. */
  public List<UserId> breakthroughInOrder() {
    return dnd.breakthrough().stream().sorted((a, b) -> a.value().compareTo(b.value())).toList();
  }
}
