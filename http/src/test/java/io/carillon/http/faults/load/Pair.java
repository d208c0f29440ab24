package io.carillon.http.faults.load;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/**
 * Two people of whom one calls the other again and again: answered, answered on two devices at
 * once, declined, taken back or not answered at all.
 */
final class Pair {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration TO_HEAR = Duration.ofSeconds(12);

  private enum Story {
    ANSWERED,
    TWO_ANSWER,
    REJECTED,
    CANCELLED,
    MISSED
  }

  private final Crowd crowd;
  private final Api api;
  private final SplittableRandom random;
  private final Phone caller;
  private final List<Phone> callee;

  Pair(Crowd crowd, Api api, SplittableRandom random, Phone caller, List<Phone> callee) {
    this.crowd = crowd;
    this.api = api;
    this.random = random;
    this.caller = caller;
    this.callee = callee;
  }

  /** Calls until the crowd goes home. */
  void run() {
    pause(0, Crowd.ARRIVAL);
    while (crowd.isCalling()) {
      caller.forget();
      callee.forEach(Phone::forget);
      call(draw());
      pause(300, 1500);
    }
  }

  private Story draw() {
    int die = random.nextInt(100);
    if (die < 55) {
      return Story.ANSWERED;
    }
    if (die < 70) {
      return callee.size() > 1 ? Story.TWO_ANSWER : Story.ANSWERED;
    }
    return die < 82 ? Story.REJECTED : die < 94 ? Story.CANCELLED : Story.MISSED;
  }

  private void call(Story story) {
    ObjectNode body = Api.body();
    body.put("receiver_id", callee.getFirst().who().user());
    body.put("call_type", random.nextBoolean() ? "audio" : "video");
    body.putObject("timeouts").put("ring_timeout_ms", story == Story.MISSED ? 3000 : 20_000);
    Api.Answer placed = order(caller, "initiate", "", body);
    if (!placed.isOk() || placed.call().isEmpty()) {
      return;
    }
    crowd.began();
    try {
      follow(story, placed.call());
    } finally {
      crowd.finished();
    }
  }

  private void follow(Story story, String call) {
    Phone phone = callee.getFirst();
    boolean rings =
        phone.await(call, TO_HEAR, event -> event.type().equals("call_started")).isPresent();
    if (!rings) {
      order(caller, "cancel", call, Api.body());
      return;
    }
    order(phone, "acknowledge", call, Api.body().put("status", "ringing"));
    pause(200, 1500);
    switch (story) {
      case ANSWERED -> answered(call);
      case TWO_ANSWER -> {
        CompletableFuture<Void> other =
            CompletableFuture.runAsync(
                () -> order(callee.get(1), "accept", call, Api.body()), crowd.threads());
        order(phone, "accept", call, Api.body());
        other.join();
        pause(300, 2000);
        order(caller, "end", call, Api.body());
        awaitEnd(call);
      }
      case REJECTED -> {
        order(phone, "reject", call, Api.body());
        awaitEnd(call);
      }
      case CANCELLED -> {
        order(caller, "cancel", call, Api.body());
        awaitEnd(call);
      }
      case MISSED -> awaitEnd(call);
    }
  }

  private void answered(String call) {
    Phone phone = callee.getFirst();
    order(phone, "accept", call, Api.body());
    if (caller.await(call, TO_HEAR, e -> e.type().equals("call_accepted")).isPresent()) {
      caller.say(signal("offer", call));
      phone.await(call, Duration.ofSeconds(2), e -> e.type().equals("call.offer"));
      phone.say(signal("answer", call));
    }
    pause(1000, 5000);
    api.get(caller.who(), call, "/api/v1/calls/" + call, api.anyNode());
    Phone ends = random.nextBoolean() ? caller : phone;
    order(ends, "end", call, Api.body());
    awaitEnd(call);
  }

  private static String signal(String kind, String call) {
    ObjectNode frame = Api.body();
    frame.put("type", "call." + kind);
    frame.put("call_id", call);
    frame.putObject(kind).put("type", kind).put("sdp", "v=0 a=ice-pwd:" + Crowd.CANARY + call);
    return frame.toString();
  }

  private void awaitEnd(String call) {
    caller.await(
        call,
        TO_HEAR,
        event ->
            switch (event.type()) {
              case "call_ended", "call_rejected", "ring_stopped" -> true;
              default -> false;
            });
  }

  private Api.Answer order(Phone phone, String op, String call, ObjectNode body) {
    String key = phone.who().user() + "-" + op + "-" + crowd.number();
    Api.Order order = new Api.Order(op, key, call, body);
    return random(2) == 0 ? phone.order(order, PATIENCE) : api.insist(phone.who(), order, PATIENCE);
  }

  /** Two devices may order at once. */
  private synchronized int random(int bound) {
    return random.nextInt(bound);
  }

  private void pause(int least, int most) {
    Api.pause(least, least + random(most - least + 1));
  }

  /** Everybody's devices. */
  List<Phone> phones() {
    List<Phone> all = new ArrayList<>(callee);
    all.add(caller);
    return all;
  }
}
