package io.carillon.http.rest;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/**
 * One entry of the table of routes.
 *
 * @param method GET, POST, PUT or DELETE
 * @param pattern a path; a segment in braces takes any one segment
 * @param access who may ask
 * @param handler what answers
 */
record Route(String method, String pattern, Access access, Handler handler) {

  /** Who may ask. */
  enum Access {
    /** Whoever can reach the port. */
    ANYONE,
    /** Somebody with a good credential. */
    KNOWN
  }

  /** What answers a request; its stage may fail with {@link Refusal}. */
  @FunctionalInterface
  interface Handler {
    CompletionStage<HttpResponse> handle(Exchange exchange);
  }

  /** The segments in braces, if the path is one of this route's. */
  Optional<List<String>> match(List<String> segments) {
    List<String> own = split(pattern);
    if (own.size() != segments.size()) {
      return Optional.empty();
    }
    List<String> taken = new ArrayList<>(2);
    for (int i = 0; i < own.size(); i++) {
      if (own.get(i).startsWith("{")) {
        taken.add(segments.get(i));
      } else if (!own.get(i).equals(segments.get(i))) {
        return Optional.empty();
      }
    }
    return Optional.of(taken);
  }

  /** How many segments are spelled out: the route with more of them wins. */
  int literal() {
    return (int) split(pattern).stream().filter(s -> !s.startsWith("{")).count();
  }

  /** A path's segments; slashes at its ends or repeated do not count. */
  static List<String> split(String path) {
    List<String> segments = new ArrayList<>();
    for (String segment : path.split("/", -1)) {
      if (!segment.isEmpty()) {
        segments.add(segment);
      }
    }
    return segments;
  }
}
