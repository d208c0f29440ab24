package io.carillon.http.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.http.auth.Role;
import io.carillon.http.testnode.TestClient;
import io.carillon.http.testnode.TestNode;
import io.carillon.http.testnode.Tokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator asks of a node from the command line. */
class NodeCommandTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  private Path token(Role role) throws IOException {
    return Files.writeString(directory.resolve(role.name()), Tokens.of("someone", role));
  }

  private static int drain(TestNode node, Path token) {
    return Main.commandLine()
        .execute("node", "drain", "--url", node.url(), "--token-file", token.toString());
  }

  @Test
  void aNodeIsDrainedFromTheCommandLineByAnOperatorAndNobodyElse() throws IOException {
    try (TestNode node = TestNode.start();
        var device = node.device("ann", "laptop")) {
      TestClient reader = node.client("ann");
      for (Role role : new Role[] {Role.USER, Role.ADMIN, Role.SERVICE}) {
        assertThat(drain(node, token(role))).isEqualTo(1);
      }
      assertThat(reader.get("/health/ready").status()).isEqualTo(200);

      assertThat(drain(node, token(Role.OPERATOR))).isZero();
      var bye = device.await("disconnect");
      assertThat(bye.path("reason").asText()).isEqualTo("draining");
      assertThat(bye.path("reconnect").asBoolean()).isTrue();
      assertThat(device.closeCode()).isEqualTo(4200);
      // A connection that was open before may still be answered on for a moment.
      Awaitility.await().until(() -> isGone(reader));
    }
  }

  private static boolean isGone(TestClient reader) {
    try {
      reader.get("/health/live");
      return false;
    } catch (UncheckedIOException refused) {
      return true;
    }
  }
}
