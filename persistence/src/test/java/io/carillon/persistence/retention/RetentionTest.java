package io.carillon.persistence.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carillon.engine.identity.RealmId;
import io.carillon.persistence.replay.Audit;
import io.carillon.persistence.replay.Meter;
import io.carillon.persistence.replay.Selection;
import io.carillon.persistence.testdatabase.SampleDatabase;
import io.carillon.persistence.testdatabase.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RetentionTest {
  private static final Instant THURSDAY = SampleDatabase.MONDAY.plus(Duration.ofDays(3));
  private static final String OLD = "SELECT count(*) FROM call WHERE ended_at < '2026-03-05Z'";

  private final TestDatabase database = TestDatabase.fresh();
  private final Retention retention = new Retention(database.dataSource());
  private final LegalHolds holds = new LegalHolds(database.dataSource());

  @BeforeEach
  void fill() throws SQLException {
    SampleDatabase.fill(database, 1200);
  }

  @Test
  void oldCallsGoWholeAndTheRestStaysAsItWas() throws Exception {
    long old = retention.count(Optional.empty(), THURSDAY);

    Retention.Report report = retention.run(Optional.empty(), THURSDAY, "tester", Meter.NONE);

    assertThat(report.calls()).isEqualTo(old).isGreaterThan(500);
    assertThat(database.query(OLD)).containsExactly("0");
    assertThat(
            Audit.database(database.dataSource(), Selection.ALL, Meter.NONE, finding -> {})
                .isClean())
        .isTrue();
    assertThat(database.query("SELECT count(DISTINCT persistence_id) FROM event_journal"))
        .isEqualTo(database.query("SELECT count(*) FROM call"));
    assertThat(
            database.query(
                "SELECT count(*) FROM call_party p LEFT JOIN call c USING (realm, call_id)"
                    + " WHERE c.realm IS NULL"))
        .containsExactly("0");
  }

  @Test
  void whatWasRemovedIsRecorded() throws Exception {
    Retention.Report report = retention.run(Optional.empty(), THURSDAY, "tester", Meter.NONE);

    assertThat(Removals.latest(database.dataSource(), 10))
        .hasSize(2)
        .allSatisfy(
            removal -> {
              assertThat(removal.by()).isEqualTo("tester");
              assertThat(removal.newest().orElseThrow()).isBefore(THURSDAY);
            });
    assertThat(database.query("SELECT sum(calls), sum(events) FROM removal"))
        .containsExactly(report.calls() + "|" + report.events());
  }

  @Test
  void legalHoldOnACallItsUserOrItsRealmIsStronger() throws Exception {
    String[] call =
        database
            .query("SELECT call_id, caller FROM call WHERE realm = 'acme' LIMIT 1")
            .getFirst()
            .split("\\|", -1);
    RealmId acme = new RealmId("acme");
    holds.place(acme, LegalHolds.Kind.CALL, call[0], "case 1", "tester");
    holds.place(acme, LegalHolds.Kind.USER, "user-0003", "case 2", "tester");
    holds.place(new RealmId("beta"), LegalHolds.Kind.REALM, "beta", "case 3", "tester");
    String held =
        "SELECT count(*) FROM call c WHERE realm = 'beta' OR call_id = '"
            + call[0]
            + "' OR EXISTS (SELECT FROM call_party p WHERE p.realm = c.realm"
            + " AND p.call_id = c.call_id AND p.user_id = 'user-0003')";
    var before = database.query(held);

    retention.run(Optional.empty(), THURSDAY, "tester", Meter.NONE);

    assertThat(database.query(held)).isEqualTo(before).doesNotContain("0");
    assertThat(holds.release(acme, LegalHolds.Kind.USER, "user-0003")).isTrue();
    assertThat(retention.count(Optional.of(acme), THURSDAY)).isPositive();
  }

  @Test
  void callThatEndedTodayIsNotOld() {
    assertThatThrownBy(() -> retention.run(Optional.empty(), Instant.now(), "tester", Meter.NONE))
        .hasMessageContaining("24 hours");
  }

  @Test
  void connectionsGoByTheirOwnClockAndHoldsKeepThem() throws Exception {
    database.execute(
        "INSERT INTO device_connection SELECT gen_random_uuid(), 'acme', user_id, 'phone', 'web',"
            + " 'n1:7355', '2026-01-01Z', closed FROM (VALUES ('kept', '2026-01-02Z'::timestamptz),"
            + " ('open', NULL), ('gone', '2026-01-02Z')) u(user_id, closed)");
    holds.place(new RealmId("acme"), LegalHolds.Kind.USER, "kept", "case", "tester");

    assertThat(retention.forgetConnections(Optional.empty(), THURSDAY, "tester")).isEqualTo(1);
    assertThat(database.query("SELECT user_id FROM device_connection ORDER BY 1"))
        .containsExactly("kept", "open");
    assertThat(Removals.latest(database.dataSource(), 1).getFirst().connections()).isEqualTo(1);
  }
}
