package io.carillon.http.faults.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A direct call as its journal says, folded by a second, simpler hand than the engine's. Moments in
 * milliseconds of the epoch, 0: none.
 */
final class Folded {
  String state = "";
  String reason = "";
  String caller = "";
  String callerDevice = "";
  String winner = "";
  long createdAt;
  long ringingAt;
  long answeredAt;
  long connectedAt;
  long endedAt;
  long seq;
  final Set<String> parties = new HashSet<>();

  private Folded() {}

  static Folded of(List<JournalRow> rows) {
    Folded call = new Folded();
    rows.forEach(call::apply);
    return call;
  }

  private void apply(JournalRow row) {
    seq = row.seq();
    JsonNode payload = row.payload();
    switch (row.type()) {
      case "initiated" -> {
        state = "calling";
        createdAt = row.atMillis();
        caller = payload.path("facts").path("caller").path("user").asText();
        callerDevice = payload.path("facts").path("caller").path("device").asText();
        parties.add(caller);
        payload.path("invitations").forEach(i -> parties.add(i.path("user").asText()));
      }
      case "ring_started" -> {
        if (state.equals("calling")) {
          state = "ringing";
          ringingAt = row.atMillis();
        }
      }
      case "accepted" -> {
        if (answeredAt == 0) {
          answeredAt = row.atMillis();
          winner = row.by();
        }
        ringingAt = ringingAt == 0 ? row.atMillis() : ringingAt;
        state = "accepted";
      }
      case "connected" -> connectedAt = connectedAt == 0 ? row.atMillis() : connectedAt;
      case "invited" ->
          payload.path("invitations").forEach(i -> parties.add(i.path("user").asText()));
      case "ended" -> {
        reason = payload.path("reason").asText();
        endedAt = row.atMillis();
        state = ending(reason);
      }
      default -> {} // changes nothing that is compared
    }
  }

  boolean isOver() {
    return endedAt != 0;
  }

  private static String ending(String reason) {
    return switch (reason) {
      case "declined", "busy", "unavailable" -> "rejected";
      case "cancelled", "caller_lost" -> "cancelled";
      case "no_answer" -> "missed";
      case "unreachable" -> "timeout";
      default -> "ended";
    };
  }
}
