package io.carillon.http.faults.check;

import io.carillon.http.faults.record.Item;
import io.carillon.http.faults.record.Item.Fault;
import io.carillon.http.faults.record.Item.Heard;
import io.carillon.http.faults.record.Item.Opened;
import io.carillon.http.faults.record.Item.Resynced;
import io.carillon.http.faults.record.Item.Shut;
import io.carillon.http.faults.record.Item.Who;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What devices heard: I4 (of one winner), I10 (in order, no repeat, no gap over resumes), I11 (all
 * of it), I13 (nobody else), and that nothing rings that is over.
 */
final class DeliveryChecks {
  /** A live event may take this long before it counts as told from the past, milliseconds. */
  private static final long LIVE = 3_000;

  private final Evidence evidence;
  private final Troubles troubles;
  private final Map<String, Folded> folded = new HashMap<>();
  private final Map<String, String> realms = new HashMap<>();
  private final Map<Who, Ear> ears = new HashMap<>();
  private final List<Violation> found = new ArrayList<>();

  private final Map<Long, Opened> sockets = new HashMap<>();

  /** The node whose packets are lost, and until when what it sent may still be on its way. */
  private String lossy = "";

  private long lossyUntil = Long.MAX_VALUE;

  /** What one device heard over all its sockets. */
  private static final class Ear {
    /** Sockets it had: from, to, in the record's microseconds. */
    final Map<Long, long[]> sockets = new HashMap<>();

    final Map<String, List<Heard>> heard = new HashMap<>();
    final Map<String, Long> last = new HashMap<>();
    final Set<String> known = new HashSet<>();
    long resyncedAt = -1;
  }

  private DeliveryChecks(Evidence evidence) {
    this.evidence = evidence;
    this.troubles = Troubles.of(evidence);
    evidence.byCall().forEach((call, rows) -> folded.put(call, Folded.of(rows)));
    evidence.journal().forEach(row -> realms.put(row.call(), row.realm()));
  }

  static List<Violation> check(Evidence evidence) {
    DeliveryChecks checks = new DeliveryChecks(evidence);
    checks.listen();
    checks.complete();
    return checks.found;
  }

  private void listen() {
    for (Item item : evidence.items()) {
      if (item instanceof Opened opened) {
        sockets.put(opened.socket(), opened);
        ear(opened.who()).sockets.put(opened.socket(), new long[] {opened.at(), Long.MAX_VALUE});
      } else if (item instanceof Shut shut) {
        Opened opened = sockets.get(shut.socket());
        long[] open = opened == null ? null : ear(opened.who()).sockets.get(shut.socket());
        if (open != null) {
          open[1] = shut.at();
        }
      } else if (item instanceof Resynced resynced) {
        Opened opened = sockets.get(resynced.socket());
        if (opened != null) {
          ear(opened.who()).resyncedAt = resynced.at();
        }
      } else if (item instanceof Fault fault) {
        lose(fault);
      } else if (item instanceof Heard heard) {
        heard(heard);
      }
    }
  }

  private void lose(Fault fault) {
    if (fault.what().startsWith("lose") && !fault.node().isEmpty()) {
      lossy = fault.node();
      lossyUntil = Long.MAX_VALUE;
    } else if (fault.what().equals("stop")) {
      lossyUntil = Math.min(lossyUntil, fault.at() + 1000 * LIVE);
    }
  }

  /**
   * Whether what is heard now was sent in time and kept back by the transport, which repeats it.
   */
  private boolean isKeptBack(Heard heard) {
    Opened opened = sockets.get(heard.socket());
    return opened != null && opened.node().equals(lossy) && heard.at() <= lossyUntil;
  }

  private Ear ear(Who who) {
    return ears.computeIfAbsent(who, _ -> new Ear());
  }

