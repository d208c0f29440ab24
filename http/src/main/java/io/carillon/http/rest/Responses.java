package io.carillon.http.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import io.carillon.http.protocol.FrameWriter;
import io.carillon.http.protocol.Problem;
import io.carillon.http.protocol.Reader;
import java.time.InstantSource;
import java.util.List;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpCharsets;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/** Makes responses. */
final class Responses {
  private static final ContentType PROBLEM =
      MediaTypes.applicationWithFixedCharset("problem+json", HttpCharsets.UTF_8).toContentType();

  private final FrameWriter writer;
  private final InstantSource clock;

  Responses(FrameWriter writer, InstantSource clock) {
    this.writer = writer;
    this.clock = clock;
  }

  /** The fields of a reply beside {@code result}. */
  @FunctionalInterface
  interface Fields {
    void write(JsonGenerator json) throws java.io.IOException;
  }

  /** A reply with {@code "result":"success"} and these fields. */
  HttpResponse success(int status, Fields fields) {
    byte[] body =
        FrameWriter.bytes(
            json -> {
              json.writeStartObject();
              json.writeStringField("result", "success");
              fields.write(json);
              json.writeEndObject();
            });
    return HttpResponse.create()
        .withStatus(status)
        .addHeader(header("Cache-Control", "no-store"))
        .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, body));
  }

  /** A problem; {@code reader} decides how ids are written in it. */
  HttpResponse problem(Problem problem, String requestId, Reader reader) {
    byte[] body = writer.problem(problem, requestId, reader, clock.instant());
    HttpResponse response =
        HttpResponse.create()
            .withStatus(problem.code().status())
            .addHeader(header("Cache-Control", "no-store"))
            .withEntity(HttpEntities.create(PROBLEM, body));
    if (problem.code().status() == 401) {
      response =
          response.addHeaders(
              List.of(
                  header("WWW-Authenticate", "Bearer realm=\"carillon\""),
                  header("WWW-Authenticate", "Basic realm=\"carillon\", charset=\"UTF-8\"")));
    }
    if (problem.retryAfter().isPresent()) {
      long seconds = Math.max(1, (problem.retryAfter().get().toMillis() + 999) / 1000);
      response = response.addHeader(header("Retry-After", Long.toString(seconds)));
    }
    return response;
  }

  /** Text of some type. */
  static HttpResponse text(int status, ContentType type, byte[] text) {
    return HttpResponse.create().withStatus(status).withEntity(HttpEntities.create(type, text));
  }

  static HttpHeader header(String name, String value) {
    return RawHeader.create(name, value);
  }

  FrameWriter writer() {
    return writer;
  }

  InstantSource clock() {
    return clock;
  }
}
