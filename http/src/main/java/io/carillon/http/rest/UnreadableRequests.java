package io.carillon.http.rest;

import io.carillon.engine.identity.UserId;
import io.carillon.http.protocol.ErrorCode;
import io.carillon.http.protocol.FrameWriter;
import io.carillon.http.protocol.Problem;
import io.carillon.http.protocol.Reader;
import java.time.InstantSource;
import java.util.UUID;
import org.apache.pekko.event.LoggingAdapter;
import org.apache.pekko.http.ParsingErrorHandler;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.scaladsl.model.ErrorInfo;
import org.apache.pekko.http.scaladsl.model.StatusCode;
import org.apache.pekko.http.scaladsl.settings.ServerSettings;

/**
 * Answers what is not even a request of HTTP with a problem like any other. Named in {@code
 * reference.conf}; Pekko makes one.
 */
public final class UnreadableRequests extends ParsingErrorHandler {
  private final Responses responses =
      new Responses(new FrameWriter(user -> user.user().value()), InstantSource.system());

  @Override
  public HttpResponse handle(
      StatusCode status, ErrorInfo info, LoggingAdapter log, ServerSettings settings) {
    ErrorCode code = status.intValue() == 413 ? ErrorCode.PAYLOAD_TOO_LARGE : ErrorCode.MALFORMED;
    Problem problem = Problem.of(code, "Not a request of HTTP that could be read.");
    return responses.problem(
        problem, UUID.randomUUID().toString(), new Reader(new UserId("nobody"), false));
  }
}