  private void heard(Heard heard) {
    Folded call = folded.get(heard.call());
    String where = heard.who() + " heard " + heard.type() + " of " + heard.call();
    if (call == null) {
      found.add(new Violation("I2", where + ", which is not stored"));
      return;
    }
    boolean party =
        call.parties.contains(heard.who().user())
            && heard.who().realm().equals(realms.get(heard.call()));
    if (!party) {
      found.add(new Violation("I13", where + " and is no party to it"));
    }
    if (heard.type().startsWith("call.")) {
      return; // signals have no number
    }
    if (heard.seq() > call.seq) {
      found.add(new Violation("I2", where + ":" + heard.seq() + ", which is not stored"));
    }
    Ear ear = ear(heard.who());
    String chain = heard.socket() + "|" + heard.call();
    long last = ear.last.getOrDefault(chain, 0L);
    // What a device has heard may be told once more on a resume; what is new comes in order.
    boolean again = heard.catchup() && ear.known.contains(heard.call() + ":" + heard.seq());
    if (heard.seq() <= last && !again) {
      found.add(
          new Violation("I10", where + ":" + heard.seq() + " after " + last + " on one socket"));
    }
    ear.known.add(heard.call() + ":" + heard.seq());
    ear.last.merge(chain, heard.seq(), Math::max);
    if (heard.type().equals("call_accepted") && !heard.actor().equals(call.winner)) {
      found.add(new Violation("I4", where + " by " + heard.actor() + ", not " + call.winner));
    }
    if (heard.type().equals("call_started")
        && call.isOver()
        && evidence.millis(heard.at()) > call.endedAt + LIVE
        && !isKeptBack(heard)) {
      found.add(
          new Violation(
              "I10",
              where
                  + " "
                  + (evidence.millis(heard.at()) - call.endedAt)
                  + " ms after its end: it rings and is over"));
    }
    ear.heard.computeIfAbsent(heard.call(), _ -> new ArrayList<>()).add(heard);
  }

  private void complete() {
    Map<String, List<Map.Entry<Who, Ear>>> byUser = new HashMap<>();
    for (Map.Entry<Who, Ear> ear : ears.entrySet()) {
      Who who = ear.getKey();
      byUser.computeIfAbsent(who.realm() + "|" + who.user(), _ -> new ArrayList<>()).add(ear);
    }
    folded.forEach(
        (id, call) -> {
          for (String party : call.parties) {
            for (var ear : byUser.getOrDefault(realms.get(id) + "|" + party, List.of())) {
              complete(id, call, ear.getKey(), ear.getValue());
            }
          }
        });
  }

  private void complete(String id, Folded call, Who who, Ear ear) {
    if (!call.isOver() || wasAway(call, ear)) {
      return;
    }
    List<Heard> heard = ear.heard.getOrDefault(id, List.of());
    Set<String> types = new HashSet<>();
    Set<Long> ends = new HashSet<>();
    for (Heard event : heard) {
      types.add(event.type());
      if (isEnd(event.type())) {
        ends.add(event.seq());
      }
    }
    boolean calling = who.user().equals(call.caller);
    if (calling && !who.device().equals(call.callerDevice)) {
      return; // the caller's other devices only look on
    }
    String where = who + " and " + id + " (" + call.state + " " + call.reason + "): ";
    boolean winner = call.winner.equals(who.user() + "/" + who.device());
    boolean toldOfRing = calling || types.contains("call_started");
    if (wasThere(call, ear)) {
      if (!toldOfRing && !wasOutOfReach(call, heard)) {
        found.add(new Violation("I11", where + "never rang; heard " + types));
      }
      if (call.answeredAt != 0 && (calling || winner) && !types.contains("call_accepted")) {
        found.add(new Violation("I11", where + "never heard of the accept; heard " + types));
      }
    }
    if (toldOfRing && ends.size() != 1) {
      found.add(
          new Violation(
              "I11", where + "heard of " + ends.size() + " ends; heard " + types + sockets(ear)));
    }
  }

  private String sockets(Ear ear) {
    return ear.sockets.size() > 1 ? " over " + ear.sockets.size() + " sockets" : "";
  }

  private static boolean isEnd(String type) {
    return type.equals("call_ended") || type.equals("call_rejected") || type.equals("ring_stopped");
  }

  /** Whether it had no socket after the call's end, or was told a snapshot instead. */
  private boolean wasAway(Folded call, Ear ear) {
    boolean later =
        ear.sockets.values().stream()
            .anyMatch(
                s -> s[1] == Long.MAX_VALUE || evidence.millis(s[1]) > call.endedAt + 2 * LIVE);
    return !later || (ear.resyncedAt >= 0 && evidence.millis(ear.resyncedAt) >= call.createdAt);
  }

  /**
   * Whether a fault kept the call from a device until its ring was over: its catch-up says only
   * that, for nothing rings that is over.
   */
  private boolean wasOutOfReach(Folded call, List<Heard> heard) {
    return troubles.touch(call.createdAt, call.createdAt)
        && heard.stream().anyMatch(event -> event.catchup() && isEnd(event.type()));
  }

  /** Whether one socket was open from before the call until well after its end. */
  private boolean wasThere(Folded call, Ear ear) {
    return ear.sockets.values().stream()
        .anyMatch(
            s ->
                evidence.millis(s[0]) < call.createdAt - 1000
                    && (s[1] == Long.MAX_VALUE || evidence.millis(s[1]) > call.endedAt + LIVE));
  }
}
