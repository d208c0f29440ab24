package io.carillon.http.faults.check;

import static io.carillon.http.faults.check.SoundHistory.ALICE;
import static io.carillon.http.faults.check.SoundHistory.PHONE;
import static io.carillon.http.faults.check.SoundHistory.TABLET;
import static io.carillon.http.faults.check.SoundHistory.micros;
import static io.carillon.http.faults.check.SoundHistory.millis;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.http.faults.record.Item;
import io.carillon.http.faults.record.Item.Heard;
import io.carillon.http.faults.record.Item.Outcome;
import io.carillon.http.faults.record.Item.Who;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who watches the checkers: each finds what was broken in a history that is otherwise sound. */
class ChecksTest {
  /** One way to break a promise. */
  record Break(String invariant, String how, Consumer<SoundHistory> doing) {
    @Override
    public String toString() {
      return invariant + ": " + how;
    }
  }

  private static Break when(String invariant, String how, Consumer<SoundHistory> doing) {
    return new Break(invariant, how, doing);
  }

  static Stream<Break> breaks() {
    return Stream.of(
        when("I1", "an acknowledged event is missing", h -> h.journal.remove(3)),
        when(
            "I1",
            "an accept was acknowledged and another user's stands in the journal",
            h -> replace(h, "c1", 3, r -> h.event(12, "c1", 3, "accepted", ALICE, "k3", ""))),
        when(
            "I2",
            "an event nobody asked for",
            h -> replace(h, "c1", 2, r -> h.event(11, "c1", 2, "ring_started", PHONE, "x", ""))),
        when(
            "I2",
            "a timer fires before it is due",
            h ->
                replace(
                    h,
                    "c2",
                    3,
                    r ->
                        h.row(
                            36.05,
                            "c2",
                            3,
                            "ended",
                            "{'kind':'clock','due':" + millis(40) + "}",
                            ",'reason':'no_answer'"))),
        when(
            "I2",
            "a refused command left an event",
            h -> replace(h, "c1", 3, r -> h.event(12, "c1", 3, "accepted", TABLET, "k4", ""))),
        when(
            "I2",
            "somebody was too late who never came",
            h ->
                h.journal.add(
                    h.row(
                        40,
                        "c2",
                        4,
                        "late_accepted",
                        "{'kind':'device','user':'bob','device':'tablet'}",
                        ""))),
        when(
            "I2",
            "a device hears of what is not stored",
            h -> h.heard(17, 1, ALICE, "call_ended", "c1", 9, "/")),
        when(
            "I3",
            "one key had two effects",
            h -> h.journal.add(3, h.event(12, "c1", 3, "status_changed", PHONE, "k3", ""))),
        when(
            "I3",
            "a retry of a placed call places another one",
            h -> h.attempt(10.5, "initiate", "k1", ALICE, "c2", 2, 1, "calling")),
        when(
            "I3",
            "a retry gets another result",
            h -> h.attempt(16, "accept", "k3", PHONE, "c1", 2, 4, "ended")),
        when(
            "I3",
            "a command is carried out and refused",
            h -> h.refused(10.5, "initiate", "k1", ALICE, "", "busy")),
        when(
            "I4",
            "two devices accept",
            h -> h.journal.add(3, h.event(12, "c1", 4, "accepted", TABLET, "k4", ""))),
        when(
            "I4",
            "a device hears of another winner",
            h -> hear(h, "call_accepted", 1, e -> with(e, e.seq(), "bob/tablet"))),
        when(
            "I5",
            "an event after the end",
            h -> h.journal.add(4, h.event(16, "c1", 5, "accepted", PHONE, "k3", ""))),
        when("I6", "a gap", h -> h.journal.remove(1)),
        when(
            "I6",
            "a writer returns that was replaced",
            h ->
                replace(
                    h,
                    "c1",
                    2,
                    r ->
                        new JournalRow(
                            r.realm(), r.call(), r.seq(), "writer-2", r.type(), r.payload()))),
        when(
            "I7",
            "a row says what the journal does not",
            h ->
                h.calls.set(
                    1,
                    new CallRow(
                        "acme",
                        "c2",
                        "ended",
                        "hangup",
                        "alice",
                        millis(31),
                        0,
                        0,
                        millis(36),
                        3))),
        when("I7", "a journal without a row", h -> h.calls.remove(1)),
        when(
            "I7",
            "REST shows another state",
            h -> ((ObjectNode) h.reads.getFirst().call()).put("state", "accepted")),
        when(
            "I8",
            "a ring ends too early",
            h -> replace(h, "c2", 3, r -> end(h, 34, "no_answer", 33))),
        when(
            "I8",
            "a ring outlives its deadline",
            h -> replace(h, "c2", 3, r -> end(h, 39, "no_answer", 36))),
        when(
            "I9",
            "an accept after the deadline",
            h -> replace(h, "c1", 3, r -> h.event(44, "c1", 3, "accepted", PHONE, "k3", ""))),
        when(
            "I10",
            "an event comes twice on one socket",
            h -> h.heard(12.2, 1, ALICE, "call_accepted", "c1", 3, "bob/phone")),
        when(
            "I10",
            "a call rings that is over",
            h -> {
              h.open(4, TABLET);
              h.heard(50, 4, TABLET, "call_started", "c1", 1, "alice/laptop");
            }),
        when("I11", "a ring is not told", h -> unhear(h, "call_started", 3)),
        when("I11", "an accept is not told", h -> unhear(h, "call_accepted", 1)),
        when("I11", "an end is not told", h -> unhear(h, "call_ended", 2)),
        when(
            "I12",
            "a read is older than what was acknowledged",
            h -> {
              h.items.add(new Item.Asked(micros(17), 99, "get", "", ALICE, "node-2", "c1", 1));
              h.items.add(
                  new Item.Answered(micros(17.1), 99, Outcome.OK, 200, "", "c1", 3, "accepted"));
            }),
        when(
            "I13",
            "somebody else hears of a call",
            h -> {
              Who carol = new Who("acme", "carol", "phone");
              h.open(5, carol);
              h.heard(12.2, 5, carol, "call_accepted", "c1", 3, "bob/phone");
            }),
        when(
            "I13",
            "a namesake of another realm hears of a call",
            h -> {
              Who twin = new Who("twin", "bob", "phone");
              h.open(5, twin);
              h.heard(12.2, 5, twin, "call_accepted", "c1", 3, "bob/phone");
            }),
        when(
            "I14",
            "a probe finds another realm's call",
            h -> h.items.add(new Item.Probed(micros(50), "I14", false, "found"))),
        when(
            "I17",
            "a socket that nobody reads stays open",
            h -> {
              h.items.removeIf(item -> item instanceof Item.Shut);
              h.items.add(new Item.Fault(micros(95), "", "the end", ""));
            }),
        when(
            "I17",
            "a socket that nobody reads is closed late",
            h ->
                h.items.replaceAll(
                    item ->
                        item instanceof Item.Shut s
                            ? new Item.Shut(micros(95), s.socket(), s.code(), s.meant())
                            : item)),
        when("I17", "memory is not given back", h -> h.heap(58, 150)),
        when("I18", "an answer is 500", h -> h.items.add(answer(50, 1, 500, "internal_error"))),
        when(
            "I18",
            "a request hangs",
            h -> {
              h.items.add(new Item.Asked(micros(17), 99, "end", "k9", ALICE, "node-2", "c1", 1));
              h.items.add(answer(27, 99, 0, "broken"));
            }),
        when("I21", "an erased user in a table", h -> h.stored.add("directory_user: acme dave")),
        when("I21", "an erased user in a log", h -> h.logs.add("dave was here")),
        when(
            "I21",
            "an erased user in what REST shows",
            h -> ((ObjectNode) h.reads.getFirst().call()).put("receiver_name", "dave")),
        when(
            "I2",
            "an event of nobody, though of an erased user's call",
            h -> h.journal.add(4, h.event(20.5, "c3", 2, "ring_started", PHONE, "x", ""))),
        when("I22", "a history lacks a call", h -> h.reads.removeLast()),
        when("I22", "a history repeats a call", h -> h.reads.add(h.reads.getLast())),
        when(
            "I23",
            "time goes backwards",
            h ->
                replace(
                    h,
                    "c1",
                    4,
                    r -> h.event(11.5, "c1", 4, "ended", ALICE, "k5", ",'reason':'hangup'"))),
        when(
            "I24",
            "a call is left over",
            h ->
                h.calls.set(
                    1, new CallRow("acme", "c2", "ringing", "", "alice", millis(31), 0, 0, 0, 2))),
        when("I24", "a deadline is left over", h -> h.deadlines = 1),
        when("I25", "a description of a session in a log", h -> h.logs.add("a=ice-pwd:x")),
        when("I25", "a token in a log", h -> h.logs.add("Authorization: Bearer eyJhbGciOiJI")));
  }

