package io.carillon.http.flow;

import static io.carillon.http.flow.Dialling.done;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import io.carillon.http.testnode.NodeProcess;
import io.carillon.http.testnode.RoamingDevice;
import io.carillon.http.testnode.TcpProxy;
import io.carillon.http.testnode.Tokens;
import io.carillon.persistence.testdatabase.TestDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes of one database are one cluster, whatever the database remembers; strangers are none. */
class OneClusterTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String PATIENT =
      "pekko.cluster.failure-detector.acceptable-heartbeat-pause=15s";

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  private static int members(TestDatabase database) {
    return database
        .query(
            "SELECT address FROM cluster_node WHERE member"
                + " AND last_seen > clock_timestamp() - interval '2 seconds'")
        .size();
  }

  private static void callAcross(NodeProcess one, NodeProcess two) {
    try (RoamingDevice a =
            new RoamingDevice(List.of(one.url()), Tokens.of("ann"), "laptop", PATIENCE);
        RoamingDevice b =
            new RoamingDevice(List.of(two.url()), Tokens.of("ben"), "phone", PATIENCE)) {
      String call =
          done(a.order("call.initiate", "\"receiver_id\":\"ben\"")).path("call_id").asText();
      String about = "\"call_id\":\"" + call + "\"";
      b.event("call_started", call);
      done(b.order("call.accept", about));
      a.event("call_accepted", call);
      done(a.order("call.end", about));
      b.event("call_ended", call);
    }
  }

  @Test
  void nodesOnADatabaseRestoredFromABackupFormOneCluster() {
    TestDatabase database = TestDatabase.fresh();
    // As a backup has it that was taken while three nodes ran: one is long gone by its clock, two
    // seem to have been seen just now, and a verdict among them still stands.
    database.execute("INSERT INTO cluster (name, generation) VALUES ('carillon', 41)");
    database.execute(
        "INSERT INTO cluster_node (address, last_seen, member) VALUES"
            + " ('pekko://carillon@127.0.0.77:7355', now() - interval '1 day', true),"
            + " ('pekko://carillon@127.0.0.78:7355', clock_timestamp(), true),"
            + " ('pekko://carillon@127.0.0.79:7355', clock_timestamp(), true)");
    database.execute(
        "INSERT INTO cluster_verdict (owner, held_until)"
            + " VALUES ('another', clock_timestamp() + interval '10 seconds')");
    List<NodeProcess> nodes = NodeProcess.cluster(directory, database.location(), 2, PATIENT);
    try {
      Awaitility.await().atMost(PATIENCE).until(() -> members(database) == 2);
      assertThat(database.query("SELECT generation FROM cluster")).containsExactly("42");
      callAcross(nodes.getFirst(), nodes.getLast());
    } finally {
      nodes.forEach(NodeProcess::close);
    }
  }

  @Test
  void ofTwoClustersOnOneDatabaseTheYoungerLeavesAndJoinsTheOther() {
    TestDatabase database = TestDatabase.fresh();
    String brief = "carillon.cluster.alive-within=2s";
    try (TcpProxy proxy = new TcpProxy(TestDatabase.server().port())) {
      Config proxied = proxy.before(database.location());
      try (NodeProcess older =
          NodeProcess.launch(
              directory.resolve("older"), NodeProcess.member(1, proxied, brief, PATIENT))) {
        older.awaitReady();
        // It cannot say that it is there: who comes now takes it for dead.
        proxy.cut();
        Awaitility.await().atMost(PATIENCE).until(() -> members(database) == 0);
        try (NodeProcess younger =
            NodeProcess.launch(
                directory.resolve("younger"),
                NodeProcess.member(2, database.location(), brief, PATIENT))) {
          younger.awaitReady();
          proxy.heal();
          assertThat(younger.exitCode(PATIENCE)).isEqualTo(1);
          assertThat(younger.logged()).contains("There is an older cluster on this database");
          younger.startAgain();
          Awaitility.await().atMost(PATIENCE).until(() -> members(database) == 2);
          callAcross(older, younger);
          assertThat(older.isReady()).isTrue();
        }
      }
    }
  }

  @Test
  void ofTwoListsOfSeedNodesOnOneDatabaseTheYoungerLeaves() {
    TestDatabase database = TestDatabase.fresh();
    int port = NodeProcess.freePort();
    try (NodeProcess older =
            NodeProcess.launch(directory.resolve("older"), seeded(database, port, 1, 1));
        NodeProcess fellow =
            NodeProcess.launch(directory.resolve("fellow"), seeded(database, port, 2, 1))) {
      older.awaitReady();
      fellow.awaitReady();
      Awaitility.await().atMost(PATIENCE).until(() -> members(database) == 2);
      try (NodeProcess younger =
          NodeProcess.launch(directory.resolve("younger"), seeded(database, port, 3, 3))) {
        assertThat(younger.exitCode(PATIENCE)).isEqualTo(1);
        assertThat(younger.logged()).contains("There is an older cluster on this database");
      }
      callAcross(older, fellow);
      assertThat(older.isReady() && fellow.isReady()).isTrue();
    }
  }

  /** A node that joins by the address of one of them, or of itself. */
  private static List<String> seeded(TestDatabase database, int port, int node, int seed) {
    List<String> settings =
        NodeProcess.member(node, database.location(), "carillon.cluster.alive-within=2s", PATIENT);
    settings.remove("carillon.cluster.port=0");
    settings.add("carillon.cluster.port=" + port);
    settings.add("carillon.cluster.seed-nodes.0=pekko://carillon@127.0.0." + seed + ":" + port);
    return settings;
  }

  @Test
  void nodesWithCertificatesOfOneAuthorityFormAClusterAndOneWithoutIsNotLetIn()
      throws IOException, GeneralSecurityException, InterruptedException {
    TestDatabase database = TestDatabase.fresh();
    String[] tls = certificate("ours");
    List<NodeProcess> nodes = NodeProcess.cluster(directory, database.location(), 2, tls);
    try {
      Awaitility.await().atMost(PATIENCE).until(() -> members(database) == 2);
      callAcross(nodes.getFirst(), nodes.getLast());
      String[] foreign = certificate("foreign");
      foreign[4] = "carillon.cluster.join-timeout=8s";
      try (NodeProcess stranger =
          NodeProcess.launch(
              directory.resolve("stranger"), NodeProcess.member(3, database.location(), foreign))) {
        assertThat(stranger.exitCode(PATIENCE)).isEqualTo(1);
        assertThat(stranger.logged()).contains("was not let into its cluster");
      }
      assertThat(nodes).allMatch(NodeProcess::isReady);
    } finally {
      nodes.forEach(NodeProcess::close);
    }
  }

  /** A certificate that is its own authority, and the settings that use it. */
  private String[] certificate(String name)
      throws IOException, GeneralSecurityException, InterruptedException {
    Path store = directory.resolve(name + ".p12");
    String password = "changeit";
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "RSA",
                "-alias",
                "node",
                "-dname",
                "CN=" + name,
                "-ext",
                "bc:c",
                "-keystore",
                store.toString(),
                "-storepass",
                password)
            .start();
    assertThat(keytool.waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance(store.toFile(), password.toCharArray());
    Path key =
        pem(name + ".key", "PRIVATE KEY", keys.getKey("node", password.toCharArray()).getEncoded());
    Path certificate = pem(name + ".crt", "CERTIFICATE", keys.getCertificate("node").getEncoded());
    return new String[] {
      "carillon.cluster.tls.enabled=on",
      "carillon.cluster.tls.certificate-file=" + certificate,
      "carillon.cluster.tls.key-file=" + key,
      "carillon.cluster.tls.ca-file=" + certificate,
      PATIENT
    };
  }

  private Path pem(String file, String type, byte[] der) throws IOException {
    String text =
        "-----BEGIN %s-----%n%s%n-----END %s-----%n"
            .formatted(
                type,
                Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                    .encodeToString(der),
                type);
    return Files.writeString(directory.resolve(file), text);
  }
}
