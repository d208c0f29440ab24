package io.carillon.http.bench;

import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One call, from the moment it was meant to begin to the moment everybody knows that it is over.
 *
 * <pre>
 *   caller                             callee
 *   initiate ───────────────────────── call_started
 *   participant_ringing ────────────── acknowledge
 *   call_accepted ──────────────────── accept, call_accepted
 *   offer ──────────────────────────── offer
 *   answer ─────────────────────────── answer
 *   candidates ─────────────────────── candidates
 *   status ─────────────────────────── call_status_update
 *   end, call_ended ────────────────── call_ended
 * </pre>
 *
 * A step is taken when the one before it was answered and its party was told what it reacts to, as
 * an application's code does. So the calls a pair makes in a second follow from the times of the
 * hops.
 */
final class CallRun implements Steps.Answers {
  private static final byte[] NO_ID = {};

  /** How long a call that is to be missed rings: the shortest the shipped settings allow. */
  static final int RING_MILLIS = 1000;

  private enum Stage {
    INITIATED,
    ACKNOWLEDGED,
    ACCEPTED,
    RELAYING,
    STATUS,
    TALKING,
    /** Nothing more is to be done but to wait for the last words. */
    ENDING,
    OVER
  }

  private final Pair pair;
  private final Outcome outcome;
  private final long intendedAt;
  private final boolean counted;
  private final CallLedger ledger;
  private final RelayLedger relays;
  private final Map<Step, Long> askedAt = new EnumMap<>(Step.class);
  private final Set<Step> unanswered = EnumSet.noneOf(Step.class);

  private Stage stage = Stage.INITIATED;
  private byte[] callId = NO_ID;
  private @Nullable Signals signals;
  private long progressAt = System.nanoTime();

  /**
   * @param intendedAt when it was meant to begin: times count from there, however late the
   *     generator or the system were
   */
  CallRun(Pair pair, Outcome outcome, long intendedAt) {
    this.pair = pair;
    this.outcome = outcome;
    this.intendedAt = intendedAt;
    this.counted = pair.load().meter().counts(intendedAt);
    this.ledger = new CallLedger(outcome, pair.load().devicesPerUser());
    this.relays = new RelayLedger(outcome == Outcome.ANSWERED ? pair.load().relays() : 0);
  }

  CallLedger ledger() {
    return ledger;
  }

  byte[] callId() {
    return callId;
  }

  boolean hasId() {
    return callId.length > 0;
  }

  /** Whether signals are underway, which a lost socket would take with it. */
  boolean isRelaying() {
    return stage == Stage.RELAYING || stage == Stage.ACCEPTED;
  }

  /** Whether an answer is still to come. */
  boolean isAsking() {
    return !unanswered.isEmpty();
  }

  long progressAt() {
    return progressAt;
  }

  void begin() {
    String ring =
        outcome == Outcome.MISSED ? ",\"timeouts\":{\"ring_timeout_ms\":" + RING_MILLIS + "}" : "";
    take(
        Step.INITIATE,
        pair.caller(),
        ",\"receiver_id\":\""
            + pair.callee().id()
            + "\",\"call_type\":\"audio\",\"media_plane\":\"p2p\""
            + ring);
    // The time of the first step counts from when it was meant to be taken.
    askedAt.put(Step.INITIATE, intendedAt);
  }

  private void take(Step step, User by, String fields) {
    unanswered.add(step);
    askedAt.put(step, System.nanoTime());
    pair.load().steps().take(step, by, callId, fields, this);
  }

  /** It is known as this from now on. */
  void isCalled(Slice id) {
    callId = id.copy();
  }

  @Override
  public void answered(Step step, FrameScan reply) {
    record(step.reply(), askedAt.getOrDefault(step, intendedAt));
    unanswered.remove(step);
    if (step == Step.INITIATE && !hasId()) {
      if (reply.callId.isEmpty()) {
        // A socket's reply has the id in its call object only; call_started will tell it.
        advance();
        return;
      }
      isCalled(reply.callId);
    }
    advance();
  }

  @Override
  public void refused(Step step, String why) {
    unanswered.remove(step);
    if (stage != Stage.OVER) {
      fail(step.word() + ": " + why.strip());
    }
  }

  /** One of the pair's devices was told something new. */
  void told(int device, EventType type) {
    int callee = pair.load().devicesPerUser();
    if (device == 0) {
      switch (type) {
        case PARTICIPANT_RINGING -> hop(Step.ACKNOWLEDGE);
        case CALL_ACCEPTED -> hop(Step.ACCEPT);
        case CALL_REJECTED -> hop(Step.REJECT);
        case CALL_STARTED,
            CALL_STATUS_UPDATE,
            RING_STOPPED,
            CALL_ENDED,
            PARTICIPANT_JOINED,
            PARTICIPANT_RECONNECTING,
            OTHER -> {}
      }
    } else if (device == callee) {
      switch (type) {
        case CALL_STARTED -> hop(Step.INITIATE);
        case CALL_STATUS_UPDATE -> hop(Step.STATUS);
        case CALL_ENDED -> hop(outcome == Outcome.CANCELLED ? Step.CANCEL : Step.END);
        case PARTICIPANT_RINGING,
            CALL_ACCEPTED,
            RING_STOPPED,
            CALL_REJECTED,
            PARTICIPANT_JOINED,
            PARTICIPANT_RECONNECTING,
            OTHER -> {}
      }
    }
    // That the ring of a user's other phones stops is no end of the call.
    boolean acting = device == 0 || device == callee;
    if (acting && type.isLast() && stage.compareTo(Stage.ENDING) < 0) {
      fail("ended early, told " + type);
      return;
    }
    advance();
  }

