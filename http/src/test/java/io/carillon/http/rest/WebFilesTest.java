package io.carillon.http.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.junit.jupiter.api.Test;

class WebFilesTest {
  private final WebFiles files = new WebFiles("web-of-a-test/");
  private final WebFiles nothing = new WebFiles("nothing-here/");

  @Test
  void demoIsServedUnderAPolicyThatLetsNothingElseRun() {
    HttpResponse page = files.find(List.of("demo"), true).orElseThrow();
    assertThat(page.status().intValue()).isEqualTo(200);
    assertThat(text(page)).contains("the demo");
    assertThat(header(page, "Content-Security-Policy"))
        .contains("default-src 'none'")
        .contains("script-src 'self'")
        .doesNotContain("unsafe");
  }

  @Test
  void withoutItsSlashTheDemoIsFoundAllTheSame() {
    for (WebFiles some : List.of(files, nothing)) {
      HttpResponse redirect = some.find(List.of("demo"), false).orElseThrow();
      assertThat(redirect.status().intValue()).isEqualTo(308);
      assertThat(header(redirect, "Location")).isEqualTo("/demo/");
    }
  }

  @Test
  void buildWithoutNpmSaysWhatToInstall() {
    HttpResponse page = nothing.find(List.of("demo"), true).orElseThrow();
    assertThat(page.status().intValue()).isEqualTo(404);
    assertThat(text(page)).contains("Node 20 or newer");
  }

  @Test
  void nothingIsInventedAndNothingClimbsOut() {
    assertThat(files.find(List.of("client.js"), false)).isEmpty();
    assertThat(files.find(List.of("other"), true)).isEmpty();
    assertThat(files.find(List.of("other"), false)).isEmpty();
    assertThat(files.find(List.of("..", "logback.xml"), false)).isEmpty();
    assertThat(files.find(List.of("demo", ".hidden"), false)).isEmpty();
    assertThat(files.find(List.of(), true)).isEmpty();
  }

  private static String text(HttpResponse response) {
    return ((HttpEntity.Strict) response.entity()).getData().utf8String();
  }

  private static String header(HttpResponse response, String name) {
    return response.getHeader(name).orElseThrow().value();
  }
}
