package io.carillon.http.faults;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.http.faults.load.Api;
import io.carillon.http.faults.load.Crowd;
import io.carillon.http.faults.record.Item.Who;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Calls that nobody answers: half of them are given up soon, the others much later. */
final class Ringers {
  /** How many there are. */
  static final int CALLS = 300;

  /** After this long those that are given up soon are. */
  static final Duration SHORT = Duration.ofSeconds(10);

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Stage stage;
  private final List<String> patient = new ArrayList<>();

  Ringers(Stage stage) {
    this.stage = stage;
  }

  private static Who who(int number) {
    return new Who(Crowd.REALM, "ringer-" + number, "desk");
  }

  /** Places all calls. */
  void ring() {
    List<CompletableFuture<Api.Answer>> placed = new ArrayList<>();
    for (int i = 0; i < CALLS; i++) {
      int number = i;
      placed.add(CompletableFuture.supplyAsync(() -> place(number), stage.crowd().threads()));
    }
    for (int i = 0; i < CALLS; i++) {
      String call = placed.get(i).join().call();
      if (!isShort(i)) {
        patient.add(i + " " + call);
      }
    }
  }

  private static boolean isShort(int number) {
    return number % 2 == 0;
  }

  private Api.Answer place(int number) {
    ObjectNode body = Api.body().put("receiver_id", "rung-" + number).put("call_type", "audio");
    // With the grace of two seconds due while every node is dead.
    long setup = isShort(number) ? SHORT.toMillis() - 3000 : 115_000;
    body.putObject("timeouts").put("setup_timeout_ms", setup);
    return stage.api().insist(who(number), stage.order("initiate", "", body), PATIENCE);
  }

  /** How many should be over and are not. */
  int overdue() {
    return Integer.parseInt(
        stage
            .cluster()
            .postgres()
            .query("SELECT count(*) FROM call_deadline WHERE due_at < now() - interval '1 s'")
            .getFirst());
  }

  /** Whether some node answers. */
  boolean isAnswered() {
    Api api = stage.api();
    return api.get(who(0), "", "/api/v1/calls/history?limit=1", api.anyNode()).isOk();
  }

  /** Takes back those that still ring. */
  void takeBack() {
    List<CompletableFuture<Void>> taken = new ArrayList<>();
    for (String ringing : patient) {
      int space = ringing.indexOf(' ');
      int number = Integer.parseInt(ringing.substring(0, space));
      String call = ringing.substring(space + 1);
      taken.add(
          CompletableFuture.runAsync(
              () ->
                  stage
                      .api()
                      .insist(who(number), stage.order("cancel", call, Api.body()), PATIENCE),
              stage.crowd().threads()));
    }
    taken.forEach(CompletableFuture::join);
  }
}
