package io.carillon.http.testnode;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Holds every frame of the server against {@code asyncapi.yaml}. */
public final class DescribedFrames {
  private static final String BASE = "https://carillon.test/protocol/";
  private static final JsonNode ASYNCAPI = Documents.yaml("asyncapi.yaml");
  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(
          SpecificationVersion.DRAFT_2020_12,
          registry ->
              registry.schemas(
                  Map.of(
                      BASE + "asyncapi.yaml", ASYNCAPI.toString(),
                      BASE + "openapi.yaml", Documents.yaml("openapi.yaml").toString())));
  private static final Map<String, Schema> FROM_SERVER = schemas("fromServer");
  private static final Map<String, Schema> FROM_CLIENT = schemas("fromClient");

  private DescribedFrames() {}

  private static Map<String, Schema> schemas(String operation) {
    Map<String, Schema> schemas = new HashMap<>();
    for (JsonNode reference : ASYNCAPI.path("operations").path(operation).path("messages")) {
      String pointer = reference.path("$ref").asText();
      String name = pointer.substring(pointer.lastIndexOf('/') + 1);
      JsonNode message = ASYNCAPI.path("components").path("messages").path(name);
      schemas.put(
          message.path("name").asText(),
          REGISTRY.getSchema(
              SchemaLocation.of(BASE + "asyncapi.yaml#/components/messages/" + name + "/payload")));
    }
    return schemas;
  }

  /** Throws unless the frame is one the server may send. */
  public static void check(JsonNode frame) {
    wrong(FROM_SERVER, frame)
        .ifPresent(
            why -> {
              throw new AssertionError(
                  "a frame is not as asyncapi.yaml says: " + why + "\n" + frame);
            });
  }

  /** What is wrong with a frame of a client, by the description. */
  public static Optional<String> wrongFromClient(JsonNode frame) {
    return wrong(FROM_CLIENT, frame);
  }

  private static Optional<String> wrong(Map<String, Schema> schemas, JsonNode frame) {
    Schema schema = schemas.get(frame.path("type").asText());
    if (schema == null) {
      return Optional.of("there is no frame " + frame.path("type"));
    }
    var errors = schema.validate(frame.toString(), InputFormat.JSON);
    return errors.isEmpty() ? Optional.empty() : Optional.of(errors.toString());
  }
}
