package io.carillon.http.settings;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import io.carillon.http.testnode.Documents;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Every setting has a variable, and every setting and variable is on the page of settings. */
class EnvironmentTest {
  private static final Config FILE =
      ConfigFactory.parseString("carillon.http { port = 1, host = \"here\" }");

  @Test
  void aVariableWinsOverTheFile() {
    Config config =
        Environment.over(
            FILE,
            Map.of(
                "CARILLON_HTTP_PORT",
                "9090",
                "CARILLON_HTTP_DRAIN_SPREAD",
                "5 s",
                "CARILLON_HTTP_ALLOWED_ORIGINS",
                "https://a.example, https://b.example"));
    assertThat(config.getInt("carillon.http.port")).isEqualTo(9090);
    assertThat(config.getString("carillon.http.host")).isEqualTo("here");
    assertThat(config.getDuration("carillon.http.drain-spread").toSeconds()).isEqualTo(5);
    assertThat(config.getStringList("carillon.http.allowed-origins"))
        .containsExactly("https://a.example", "https://b.example");
  }

  @Test
  void aListOfThingsIsWrittenAsInTheFile() {
    Config config =
        Environment.over(
            FILE, Map.of("CARILLON_AUTH_ISSUERS", "[{issuer: a, algorithm: HS256, secret: s}]"));
    assertThat(config.getConfigList("carillon.auth.issuers").getFirst().getString("issuer"))
        .isEqualTo("a");
  }

  @Test
  void variablesOfOthersAreNone() {
    Config config = Environment.over(FILE, Map.of("CARILLON_JAVA_HOME", "/x", "PATH", "/y"));
    assertThat(config).isEqualTo(FILE);
  }

  @Test
  void noTwoSettingsShareAVariable() {
    List<String> variables =
        Environment.known().keySet().stream().map(Environment::variable).toList();
    assertThat(variables).doesNotHaveDuplicates();
  }

  @Test
  void everySettingIsOnThePageWithItsDefaultAndItsVariable() throws IOException {
    String page = Files.readString(Documents.docs().resolve("settings.md"));
    Map<String, String> missing = new TreeMap<>();
    Environment.known()
        .forEach(
            (key, value) -> {
              String row =
                  "| `%s` | `%s` | `%s` |"
                      .formatted(
                          key,
                          value.render(ConfigRenderOptions.concise()),
                          Environment.variable(key));
              if (!page.contains(row)) {
                missing.put(key, row);
              }
            });
    assertThat(missing.values()).as("rows to put into docs/settings.md").isEmpty();
  }
}
