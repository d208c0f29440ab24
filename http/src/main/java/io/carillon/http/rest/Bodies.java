package io.carillon.http.rest;

import io.carillon.http.protocol.ErrorCode;
import io.carillon.http.protocol.FrameReader.Body;
import io.carillon.http.protocol.Json;
import io.carillon.http.protocol.Problem;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.MediaType;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.RequestEntity;
import org.apache.pekko.http.scaladsl.model.EntityStreamSizeException;
import org.apache.pekko.stream.Materializer;

/** Reads the bodies of requests: of a type, a size and a time that are bounded. */
final class Bodies {
  private static final Body NOTHING = new Body.JsonBody(new byte[0]);

  private final Duration timeout;
  private final Materializer materializer;

  Bodies(Duration timeout, Materializer materializer) {
    this.timeout = timeout;
    this.materializer = materializer;
  }

  /** The body; fails with {@link Refusal}. */
  CompletionStage<Body> read(HttpRequest request) {
    if (request.entity().isKnownEmpty()) {
      return CompletableFuture.completedFuture(NOTHING);
    }
    MediaType type = request.entity().getContentType().mediaType();
    boolean form = type.equals(MediaTypes.APPLICATION_X_WWW_FORM_URLENCODED);
    boolean json = type.equals(MediaTypes.APPLICATION_JSON);
    Optional<String> encoding = request.getHeader("Content-Encoding").map(HttpHeader::value);
    if (!(form || json) || encoding.filter(e -> !e.equals("identity")).isPresent()) {
      request.discardEntityBytes(materializer);
      return CompletableFuture.failedFuture(new Refusal(ErrorCode.UNSUPPORTED_MEDIA_TYPE));
    }
    return bytes(request.entity())
        .thenApply(bytes -> form ? form(bytes) : new Body.JsonBody(bytes))
        .exceptionally(
            failure -> {
              throw refusal(failure);
            });
  }

  private CompletionStage<byte[]> bytes(RequestEntity entity) {
    if (entity instanceof HttpEntity.Strict strict && strict.getData().size() <= Json.MAX_BYTES) {
      // It came with its head, as short ones do: there is nothing to wait for.
      return CompletableFuture.completedFuture(strict.getData().toArrayUnsafe());
    }
    return entity
        .withSizeLimit(Json.MAX_BYTES)
        .toStrict(timeout.toMillis(), materializer)
        .thenApply(strict -> strict.getData().toArrayUnsafe());
  }

  private static Refusal refusal(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return switch (cause) {
      case Refusal refusal -> refusal;
      case EntityStreamSizeException _ -> new Refusal(ErrorCode.PAYLOAD_TOO_LARGE);
      case TimeoutException _ ->
          new Refusal(Problem.of(ErrorCode.MALFORMED, "The body did not arrive in time."));
      default -> new Refusal(Problem.of(ErrorCode.MALFORMED, "The body could not be read."));
    };
  }

  private static Body form(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    List<Map.Entry<String, String>> fields = new ArrayList<>();
    for (String pair : text.split("&", -1)) {
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        fields.add(
            Map.entry(
                decoded(equals < 0 ? pair : pair.substring(0, equals)),
                equals < 0 ? "" : decoded(pair.substring(equals + 1))));
      }
    }
    return new Body.FormBody(fields);
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException broken) {
      throw new Refusal(Problem.of(ErrorCode.MALFORMED, "Not a form."));
    }
  }
}