  private void hop(Step step) {
    // A call nobody answers ends by itself: there is no request to count from.
    Long since = askedAt.get(step);
    if (since != null) {
      record(step.told(), since);
    }
  }

  /** A signal arrived for one of the two acting devices. */
  void relayed(int number, Device at) {
    CallLedger.Verdict verdict = relays.arrived(number, at == pair.callee().acting());
    pair.load().tally().relay(verdict, number, at);
    if (verdict == CallLedger.Verdict.NEW) {
      record(Hop.RELAY, relays.sentAt(number));
    }
    if (signals != null && verdict == CallLedger.Verdict.NEW) {
      signals.arrived(number);
      advance();
    }
  }

  private void record(Hop hop, long since) {
    if (counted) {
      pair.load().meter().record(hop, System.nanoTime() - since);
    }
  }

  /** Takes the steps that may be taken now. */
  void advance() {
    progressAt = System.nanoTime();
    Stage before;
    do {
      before = stage;
      stage = next();
    } while (stage != before);
  }

  private Stage next() {
    int caller = 0;
    int callee = pair.load().devicesPerUser();
    return switch (stage) {
      case INITIATED -> {
        if (!hasId() || !ledger.has(callee, EventType.CALL_STARTED)) {
          yield stage;
        }
        take(Step.ACKNOWLEDGE, pair.callee(), ",\"status\":\"ringing\"");
        yield Stage.ACKNOWLEDGED;
      }
      case ACKNOWLEDGED -> {
        if (isAsking() || !ledger.has(caller, EventType.PARTICIPANT_RINGING)) {
          yield stage;
        }
        yield answer();
      }
      case ACCEPTED -> {
        if (isAsking()
            || !ledger.has(caller, EventType.CALL_ACCEPTED)
            || !ledger.has(callee, EventType.CALL_ACCEPTED)
            || !pair.isUp()) {
          yield stage;
        }
        if (relays.count() > 0) {
          signals = new Signals(pair.load().around(), relays, pair.caller(), pair.callee(), callId);
          signals.begin();
        }
        yield Stage.RELAYING;
      }
      case RELAYING -> {
        if (!relays.isComplete()) {
          yield stage;
        }
        take(Step.STATUS, pair.caller(), ",\"status\":\"connected\"");
        yield Stage.STATUS;
      }
      case STATUS -> {
        if (isAsking() || !ledger.has(callee, EventType.CALL_STATUS_UPDATE)) {
          yield stage;
        }
        if (pair.load().talkMillis() > 0) {
          pair.load().around().loop().after(pair.load().talkMillis(), this::hangUp);
          yield Stage.TALKING;
        }
        take(Step.END, pair.caller(), "");
        yield Stage.ENDING;
      }
      case TALKING -> stage;
      case ENDING -> {
        if (isAsking() || !ledger.isComplete()) {
          yield stage;
        }
        if (outcome == Outcome.ANSWERED) {
          record(Hop.CALL, intendedAt);
        }
        pair.completed(outcome);
        yield Stage.OVER;
      }
      case OVER -> stage;
    };
  }

  private Stage answer() {
    return switch (outcome) {
      case ANSWERED -> {
        take(Step.ACCEPT, pair.callee(), "");
        yield Stage.ACCEPTED;
      }
      case DECLINED -> {
        take(Step.REJECT, pair.callee(), "");
        yield Stage.ENDING;
      }
      case CANCELLED -> {
        take(Step.CANCEL, pair.caller(), "");
        yield Stage.ENDING;
      }
      case MISSED -> Stage.ENDING;
    };
  }

  private void hangUp() {
    if (stage == Stage.TALKING) {
      take(Step.END, pair.caller(), "");
      stage = Stage.ENDING;
      advance();
    }
  }

  /** It has not moved for too long: what has not come is lost. */
  void giveUp() {
    if (stage == Stage.OVER) {
      return;
    }
    if (!unanswered.isEmpty()) {
      for (Step step : unanswered) {
        pair.load().tally().failed(step.word() + ": no answer");
      }
    }
    // What was never caused cannot be lost: only what the steps taken so far should have led to.
    List<CallLedger.Missing> missing = ledger.missing().stream().filter(this::wasCaused).toList();
    int underway = relays.underway();
    if (missing.isEmpty() && underway == 0 && unanswered.isEmpty()) {
      pair.load().tally().failed("stalled in stage " + stage);
    }
    pair.load().tally().lost(new String(callId, StandardCharsets.US_ASCII), missing, underway);
    stage = Stage.OVER;
    pair.failed();
  }

  private boolean wasCaused(CallLedger.Missing missing) {
    EventType type = missing.type();
    return switch (stage) {
      case INITIATED -> type == EventType.CALL_STARTED;
      case ACKNOWLEDGED -> type == EventType.CALL_STARTED || type == EventType.PARTICIPANT_RINGING;
      case ACCEPTED, RELAYING ->
          type != EventType.CALL_STATUS_UPDATE && type != EventType.CALL_ENDED;
      case STATUS, TALKING -> type != EventType.CALL_ENDED;
      case ENDING, OVER -> true;
    };
  }

  private void fail(String why) {
    stage = Stage.OVER;
    pair.load().tally().failed(why);
    pair.failed();
  }
}
