package io.carillon.persistence.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.RealmId;
import io.carillon.engine.identity.UserId;
import io.carillon.engine.identity.UserKey;
import io.carillon.persistence.database.Database;
import io.carillon.persistence.testdatabase.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConnectionLogTest {
  private static final Instant AT = Instant.parse("2026-03-02T09:00:00Z");
  private static final RealmId ACME = new RealmId("acme");
  private static final UserKey BOB = new UserKey(ACME, new UserId("bob"));
  private static final String NODE = "10.0.0.1:7355";

  private final TestDatabase database = TestDatabase.fresh();
  private final Database pool = database.open();

  @AfterEach
  void close() {
    pool.close();
  }

  @Test
  void socketsAreWrittenDownFromOpeningToClosing() {
    DeviceConnection phone = opened("phone", AT);
    try (ConnectionLog log = ConnectionLog.start(pool, NODE)) {
      log.opened(phone);
      log.opened(opened("tablet", AT.plusSeconds(1)));
      log.closed(phone.id(), AT.plusSeconds(5), "slow_consumer");
    }

    assertThat(open()).extracting(c -> c.device().value()).containsExactly("tablet");
    assertThat(around(AT, AT.plusSeconds(60)))
        .extracting(c -> c.device() + " " + c.closeReason().orElse("open") + " on " + c.node())
        .containsExactly("phone slow_consumer on " + NODE, "tablet open on " + NODE);
    assertThat(around(AT.plusSeconds(30), AT.plusSeconds(60)))
        .as("the last connection of a device that was not there any more, too")
        .extracting(c -> c.device().value())
        .containsExactly("phone", "tablet");
    assertThat(around(AT.minusSeconds(60), AT.minusSeconds(1))).isEmpty();
  }

  @Test
  void whatAKilledNodeLeftOpenEndsWhenItWasHeardOfLast() {
    try (ConnectionLog killed = ConnectionLog.start(pool, NODE)) {
      killed.opened(opened("phone", AT));
    }
    Instant silentSince = AT.plusSeconds(40);
    database.execute("UPDATE connection_node SET last_seen = '" + silentSince + "'");

    assertThat(open()).isEmpty();
    assertThat(around(AT, AT.plusSeconds(60)).getFirst().closedAt()).contains(silentSince);

    try (ConnectionLog other = ConnectionLog.start(pool, "10.0.0.2:7355")) {
      other.opened(opened("tablet", AT.plusSeconds(90)));
    }
    assertThat(
            database.query(
                "SELECT close_reason, closed_at = '"
                    + silentSince
                    + "' FROM device_connection WHERE device_id = 'phone'"))
        .containsExactly("node_lost|t");
    assertThat(open()).extracting(c -> c.device().value()).containsExactly("tablet");
  }

  @Test
  void pagesOfOpenConnectionsNeitherRepeatNorSkip() throws SQLException {
    try (ConnectionLog log = ConnectionLog.start(pool, NODE)) {
      for (int i = 0; i < 7; i++) {
        log.opened(opened("d" + i, AT.plusSeconds(i)));
      }
    }
    try (Connection connection = database.dataSource().getConnection()) {
      List<DeviceConnection> first =
          Connections.open(connection, ACME, Optional.of(BOB.user()), Optional.empty(), 4);
      List<DeviceConnection> rest =
          Connections.open(connection, ACME, Optional.empty(), Optional.of(first.getLast()), 4);
      assertThat(first).extracting(c -> c.device().value()).containsExactly("d0", "d1", "d2", "d3");
      assertThat(rest).extracting(c -> c.device().value()).containsExactly("d4", "d5", "d6");
    }
  }

  private static DeviceConnection opened(String device, Instant at) {
    return new DeviceConnection(
        UUID.randomUUID(),
        BOB,
        new DeviceId(device),
        "web",
        at.isAfter(AT.plusSeconds(60)) ? "10.0.0.2:7355" : NODE,
        at,
        Optional.empty(),
        Optional.empty());
  }

  private List<DeviceConnection> open() {
    try (Connection connection = database.dataSource().getConnection()) {
      return Connections.open(connection, ACME, Optional.empty(), Optional.empty(), 10);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<DeviceConnection> around(Instant from, Instant to) {
    try (Connection connection = database.dataSource().getConnection()) {
      return Connections.around(connection, ACME, List.of(BOB.user()), from, to);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
