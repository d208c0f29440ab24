package io.carillon.http.faults.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** I7 and I22: what rows, REST and history say is what the journal says, folded once more. */
final class FoldChecks {
  private FoldChecks() {}

  static List<Violation> check(Evidence evidence) {
    List<Violation> found = new ArrayList<>();
    Map<String, Folded> folded = new HashMap<>();
    evidence.byCall().forEach((call, rows) -> folded.put(call, Folded.of(rows)));
    rows(evidence, folded, found);
    for (Evidence.Read read : evidence.reads()) {
      String invariant = read.from().equals("history") ? "I22" : "I7";
      String id = read.call().path("call_id").asText();
      Folded call = folded.get(id);
      if (call == null) {
        found.add(new Violation(invariant, id + " is shown and has no journal"));
      } else {
        shown(read, call, invariant, found);
      }
    }
    histories(evidence, folded, found);
    return found;
  }

  private static void rows(Evidence evidence, Map<String, Folded> folded, List<Violation> found) {
    Set<String> seen = new HashSet<>();
    for (CallRow row : evidence.calls()) {
      seen.add(row.call());
      Folded call = folded.get(row.call());
      boolean same =
          call != null
              && call.state.equals(row.state())
              && call.reason.equals(row.reason())
              && call.caller.equals(row.caller())
              && call.ringingAt == row.ringingAt()
              && call.answeredAt == row.answeredAt()
              && call.connectedAt == row.connectedAt()
              && call.endedAt == row.endedAt()
              && call.seq == row.seq();
      if (!same) {
        found.add(
            new Violation(
                "I7", row + " is not what its journal says" + (call == null ? ": none" : "")));
      }
    }
    for (String call : folded.keySet()) {
      if (!seen.contains(call)) {
        found.add(new Violation("I7", call + " has a journal and no row"));
      }
    }
  }

  private static void shown(
      Evidence.Read read, Folded call, String invariant, List<Violation> found) {
    JsonNode shown = read.call();
    boolean same =
        shown.path("state").asText().equals(call.state)
            && shown.path("reason").asText("").equals(call.reason)
            && shown.path("call_seq").asLong() == call.seq
            && millis(shown, "answered_at") == call.answeredAt
            && millis(shown, "ended_at") == call.endedAt
            && (!call.isOver()
                || talk(call) == Math.round(shown.path("duration").asDouble() * 1000));
    if (!same) {
      found.add(
          new Violation(
              invariant, "shown to " + read.reader() + " otherwise than stored: " + shown));
    }
    if (shown.path("duration").asDouble() < 0) {
      found.add(new Violation("I23", "a negative duration: " + shown));
    }
  }

  private static long talk(Folded call) {
    return call.answeredAt == 0 ? 0 : call.endedAt - call.answeredAt;
  }

  private static long millis(JsonNode shown, String field) {
    String text = shown.path(field).asText("");
    return text.isEmpty() ? 0 : Instant.parse(text).toEpochMilli();
  }

  /** Each reader whose history was read has every call they were in, each once. */
  private static void histories(
      Evidence evidence, Map<String, Folded> folded, List<Violation> found) {
    Map<String, List<String>> shown = new HashMap<>();
    for (Evidence.Read read : evidence.reads()) {
      if (read.from().equals("history")) {
        shown
            .computeIfAbsent(read.realm() + "|" + read.reader(), _ -> new ArrayList<>())
            .add(read.call().path("call_id").asText());
      }
    }
    Map<String, String> realms = new HashMap<>();
    evidence.journal().forEach(row -> realms.put(row.call(), row.realm()));
    Map<String, Set<String>> expected = new HashMap<>();
    folded.forEach(
        (id, call) -> {
          for (String party : call.parties) {
            expected.computeIfAbsent(realms.get(id) + "|" + party, _ -> new HashSet<>()).add(id);
          }
        });
    shown.forEach(
        (reader, calls) -> {
          Set<String> distinct = new HashSet<>(calls);
          Set<String> due = expected.getOrDefault(reader, Set.of());
          if (distinct.size() != calls.size()) {
            found.add(new Violation("I22", "the history of " + reader + " repeats a call"));
          }
          if (!distinct.equals(due)) {
            found.add(
                new Violation(
                    "I22",
                    "the history of "
                        + reader
                        + " has "
                        + distinct.size()
                        + " calls, the journal "
                        + due.size()));
          }
        });
  }
}
