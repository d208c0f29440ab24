package io.carillon.persistence.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabaseSettingsTest {
  private static final String GOOD = "carillon.database.url=\"jdbc:postgresql://localhost/c\"\n";

  @Test
  void shippedDefaultsHoldOnceTheUrlIsGiven() {
    DatabaseSettings settings = DatabaseSettings.from(config(""));
    assertThat(settings.journalConnections()).isGreaterThan(2);
    assertThat(settings.toString()).doesNotContain("password");
  }

  @ParameterizedTest
  @CsvSource({
    "url, jdbc:mysql://x",
    "username, ' '",
    "journal-connections, 1",
    "read-connections, 0",
    "acquire-timeout, 1ms",
    "connect-timeout, 10ms",
    "statement-timeout, 0s",
    "idle-transaction-timeout, 1ms",
    "socket-timeout, 3s",
    "max-lifetime, 1s"
  })
  void aValueOutOfBoundsIsRefusedByItsName(String key, String value) {
    Config config = config("carillon.database." + key + " = \"" + value + "\"");
    assertThatThrownBy(() -> DatabaseSettings.from(config))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("carillon.database." + key);
  }

  private static Config config(String hocon) {
    return ConfigFactory.parseString(GOOD + hocon).withFallback(ConfigFactory.load());
  }
}
