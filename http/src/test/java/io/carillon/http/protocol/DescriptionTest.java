package io.carillon.http.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.carillon.http.testnode.DescribedFrames;
import io.carillon.http.testnode.Documents;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The published descriptions say what the code does. */
class DescriptionTest {
  private static final JsonNode ASYNCAPI = Documents.yaml("asyncapi.yaml");

  private static List<JsonNode> examples(String operation) {
    List<JsonNode> examples = new ArrayList<>();
    for (JsonNode reference : ASYNCAPI.path("operations").path(operation).path("messages")) {
      String pointer = reference.path("$ref").asText();
      String name = pointer.substring(pointer.lastIndexOf('/') + 1);
      for (JsonNode example :
          ASYNCAPI.path("components").path("messages").path(name).path("examples")) {
        examples.add(example.path("payload"));
      }
    }
    return examples;
  }

  static Stream<JsonNode> clientExamples() {
    return examples("fromClient").stream();
  }

  static Stream<JsonNode> serverExamples() {
    return examples("fromServer").stream();
  }

  @ParameterizedTest
  @MethodSource("clientExamples")
  void everyExampleOfAClientsFrameIsDescribedAndRead(JsonNode example) {
    assertThat(DescribedFrames.wrongFromClient(example)).isEmpty();
    assertThat(FrameReader.frame(example.toString().getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(Reading.Good.class);
  }

  @ParameterizedTest
  @MethodSource("serverExamples")
  void everyExampleOfAServersFrameIsDescribed(JsonNode example) {
    DescribedFrames.check(example);
  }

  @Test
  void errorsAreDocumentedAsTheyAre() throws IOException {
    StringBuilder page = new StringBuilder();
    page.append("# Errors\n\n");
    page.append(
        "Every failure is one object (RFC 9457), over REST as `application/problem+json` and in frames ");
    page.append("under `error`. `code` is\npart of the contract; `type` is a page of the running ");
    page.append("engine that says the same as this one.\n\n");
    page.append("| status | code | meaning | what to do | try again |\n|---|---|---|---|---|\n");
    for (ErrorCode code : ErrorCode.values()) {
      page.append("| ").append(code.status()).append(" | `").append(code.code()).append("` | ");
      page.append(code.title()).append(" | ").append(code.advice()).append(" | ");
      page.append(code.retryable() ? "yes" : "no").append(" |\n");
    }
    // A difference means that ErrorCode was changed: copy what is expected into the page.
    assertThat(Files.readString(Documents.docs().resolve("errors.md"))).isEqualTo(page.toString());
  }
}