  private static Item answer(double second, long id, int status, String code) {
    return new Item.Answered(micros(second), id, Outcome.UNKNOWN, status, code, "", 0, "");
  }

  private static JournalRow end(SoundHistory h, double second, String reason, double due) {
    return h.row(
        second,
        "c2",
        3,
        "ended",
        "{'kind':'clock','due':" + millis(due) + "}",
        ",'reason':'" + reason + "'");
  }

  private static void replace(
      SoundHistory history, String call, long seq, UnaryOperator<JournalRow> change) {
    history.journal.replaceAll(
        row -> row.call().equals(call) && row.seq() == seq ? change.apply(row) : row);
  }

  private static void hear(
      SoundHistory history, String type, long socket, UnaryOperator<Heard> change) {
    history.items.replaceAll(
        item ->
            item instanceof Heard h && h.type().equals(type) && h.socket() == socket
                ? change.apply(h)
                : item);
  }

  private static Heard with(Heard e, long seq, String actor) {
    return new Heard(
        e.at(), e.socket(), e.who(), e.type(), e.call(), seq, e.state(), e.reason(), actor, false);
  }

  private static void unhear(SoundHistory history, String type, long socket) {
    history.items.removeIf(
        item -> item instanceof Heard h && h.type().equals(type) && h.socket() == socket);
  }

