package io.carillon.http.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.http.faults.load.Api;
import io.carillon.http.faults.load.Crowd;
import io.carillon.http.faults.record.Item;
import io.carillon.http.faults.record.Item.Outcome;
import io.carillon.http.faults.record.Item.Who;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Things with one right outcome, tried between faults: what another realm sees (I14), what those
 * who may not do something get (I15), and two who call each other at the same moment (I16).
 */
final class Probes {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int CROSSINGS = 10;
  private static final Who ALICE = new Who(Crowd.REALM, "probe-alice", "desk");
  private static final Who BOB = new Who(Crowd.REALM, "probe-bob", "desk");
  private static final Who CAROL = new Who(Crowd.REALM, "probe-carol", "desk");
  private static final Who TWIN = new Who(Crowd.TWIN_REALM, "probe-alice", "desk");

  private final Stage stage;
  private final Api api;

  private Probes(Stage stage) {
    this.stage = stage;
    this.api = stage.api();
  }

  static void run(Stage stage) {
    Probes probes = new Probes(stage);
    String call = probes.place(ALICE, BOB).call();
    probes.strangers(call);
    probes.authority(call);
    probes.order(ALICE, "cancel", call);
    for (int i = 0; i < CROSSINGS; i++) {
      probes.crossing();
    }
    new Forgotten(stage).run();
  }

  private void probed(String invariant, boolean held, String what) {
    stage.recorder().add(at -> new Item.Probed(at, invariant, held, what));
  }

  private Api.Answer place(Who caller, Who callee) {
    ObjectNode body = Api.body().put("receiver_id", callee.user()).put("call_type", "audio");
    return api.insist(caller, stage.order("initiate", "", body), PATIENCE);
  }

  private Api.Answer order(Who who, String op, String call) {
    return api.insist(who, stage.order(op, call, Api.body()), PATIENCE);
  }

  /** A foreign call answers as one that never was. */
  private void strangers(String call) {
    for (Who stranger : List.of(TWIN, CAROL)) {
      Api.Answer foreign = read(stranger, call);
      Api.Answer unknown = read(stranger, "never-was");
      boolean same =
          foreign.status() == 404
              && unknown.status() == 404
              && without(foreign.body(), call).equals(without(unknown.body(), "never-was"));
      probed("I14", same, stranger + " reads a foreign call: " + foreign.body());
      for (String op : List.of("accept", "end", "cancel", "reject")) {
        Api.Answer tried = order(stranger, op, call);
        probed("I14", tried.status() == 404, stranger + " may " + op + ": " + tried.status());
      }
    }
  }

  private Api.Answer read(Who who, String call) {
    return api.read(who, call, "/api/v1/calls/" + call, PATIENCE);
  }

  /** The body without what names the request. */
  private static String without(JsonNode body, String call) {
    ObjectNode copy = body.deepCopy();
    copy.remove("request_id");
    return copy.toString().replace(call, "");
  }

  /** What the caller and the callee may not do is refused and leaves no event behind. */
  private void authority(String call) {
    long before = read(ALICE, call).seq();
    for (String op : List.of("accept", "reject", "acknowledge")) {
      Api.Answer tried = order(ALICE, op, call);
      probed(
          "I15",
          tried.outcome() == Outcome.REFUSED,
          "the caller may " + op + ": " + tried.status());
    }
    Api.Answer cancelled = order(BOB, "cancel", call);
    probed(
        "I15",
        cancelled.outcome() == Outcome.REFUSED,
        "the callee may cancel: " + cancelled.status());
    long after = read(ALICE, call).seq();
    probed("I15", before == after, "refused commands left events: " + before + " to " + after);
  }

  /** Both ask at the same moment, at different nodes: one call, and both are told of it. */
  private void crossing() {
    CompletableFuture<Api.Answer> one =
        CompletableFuture.supplyAsync(() -> place(ALICE, BOB), stage.crowd().threads());
    Api.Answer other = place(BOB, ALICE);
    Api.Answer first = one.join();
    boolean same = first.isOk() && other.isOk() && first.call().equals(other.call());
    // Where one was through before the other began, the second is a call back into the first.
    probed("I16", same, "two who call each other get " + first.call() + ", " + other.call());
    order(ALICE, "end", first.call());
    if (!same && other.isOk()) {
      order(BOB, "end", other.call());
    }
  }
}
