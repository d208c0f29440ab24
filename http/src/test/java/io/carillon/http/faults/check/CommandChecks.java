package io.carillon.http.faults.check;

import io.carillon.http.faults.record.Item;
import io.carillon.http.faults.record.Item.Answered;
import io.carillon.http.faults.record.Item.Asked;
import io.carillon.http.faults.record.Item.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Commands against the journal: I1 (acknowledged is stored), I2 (nothing from nothing), I3 (one
 * key, one effect), I4 (every later accept is refused).
 */
final class CommandChecks {
  private static final Map<String, Set<String>> EVENTS =
      Map.of(
          "initiate", Set.of("initiated", "accepted"),
          "acknowledge", Set.of("ring_started", "ring_withheld"),
          "accept", Set.of("accepted", "late_accepted"),
          "reject", Set.of("ended"),
          "cancel", Set.of("ended"),
          "end", Set.of("ended"),
          "status", Set.of("status_changed", "connected"));

  private final Evidence evidence;
  private final Map<String, List<JournalRow>> byCall;
  private final Map<String, List<JournalRow>> byKey = new HashMap<>();
  private final Map<Long, Asked> asked = new HashMap<>();
  private final Map<String, List<Answered>> answers = new HashMap<>();
  private final Map<String, Asked> commands = new HashMap<>();
  private final Map<String, Integer> attempts = new HashMap<>();
  private final List<Violation> found = new ArrayList<>();

  /** Who was erased, and who stands in each one's place: without the keys of what they asked. */
  private final Map<String, String> erased;

  private CommandChecks(Evidence evidence) {
    this.evidence = evidence;
    this.erased = evidence.erased();
    this.byCall = evidence.byCall();
  }

  static List<Violation> check(Evidence evidence) {
    CommandChecks checks = new CommandChecks(evidence);
    checks.index();
    checks.acknowledged();
    checks.caused();
    checks.once();
    return checks.found;
  }

  private static String key(String realm, String user, String key) {
    return realm + "|" + user + "|" + key;
  }

  private static String key(Asked command) {
    return key(command.who().realm(), command.who().user(), command.key());
  }

  private void index() {
    for (JournalRow row : evidence.journal()) {
      if (!row.key().isEmpty()) {
        byKey
            .computeIfAbsent(key(row.realm(), row.requester(), row.key()), _ -> new ArrayList<>())
            .add(row);
      }
    }
    for (Item item : evidence.items()) {
      if (item instanceof Asked command && !command.key().isEmpty()) {
        asked.put(command.id(), command);
        commands.put(key(command), command);
        attempts.merge(key(command), 1, Integer::sum);
      } else if (item instanceof Answered answer && asked.containsKey(answer.id())) {
        answers.computeIfAbsent(key(command(answer)), _ -> new ArrayList<>()).add(answer);
      }
    }
  }

  private Asked command(Answered answer) {
    Asked command = asked.get(answer.id());
    if (command == null) {
      throw new IllegalStateException("an answer to nothing: " + answer);
    }
    return command;
  }

  /** I1. */
  private void acknowledged() {
    for (List<Answered> of : answers.values()) {
      for (Answered answer : of) {
        if (answer.outcome() == Outcome.OK && !answer.call().isEmpty()) {
          acknowledged(command(answer), answer);
        }
      }
    }
  }