  @Test
  void nothingIsFoundInSoundHistory() {
    assertThat(Checks.run(new SoundHistory().evidence())).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("breaks")
  void whatIsBrokenIsFound(Break broken) {
    SoundHistory history = new SoundHistory();
    broken.doing().accept(history);
    assertThat(Checks.run(history.evidence()))
        .as(broken.how())
        .extracting(Violation::invariant)
        .contains(broken.invariant());
  }

  @Test
  void eachJudgedInvariantHasHistoryThatBreaksIt() {
    Set<String> broken = new TreeSet<>(breaks().map(Break::invariant).toList());
    assertThat(broken).containsAll(Checks.INVARIANTS);
  }

  @Test
  void commandThatCameTooSoonMayBeCarriedOutWhenItIsSentAgain() {
    SoundHistory history = new SoundHistory();
    history.refused(9.5, "initiate", "k1", ALICE, "", "rate_limited");
    assertThat(Checks.run(history.evidence())).isEmpty();
  }

  @Test
  void ringThatFaultDelayedIsAllowedToEndLater() {
    SoundHistory history = new SoundHistory();
    history.journal.replaceAll(
        row -> row.call().equals("c2") && row.seq() == 3 ? end(history, 39, "no_answer", 36) : row);
    history.calls.set(
        1,
        new CallRow("acme", "c2", "missed", "no_answer", "alice", millis(31), 0, 0, millis(39), 3));
    history.reads.clear();
    history.items.add(new Item.Fault(micros(34), "F1", "start", ""));
    history.items.add(new Item.Fault(micros(38), "F1", "stop", ""));
    history.items.removeIf(
        item -> item instanceof Heard h && h.call().equals("c2") && h.seq() == 3);
    history.heard(39.1, 1, ALICE, "call_ended", "c2", 3, "/");
    history.heard(39.1, 2, PHONE, "call_ended", "c2", 3, "/");
    history.heard(39.1, 3, TABLET, "call_ended", "c2", 3, "/");
    assertThat(Checks.run(history.evidence())).isEmpty();
  }

  @Test
  void ringThatLostPacketsKeptBackIsHeldAgainstNobodyButOtherNodes() {
    for (String node : List.of("node-1", "node-2")) {
      SoundHistory history = new SoundHistory();
      history.items.add(new Item.Fault(micros(34), "F10", "lose 30 %", node));
      history.open(4, TABLET);
      history.heard(50, 4, TABLET, "call_started", "c1", 1, "alice/laptop");
      assertThat(Checks.run(history.evidence()))
          .as("packets of %s are lost, the socket is at node-1", node)
          .matches(
              found ->
                  node.equals("node-1")
                      == found.stream().noneMatch(v -> v.invariant().equals("I10")));
    }
  }

  @Test
  void ringThatWasOverWhenTheDeviceCouldBeReachedAgainIsMissedOnlyInAFault() {
    for (String fault : List.of("start", "steady")) {
      SoundHistory history = new SoundHistory();
      history.items.add(new Item.Fault(micros(9.5), "F6", fault, ""));
      unhear(history, "call_started", 3);
      history.items.replaceAll(
          item -> item instanceof Heard h && h.socket() == 3 ? caughtUpWith(h) : item);
      assertThat(Checks.run(history.evidence()))
          .as(fault)
          .matches(
              found ->
                  fault.equals("start")
                      == found.stream().noneMatch(v -> v.invariant().equals("I11")));
    }
  }

  private static Heard caughtUpWith(Heard h) {
    return new Heard(
        h.at(),
        h.socket(),
        h.who(),
        h.type(),
        h.call(),
        h.seq(),
        h.state(),
        h.reason(),
        h.actor(),
        true);
  }
}
