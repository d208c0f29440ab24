package io.carillon.http.faults.check;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.carillon.http.faults.record.Item;
import io.carillon.http.faults.record.Item.Outcome;
import io.carillon.http.faults.record.Item.Who;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A small history in which every promise holds: one call that is answered and one that is missed,
 * made by hand. Tests break one thing in it at a time.
 */
final class SoundHistory {
  static final long BEGAN = 1_772_600_000_000L;
  static final Who ALICE = new Who("acme", "alice", "laptop");
  static final Who PHONE = new Who("acme", "bob", "phone");
  static final Who TABLET = new Who("acme", "bob", "tablet");

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Seconds after the beginning at which the second call is placed, rung and given up. */
  private static final long SECOND = 30;

  final List<Item> items = new ArrayList<>();
  final List<JournalRow> journal = new ArrayList<>();
  final List<CallRow> calls = new ArrayList<>();
  final List<Evidence.Read> reads = new ArrayList<>();
  final List<String> logs = new ArrayList<>();
  final List<String> stored = new ArrayList<>();
  int deadlines;
  private long id;

  SoundHistory() {
    open(1, ALICE);
    open(2, PHONE);
    open(3, TABLET);
    answered();
    missed();
    bounded();
    erased();
    for (String call : List.of("c1", "c2")) {
      read("call", call);
      read("history", call);
    }
    logs.add("serving on 10.0.0.1:8080");
  }

  Evidence evidence() {
    List<Item> ordered = new ArrayList<>(items);
    ordered.sort((one, other) -> Long.compare(one.at(), other.at()));
    return new Evidence(ordered, journal, calls, deadlines, reads, logs, stored, BEGAN);
  }

