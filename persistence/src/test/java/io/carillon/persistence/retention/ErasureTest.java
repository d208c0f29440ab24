package io.carillon.persistence.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carillon.engine.call.CallMode;
import io.carillon.engine.identity.RealmId;
import io.carillon.engine.identity.UserId;
import io.carillon.engine.identity.UserKey;
import io.carillon.persistence.replay.Audit;
import io.carillon.persistence.replay.Meter;
import io.carillon.persistence.replay.Selection;
import io.carillon.persistence.testdatabase.SampleDatabase;
import io.carillon.persistence.testdatabase.StoredCalls;
import io.carillon.persistence.testdatabase.TestCall;
import io.carillon.persistence.testdatabase.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ErasureTest {
  private static final UserKey USER = new UserKey(new RealmId("acme"), new UserId("user-0002"));

  private final TestDatabase database = TestDatabase.fresh();
  private final Erasure erasure = new Erasure(database.dataSource());

  @Test
  void nothingInTheDatabaseNamesAnErasedUser() throws Exception {
    SampleDatabase.fill(database, 400);
    database.execute("DELETE FROM event_journal WHERE persistence_id LIKE 'call|beta|%'");
    for (String table : List.of("call", "call_party", "call_deadline")) {
      database.execute("DELETE FROM " + table + " WHERE realm = 'beta'");
    }
    database.execute(
        "INSERT INTO directory_user (realm, user_id, name) VALUES ('acme', 'user-0002', 'Ann')");
    database.execute(
        "INSERT INTO user_block (realm, user_id, blocked) VALUES ('acme', 'user-0005', 'user-0002')");
    database.execute(
        "INSERT INTO admin_action (realm, admin, action, detail)"
            + " VALUES ('acme', 'user-0002', 'history', 'user=user-0005'),"
            + " ('acme', 'root', 'watch', 'user user-0002')");
    database.execute(
        "INSERT INTO device_connection VALUES (gen_random_uuid(), 'acme', 'user-0002', 'phone',"
            + " 'web', 'n1:7355', '2026-03-02Z')");
    assertThat(everything()).anyMatch(row -> row.contains("user-0002"));

    Erasure.Report report = erasure.erase(USER, "tester");

    assertThat(report.calls()).isPositive();
    assertThat(everything()).noneMatch(row -> row.contains("user-0002"));
    assertThat(everything()).anyMatch(row -> row.contains(report.pseudonym().value()));
  }

  @Test
  void callsOfTheOthersStayAsTheyWereAndEveryReplayStillAgrees() throws Exception {
    SampleDatabase.fill(database, 400);
    String others =
        "SELECT c::text FROM call c WHERE NOT EXISTS (SELECT FROM call_party p"
            + " WHERE p.realm = c.realm AND p.call_id = c.call_id AND p.user_id LIKE %s) ORDER BY 1";
    List<String> before = database.query(others.formatted("'user-0002'"));
    String times =
        "SELECT call_id, state, created_at, ringing_at, answered_at, ended_at, updated_at, seq"
            + " FROM call ORDER BY 1";
    List<String> moments = database.query(times);

    erasure.erase(USER, "tester");

    assertThat(database.query(times)).isEqualTo(moments);
    assertThat(database.query(others.formatted("'erased-%'")))
        .containsAll(before.stream().filter(row -> row.startsWith("(acme")).toList());
    List<String> findings = new ArrayList<>();
    Audit.database(
        database.dataSource(), Selection.ALL, Meter.NONE, f -> findings.add(f.toString()));
    assertThat(findings).isEmpty();
  }

  @Test
  void userOfTheSameNameInAnotherRealmIsSomebodyElse() throws Exception {
    SampleDatabase.fill(database, 400);
    String beta = "SELECT count(*) FROM call_party WHERE realm = 'beta' AND user_id = 'user-0002'";
    List<String> before = database.query(beta);

    erasure.erase(USER, "tester");

    assertThat(database.query(beta)).isEqualTo(before).doesNotContain("0");
  }

  @Test
  void userInACallIsNotErased() {
    StoredCalls.store(
        database,
        List.of(
            TestCall.placed(
                "acme", "open", CallMode.DIRECT, SampleDatabase.MONDAY, "user-0002", "bob")));

    assertThatThrownBy(() -> erasure.erase(USER, "tester"))
        .isInstanceOf(Erasure.RefusedException.class)
        .hasMessageContaining("in a call");
  }

  @Test
  void legalHoldIsStrongerThanTheWishToBeForgotten() throws Exception {
    SampleDatabase.fill(database, 100);
    new LegalHolds(database.dataSource())
        .place(USER.realm(), LegalHolds.Kind.USER, "user-0002", "case", "tester");

    assertThatThrownBy(() -> erasure.erase(USER, "tester"))
        .isInstanceOf(Erasure.RefusedException.class)
        .hasMessageContaining("legal hold");
  }

  private List<String> everything() {
    List<String> rows = new ArrayList<>();
    rows.addAll(
        database.query(
            "SELECT persistence_id || convert_from(event_payload, 'UTF8') FROM event_journal"));
    for (String table :
        List.of(
            "call",
            "call_party",
            "call_deadline",
            "directory_user",
            "user_block",
            "removal",
            "admin_action",
            "device_connection")) {
      rows.addAll(database.query("SELECT t::text FROM " + table + " t"));
    }
    return rows;
  }
}
