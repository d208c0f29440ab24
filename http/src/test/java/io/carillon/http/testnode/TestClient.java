package io.carillon.http.testnode;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;

/** A REST client; every exchange with the API is held against its description. */
public final class TestClient {
  static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

  private final String url;
  private final String authorization;

  /** A client with this {@code Authorization}; empty: none. */
  public TestClient(String url, String authorization) {
    this.url = url;
    this.authorization = authorization;
  }

  /** What came back. */
  public record Answer(int status, JsonNode json, String body, HttpResponse<String> response) {
    /** A header's value. */
    public Optional<String> header(String name) {
      return response.headers().firstValue(name);
    }

    /** The {@code code} of a problem. */
    public String code() {
      return json.path("code").asText();
    }
  }

  /** GET. */
  public Answer get(String path) {
    return send(request(path).GET(), path, "");
  }

  /** POST with a JSON body; headers in pairs of name and value. */
  public Answer post(String path, String json, String... headers) {
    return send("POST", path, "application/json", json, headers);
  }

  /** POST with a form. */
  public Answer form(String path, String form) {
    return send("POST", path, "application/x-www-form-urlencoded", form);
  }

  /** Whatever. */
  public Answer send(String method, String path, String type, String body, String... headers) {
    HttpRequest.Builder request =
        request(path).method(method, HttpRequest.BodyPublishers.ofString(body));
    if (!body.isEmpty()) {
      request.header("Content-Type", type);
    }
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return send(request, path, body);
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + path)).timeout(Duration.ofSeconds(20));
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    return request;
  }

  private static Answer send(HttpRequest.Builder builder, String path, String body) {
    HttpRequest request = builder.build();
    try {
      HttpResponse<String> response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
      DescribedApi.check(request, path, body, response);
      return new Answer(response.statusCode(), parse(response.body()), response.body(), response);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  private static JsonNode parse(String body) {
    try {
      return body.isEmpty() ? MissingNode.getInstance() : JSON.readTree(body);
    } catch (JsonProcessingException notJson) {
      return MissingNode.getInstance();
    }
  }
}