  static JsonNode json(String text) {
    try {
      return JSON.readTree(text.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  static long micros(double second) {
    return (long) (second * 1e6);
  }

  static long millis(double second) {
    return BEGAN + (long) (second * 1e3);
  }

  void open(long socket, Who who) {
    items.add(new Item.Opened(micros(0.1), socket, who, "node-1", false));
  }

  /** A command, its answer a tenth of a second later, and the event it left. */
  void command(double second, String op, String key, Who who, String call, long seq, String state) {
    attempt(second, op, key, who, call, 1, seq, state);
  }

  void attempt(
      double second, String op, String key, Who who, String call, int n, long seq, String state) {
    id++;
    String about = op.equals("initiate") ? "" : call;
    items.add(new Item.Asked(micros(second), id, op, key, who, "node-1", about, n));
    items.add(new Item.Answered(micros(second + 0.1), id, Outcome.OK, 200, "", call, seq, state));
  }

  void refused(double second, String op, String key, Who who, String call, String code) {
    id++;
    items.add(new Item.Asked(micros(second), id, op, key, who, "node-1", call, 1));
    items.add(new Item.Answered(micros(second + 0.1), id, Outcome.REFUSED, 409, code, call, 0, ""));
  }

  /** An event of a device's request; {@code more} is JSON with single quotes, after a comma. */
  JournalRow event(
      double second, String call, long seq, String type, Who by, String key, String more) {
    String actor = "{'kind':'device','user':'%s','device':'%s'}".formatted(by.user(), by.device());
    return row(
        second,
        call,
        seq,
        type,
        actor,
        ",'request':{'user':'%s','key':'%s','fingerprint':'f'}".formatted(by.user(), key) + more);
  }

  JournalRow row(double second, String call, long seq, String type, String actor, String more) {
    return new JournalRow(
        "acme",
        call,
        seq,
        "writer-1",
        type,
        json("{'at':%d,'actor':%s%s}".formatted(millis(second), actor, more)));
  }

  void heard(
      double second, long socket, Who who, String type, String call, long seq, String actor) {
    items.add(new Item.Heard(micros(second), socket, who, type, call, seq, "", "", actor, false));
  }

  private static String placed() {
    return ",'facts':{'caller':{'user':'alice','device':'laptop'},'limits':{'setup_timeout_ms':"
        + "120000,'ring_cap_ms':120000,'ring_grace_ms':2000}},'invitations':[{'user':'bob'}]";
  }

  private static String ring(double until) {
    return ",'by':{'user':'bob','device':'phone'},'deadline':" + millis(until);
  }

  private void answered() {
    String bob = "bob/phone";
    command(10, "initiate", "k1", ALICE, "c1", 1, "calling");
    journal.add(event(10, "c1", 1, "initiated", ALICE, "k1", placed()));
    heard(10.1, 2, PHONE, "call_started", "c1", 1, "alice/laptop");
    heard(10.1, 3, TABLET, "call_started", "c1", 1, "alice/laptop");
    command(11, "acknowledge", "k2", PHONE, "c1", 2, "ringing");
    journal.add(event(11, "c1", 2, "ring_started", PHONE, "k2", ring(41)));
    heard(11.1, 1, ALICE, "participant_ringing", "c1", 2, bob);
    command(12, "accept", "k3", PHONE, "c1", 3, "accepted");
    journal.add(
        event(12, "c1", 3, "accepted", PHONE, "k3", ",'by':{'user':'bob','device':'phone'}"));
    heard(12.1, 1, ALICE, "call_accepted", "c1", 3, bob);
    heard(12.1, 2, PHONE, "call_accepted", "c1", 3, bob);
    heard(12.1, 3, TABLET, "ring_stopped", "c1", 3, bob);
    refused(12.5, "accept", "k4", TABLET, "c1", "answered_elsewhere");
    command(15, "end", "k5", ALICE, "c1", 4, "ended");
    journal.add(event(15, "c1", 4, "ended", ALICE, "k5", ",'reason':'hangup'"));
    heard(15.1, 1, ALICE, "call_ended", "c1", 4, "alice/laptop");
    heard(15.1, 2, PHONE, "call_ended", "c1", 4, "alice/laptop");
    calls.add(
        new CallRow(
            "acme", "c1", "ended", "hangup", "alice", millis(11), millis(12), 0, millis(15), 4));
    id++;
    items.add(new Item.Asked(micros(16), id, "get", "", ALICE, "node-2", "c1", 1));
    items.add(new Item.Answered(micros(16.1), id, Outcome.OK, 200, "", "c1", 4, "ended"));
  }

  private void missed() {
    double over = SECOND + 1 + 3 + 2.05;
    command(SECOND, "initiate", "k6", ALICE, "c2", 1, "calling");
    journal.add(event(SECOND, "c2", 1, "initiated", ALICE, "k6", placed()));
    heard(SECOND + 0.1, 2, PHONE, "call_started", "c2", 1, "alice/laptop");
    heard(SECOND + 0.1, 3, TABLET, "call_started", "c2", 1, "alice/laptop");
    command(SECOND + 1, "acknowledge", "k7", PHONE, "c2", 2, "ringing");
    journal.add(event(SECOND + 1, "c2", 2, "ring_started", PHONE, "k7", ring(SECOND + 4)));
    journal.add(
        row(
            over,
            "c2",
            3,
            "ended",
            "{'kind':'clock','due':" + millis(SECOND + 6) + "}",
            ",'reason':'no_answer'"));
    heard(over + 0.1, 1, ALICE, "call_ended", "c2", 3, "/");
    heard(over + 0.1, 2, PHONE, "call_ended", "c2", 3, "/");
    heard(over + 0.1, 3, TABLET, "call_ended", "c2", 3, "/");
    calls.add(
        new CallRow(
            "acme",
            "c2",
            "missed",
            "no_answer",
            "alice",
            millis(SECOND + 1),
            0,
            0,
            millis(over),
            3));
    items.add(new Item.Fault(micros(60), "", "the end", ""));
  }

  /** A socket nobody reads is closed, and what it cost is given back. */
  private void bounded() {
    Who carol = new Who("acme", "carol", "tv");
    items.add(new Item.Deaf(micros(40), 9, carol, "node-1"));
    items.add(new Item.Shut(micros(50), 9, -1, false));
    heap(39, 50);
    heap(55, 60);
  }

  void heap(double second, long megabytes) {
    items.add(new Item.Heap(micros(second), "F18", "node-1", 4711, megabytes << 20));
  }

  /** Dave called Alice, and was erased afterwards. */
  private void erased() {
    Who dave = new Who("acme", "dave", "phone");
    command(20, "initiate", "k8", dave, "c3", 1, "calling");
    String instead =
        ",'facts':{'caller':{'user':'erased-1','device':'erased-2'},'limits':{'setup_timeout_ms':"
            + "120000,'ring_cap_ms':120000,'ring_grace_ms':2000}},'invitations':[{'user':'erin'}]";
    String actor = "{'kind':'device','user':'erased-1','device':'erased-2'}";
    journal.add(row(20, "c3", 1, "initiated", actor, instead));
    command(21, "cancel", "k9", dave, "c3", 2, "cancelled");
    journal.add(row(21, "c3", 2, "ended", actor, ",'reason':'cancelled'"));
    calls.add(
        new CallRow("acme", "c3", "cancelled", "cancelled", "erased-1", 0, 0, 0, millis(21), 2));
    items.add(new Item.Erased(micros(25), "acme", "dave", "erased-1"));
  }

  private void read(String from, String call) {
    CallRow row = calls.get(call.equals("c1") ? 0 : 1);
    double talk = row.answeredAt() == 0 ? 0 : (row.endedAt() - row.answeredAt()) / 1e3;
    String answered =
        row.answeredAt() == 0
            ? ""
            : ",'answered_at':'" + Instant.ofEpochMilli(row.answeredAt()) + "'";
    reads.add(
        new Evidence.Read(
            "acme",
            "alice",
            from,
            json(
                "{'call_id':'%s','state':'%s','reason':'%s','call_seq':%d,'ended_at':'%s','duration':%s%s}"
                    .formatted(
                        call,
                        row.state(),
                        row.reason(),
                        row.seq(),
                        Instant.ofEpochMilli(row.endedAt()),
                        talk,
                        answered))));
  }
}
