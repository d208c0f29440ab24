package io.carillon.http.testnode;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.carillon.engine.identity.RealmId;
import io.carillon.engine.identity.UserId;
import io.carillon.engine.identity.UserKey;
import io.carillon.http.app.Node;
import io.carillon.http.auth.DevTokens;
import io.carillon.http.auth.Role;
import io.carillon.persistence.testdatabase.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** A node in this JVM, on a free port, with a database of its own. */
public final class TestNode implements AutoCloseable {
  /** The realm of users nothing else is said of. */
  public static final String REALM = "acme";

  /** What tokens are signed with. */
  public static final String SECRET = "a secret of tests, long enough to sign with";

  private static final String SETTINGS =
      """
      carillon.auth.secret = "%s"
      carillon.http.port = 0
      carillon.http.drain = 2 s
      carillon.http.drain-spread = 100 ms
      carillon.cluster.port = 0
      carillon.cluster.alive-within = 1 ms
      # The deadlines of tests are short, and so is what is added to them.
      carillon.calls.ring-grace = 200 ms
      carillon.calls.min-ring = 0 s
      carillon.engine.sweep-interval = 200 ms
      carillon.realms.zulip { user-ids = integer, jitsi { enabled = true, meeting-prefix = "zulip-call-" } }
      """
          .formatted(SECRET);

  private final TestDatabase database;
  private final Config settings;
  private final DevTokens tokens =
      new DevTokens(SECRET.getBytes(StandardCharsets.UTF_8), InstantSource.system());
  private Node node;

  private TestNode(TestDatabase database, Config settings) {
    this.database = database;
    this.settings = settings;
    this.node = Node.start(settings);
  }

  /** Starts a node on a fresh database. */
  public static TestNode start() {
    return start("");
  }

  /** Starts a node on a fresh database, with some settings of the test's own in front. */
  public static TestNode start(String hocon) {
    TestDatabase database = TestDatabase.fresh();
    return new TestNode(database, settings(hocon).withFallback(database.location()));
  }

  /**
   * Starts two nodes on one fresh database at the same instant; they find each other through it.
   */
  public static List<TestNode> startTwo(String hocon) {
    // A busy machine must not take one of them for dead: these tests are not about that.
    String patient =
        """
        carillon.cluster.alive-within = 5 s
        pekko.cluster.failure-detector.acceptable-heartbeat-pause = 15 s
        """;
    Config settings = settings(patient + hocon);
    TestDatabase database = TestDatabase.fresh();
    Config here = settings.withFallback(database.location());
    List<CompletableFuture<TestNode>> starting = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      starting.add(CompletableFuture.supplyAsync(() -> new TestNode(database, here)));
    }
    return starting.stream().map(CompletableFuture::join).toList();
  }

  private static Config settings(String hocon) {
    return ConfigFactory.parseString(hocon).withFallback(ConfigFactory.parseString(SETTINGS));
  }

  /** Stops the node and starts another on the same database. */
  public void restart() {
    node.close();
    node = Node.start(settings);
  }

  /** The database under the node. */
  public TestDatabase database() {
    return database;
  }

  /** {@code http://host:port}. */
  public String url() {
    return "http://" + node.address();
  }

  /** The port it listens on. */
  public int port() {
    return node.port();
  }

  /** A token of a user. */
  public String token(String realm, String user, Duration validFor, Role... roles) {
    return tokens.issue(
        new UserKey(new RealmId(realm), new UserId(user)),
        Optional.of(name(user)),
        roles.length == 0 ? Set.of(Role.USER) : Set.of(roles),
        validFor);
  }

  private static String name(String user) {
    return Character.toUpperCase(user.charAt(0)) + user.substring(1);
  }

  /** A REST client of this user. */
  public TestClient client(String user) {
    return client(REALM, user);
  }

  /** A REST client of this user of some realm. */
  public TestClient client(String realm, String user, Role... roles) {
    return new TestClient(url(), "Bearer " + token(realm, user, Duration.ofHours(1), roles));
  }

  /** A device of this user, connected. */
  public TestDevice device(String user, String device) {
    return device(REALM, user, device);
  }

  /** A device of this user of some realm, connected. */
  public TestDevice device(String realm, String user, String device) {
    return TestDevice.connect(this, token(realm, user, Duration.ofHours(1)), device, "");
  }

  @Override
  public void close() {
    node.close();
  }
}
