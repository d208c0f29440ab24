package io.carillon.http.faults.load;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.http.faults.record.Item.Outcome;
import io.carillon.http.faults.record.Item.Who;
import io.carillon.http.faults.record.Recorder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A long call that somebody operates several times a second, from changing nodes, for more than a
 * minute each: it tells for how long a fault was felt.
 */
public final class Anchor {
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  /** Slower than any answer of a healthy cluster. */
  private static final long SLOW_MICROS = 1_000_000;

  /**
   * It is used so often, then hung up and placed anew: as often as in a talk of an hour or two, so
   * that what a fault costs does not depend on how long everything has been running.
   */
  private static final int USES = 300;

  private final Crowd crowd;
  private final Api api;
  private final Recorder recorder;
  private final Phone caller;
  private final Phone callee;
  private final List<Trial> trials = new ArrayList<>();
  private volatile String call = "";

  /**
   * One use of the call, in microseconds of the record.
   *
   * @param attempts how often it was asked
   */
  public record Trial(long began, long ended, boolean ok, int attempts) {
    /** Whether its user felt it. Asking another node at once is not felt. */
    public boolean isBad() {
      return !ok || ended - began > SLOW_MICROS;
    }
  }

  Anchor(Crowd crowd, Api api, Recorder recorder, Phone caller, Phone callee) {
    this.crowd = crowd;
    this.api = api;
    this.recorder = recorder;
    this.caller = caller;
    this.callee = callee;
  }

  void run() {
    boolean muted = false;
    int uses = 0;
    Api.pause(0, Crowd.ARRIVAL);
    while (crowd.isCalling()) {
      if (call.isEmpty()) {
        uses = 0;
        place();
      } else if (++uses > USES) {
        order("end", caller, Api.body());
        call = "";
      } else {
        muted = !muted;
        operate(muted);
      }
      Api.pause(150, 350);
    }
    if (!call.isEmpty()) {
      order("end", caller, Api.body());
    }
  }

  private void place() {
    ObjectNode body = Api.body();
    body.put("receiver_id", callee.who().user());
    body.put("call_type", "audio");
    Api.Answer placed = order("initiate", caller, body);
    if (placed.isOk() && !placed.call().isEmpty()) {
      String id = placed.call();
      Api.Order accept = new Api.Order("accept", key("accept"), id, Api.body());
      if (api.insist(callee.who(), accept, PATIENCE).isOk()) {
        call = id;
      }
    }
  }

  private void operate(boolean muted) {
    long began = recorder.now();
    Api.Answer answer =
        order("status", caller, Api.body().put("status", "muted").put("active", muted));
    Trial trial = new Trial(began, recorder.now(), answer.isOk(), answer.attempts());
    synchronized (trials) {
      trials.add(trial);
    }
    if (answer.outcome() == Outcome.REFUSED) {
      call = ""; // both its devices were away for too long
    }
  }

  private Api.Answer order(String op, Phone phone, ObjectNode body) {
    Api.Order order = new Api.Order(op, key(op), op.equals("initiate") ? "" : call, body);
    return api.insist(phone.who(), order, PATIENCE);
  }

  private String key(String op) {
    return caller.who().user() + "-" + op + "-" + crowd.number();
  }

  /** Its call; empty while there is none. */
  public String call() {
    return call;
  }

  /** Who placed it. */
  public Who caller() {
    return caller.who();
  }

  /** Whether its call goes on. */
  public boolean isUp() {
    return !call.isEmpty();
  }

  /** Its uses that ended at or after a moment of the record. */
  public List<Trial> trialsSince(long at) {
    synchronized (trials) {
      return trials.stream().filter(trial -> trial.ended() >= at).toList();
    }
  }

  List<Phone> phones() {
    return List.of(caller, callee);
  }
}
