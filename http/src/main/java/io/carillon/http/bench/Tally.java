package io.carillon.http.bench;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What was counted in a run: from its beginning to its end, the warm-up included. */
final class Tally {
  /** How many examples of what went wrong are kept. */
  private static final int MAX_EXAMPLES = 12;

  private final Map<Outcome, Long> completed = new EnumMap<>(Outcome.class);
  private final Map<String, Long> failed = new TreeMap<>();
  private final List<String> examples = new ArrayList<>();

  private long started;
  private long finished;
  private long requests;
  private long events;
  private long relays;
  private long again;
  private long lostEvents;
  private long lostRelays;
  private long duplicated;
  private long outOfOrder;
  private long unexpected;
  private long droppedSockets;

  void started() {
    started++;
  }

  /** A call went as it had to. */
  void completed(Outcome outcome) {
    finished++;
    completed.merge(outcome, 1L, Long::sum);
  }

  void requested() {
    requests++;
  }

  /** A request was refused or not answered, or a socket was lost. */
  void failed(String what) {
    failed.merge(what, 1L, Long::sum);
  }

  /** An event was told; {@code who} and {@code what} are put into words only if it is wrong. */
  void event(CallLedger.Verdict verdict, Device who, FrameScan what) {
    switch (verdict) {
      case NEW -> events++;
      case AGAIN -> again++;
      case DUPLICATE -> duplicated++;
      case OUT_OF_ORDER -> outOfOrder++;
      case UNEXPECTED -> unexpected++;
    }
    if (verdict != CallLedger.Verdict.NEW && verdict != CallLedger.Verdict.AGAIN) {
      example(
          words(verdict) + ": " + what.eventType.text() + " " + what.eventId.text() + " at " + who);
    }
  }

  /** A signal arrived. */
  void relay(CallLedger.Verdict verdict, int number, Device at) {
    switch (verdict) {
      case NEW, AGAIN -> relays++;
      case DUPLICATE -> duplicated++;
      case OUT_OF_ORDER -> outOfOrder++;
      case UNEXPECTED -> unexpected++;
    }
    if (verdict != CallLedger.Verdict.NEW) {
      example(words(verdict) + ": signal " + number + " at " + at);
    }
  }

  /** A call was given up; this is what had not come. */
  void lost(String call, List<CallLedger.Missing> missingEvents, int missingRelays) {
    lostEvents += missingEvents.size();
    lostRelays += missingRelays;
    for (CallLedger.Missing missing : missingEvents) {
      example("lost: " + missing + " of call " + call);
    }
    if (missingRelays > 0) {
      example("lost: " + missingRelays + " signals of call " + call);
    }
  }

  void droppedSocket() {
    droppedSockets++;
  }

  private void example(String text) {
    if (examples.size() < MAX_EXAMPLES) {
      examples.add(text);
    }
  }

  private static String words(CallLedger.Verdict verdict) {
    return switch (verdict) {
      case NEW -> "new";
      case AGAIN -> "again";
      case DUPLICATE -> "told twice";
      case OUT_OF_ORDER -> "out of order";
      case UNEXPECTED -> "unexpected";
    };
  }

  /** Calls that went as they had to. */
  long finished() {
    return finished;
  }

  long startedCalls() {
    return started;
  }

  /** What was counted so far. */
  Totals totals() {
    return new Totals(
        started,
        Map.copyOf(completed),
        requests,
        events,
        relays,
        again,
        droppedSockets,
        lostEvents,
        lostRelays,
        duplicated,
        outOfOrder,
        unexpected,
        Map.copyOf(failed),
        List.copyOf(examples));
  }

  /**
   * The counts of a run.
   *
   * @param again events told again on a resume, as the protocol allows
   * @param failed requests that failed and sockets that were lost, by what happened
   * @param examples the first things that went wrong
   */
  record Totals(
      long started,
      Map<Outcome, Long> completed,
      long requests,
      long events,
      long relays,
      long again,
      long droppedSockets,
      long lostEvents,
      long lostRelays,
      long duplicated,
      long outOfOrder,
      long unexpected,
      Map<String, Long> failed,
      List<String> examples) {

    long failures() {
      return failed.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Whether everything came, once, in order, and nothing was refused. */
    boolean isClean() {
      return lostEvents + lostRelays + duplicated + outOfOrder + unexpected + failures() == 0;
    }
  }
}
