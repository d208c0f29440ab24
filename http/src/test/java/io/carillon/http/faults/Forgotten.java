package io.carillon.http.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.http.faults.load.Api;
import io.carillon.http.faults.load.Crowd;
import io.carillon.http.faults.record.Item;
import io.carillon.http.faults.record.Item.Who;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** Somebody who calls, is called, and is erased as an operator does it, while everybody calls. */
final class Forgotten {
  /** It stands in whatever could tell who the user was, and nowhere else. */
  static final String MARK = "canaryErased";

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Pattern SAID = Pattern.compile("(erased-\\S+) in the user's place");
  private static final Who GONE = new Who(Crowd.REALM, MARK + "-dave", MARK + "-phone");
  private static final Who FRIEND = new Who(Crowd.REALM, "probe-erin", "desk");

  private final Stage stage;

  Forgotten(Stage stage) {
    this.stage = stage;
  }

  void run() {
    call(GONE, FRIEND);
    call(FRIEND, GONE);
    List<String> before = history();
    String said = stage.cluster().command("erase", "user", GONE.realm(), GONE.user(), "--yes");
    Matcher matcher = SAID.matcher(said);
    boolean done = matcher.find();
    stage.recorder().add(at -> new Item.Probed(at, "I21", done, "erasing a user said: " + said));
    if (!done) {
      return;
    }
    String pseudonym = matcher.group(1);
    stage.recorder().add(at -> new Item.Erased(at, GONE.realm(), GONE.user(), pseudonym));
    List<String> after = history();
    stage
        .recorder()
        .add(
            at ->
                new Item.Probed(
                    at,
                    "I21",
                    after.equals(before),
                    "the other's history was " + before + " and is " + after));
  }

  private void call(Who caller, Who callee) {
    ObjectNode body = Api.body().put("receiver_id", callee.user()).put("call_type", "audio");
    body.putObject("metadata").put("note", caller.user() + " calls");
    String call = order(caller, "initiate", "", body);
    order(callee, "accept", call, Api.body());
    order(caller, "end", call, Api.body());
    // Rows follow their events in the same transaction: it is over as soon as it was answered.
    Awaitility.await("the end of the call of one who is to be erased")
        .atMost(PATIENCE)
        .until(() -> open(call) == 0);
  }

  private int open(String call) {
    return Integer.parseInt(
        stage
            .cluster()
            .postgres()
            .query(
                "SELECT count(*) FROM call_party WHERE closed_at IS NULL AND call_id = '"
                    + call
                    + "'")
            .getFirst());
  }

  private String order(Who who, String op, String call, ObjectNode body) {
    long number = stage.crowd().number();
    String key = (who.equals(GONE) ? MARK : "friend") + "-" + op + "-" + number;
    return stage.api().insist(who, new Api.Order(op, key, call, body), PATIENCE).call();
  }

  /** What the other party is shown of their calls, but for who the one who is erased was. */
  private List<String> history() {
    List<String> shown = new ArrayList<>();
    JsonNode calls =
        stage
            .api()
            .read(FRIEND, "", "/api/v1/calls/history?limit=50", PATIENCE)
            .body()
            .path("calls");
    for (JsonNode call : calls) {
      List<String> fields = new ArrayList<>();
      for (String field :
          List.of(
              "call_id", "state", "reason", "call_seq", "answered_at", "ended_at", "duration")) {
        fields.add(call.path(field).asText());
      }
      shown.add(String.join(" ", fields));
    }
    return shown;
  }
}
