package io.carillon.http.rest;

import io.carillon.engine.call.CallId;
import io.carillon.engine.identity.Ids;
import io.carillon.engine.identity.UserId;
import io.carillon.http.auth.Principal;
import io.carillon.http.protocol.ErrorCode;
import io.carillon.http.protocol.FrameReader.Body;
import io.carillon.http.protocol.Problem;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.Query;

/**
 * One request on its way through its route.
 *
 * @param request as it came; its body has been read
 * @param path the segments in braces of the route's pattern
 * @param body what was sent
 * @param asker who asks; empty on a route anyone may ask
 * @param requestId names this request in the answer and the log
 * @param host what the client called us
 */
record Exchange(
    HttpRequest request,
    List<String> path,
    Body body,
    Optional<Principal> asker,
    String requestId,
    String host) {

  /** Who asks, on a route that asks for a credential. */
  Principal principal() {
    return asker.orElseThrow(() -> new Refusal(ErrorCode.UNAUTHENTICATED));
  }

  /** The call the path names. A text that cannot be an id names no call. */
  CallId call() {
    String text = path.getFirst();
    if (!Ids.isWellFormed(text)) {
      throw new Refusal(ErrorCode.CALL_NOT_FOUND);
    }
    return new CallId(text);
  }

  /** The user the path names. A text that cannot be an id names nobody. */
  UserId user() {
    String text = path.getFirst();
    if (!Ids.isWellFormed(text)) {
      throw new Refusal(ErrorCode.NOT_FOUND);
    }
    return new UserId(text);
  }

  /** A parameter of the query. */
  Optional<String> query(String name) {
    Query query = request.getUri().query();
    return query.get(name).filter(value -> !value.isEmpty());
  }

  /** A whole number in the query. */
  long number(String name, long otherwise, long min, long max) {
    Optional<String> text = query(name);
    if (text.isEmpty()) {
      return otherwise;
    }
    try {
      long number = Long.parseLong(text.get());
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException notANumber) {
      // refused below, like one out of range
    }
    throw new Refusal(
        Problem.invalid("/" + name, "must be a whole number from " + min + " to " + max));
  }

  /** A header's value. */
  Optional<String> header(String name) {
    return request.getHeader(name).map(HttpHeader::value);
  }
}