  private void acknowledged(Asked command, Answered answer) {
    List<JournalRow> rows = byCall.getOrDefault(answer.call(), List.of());
    if (rows.isEmpty() || rows.getLast().seq() < answer.seq()) {
      found.add(
          new Violation(
              "I1",
              command.op()
                  + " of "
                  + command.key()
                  + " was acknowledged as "
                  + answer.call()
                  + ":"
                  + answer.seq()
                  + ", the journal ends at "
                  + (rows.isEmpty() ? "nothing" : rows.getLast())));
      return;
    }
    String asker = command.who().user();
    String user = erased.getOrDefault(command.who().realm() + "|" + asker, asker);
    boolean stored =
        rows.stream()
            .filter(row -> row.seq() <= answer.seq())
            .anyMatch(
                row ->
                    switch (command.op()) {
                      case "initiate" -> row.type().equals("initiated");
                      case "accept" ->
                          row.type().equals("accepted") && row.by().startsWith(user + "/");
                      case "reject", "cancel", "end" -> row.type().equals("ended");
                      default -> true;
                    });
    if (!stored) {
      found.add(
          new Violation("I1", command.op() + " of " + command.key() + " left no event behind"));
    }
  }

  /** I2. */
  private void caused() {
    for (JournalRow row : evidence.journal()) {
      String actor = row.actor();
      if (actor.equals("clock")) {
        if (row.payload().path("actor").path("due").asLong() > row.atMillis()) {
          found.add(new Violation("I2", row + " by a timer that was not due"));
        }
      } else if (actor.equals("engine")) {
        if (!row.type().startsWith("connection_") && !row.type().equals("ended")) {
          found.add(new Violation("I2", row + " by the engine itself"));
        }
      } else {
        caused(row);
      }
    }
    byKey.forEach(
        (key, rows) -> {
          boolean refused =
              answers.containsKey(key)
                  && answers.getOrDefault(key, List.of()).size() == attempts.getOrDefault(key, 0)
                  && answers.getOrDefault(key, List.of()).stream()
                      .allMatch(answer -> answer.outcome() == Outcome.REFUSED);
          if (refused && rows.stream().anyMatch(row -> !row.type().equals("late_accepted"))) {
            found.add(new Violation("I2", rows.getFirst() + " by a command that was refused"));
          }
        });
  }

  private void caused(JournalRow row) {
    if (row.key().isEmpty()
        && erased.containsValue(row.payload().path("actor").path("user").asText())) {
      return;
    }
    if (row.type().equals("late_accepted") && row.key().isEmpty()) {
      acceptedTooLate(row);
      return;
    }
    Asked command = commands.get(key(row.realm(), row.requester(), row.key()));
    if (command == null) {
      found.add(new Violation("I2", row + " by a command nobody sent: " + row.key()));
    } else if (!EVENTS.getOrDefault(command.op(), Set.of()).contains(row.type())) {
      found.add(new Violation("I2", row + " by " + command.op()));
    }
  }

  /**
   * That somebody came too late is written down without the key of the request, which was refused.
   */
  private void acceptedTooLate(JournalRow row) {
    boolean asked =
        commands.values().stream()
            .anyMatch(
                command ->
                    command.op().equals("accept")
                        && command.call().equals(row.call())
                        && row.by().equals(command.who().user() + "/" + command.who().device()));
    if (!asked) {
      found.add(new Violation("I2", row + " by " + row.by() + ", who did not accept"));
    }
  }

  /** I3. */
  private void once() {
    byKey.forEach(
        (key, rows) -> {
          if (rows.size() > 1) {
            found.add(new Violation("I3", rows + " by one key " + key));
          }
        });
    answers.forEach(
        (key, of) -> {
          List<Answered> ok = of.stream().filter(a -> a.outcome() == Outcome.OK).toList();
          boolean stored = byKey.containsKey(key);
          for (Answered answer : ok) {
            Answered first = ok.getFirst();
            boolean same =
                answer.call().equals(first.call()) && (!stored || answer.seq() == first.seq());
            if (!same) {
              found.add(new Violation("I3", key + " got " + first + " and then " + answer));
            }
          }
          // Who is told to come back later may be heard then.
          boolean both =
              !ok.isEmpty()
                  && of.stream()
                      .anyMatch(
                          a -> a.outcome() == Outcome.REFUSED && !a.code().equals("rate_limited"));
          if (both && stored) {
            found.add(new Violation("I3", key + " was carried out and refused: " + of));
          }
        });
  }
}
