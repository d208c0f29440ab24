package io.carillon.http.testnode;

import com.atlassian.oai.validator.OpenApiInteractionValidator;
import com.atlassian.oai.validator.model.Request;
import com.atlassian.oai.validator.model.SimpleRequest;
import com.atlassian.oai.validator.model.SimpleResponse;
import com.atlassian.oai.validator.report.LevelResolver;
import com.atlassian.oai.validator.report.ValidationReport;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Locale;

/**
 * Holds every exchange against {@code openapi.yaml}: every response, and the request too unless it
 * was refused, which wrong ones are meant to be.
 */
final class DescribedApi {
  private static final OpenApiInteractionValidator VALIDATOR =
      OpenApiInteractionValidator.createForSpecificationUrl(
              Documents.docs().resolve("protocol").resolve("openapi.yaml").toString())
          .withLevelResolver(
              LevelResolver.create()
                  // Schemas are open: unknown fields are ignored on both sides.
                  .withLevel(
                      "validation.schema.additionalProperties", ValidationReport.Level.IGNORE)
                  .build())
          .build();

  private DescribedApi() {}

  static void check(HttpRequest request, String path, String body, HttpResponse<String> response) {
    String plain = path.replaceAll("\\?.*$", "").replaceAll("/+$", "");
    boolean described =
        plain.startsWith("/api/")
            && !request.method().equals("OPTIONS")
            && response.statusCode() != 405
            // A path that is not ours is not described either.
            && !response.body().contains("\"code\":\"not_found\"");
    if (!described) {
      return;
    }
    Request.Method method = Request.Method.valueOf(request.method());
    SimpleResponse.Builder answer = SimpleResponse.Builder.status(response.statusCode());
    response.headers().firstValue("Content-Type").ifPresent(type -> answer.withContentType(type));
    answer.withBody(response.body());
    ValidationReport report = VALIDATOR.validateResponse(plain, method, answer.build());
    // Nothing is as good as an empty object, which the validator does not know.
    boolean empty = body.isEmpty() && !request.method().equals("GET");
    if (response.statusCode() < 400 && !empty) {
      report = report.merge(VALIDATOR.validateRequest(described(request, plain, path, body)));
    }
    if (report.hasErrors()) {
      throw new AssertionError(
          request.method()
              + " "
              + path
              + " is not as openapi.yaml says: "
              + report.getMessages()
              + "\n"
              + response.body());
    }
  }

  private static Request described(HttpRequest request, String plain, String path, String body) {
    SimpleRequest.Builder builder = new SimpleRequest.Builder(request.method(), plain);
    request
        .headers()
        .map()
        .forEach((name, values) -> builder.withHeader(name.toLowerCase(Locale.ROOT), values));
    int query = path.indexOf('?');
    if (query >= 0) {
      for (String pair : path.substring(query + 1).split("&", -1)) {
        String[] parts = pair.split("=", 2);
        builder.withQueryParam(parts[0], parts.length > 1 ? parts[1] : "");
      }
    }
    if (!body.isEmpty()) {
      builder.withBody(body);
    }
    return builder.build();
  }
}
