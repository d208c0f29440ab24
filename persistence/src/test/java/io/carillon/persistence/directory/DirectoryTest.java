package io.carillon.persistence.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.engine.identity.DeviceId;
import io.carillon.engine.identity.RealmId;
import io.carillon.engine.identity.UserId;
import io.carillon.engine.identity.UserKey;
import io.carillon.persistence.database.Database;
import io.carillon.persistence.testdatabase.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DirectoryTest {
  private static final RealmId ACME = new RealmId("acme");
  private static final UserKey ALICE = new UserKey(ACME, new UserId("alice"));
  private static final DirectorySettings SETTINGS =
      new DirectorySettings(1000, Duration.ofSeconds(30));

  private TestDatabase testDatabase;
  private Database database;
  private Directory directory;

  @BeforeEach
  void open() {
    testDatabase = TestDatabase.fresh();
    database = testDatabase.open();
    directory = new Directory(database, SETTINGS);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void aUserIsKnownByTheFirstUseAndKeepsTheNameAnApplicationGave() {
    assertThat(await(directory.find(ALICE))).isEmpty();
    assertThat(await(directory.nameOf(ALICE))).isEqualTo("alice");
    assertThat(await(directory.seen(ALICE, Optional.of("Alice"))).name()).isEqualTo("Alice");
    assertThat(await(directory.nameOf(ALICE))).isEqualTo("Alice");
    await(directory.put(user("Alice Arden", false)));
    assertThat(await(directory.seen(ALICE, Optional.of("Alice"))).name()).isEqualTo("Alice Arden");
    assertThat(await(new Directory(database, SETTINGS).nameOf(ALICE))).isEqualTo("Alice Arden");
  }

  @Test
  void aUserAtHandIsToldWithoutWaiting() {
    await(directory.put(user("Alice", false)));
    assertThat(directory.nameOf(ALICE).toCompletableFuture()).isCompletedWithValue("Alice");
  }

  @Test
  void severalNamesAreToldAtOnceKnownOrNot() {
    await(directory.put(user("Alice", false)));
    Map<UserId, String> names =
        await(directory.namesOf(ACME, Set.of(ALICE.user(), new UserId("zoe"))));
    assertThat(names)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(ALICE.user(), "Alice", new UserId("zoe"), "zoe"));
  }

  @Test
  void usersOfTwoRealmsAreStrangers() {
    await(directory.put(user("Alice", false)));
    UserKey other = new UserKey(new RealmId("other"), ALICE.user());
    assertThat(await(directory.find(other))).isEmpty();
  }

  @Test
  void aKeyIsGoodForItsOwnerUntilItIsRevoked() {
    ApiKeys keys = new ApiKeys(database);
    await(directory.put(user("Alice", false)));
    ApiKeys.NewKey key = await(keys.create(ALICE, false, "laptop"));
    Optional<ApiKeys.Owner> owner = Optional.of(new ApiKeys.Owner(ALICE, false));
    assertThat(await(keys.verify("alice", key.text()))).isEqualTo(owner);
    assertThat(await(keys.verify("Alice@Example.org", key.text()))).isEqualTo(owner);
    assertThat(await(keys.verify("bob", key.text()))).isEmpty();
    assertThat(await(keys.verify("alice", key.text() + "x"))).isEmpty();
    assertThat(await(keys.verify("alice", "ck_none_none"))).isEmpty();
    assertThat(await(keys.verify("alice", "anything"))).isEmpty();
    assertThat(await(keys.list(ALICE))).extracting(ApiKeys.Listed::label).containsExactly("laptop");
    assertThat(await(keys.revoke(new RealmId("other"), key.id()))).isFalse();
    assertThat(await(keys.revoke(ACME, key.id()))).isTrue();
    assertThat(await(keys.verify("alice", key.text()))).isEmpty();
  }

  @Test
  void aDisabledUsersKeyIsGoodForNothing() {
    ApiKeys keys = new ApiKeys(database);
    ApiKeys.NewKey key = await(keys.create(ALICE, true, "crm"));
    assertThat(await(keys.verify("alice", key.text())).map(ApiKeys.Owner::service)).contains(true);
    await(directory.put(user("Alice", true)));
    assertThat(await(keys.verify("alice", key.text()))).isEmpty();
  }

  @Test
  void noSecretIsInTheDatabase() {
    ApiKeys.NewKey key = await(new ApiKeys(database).create(ALICE, false, "laptop"));
    String ticket = await(new Tickets(database).issue(ALICE, Optional.empty(), ""));
    String secret = key.text().substring(key.text().lastIndexOf('_') + 1);
    List<String> rows = new ArrayList<>(testDatabase.query("SELECT api_key::text FROM api_key"));
    rows.addAll(testDatabase.query("SELECT ticket::text FROM ticket"));
    assertThat(rows).hasSize(2).noneMatch(row -> row.contains(secret) || row.contains(ticket));
  }

  @Test
  void aTicketIsGoodOnceForOneOfManyWhoShowItAtATime() {
    Tickets tickets = new Tickets(database);
    String text =
        await(tickets.issue(ALICE, Optional.of(new DeviceId("web-1")), "{\"roles\":[\"user\"]}"));
    List<CompletionStage<Optional<Tickets.Redeemed>>> tries = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      tries.add(tickets.redeem(text));
    }
    List<Tickets.Redeemed> good =
        tries.stream().map(DirectoryTest::await).flatMap(Optional::stream).toList();
    assertThat(good)
        .containsExactly(
            new Tickets.Redeemed(
                ALICE, Optional.of(new DeviceId("web-1")), "{\"roles\":[\"user\"]}"));
    assertThat(await(tickets.redeem("never issued"))).isEmpty();
  }

  @Test
  void anOldTicketIsGoodForNothing() {
    Tickets tickets = new Tickets(database);
    String text = await(tickets.issue(ALICE, Optional.empty(), ""));
    testDatabase.execute("UPDATE ticket SET expires_at = expires_at - interval '30 seconds'");
    assertThat(await(tickets.redeem(text))).isEmpty();
  }

  private static DirectoryUser user(String name, boolean disabled) {
    return new DirectoryUser(
        ALICE, name, Optional.of("alice@example.org"), Optional.empty(), disabled);
  }

  private static <T> T await(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }
}
