package io.carillon.http.faults;

import io.carillon.http.faults.load.Api;
import io.carillon.http.faults.record.Item;
import io.carillon.http.faults.record.Item.Answered;
import io.carillon.http.faults.record.Item.Asked;
import io.carillon.http.faults.record.Item.CaughtUp;
import io.carillon.http.faults.record.Item.Opened;
import io.carillon.http.faults.record.Item.Outcome;
import io.carillon.http.faults.record.Item.Shut;
import io.carillon.http.faults.record.Item.Who;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What everybody saw from some moment on.
 *
 * @param requests attempts that were answered or broke
 * @param unknown those of which nobody can say what became of them
 * @param unavailable those answered 503
 * @param moved those said to a socket that was sent away, and said again elsewhere
 * @param newCalls calls placed, or tried to; not those whose first answers are still awaited
 * @param newCallsOk those of them that were placed with at most one retry
 * @param newCallsAtOnce those of them placed by the first attempt
 * @param newCallMillis how long each took, in order of size
 * @param resumeMillis from a lost socket to having been told everything missed, in order of size
 */
public record Readings(
    int requests,
    int unknown,
    int unavailable,
    int moved,
    int newCalls,
    int newCallsOk,
    int newCallsAtOnce,
    List<Long> newCallMillis,
    List<Long> resumeMillis) {

  /** Within so many microseconds whoever was not answered well asks again. */
  private static final long RETRY = 2_000_000;

  private static final class Placing {
    long first = Long.MAX_VALUE;
    int attempts;
    int waiting;
    long answeredAt;
    boolean ok;
    int okAt;

    /** Neither placed nor retried more than once, and the answer or the retry is on its way. */
    boolean isOpen(long now) {
      return !ok && attempts <= 2 && (waiting > 0 || answeredAt > now - RETRY);
    }
  }

  static Readings of(List<Item> items, long from) {
    Map<Long, Asked> asked = new HashMap<>();
    Map<String, Placing> placings = new HashMap<>();
    Map<Who, Long> lost = new HashMap<>();
    Map<Long, Who> owners = new HashMap<>();
    List<Long> placed = new ArrayList<>();
    List<Long> resumed = new ArrayList<>();
    int requests = 0;
    int unknown = 0;
    int unavailable = 0;
    int moved = 0;
    for (Item item : items) {
      if (item instanceof Opened opened) {
        owners.put(opened.socket(), opened.who());
        if (!opened.resumed()) {
          resumed(lost, opened.who(), opened.at(), resumed);
        }
      }
      if (item.at() < from) {
        continue;
      }
      switch (item) {
        case Asked command -> {
          asked.put(command.id(), command);
          if (command.op().equals("initiate")) {
            Placing placing = placings.computeIfAbsent(command.key(), _ -> new Placing());
            placing.first = Math.min(placing.first, command.at());
            placing.attempts = Math.max(placing.attempts, command.attempt());
            placing.waiting++;
          }
        }
        case Answered answer -> {
          Asked command = asked.get(answer.id());
          requests++;
          moved += answer.code().equals(Api.MOVED) ? 1 : 0;
          unknown += answer.outcome() == Outcome.UNKNOWN && !unheard(answer) ? 1 : 0;
          unavailable += answer.status() == 503 ? 1 : 0;
          Placing placing = command == null ? null : placings.get(command.key());
          if (command != null && placing != null) {
            placing.waiting--;
            placing.answeredAt = answer.at();
            if (answer.outcome() == Outcome.OK && !placing.ok) {
              placing.ok = true;
              placing.okAt = command.attempt();
              placed.add((answer.at() - placing.first) / 1000);
            }
          }
        }
        case Shut shut -> {
          Who who = owners.get(shut.socket());
          if (who != null && !shut.meant()) {
            lost.put(who, shut.at());
          }
        }
        case CaughtUp caughtUp -> {
          Who who = owners.get(caughtUp.socket());
          if (who != null) {
            resumed(lost, who, caughtUp.at(), resumed);
          }
        }
        case Opened _,
            Item.Resynced _,
            Item.Heard _,
            Item.Deaf _,
            Item.Heap _,
            Item.Erased _,
            Item.Fault _,
            Item.Probed _ -> {}
      }
    }
    long now = items.isEmpty() ? from : items.getLast().at();
    placed.sort(null);
    resumed.sort(null);
    return new Readings(
        requests,
        unknown,
        unavailable,
        moved,
        (int) placings.values().stream().filter(p -> !p.isOpen(now)).count(),
        (int) placings.values().stream().filter(p -> p.ok && p.okAt <= 2).count(),
        (int) placings.values().stream().filter(p -> p.ok && p.okAt == 1).count(),
        placed,
        resumed);
  }

  private static void resumed(Map<Who, Long> lost, Who who, long at, List<Long> resumed) {
    Long since = lost.remove(who);
    if (since != null) {
      resumed.add((at - since) / 1000);
    }
  }

  /** Nobody was there to hear it, so nothing came of it. */
  private static boolean unheard(Answered answer) {
    return answer.code().equals("unreached") || answer.code().equals(Api.MOVED);
  }

  /** The value below which 99 % are; 0 if there are none. */
  public static double p99(List<Long> ordered) {
    return ordered.isEmpty()
        ? 0
        : ordered.get((int) Math.min(ordered.size() - 1L, Math.round(ordered.size() * 0.99)));
  }
}
