package io.carillon.persistence.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.engine.call.CallCommand;
import io.carillon.engine.call.CallMode;
import io.carillon.engine.call.Invitation;
import io.carillon.engine.call.Line;
import io.carillon.engine.identity.RealmId;
import io.carillon.engine.identity.UserId;
import io.carillon.persistence.journal.EventCodec;
import io.carillon.persistence.projection.Rebuild;
import io.carillon.persistence.testdatabase.SampleDatabase;
import io.carillon.persistence.testdatabase.StoredCalls;
import io.carillon.persistence.testdatabase.TestCall;
import io.carillon.persistence.testdatabase.TestDatabase;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditTest {
  private static final Instant MONDAY = SampleDatabase.MONDAY;

  private final TestDatabase database = TestDatabase.fresh();
  private final List<Finding> findings = new ArrayList<>();

  @Test
  void callsThatTheRulesDecidedAreClean() throws Exception {
    SampleDatabase.fill(database, 600);

    AuditReport report = audit(Selection.ALL);

    assertThat(findings).isEmpty();
    assertThat(report.calls()).isEqualTo(600);
    assertThat(report.isClean()).isTrue();
  }

  @Test
  void exportedFileTellsTheSameCallsByteForByte(@TempDir Path directory) throws Exception {
    SampleDatabase.fill(database, 50);
    Path file = directory.resolve("journal.ndjson");
    List<String> stored = new ArrayList<>();
    try (OutputStream out = Files.newOutputStream(file)) {
      new JournalTable(database.dataSource())
          .read(
              Selection.ALL,
              Meter.NONE,
              journal -> {
                stored.add(journal.persistenceId() + text(journal));
                JournalFile.write(journal, out);
              });
    }
    List<String> read = new ArrayList<>();
    new JournalFile(file)
        .read(
            Selection.ALL,
            Meter.NONE,
            journal -> read.add(journal.persistenceId() + text(journal)));

    assertThat(read).isEqualTo(stored).hasSize(50);
    assertThat(
            Audit.file(new JournalFile(file), Selection.ALL, Meter.NONE, findings::add).isClean())
        .isTrue();
  }

  @Test
  void rowThatSaysSomethingElseThanItsJournalIsFound() throws Exception {
    store(answered("a"), answered("b"));
    database.execute(
        "UPDATE call SET answered_at = answered_at + interval '1 s' WHERE call_id = 'b'");

    audit(Selection.ALL);

    assertThat(findings).singleElement().asString().contains("J12", "call|acme|b", "answered_at");
  }

  @Test
  void partyThatIsSaidToHaveMissedAnAnsweredCallIsFound() throws Exception {
    store(answered("a"));
    database.execute("UPDATE call_party SET joined_at = NULL WHERE user_id = 'bob'");

    audit(Selection.ALL);

    assertThat(findings)
        .anySatisfy(f -> assertThat(f.toString()).contains("party bob.joined_at", "nothing"))
        .anySatisfy(f -> assertThat(f.toString()).contains("party bob.state"));
  }

  @Test
  void rowsWithoutJournalAndJournalsWithoutRowAreFound() throws Exception {
    store(answered("a"), answered("b"));
    database.execute("DELETE FROM event_journal WHERE persistence_id = 'call|acme|a'");
    database.execute("DELETE FROM call WHERE call_id = 'b'");

    audit(Selection.ALL);

    assertThat(findings)
        .extracting(Finding::toString)
        .containsExactlyInAnyOrder(
            "J12  call|acme|b  has no row", "J12  call|acme|a  has a row and no journal");
  }

  @Test
  void holeInAJournalIsFound() throws Exception {
    store(answered("a"));
    database.execute("DELETE FROM event_journal WHERE sequence_number = 2");

    audit(Selection.ALL);

    assertThat(findings).anySatisfy(f -> assertThat(f.rule()).isEqualTo("J8"));
  }

  @Test
  void secondEndIsFound() throws Exception {
    store(answered("a"));
    database.execute(
        "INSERT INTO event_journal (persistence_id, sequence_number, writer, write_timestamp,"
            + " adapter_manifest, event_ser_id, event_ser_manifest, event_payload)"
            + " SELECT persistence_id, sequence_number + 1, writer, write_timestamp,"
            + " adapter_manifest, event_ser_id, event_ser_manifest,"
            + " convert_to(replace(convert_from(event_payload, 'UTF8'), '\"seq\":4', '\"seq\":5'),"
            + " 'UTF8') FROM event_journal WHERE sequence_number = 4");

    audit(Selection.ALL);

    assertThat(findings).anySatisfy(f -> assertThat(f.rule()).isEqualTo("J1"));
  }

  @Test
  void callThatGoesOnBeyondItsDeadlineIsFound() throws Exception {
    store(TestCall.placed("acme", "stuck", CallMode.DIRECT, MONDAY, "alice", "bob").ring("bob"));

    audit(Selection.ALL);

    assertThat(findings).singleElement().extracting(Finding::rule).isEqualTo("J9");
  }

  @Test
  void oneDamagedCallDoesNotHideTheOthers() throws Exception {
    store(answered("a"), answered("b"));
    database.execute(
        "UPDATE event_journal SET event_payload = 'nonsense'"
            + " WHERE persistence_id = 'call|acme|a' AND sequence_number = 3");

    AuditReport report = audit(Selection.ALL);

    assertThat(findings).singleElement().extracting(Finding::rule).isEqualTo("I26");
    assertThat(report.calls()).isEqualTo(2);
  }

  @Test
  void writerThatWasReplacedMayNotComeBack() throws Exception {
    store(answered("a"));
    database.execute("UPDATE event_journal SET writer = 'other' WHERE sequence_number = 2");

    audit(Selection.ALL);

    assertThat(findings).singleElement().extracting(Finding::rule).isEqualTo("I6");
  }

  @Test
  void rebuiltRowsAgreeWithTheirJournalsAndAreTheSameEachTime() throws Exception {
    SampleDatabase.fill(database, 300);
    EventCodec codec = new EventCodec();
    Rebuild.run(database.dataSource(), codec::decode);
    List<String> once = rows();
    database.execute("TRUNCATE call, call_party, call_deadline");
    Rebuild.run(database.dataSource(), codec::decode);

    assertThat(rows()).isEqualTo(once).hasSizeGreaterThan(900);
    assertThat(audit(Selection.ALL).isClean()).isTrue();
  }

  @Test
  void userWhoIsCalledAgainIsRebuiltAsInLife() throws Exception {
    TestCall call =
        TestCall.placed("acme", "again", CallMode.CONFERENCE, MONDAY, "alice", "bob", "carol")
            .ring("bob")
            .accept("carol")
            .after(Duration.ofSeconds(3))
            .decline("bob")
            .after(Duration.ofSeconds(5))
            .command(
                new CallCommand.Invite(
                    TestCall.device("alice"),
                    List.of(new Invitation(new UserId("bob"), Line.FREE)),
                    Optional.empty()))
            .after(Duration.ofSeconds(60))
            .hangUp("carol")
            .hangUp("alice")
            .after(Duration.ofMinutes(10))
            .checkDeadlines();
    store(call);
    Rebuild.run(database.dataSource(), new EventCodec()::decode);

    audit(Selection.ALL);

    assertThat(findings).isEmpty();
  }

  private List<String> rows() {
    List<String> rows = new ArrayList<>();
    for (String table : List.of("call", "call_party", "call_deadline")) {
      rows.addAll(database.query("SELECT t::text FROM " + table + " t ORDER BY 1"));
    }
    return rows;
  }

  @Test
  void anotherRealmOrPeriodIsLeftAlone() throws Exception {
    store(answered("a"));
    database.execute("UPDATE call SET near_miss = true");

    Selection other =
        new Selection(
            Optional.of(new RealmId("other")),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    Selection later =
        new Selection(
            Optional.empty(),
            Optional.empty(),
            Optional.of(MONDAY.plus(Duration.ofDays(1))),
            Optional.empty());

    assertThat(audit(other).calls()).isZero();
    assertThat(audit(later).calls()).isZero();
    assertThat(findings).isEmpty();
  }

  private AuditReport audit(Selection selection) throws IOException, SQLException {
    return Audit.database(database.dataSource(), selection, Meter.NONE, findings::add);
  }

  private void store(TestCall... calls) {
    StoredCalls.store(database, List.of(calls));
  }

  private static TestCall answered(String id) {
    return TestCall.placed("acme", id, CallMode.DIRECT, MONDAY, "alice", "bob")
        .after(Duration.ofMillis(300))
        .ring("bob")
        .after(Duration.ofSeconds(4))
        .accept("bob")
        .after(Duration.ofSeconds(60))
        .hangUp("alice");
  }

  private static String text(CallJournal journal) {
    StringBuilder text = new StringBuilder();
    journal
        .entries()
        .forEach(
            e ->
                text.append(e)
                    .append(e.writer())
                    .append(e.writtenAt())
                    .append(new String(e.payload(), StandardCharsets.UTF_8)));
    return text.toString();
  }
}
