package io.carillon.http.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.carillon.http.testnode.TcpProxy;
import io.carillon.persistence.database.DatabaseProbe;
import io.carillon.persistence.database.DatabaseSettings;
import io.carillon.persistence.testdatabase.TestDatabase;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class DatabaseProbeTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @Test
  void whoseEarlierQuestionHangsIsNotTakenForCutOffWhenTheDatabaseIsBack() {
    try (TcpProxy proxy = new TcpProxy(TestDatabase.server().port());
        DatabaseProbe probe = new DatabaseProbe(through(proxy), PATIENCE)) {
      assertThat(probe.ask().toCompletableFuture().join()).isTrue();
      proxy.cut();
      CompletableFuture<Boolean> hangs = probe.ask().toCompletableFuture();
      assertThat(probe.ask().toCompletableFuture().join()).isFalse();
      CompletableFuture<Boolean> decisive = probe.askThrough().toCompletableFuture();
      assertThat(hangs).isNotDone();
      proxy.heal();
      assertThat(decisive.join()).isTrue();
    }
  }

  @Test
  void whoIsCutOffLearnsSoWithinThePatience() {
    try (TcpProxy proxy = new TcpProxy(TestDatabase.server().port());
        DatabaseProbe probe = new DatabaseProbe(through(proxy), Duration.ofSeconds(1))) {
      proxy.cut();
      var _ = probe.ask();
      assertThat(probe.askThrough().toCompletableFuture().join()).isFalse();
      assertThat(probe.askThrough().toCompletableFuture().join()).isFalse();
    }
  }

  private static DatabaseSettings through(TcpProxy proxy) {
    return DatabaseSettings.from(
        proxy.before(TestDatabase.fresh().location()).withFallback(ConfigFactory.load()));
  }
}
